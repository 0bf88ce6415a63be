"""What is wrong in a city folder: where, what, and what to write instead."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from rapidfuzz import fuzz, process

from cupola.errors import InvalidInput

FieldPath = tuple[str | int, ...]
_CLOSE_ENOUGH = 60.0
_LONGEST_VALUE = 60


@dataclass(frozen=True)
class Problem:
    """One mistake. `line` counts from 1, and is 0 where the fields came from no file.

    `field` is empty where the whole file or document is meant.

    `message` says what is wrong and names the value; `remedy` says what to write instead.
    """

    file: str
    line: int
    field: str
    value: str
    message: str
    remedy: str

    def __str__(self) -> str:
        line = f"{self.line}: " if self.line else " "
        where = f"{self.file}:{line}" if self.file else ""
        return where + (f"{self.field}: " if self.field else "") + f"{self.message}; {self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """Return the facts for machines."""
        return asdict(self)


class FolderInvalid(InvalidInput):
    """The folder, or one record, has mistakes. `problems` holds all of them, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line)))
        count = len(self.problems)
        head = f"{count} {'mistake' if count == 1 else 'mistakes'}; nothing was changed."
        super().__init__("\n".join([head, *(str(problem) for problem in self.problems)]))


@dataclass(frozen=True)
class Finding:
    """A mistake in a record's fields, before it is known where the record stands. `path` leads to the field."""

    path: FieldPath
    value: Any
    message: str
    remedy: str

    def at(self, file: PurePath | str, line: int) -> Problem:
        """Return the problem this is at a place in a file."""
        return Problem(str(file), line, dotted(self.path), show(self.value, quoted=False), self.message, self.remedy)


def dotted(path: FieldPath) -> str:
    """Return a path as people read it: `columns.issued_on.type`, `sources[0].url`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def show(value: Any, *, quoted: bool = True) -> str:
    """Return a value as a message shows it, cut where it is long."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    text = text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
    return repr(str(text)) if quoted and isinstance(value, str) else text


def closest(value: str, choices: Iterable[str]) -> str | None:
    """Return the choice that was probably meant, or None."""
    names = list(dict.fromkeys(choices))
    lowered = [name.casefold() for name in names]
    found = process.extractOne(value.casefold(), lowered, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return names[found[2]] if found else None


def did_you_mean(value: str, choices: Sequence[str], *, otherwise: str) -> str:
    """Return the remedy for a misspelt name: the closest choice, else `otherwise`."""
    close = closest(value, choices)
    return f"did you mean {close!r}?" if close is not None else otherwise


def listed(names: Iterable[str], *, most: int = 12) -> str:
    """Return names as a sentence shows them, the rest counted."""
    every = [str(name) for name in names]
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" and {rest} more" if rest > 0 else "")
