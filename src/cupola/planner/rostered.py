"""Classes of posts whose number or pay is that of a roster: what is asked of it, and the document with it filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cupola.planner.problem import WrongProblem

PART = "from_roster"
TAKE = ("start", "pay")


@dataclass(frozen=True)
class Wanted:
    """Posts of a roster that a class of a plan stands for.

    period: empty for the newest. departments: only these; outside: all but these. family: technology, data, innovation,
    or `all` of them; empty for everybody. titles: only these. leading: only chiefs and directors. less: posts of them
    that the plan counts in other classes. take: `start`, `pay` or both.
    """

    cls: str
    roster: str
    period: str = ""
    departments: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    family: str = ""
    titles: tuple[str, ...] = ()
    leading: bool = False
    less: int = 0
    take: tuple[str, ...] = TAKE


@dataclass(frozen=True)
class Found:
    """What a roster has of it. pay: of one post for one year, in currency, with benefits; None where not asked for."""

    posts: int
    pay: float | None


def wanted(page: Mapping[str, Any]) -> tuple[Wanted, ...]:
    """Return what the classes of a document take from rosters. Raises WrongProblem."""
    classes = page.get("classes") or {}
    return tuple(_wanted(key, given[PART]) for key, given in classes.items() if PART in given)


def filled(page: Mapping[str, Any], found: Mapping[str, Found]) -> dict[str, Any]:
    """Return the document with numbers in place of rosters. found: by key of the class; zeros where it is missing."""
    classes = dict(page.get("classes") or {})
    for one in wanted(page):
        given = {name: value for name, value in classes[one.cls].items() if name != PART}
        held = found.get(one.cls, Found(0, 0.0))
        numbers: dict[str, Any] = {"start": max(held.posts - one.less, 0), "pay": held.pay}
        given |= {name: numbers[name] for name in one.take if numbers[name] is not None}
        classes[one.cls] = given
    return {**page, "classes": classes}


def _wanted(key: str, given: object) -> Wanted:
    known = [one.name for one in fields(Wanted) if one.name != "cls"]
    if not isinstance(given, Mapping) or not given.get("roster"):
        raise WrongProblem(what=f"takes {key} from a roster and does not say which; write `roster` and a key")
    strange = sorted(set(given) - set(known))
    if strange:
        raise WrongProblem(what=f"says {', '.join(strange)} of the roster {key} is from; it can say {', '.join(known)}")
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    made = Wanted(key, **{**given, **lists, "period": str(given.get("period", ""))})
    wrong = [one for one in made.take if one not in TAKE]
    if wrong or not made.take:
        raise WrongProblem(what=f"takes {', '.join(wrong) or 'nothing'} of {key} from a roster; it gives start and pay")
    if made.leading and made.take != ("pay",):
        raise WrongProblem(what=f"takes more than pay of {key} from chiefs and directors; write `take: [pay]`")
    if made.leading and (made.departments or made.outside or made.titles or made.family):
        why = f"asks for chiefs and directors of {key} and narrows them; their pay is the average of all of them"
        raise WrongProblem(what=f"{why}: leave departments, outside, titles and family out")
    if made.departments and made.outside:
        raise WrongProblem(what=f"names departments of {key} and departments it is outside of; name one of the two")
    return made
