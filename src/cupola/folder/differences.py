"""What differs between two sets of canonical fields, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cupola.folder.problems import FieldPath, dotted, show

_ABSENT = object()
ORDER = "order"


@dataclass(frozen=True)
class Change:
    """One field that differs. `before` or `after` is None where the field is absent on that side."""

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.path}: {_shown(self.after)} added"
        if self.after is None:
            return f"{self.path}: {_shown(self.before)} removed"
        return f"{self.path}: {_shown(self.before)} -> {_shown(self.after)}"

    def as_json(self) -> dict[str, Any]:
        """Return the change for machines."""
        return {"path": self.path, "before": self.before, "after": self.after}


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[Change, ...]:
    """Return what must be changed in `before` to get `after`; None stands for no record at all."""
    return tuple(_changes(dict(before or {}), dict(after or {}), ()))


def _changes(before: Any, after: Any, path: FieldPath) -> Iterator[Change]:
    if before is not _ABSENT and after is not _ABSENT and before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(name for name in after if name not in before)]:
            yield from _changes(before.get(name, _ABSENT), after.get(name, _ABSENT), (*path, name))
    elif _named(before) and _named(after):
        yield from _by_name(before, after, path)
    elif _mappings(before) and _mappings(after):
        for index in range(max(len(before), len(after))):
            yield from _changes(_item(before, index), _item(after, index), (*path, index))
    else:
        yield Change(dotted(path), None if before is _ABSENT else before, None if after is _ABSENT else after)


def _by_name(before: Sequence[Any], after: Sequence[Any], path: FieldPath) -> Iterator[Change]:
    old, new = ({item["name"]: item for item in items} for items in (before, after))
    yield from _changes(old, new, path)
    kept_before = [name for name in old if name in new]
    kept_after = [name for name in new if name in old]
    if kept_before != kept_after:
        yield Change(dotted((*path, ORDER)), kept_before, kept_after)


def _item(items: Sequence[Any], index: int) -> Any:
    return items[index] if index < len(items) else _ABSENT


def _mappings(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _named(value: Any) -> bool:
    return _mappings(value) and all("name" in item for item in value)


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_shown(part)}" for name, part in value.items() if name != "name") + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_shown(part) for part in value) + "]"
    return str(value).lower() if isinstance(value, bool) else show(value)
