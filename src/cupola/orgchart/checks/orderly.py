"""The checks of order: functions without an owner, spans and layers, names, lines, and sources."""

from collections import defaultdict
from collections.abc import Iterable

from cupola.orgchart.checks.case import Case
from cupola.orgchart.checks.verdicts import Check, Verdict, failed, passed, unknown
from cupola.orgchart.facts import disagreements, pointed_at
from cupola.orgchart.moments import Answer
from cupola.orgchart.vocabulary import Function, OfficeKind, Whole

_NO_BOSS = (OfficeKind.EXECUTIVE, OfficeKind.GOVERNMENT)


def functions_owned(case: Case) -> Verdict:
    """Ask whether every expected function has exactly one owner."""
    if not case.may_do(*Function):
        return unknown("What offices do is not recorded.", change="Record their functions.")
    expected = case.parameters.expected_functions
    owners = {function: _owners(case, function) for function in expected}
    perhaps = {function: case.may_do(function) for function in expected}
    overlaps = [function for function, found in owners.items() if len(found) > 1]
    gaps = [function for function in expected if not perhaps[function]]
    posts = [function for function in gaps if _by_posts(case, function)]
    if overlaps or (gaps and case.whole(Whole.OFFICES, Whole.FUNCTIONS)):
        return failed(
            "Without an owner: {gaps}; of these only posts do: {posts}. With several owners: {overlaps}.",
            *(key for function in overlaps for key in owners[function]),
            change="Name one owner for each, and let others help on a dotted line.",
            gaps=", ".join(gaps) or "-",
            posts=", ".join(posts) or "-",
            overlaps=", ".join(overlaps) or "-",
        )
    doubtful = [function for function, found in owners.items() if not found]
    if doubtful:
        return unknown(
            "For these no owner is certain: {gaps}.",
            *(key for function in doubtful for key in perhaps[function]),
            change="Record who owns them, or that offices and functions are recorded whole.",
            gaps=", ".join(doubtful),
        )
    return passed("Each function has one owner.", *dict.fromkeys(found[0] for found in owners.values()))


def spans_and_layers(case: Case) -> Verdict:
    """Ask whether anybody leads very few or very many, vacancies counted both ways, and how deep the chart is."""
    bosses = {key: case.boss(key) for key in case.posts}
    reports: dict[str, list[str]] = defaultdict(list)
    for key, boss in bosses.items():
        if boss in bosses:
            reports[boss].append(key)
    if not reports:
        return unknown("Who reports to whom is not recorded.", change="Record the lines of posts.")
    limits = case.parameters
    whole = case.whole(Whole.POSTS, Whole.LINES)
    filled = {key: sum(case.sure(one, "filled") is not False for one in below) for key, below in reports.items()}
    wide = [key for key, below in reports.items() if len(below) > limits.most_direct_reports]
    narrow = [key for key, count in filled.items() if whole and count < limits.fewest_direct_reports]
    deep = [key for key in bosses if len(case.chain(key)) > limits.most_layers]
    if wide or narrow or deep:
        return failed(
            "More than {most} direct reports: {wide}. Fewer than {fewest} once vacancies are left out: {narrow}. Deeper"
            " than {layers} layers: {deep}.",
            *wide,
            *narrow,
            *deep,
            change="Look at these first; no number is right for every team.",
            most=str(limits.most_direct_reports),
            fewest=str(limits.fewest_direct_reports),
            layers=str(limits.most_layers),
            wide=_counted(case, wide, reports, filled=filled),
            narrow=_counted(case, narrow, reports, filled=filled),
            deep=case.names(deep),
        )
    loose = [key for key, boss in bosses.items() if not boss and key != case.executive()]
    if not whole or loose:
        return unknown(
            "Within the limits as far as recorded; not all posts and lines are.",
            *(loose or reports),
            change="Record the posts and their lines, and that they are recorded whole.",
        )
    return passed("Spans and layers are within the city's limits.", *reports)


def names_distinct(case: Case) -> Verdict:
    """Ask whether two offices go by one name, or two leading posts by one title or one abbreviation."""
    if not case.chart.offices:
        return unknown("No office is recorded.", change="Record the offices.")
    offices, titles = defaultdict(list), defaultdict(list)
    for key in case.chart.offices:
        offices[_plain(case.name(key))].append(key)
    for key in case.chart.posts:
        if _initials(case.name(key)):
            titles[_initials(case.name(key))].append(key)
    twice = [keys for keys in (*offices.values(), *titles.values()) if len(keys) > 1]
    sure = [keys for keys in ([key for key in keys if case.is_there(key)] for keys in twice) if len(keys) > 1]
    if sure:
        return failed(
            "These names are used twice, or are shortened to the same letters: {names}.",
            *(key for keys in sure for key in keys),
            change="Rename one of each.",
            names="; ".join(case.names(keys) for keys in sure),
        )
    doubtful = [key for keys in twice for key in keys]
    doubtful += [key for key in (*case.posts, *case.offices) if case.sure(key, "name") is None]
    if doubtful:
        return unknown(
            "Whether these are there at the same time, or what they are called, is not certain: {names}.",
            *doubtful,
            change="Record since when and until when, and their names.",
            names=case.names(doubtful),
        )
    return passed("No two offices go by one name.", *case.offices)


