"""The check of councils: is there one, can it decide, and do vendors sit on it."""

from decimal import Decimal

from cupola.orgchart.checks.case import Case
from cupola.orgchart.checks.verdicts import Check, Verdict, failed, passed, unknown
from cupola.orgchart.vocabulary import OfficeKind, Sector, Whole


def advisory_council(case: Case) -> Verdict:
    """Ask whether a council of outside experts advises, has members enough to decide, and no vendors among them."""
    councils = [key for key in case.chart.offices if case.chart.value(key, "kind") is OfficeKind.ADVISORY]
    if not councils and case.whole(Whole.OFFICES):
        return failed("There is no advisory council.", change="Found one, with seats by sector and rules on conflicts.")
    if not councils:
        return unknown("No advisory council is recorded.", change="Record it, or that the offices are recorded whole.")
    sure = [key for key in councils if case.is_there(key)]
    vendors = [key for key in sure if Sector.VENDOR in case.sure_all(key, "sector")]
    if vendors:
        return failed(
            "Vendors sit on {names}.",
            *vendors,
            change="Set rules on conflicts of interest, or fill the seats otherwise.",
            names=case.names(vendors),
        )
    short = [key for key in sure if _above_quorum(case, key) is False]
    if short:
        return failed(
            "{names} is close to its quorum, or below it.",
            *short,
            change="Fill the vacant seats.",
            names=case.names(short),
        )
    if not sure:
        return unknown(
            "Whether {names} still meets is not known.",
            *councils,
            change="Record since when and until when.",
            names=case.names(councils),
        )
    bare = [key for key in sure if not case.sure_all(key, "sector") or _above_quorum(case, key) is None]
    doubtful = [key for key in councils if key not in sure and Sector.VENDOR in case.chart.values(key, "sector")]
    if bare or doubtful:
        return unknown(
            "Who sits on {names}, and how many a quorum needs, is not recorded or not certain.",
            *bare,
            *doubtful,
            change="Record its members, its quorum and the sectors its members come from.",
            names=case.names((*bare, *doubtful)),
        )
    return passed("{names} advises.", *sure, names=case.names(sure))


COUNCIL_CHECKS = (
    Check(
        "advisory-council",
        "E-A1",
        "Does a council advise, without vendors on it?",
        advisory_council,
        ("members_above_quorum",),
    ),
)


def _above_quorum(case: Case, key: str) -> bool | None:
    """Say whether a council has members enough, None where that is not recorded."""
    members, quorum = case.sure(key, "members"), case.sure(key, "quorum")
    if not isinstance(members, Decimal) or not isinstance(quorum, Decimal):
        return None
    return members >= quorum + case.parameters.members_above_quorum
