"""What stands in a JSON document outside its lists: read event by event, so that size does not matter."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_NESTING = {"start_array": 1, "end_array": -1}
_MOST_NESTED = 500  # scalars of objects beside the path, kept as columns
_MOST_KEYS = 200  # keys remembered for a message


@dataclass
class Survey:
    """`kinds` and `keys`: by number of matched names of the path; `scalars`: dotted path -> value, outside lists only.

    `lists`: dotted paths of the lists that are not inside another list.
    """

    names: tuple[str, ...]
    kinds: dict[int, str] = field(default_factory=dict)
    keys: dict[int, list[str]] = field(default_factory=dict)
    scalars: dict[str, Any] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)
    left_out: int = 0

    def take(self, events: Iterable[tuple[str, Any]]) -> "Survey":
        """Read all events of a document (`ijson.basic_parse`)."""
        path: list[str] = []
        nested = 0  # how many lists deep
        for event, value in events:
            if nested or event == "start_array":
                if not nested:
                    self._open(path, "a list")
                nested += _NESTING.get(event, 0)
            else:
                self._step(path, event, value)
        return self

    def _step(self, path: list[str], event: str, value: Any) -> None:
        if event == "map_key":
            path[-1] = value
            self._key(path[:-1], value)
        elif event == "start_map":
            self._open(path, "an object")
            path.append("")
        elif event == "end_map":
            path.pop()
        else:
            self._scalar(path, value)

    def _matched(self, path: list[str]) -> int:
        return len(path) if tuple(path) == self.names[: len(path)] else -1

    def _open(self, path: list[str], kind: str) -> None:
        if kind == "a list":
            self.lists.append(".".join(path))
        matched = self._matched(path)
        if matched >= 0:
            self.kinds[matched] = kind

    def _key(self, parent: list[str], key: str) -> None:
        matched = self._matched(parent)
        if matched >= 0 and len(self.keys.setdefault(matched, [])) < _MOST_KEYS:
            self.keys[matched].append(key)

    def _scalar(self, path: list[str], value: Any) -> None:
        matched = self._matched(path)
        if matched >= 0:
            self.kinds[matched] = "a single value"
        if not path:
            return
        if self._matched(path[:-1]) >= 0 or len(self.scalars) < _MOST_NESTED:
            self.scalars[".".join(path)] = value
        else:
            self.left_out += 1
