"""Kept memos computed again: every number from the versions it was made of, and those that no longer come out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from itertools import zip_longest
from typing import Any

from django.utils import translation

from cupola.errors import CupolaError
from cupola.web.agenda.models import Award
from cupola.web.agenda.queries.sealed import Broken
from cupola.web.planning.models import CounselAnswer, KeptMemo, Scenario, StaffingPlan
from cupola.web.planning.queries.memo import Memo, memo
from cupola.web.planning.queries.memo.parts import RestsOn
from cupola.web.planning.queries.reading import Pin, pinned
from cupola.web.structure.models import Act, Office, Post, Structure

_RECORDS = (Award, StaffingPlan, Scenario, CounselAnswer, Structure, Office, Post, Act)  # what its sections may rest on


@dataclass(frozen=True)
class MemosAgain:
    """Kept memos computed again. numbers: how many came out of what they rest on; moved: how many rest on records or a
    library that have changed since, and were not compared."""

    memos: int
    numbers: int
    moved: int
    broken: tuple[Broken, ...]


def program() -> str:
    """Return the version of the program, which brings the library along."""
    return version("cupola")


def said(made: Memo) -> list[dict[str, Any]]:
    """Return every number a memo says, by section."""
    return [
        {"key": one.key, "rests_on": str(one.rests_on), "numbers": list(one.numbers())}
        for one in made.sections
        if one.numbers()
    ]


def as_it_was(kept: KeptMemo) -> Memo:
    """Return a kept memo, made again of what it was made of. Raises NothingToSay, NotLoadedYet."""
    pins = [Pin(one["kind"], one["definition"], one["number"]) for one in kept.pins]
    with pinned(pins), translation.override(kept.language):
        return memo(on=kept.on)


def memos_again() -> MemosAgain:
    """Compute every kept memo again and compare every number. Changes nothing."""
    broken: list[Broken] = []
    numbers = moved = 0
    every = list(KeptMemo.objects.all())
    for kept in every:
        name = f"memo {kept.number}"
        try:
            again = {one["key"]: one for one in said(as_it_was(kept))}
        except CupolaError as error:
            broken.append(Broken(name, "dataset", str(error)))
            continue
        for section in kept.sections:
            if _has_moved(kept, section["rests_on"]):
                moved += len(section["numbers"])
                continue
            numbers += len(section["numbers"])
            broken += _compared(name, section, again.get(section["key"], {"numbers": []}))
    return MemosAgain(len(every), numbers, moved, tuple(broken))


def _compared(name: str, kept: dict[str, Any], again: dict[str, Any]) -> Iterator[Broken]:
    pairs = zip_longest(kept["numbers"], again["numbers"], fillvalue="nothing")
    for place, (before, now) in enumerate(pairs, start=1):
        if before != now:
            yield Broken(f"{name} {kept['key']} {place}", "value", f"said {before}, computed again {now}")


def _has_moved(kept: KeptMemo, rests_on: str) -> bool:
    """Whether what a section rests on besides data is no longer as it was."""
    if rests_on == RestsOn.LIBRARY:
        return kept.program != program()
    return rests_on == RestsOn.RECORDS and (kept.program != program() or _changed_since(kept.made_at))


def _changed_since(at: datetime) -> bool:
    return any(model.history.filter(history_date__gt=at).exists() for model in _RECORDS)
