"""Why a version may not become public yet: each reason with what was found, where, why it matters and what to do."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import reduce
from typing import Any

from cupola.privacy.columnstops import changed_columns, new_in_sources
from cupola.privacy.facts import Facts, Remedied, Times
from cupola.privacy.kinds import ADVICE, Remedy
from cupola.privacy.reasons import Accepted, Stop, Thresholds
from cupola.privacy.scanning import Hit
from cupola.sentences import Sentence

ROW_COUNT, SHIFTED, FUTURE = "row_count", "shifted_dates", "future_dates"
SMALL_GROUPS, FEWER_ALIKE, ALIKE_SECRETS = "small_groups", "fewer_alike", "alike_secrets"

_FEW_ROWS = 20  # so few rows more or less are no anomaly, whatever the share
_FEW_MOVED = 0.05  # share of rows whose time may be corrected from one version to the next
_SLACK_DAYS = 2.0
_SLACK_SHARE = 0.02  # of the range of times, by which a distribution may move
_HALF = 0.5
_EPOCH = date(1970, 1, 1)


def stops(
    now: Facts,
    before: Facts | None,
    *,
    rules: Thresholds,
    accepted: Sequence[Accepted] = (),
    days_between: float = 0.0,
    hidden_before: frozenset[str] = frozenset(),
) -> tuple[Stop, ...]:
    """Return every reason why a version may not be public; `before` is the version that is, None when none is.

    `days_between`: between the two loads. `hidden_before`: columns the public does not see in the version before.
    """
    found = [*_details(now), *_crowds(now, before, rules)]
    if before is not None:
        found += [
            *changed_columns(now, before, hidden_before),
            *new_in_sources(now, before),
            *_rows(now, before, rules),
            *_shifts(now, before, days_between),
        ]
    found += _future(now)
    return tuple(one for one in found if not _is_accepted(one, accepted, version=now.version))


def _is_accepted(stop: Stop, accepted: Sequence[Accepted], *, version: int) -> bool:
    return any(
        (one.column, one.kind) == (stop.column, stop.kind)
        and one.version in {None, version}
        and (one.at_most is None or stop.count <= one.at_most)
        and (one.at_least is None or stop.count >= one.at_least)
        for one in accepted
    )


# -- personal details


def _details(now: Facts) -> Iterator[Stop]:
    for hit in now.hits:
        advice = ADVICE[hit.kind]
        yield Stop(
            kind=hit.kind.value,
            column=hit.column,
            found=_held(hit, advice.words),
            why=Sentence("Whoever reads the rows would learn them of single persons."),
            what_to_do=(
                Sentence("What helps: %(remedies)s.", {"remedies": _remedies(advice.remedies, hit.column)}),
                Sentence("If it is none of a person, accept it with the reason."),
            ),
            count=hit.values,
            samples=hit.samples,
            accept={"column": hit.column, "kind": hit.kind.value},
        )


def _held(hit: Hit, words: Sentence) -> Sentence:
    share = {"percent": f"{100 * hit.share:.0f}"}
    facts = {
        "column": hit.column,
        "details": words,
        "values": hit.values,
        "all": hit.all_values,
        "share": Sentence("%(percent)s %%", share) if hit.share >= 0.01 else Sentence("under 1 %"),
        "rows": hit.rows,
        "samples": " | ".join(hit.samples),
    }
    if hit.samples:
        return Sentence(
            "%(column)s holds %(details)s: %(values)s of %(all)s different values (%(share)s), %(rows)s rows,"
            " as in %(samples)s.",
            facts,
        )
    return Sentence(
        "%(column)s holds %(details)s: %(values)s of %(all)s different values (%(share)s), %(rows)s rows.", facts
    )


def _remedies(remedies: Sequence[Remedy], column: str) -> Sentence:
    told = [Sentence(_DO[one].text, {"column": column}) for one in remedies]
    return reduce(lambda first, then: Sentence("%(first)s; or %(then)s", {"first": first, "then": then}), told)


_DO: dict[Remedy, Sentence] = {
    Remedy.DROP: Sentence("drop it ('%(column)s: sensitive: true', or leave it out of the contract)"),
    Remedy.BAND: Sentence("band it in a 'select:', as in floor(%(column)s / 10) * 10"),
    Remedy.COARSEN: Sentence("coarsen it in a 'select:', a date to its year, a code to its first signs"),
    Remedy.ROUND: Sentence("round it in a 'select:', an address to its hundred block, coordinates to three digits"),
    Remedy.AGGREGATE: Sentence("publish counts by group instead of rows"),
}


# -- crowds to hide in


def _crowds(now: Facts, before: Facts | None, rules: Thresholds) -> Iterator[Stop]:
    known = now.anonymity
    if known is None or not now.rows:
        return
    together = ", ".join(known.columns)
    what = tuple(_remedied_words(one, rules) for one in now.remedied) or (Sentence("Drop one of the columns."),)
    facts: dict[str, Any] = {"columns": together, "k": known.k, "threshold": rules.threshold}
    if known.k < rules.threshold:
        facts |= {"groups": known.small_groups, "rows": known.small_rows, "all": known.rows}
        yield Stop(
            kind=SMALL_GROUPS,
            column="",
            found=Sentence(
                "%(groups)s combinations of %(columns)s are shared by fewer than %(threshold)s rows"
                " (%(rows)s of %(all)s rows); the smallest by %(k)s (k = %(k)s).",
                facts,
            ),
            why=Sentence("Someone who knows these facts of a person finds that person's row."),
            what_to_do=what,
            count=known.k,
            accept={"kind": SMALL_GROUPS, "at_least": known.k},
        )
    elif before is not None and before.anonymity is not None and known.k < before.anonymity.k * _HALF:
        facts |= {"before": before.version, "then": before.anonymity.k}
        yield Stop(
            kind=FEWER_ALIKE,
            column="",
            found=Sentence(
                "The smallest group that shares %(columns)s fell from %(then)s rows in version %(before)s to %(k)s"
                " (k = %(k)s).",
                facts,
            ),
            why=Sentence("People are easier to find than they were, although no group is below the threshold yet."),
            what_to_do=what,
            count=known.k,
            accept={"kind": FEWER_ALIKE, "at_least": known.k},
        )
    for column, kinds in known.diversity.items():
        if kinds < rules.diversity:
            yield _alike(column, kinds, together)


def _alike(column: str, kinds: int, together: str) -> Stop:
    facts = {"columns": together, "column": column, "values": _values(kinds), "l": kinds}
    return Stop(
        kind=ALIKE_SECRETS,
        column=column,
        found=Sentence("In some groups that share %(columns)s, %(column)s has only %(values)s (l = %(l)s).", facts),
        why=Sentence("Whoever knows that a person is in such a group knows that person's %(column)s.", facts),
        what_to_do=(Sentence("Coarsen %(columns)s so that groups grow, or drop %(column)s.", facts),),
        count=kinds,
        accept={"column": column, "kind": ALIKE_SECRETS, "at_least": kinds},
    )


def _remedied_words(one: Remedied, rules: Thresholds) -> Sentence:
    facts = {"column": one.column, "step": f"{one.step:g}"}
    how = {
        Remedy.DROP: Sentence("Without %(column)s", facts),
        Remedy.BAND: Sentence("With %(column)s banded by %(step)s", facts),
        Remedy.ROUND: Sentence("With %(column)s rounded to %(step)s digits", facts),
    }.get(one.remedy, Sentence("With %(column)s coarsened", facts))
    left = Sentence("no row in a small group")
    if one.small_rows:
        left = Sentence("%(rows)s rows in small groups", {"rows": one.small_rows})
    said = {"how": how, "k": one.k, "left": left}
    if one.k >= rules.threshold:
        return Sentence("%(how)s k would be %(k)s, which is enough (%(left)s).", said)
    return Sentence("%(how)s k would be %(k)s (%(left)s).", said)


def _values(number: int) -> Sentence:
    return Sentence("1 value") if number == 1 else Sentence("%(count)s values", {"count": number})


def _row_words(number: int) -> Sentence:
    return Sentence("1 row") if number == 1 else Sentence("%(count)s rows", {"count": number})


# -- rows and times


def _rows(now: Facts, before: Facts, rules: Thresholds) -> Iterator[Stop]:
    more = now.rows - before.rows
    if abs(more) <= _FEW_ROWS and now.rows:
        return
    fell = more < -rules.rows_may_fall * before.rows
    grew = more > rules.rows_may_grow * before.rows
    if fell or grew:
        share = f" ({100 * more / before.rows:+.0f} %)" if before.rows else ""
        facts = {"rows": now.rows, "before": before.version, "then": before.rows, "share": share}
        setting = {"setting": "rows_may_fall" if fell else "rows_may_grow"}
        yield Stop(
            kind=ROW_COUNT,
            column="",
            found=Sentence("There are %(rows)s rows; version %(before)s has %(then)s%(share)s.", facts),
            why=Sentence("So large a step is more often a broken source than news."),
            what_to_do=(
                Sentence(
                    "Compare with the source. If it is right, accept it for this version, or write"
                    " 'privacy: {%(setting)s: SHARE}'.",
                    setting,
                ),
            ),
            count=now.rows,
            accept={"kind": ROW_COUNT, "version": now.version},
        )


def _shifts(now: Facts, before: Facts, days_between: float) -> Iterator[Stop]:
    times, then = now.times, before.times
    if times is None or not times.days:
        return
    found = _moved_rows(times) or _moved_range(times, then, days_between=days_between, version=before.version)
    if found:
        yield Stop(
            kind=SHIFTED,
            column=times.column,
            found=found,
            why=Sentence(
                "A shift of dates, as by another date format or time zone, changes every figure by month or year."
            ),
            what_to_do=(
                Sentence("Compare some rows with the source and look at 'format:'; if they are right, accept it."),
            ),
            count=times.moved,
            accept={"column": times.column, "kind": SHIFTED, "version": now.version},
        )


def _moved_rows(times: Times) -> Sentence | None:
    if not times.shared or times.moved <= max(1, _FEW_MOVED * times.shared):
        return None
    facts = {
        "column": times.column,
        "moved": times.moved,
        "shared": times.shared,
        "percent": f"{100 * times.moved / times.shared:.0f}",
        "days": f"{times.moved_days:+,.1f}",
    }
    return Sentence(
        "%(column)s is another in %(moved)s of %(shared)s rows that both versions have (%(percent)s %%), in the"
        " median by %(days)s days.",
        facts,
    )


def _moved_range(times: Times, then: Times | None, *, days_between: float, version: int) -> Sentence | None:
    if then is None or not then.days or times.shared:
        return None
    slack = max(_SLACK_DAYS, _SLACK_SHARE * (then.days[-1] - then.days[0]))
    steps = [new - old for new, old in zip(times.days, then.days, strict=True)]
    ahead, back = max(steps), min(steps)
    if ahead <= days_between + slack and back >= -slack:
        return None
    facts = {
        "column": times.column,
        "first": _day(times.days[0]),
        "last": _day(times.days[-1]),
        "before": version,
        "first_then": _day(then.days[0]),
        "last_then": _day(then.days[-1]),
        "days": f"{steps[len(steps) // 2]:+,.0f}",
    }
    return Sentence(
        "%(column)s runs from %(first)s to %(last)s; in version %(before)s from %(first_then)s to %(last_then)s."
        " Its middle moved by %(days)s days.",
        facts,
    )


def _day(days: float) -> str | Sentence:
    try:
        return (_EPOCH + timedelta(days=days)).isoformat()
    except OverflowError:
        return Sentence("a day no calendar has")


def _future(now: Facts) -> list[Stop]:
    times = now.times
    if times is None or not times.future:
        return []
    facts = {"column": times.column, "rows": _row_words(times.future), "last": _day(times.days[-1])}
    return [
        Stop(
            kind=FUTURE,
            column=times.column,
            found=Sentence("%(column)s lies in the future in %(rows)s, the latest on %(last)s.", facts),
            why=Sentence(
                "What has not happened yet cannot have been recorded; often day and month were taken for each other."
            ),
            what_to_do=(Sentence("Look at 'format:' and at the source; if planned days belong in it, accept it."),),
            count=times.future,
            accept={"column": times.column, "kind": FUTURE},
        )
    ]
