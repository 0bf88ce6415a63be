"""How we know: the chain behind a figure, from source to result, as one frozen value that a template opens up."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Link:
    """A text, with an address where there is one."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Evidence:
    """Everything a reader needs to trust or doubt one figure.

    `sources` -> `dataset` and `version` -> `query` -> `method` -> `result`. `uncertain` says what is not known;
    `command` recomputes the figure; `true_at` is when the version was committed.
    """

    result: str
    sources: tuple[Link, ...]
    dataset: Link
    version: Link
    query: str
    method: str
    command: str
    responsible: str = ""
    true_at: datetime | None = None
    uncertain: str = ""
    citation: str = ""
