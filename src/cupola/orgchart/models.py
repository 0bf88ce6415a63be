"""A chart beside a model: which roles and functions of the model are there, missing, extra, or elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cupola.orgchart.chart import Chart
from cupola.orgchart.counterparts import sites_of


class Match(StrEnum):
    """How a role or a function of a model is met."""

    PRESENT = "present"
    ELSEWHERE = "elsewhere"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True)
class Matched:
    """One role or function. ours, theirs: keys of posts or offices in the chart and in the model.

    here, there: where those sit, as codes of `housed_in`; empty where nobody says.
    """

    what: str
    code: str
    match: Match
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    here: tuple[str, ...] = ()
    there: tuple[str, ...] = ()


def compare_with_model(chart: Chart, model: Chart) -> tuple[Matched, ...]:
    """Match a chart with a model's, or with another government's, by role and then by function."""
    roles = (_by(chart, "role", chart.posts), _by(model, "role", model.posts))
    functions = (_by(chart, "function", chart.offices), _by(model, "function", model.offices))
    return tuple(
        _match(what, code, (chart, tuple(ours.get(code, ()))), (model, tuple(theirs.get(code, ()))))
        for what, (ours, theirs) in (("role", roles), ("function", functions))
        for code in sorted(ours.keys() | theirs.keys())
    )


def _by(chart: Chart, attribute: str, keys: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in keys:
        for value in chart.values(key, attribute):
            found.setdefault(str(value), []).append(key)
    return found


def _match(  # noqa: PLR0917  two charts, each with its keys
    what: str, code: str, ours: tuple[Chart, tuple[str, ...]], theirs: tuple[Chart, tuple[str, ...]], /
) -> Matched:
    here, there = _sites(*ours), _sites(*theirs)
    if not ours[1] or not theirs[1]:
        match = Match.EXTRA if ours[1] else Match.MISSING
    else:
        match = Match.PRESENT if not there or set(here) & set(there) else Match.ELSEWHERE
    return Matched(what, code, match, ours[1], theirs[1], here, there)


def _sites(chart: Chart, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({str(site) for key in keys for site in sites_of(chart, key)}))
