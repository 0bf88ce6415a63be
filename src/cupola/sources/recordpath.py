"""The path from a JSON document to its records, as in `appropriations.by_department[].fund_breakdown[]`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import process

from cupola.sources.jsontext import Number, flat_scalars
from cupola.sources.spec import SourceInvalid

_PATH = re.compile(r"(?:[^.\[\]]+(?:\.[^.\[\]]+)*)?(?:\[\](?:\.[^.\[\]]+)*)*")
_MISSING = object()


@dataclass(frozen=True)
class Level:
    """One step of a path: keys to go down, then, when `each`, every element of the list found there."""

    names: tuple[str, ...]
    each: bool

    def text(self) -> str:
        """Return the step as written in a path."""
        return ".".join(self.names) + ("[]" if self.each else "")


@dataclass
class Misses:
    """How often a level was looked for and absent, with the keys that were there instead."""

    looked: int = 0
    absent: int = 0
    keys: dict[str, None] = field(default_factory=dict)


def parse_path(path: str, *, where: str) -> tuple[Level, ...]:
    """Return the levels of a path; there is always at least one. Raises SourceInvalid when it is not well formed."""
    if not _PATH.fullmatch(path):
        raise SourceInvalid(
            where,
            problem=f"records: {path!r} is not a path to records",
            remedy="Write keys joined by dots, and [] after each list, as in departments[].funds[].",
        )
    parts = path.split("[]")
    levels = [Level(tuple(filter(None, part.split("."))), each=True) for part in parts[:-1]]
    last = tuple(filter(None, parts[-1].split(".")))
    if last or not levels:
        levels.append(Level(last, each=False))
    return tuple(levels)


def kind_of(value: Any) -> str:
    """Return the JSON kind of a value in words."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return "text" if isinstance(value, str) and not isinstance(value, Number) else "a number or boolean"


@dataclass
class Walker:
    """Walks from elements to records, and remembers where a level was absent.

    `levels`: those below the elements; `prefix`: dotted path of the elements, without brackets.
    """

    source: str
    levels: tuple[Level, ...]
    prefix: str
    misses: dict[int, Misses] = field(default_factory=dict)

    def records(self, element: Any, context: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Yield (record, scalar fields of all its ancestors by dotted path)."""
        return self._records(element, 0, prefix=self.prefix, context=context)

    def _records(
        self, value: Any, depth: int, *, prefix: str, context: dict[str, Any]
    ) -> Iterator[tuple[Any, dict[str, Any]]]:
        if depth == len(self.levels):
            yield value, context
            return
        level = self.levels[depth]
        target = self._descend(value, depth)
        if target is _MISSING:
            return
        below = ".".join(filter(None, (prefix, *level.names)))
        if isinstance(value, dict):
            around = flat_scalars(value, f"{prefix}." if prefix else "")
            context = context | {name: item for name, item in around if level.each or not name.startswith(f"{below}.")}
        for item in target if isinstance(target, list) and level.each else (target,):
            yield from self._records(item, depth + 1, prefix=below, context=context)

    def _descend(self, value: Any, depth: int) -> Any:
        level = self.levels[depth]
        misses = self.misses.setdefault(depth, Misses())
        misses.looked += 1
        for name in level.names:
            if not isinstance(value, dict) or name not in value:
                misses.absent += 1
                misses.keys.update(dict.fromkeys(value if isinstance(value, dict) else ()))
                return _MISSING
            value = value[name]
        if value is None:
            misses.absent += 1
            return _MISSING
        # a single object where a list is usual is one record: exports made from XML do that
        if level.each and not isinstance(value, list | dict):
            raise not_a_list(self.source, level, kind_of(value))
        if not level.each and isinstance(value, list):
            raise missing_brackets(self.source, level)
        return value

    def check(self) -> tuple[str, ...]:
        """Raise SourceInvalid when a level was never found; return notes about levels that some elements lack."""
        notes = []
        for depth, misses in self.misses.items():
            name = self.levels[depth].text()
            if misses.absent and misses.absent == misses.looked:
                raise missing_level(self.source, name, list(misses.keys), inside=self.prefix or "the records")
            if misses.absent:
                notes.append(f"{misses.absent:,} of {misses.looked:,} records have no {name}")
        return tuple(notes)


def missing_level(source: str, name: str, keys: list[str], *, inside: str) -> SourceInvalid:
    """Return the error for a path whose segment `name` is not there; `keys` are those that are."""
    near = process.extractOne(name.removesuffix("[]"), keys, score_cutoff=60) if keys else None
    there = ", ".join(keys[:20]) + (", ..." if len(keys) > 20 else "") if keys else "nothing"
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return SourceInvalid(
        source,
        problem=f"records: there is no {name!r} in {inside}",
        remedy=f"{hint}There is: {there}.",
    )


def not_a_list(source: str, level: Level, kind: str) -> SourceInvalid:
    """Return the error for `[]` after something that is no list."""
    name = level.text().removesuffix("[]") or "the document"
    return SourceInvalid(
        source,
        problem=f"records: {name!r} is {kind}, not a list",
        remedy="Leave out the [] after it, or name the list.",
    )


def missing_brackets(source: str, level: Level) -> SourceInvalid:
    """Return the error for a list named without `[]`."""
    name = level.text()
    return SourceInvalid(source, problem=f"records: {name!r} is a list", remedy=f"Did you mean {name + '[]'!r}?")