def one_primary_line(case: Case) -> Verdict:
    """Ask whether everybody with two bosses has one line that counts first."""
    here = (*case.posts, *case.offices)
    double = [key for key in here if _two_by_one_source(case, key)]
    if double:
        return failed(
            "{names} have more than one solid line.",
            *double,
            change="Say which line is solid and make the other dotted.",
            names=case.names(double),
        )
    disputed = [key for key in here if case.chart.held(key, "reports_to") and not case.sure(key, "reports_to")]
    if disputed:
        return unknown(
            "To whom {names} report is not certain: sources disagree, or the day is not known.",
            *disputed,
            change="Settle which source is right, or since when the line holds.",
            names=case.names(disputed),
        )
    top = case.executive()
    loose = [key for key in here if key != top and case.sure(key, "kind") not in _NO_BOSS and not case.boss(key)]
    if loose and not case.whole(Whole.LINES):
        return unknown(
            "To whom {names} report is not recorded.",
            *loose,
            change="Record the lines, or that all lines are recorded.",
            names=case.names(loose),
        )
    return passed("Nobody has two solid lines.", *here) if here else unknown("Nothing is recorded.")


def facts_sourced(case: Case) -> Verdict:
    """Ask whether every fact has a source and a date, and name where sources disagree."""
    held = [one.fact for one in case.chart.facts()]
    if not held:
        return unknown("Nothing is recorded.", change="Record the offices and posts.")
    bare = sorted({fact.subject for fact in held if not fact.sources})
    if bare:
        return failed(
            "Facts without a source: {names}.",
            *bare,
            change="Name the source of each fact.",
            names=case.names(bare),
        )
    undated = sorted({fact.subject for fact in held if fact.span.since is None or fact.span.since.earliest is None})
    sure = (one.fact for one in case.chart.facts() if one.answer is Answer.YES)
    conflicts = sorted({subject for subject, _ in disagreements(sure)})
    if undated:
        return unknown(
            "Every fact has a source; since when is not recorded of {names}. Sources disagree about: {conflicts}.",
            *undated,
            change="Record since when each fact holds.",
            names=case.names(undated),
            conflicts=case.names(conflicts),
        )
    if conflicts:
        return passed(
            "Every fact has a source. Sources disagree about {names}.", *conflicts, names=case.names(conflicts)
        )
    return passed("Every fact has a source, and no two disagree.", *case.offices)


ORDER_CHECKS = (
    Check("functions-owned", "", "Has each function one owner?", functions_owned, ("expected_functions",)),
    Check(
        "spans-and-layers",
        "",
        "Does anybody lead very few or very many?",
        spans_and_layers,
        ("fewest_direct_reports", "most_direct_reports", "most_layers"),
    ),
    Check("names-distinct", "", "Has every office a name of its own?", names_distinct),
    Check("one-primary-line", "", "Has everybody one line that counts first?", one_primary_line),
    Check("facts-sourced", "", "Has every fact a source?", facts_sourced),
)


def _owners(case: Case, function: Function) -> list[str]:
    """Return the offices that own a function for certain: of an office and what is part of it only the lowest."""
    found = [key for key in case.offices if function in case.sure_all(key, "function")]
    return [key for key in found if not any(other in case.chart.within(key)[1:] for other in found)]


def _by_posts(case: Case, function: Function) -> bool:
    return any(function in case.sure_all(key, "function") for key in case.posts)


def _two_by_one_source(case: Case, key: str) -> bool:
    """Say whether one and the same source gives two bosses; two sources with one each only disagree."""
    said: dict[str, set[str]] = defaultdict(set)
    for held in case.chart.held(key, "reports_to"):
        if held.answer is Answer.YES:
            for source in held.fact.sources or ("",):
                said[source].add(pointed_at(held.fact))
    return any(len(bosses) > 1 for bosses in said.values())


def _counted(case: Case, keys: Iterable[str], reports: dict[str, list[str]], *, filled: dict[str, int]) -> str:
    """Return names with how many report to each, and how many of those posts are filled."""
    return ", ".join(f"{case.name(key)} ({len(reports[key])}; {filled[key]})" for key in keys) or "-"


def _plain(name: str) -> str:
    """Return a name without the words that tell no office from another."""
    words = name.casefold().replace("&", " and ").replace(",", " ").split()
    return " ".join(sorted(word for word in words if word not in {"the", "of", "and", "for"}))


def _initials(title: str) -> str:
    """Return the abbreviation of a leading post, as CDO of a chief data officer; empty for other titles."""
    words = title.split()
    if len(words) < 3 or (words[0], words[-1]) != ("Chief", "Officer"):
        return ""
    return "".join(word[0] for word in words if word[0].isupper())
