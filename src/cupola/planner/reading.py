"""A staffing problem as a document, the mapping a YAML file gives -> the problem, with what is said about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar

from cupola.planner import limits as usual
from cupola.planner.leadtimes import LeadTime
from cupola.planner.problem import (
    Limit,
    Move,
    Need,
    PostClass,
    Problem,
    Saving,
    Source,
    Weights,
    WrongProblem,
)
from cupola.planner.rostered import wanted
from cupola.sentences import Sentence

_TOP = {"title", "question", "answer", "facts", "assumed", "years", "decided", "year_begins", "weights"}
_PARTS = {"classes", "sources", "moves", "needs", "savings", "limits"}
_PREPARED = {"lead"}
Made = TypeVar("Made")


@dataclass(frozen=True)
class Scenario:
    """A problem with its words. facts: what a source says, with the source; assumed: what nobody says, chosen here."""

    title: str
    question: str
    answer: str
    facts: tuple[str, ...]
    assumed: tuple[str, ...]
    problem: Problem


def read_scenario(page: Mapping[str, Any]) -> Scenario:
    """Read a document. Raises WrongProblem with the part, the key and what to write instead."""
    missing = wanted(page)
    if missing:
        raise WrongProblem(
            what=f"takes {', '.join(one.cls for one in missing)} from a roster that is not at hand here; solve it in a"
            " home that has loaded it: cupola plan solve FILE --home HOME"
        )
    strange = set(page) - _TOP - _PARTS
    if strange:
        known = ", ".join(sorted(_TOP | _PARTS))
        raise WrongProblem(what=f"has parts nobody reads: {', '.join(sorted(strange))}; there are {known}")
    if not page.get("years") or not page.get("classes"):
        raise WrongProblem(what="needs `years`, a list of labels, and `classes`, posts by key")
    bare = Problem(
        years=tuple(page["years"]),
        classes=tuple(_class(key, given, page) for key, given in page["classes"].items()),
        sources=tuple(_record(Source, key, given) for key, given in page.get("sources", {}).items()),
        moves=tuple(_move(key, given, page) for key, given in page.get("moves", {}).items()),
        needs=tuple(_record(Need, key, given) for key, given in page.get("needs", {}).items()),
        savings=tuple(_plain(Saving, "savings", given) for given in page.get("savings", ())),
        weights=_plain(Weights, "weights", page.get("weights", {})),
    )
    found = tuple(_limit(bare, key, given) for key, given in page.get("limits", {}).items())
    return Scenario(
        title=page.get("title", ""),
        question=page.get("question", ""),
        answer=page.get("answer", ""),
        facts=tuple(page.get("facts", ())),
        assumed=tuple(page.get("assumed", ())),
        problem=replace(bare, limits=found),
    )


def _record(kind: type[Made], key: str, given: Mapping[str, Any]) -> Made:
    return _plain(kind, key, {"key": key} | dict(given))


def _plain(kind: type[Made], key: str, given: Mapping[str, Any]) -> Made:
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    strange = set(given) - known
    if strange:
        said = ", ".join(sorted(known - {"key"}))
        raise WrongProblem(what=f"says {', '.join(sorted(strange))} of {key}; it can say {said}")
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return kind(**values)


def _class(key: str, given: Mapping[str, Any], page: Mapping[str, Any]) -> PostClass:
    plain = {name: value for name, value in given.items() if name not in _PREPARED}
    made = _record(PostClass, key, plain)
    if "lead" not in given:
        return made
    first, why = _first(made.name or key, given["lead"], page)
    return replace(made, first_hire=first, why_first_hire=why)


def _move(key: str, given: Mapping[str, Any], page: Mapping[str, Any]) -> Move:
    made = _record(Move, key, {name: value for name, value in given.items() if name not in _PREPARED})
    if "lead" not in given:
        return made
    first, why = _first(made.name or key, given["lead"], page)
    return replace(made, first=first, why_first=why)


def _first(name: str, lead: Mapping[str, Any], page: Mapping[str, Any]) -> tuple[int, Sentence]:
    """Return the first year somebody can be there, and why not sooner."""
    decided = _day(page.get("decided"))
    if decided is None or "year_begins" not in page:
        raise WrongProblem(what="gives lead times, so it needs `decided`, a day, and `year_begins`, month-day as 07-01")
    steps = _plain(LeadTime, f"the lead time of {name}", lead)
    month, day = (int(part) for part in str(page["year_begins"]).split("-"))
    starts = [date(int(year) - (1 if month > 1 else 0), month, day) for year in page["years"]]
    return steps.first_year(decided, starts), steps.sentence(name, decided)


def _day(said: date | str | None) -> date | None:
    try:
        return date.fromisoformat(said) if isinstance(said, str) else said
    except ValueError:
        return None


def _limit(problem: Problem, key: str, given: Mapping[str, Any]) -> Limit:
    said = dict(given)
    kind, price, source = said.pop("kind", ""), said.pop("price", None), said.pop("source_of_limit", "")
    make = _LIMITS.get(kind)
    if make is None:
        raise WrongProblem(what=f"has a limit {key} of the kind {kind or 'nothing'}; there are {', '.join(_LIMITS)}")
    try:
        made = make(problem, key, said)
    except (KeyError, TypeError) as wrong:
        raise WrongProblem(what=f"does not say all of limit {key}, a {kind}: {wrong}") from wrong
    return replace(made, price=price, source=source)


def _chosen(problem: Problem, said: dict[str, Any]) -> tuple[str, ...]:
    """Return the classes a limit is about: named, or all of an office, or only its exempt ones."""
    named, office, exempt = said.pop("classes", None), said.pop("office", None), said.pop("exempt", False)
    unknown = sorted(set(named or ()) - set(problem.class_of))
    if unknown:
        raise WrongProblem(what=f"has a limit on classes it does not describe: {', '.join(unknown)}")
    return tuple(
        one.key
        for one in problem.classes
        if (named is None or one.key in named)
        and (office is None or one.office == office)
        and (one.exempt or not exempt)
    )


def _amount(value: float | Sequence[float]) -> float | tuple[float, ...]:
    return tuple(value) if isinstance(value, Sequence) else value


def _posts_at_most(problem: Problem, key: str, said: dict[str, Any], /) -> Limit:
    chosen = _chosen(problem, said)
    return usual.posts_at_most(problem, chosen, most=_amount(said["most"]), key=key, says=said["says"])


def _posts_at_least(problem: Problem, key: str, said: dict[str, Any], /) -> Limit:
    chosen = _chosen(problem, said)
    return usual.posts_at_least(problem, chosen, least=_amount(said["least"]), key=key, says=said["says"])


def _charged_at_most(problem: Problem, key: str, said: dict[str, Any], /) -> Limit:
    chosen, most = _chosen(problem, said), _amount(said["most"])
    return usual.charged_at_most(problem, chosen, source=said["source"], most=most, key=key, says=said["says"])


def _spending_at_most(problem: Problem, key: str, said: dict[str, Any], /) -> Limit:
    chosen, sources = _chosen(problem, said), said.get("sources", ())
    most = _amount(said["most"])
    return usual.spending_at_most(problem, chosen, most=most, key=key, says=said["says"], sources=sources)


def _prerequisite(problem: Problem, key: str, said: dict[str, Any], /) -> Limit:
    later, earlier = said["later"], said["earlier"]
    return usual.prerequisite(problem, later, earlier, most=said["most"], key=key, says=said["says"])


_LIMITS: Mapping[str, Callable[[Problem, str, dict[str, Any]], Limit]] = {
    "posts_at_most": _posts_at_most,
    "posts_at_least": _posts_at_least,
    "charged_at_most": _charged_at_most,
    "spending_at_most": _spending_at_most,
    "span_at_most": _prerequisite,
    "prerequisite": _prerequisite,
}
