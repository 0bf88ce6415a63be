"""A memo as values: sections of sentences, tables and charts, each with how it is known."""

from dataclasses import dataclass, field
from datetime import date

from cupola.web.ui.charts import Chart
from cupola.web.ui.evidence import Evidence


@dataclass(frozen=True)
class Table:
    """A table of texts. `numbers`: places of the columns that stand to the right."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Section:
    """One part of a memo. `points`: single sentences below each other."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    known: Evidence | None = None


@dataclass(frozen=True)
class Memo:
    """A memo: of which government, on which day, and its parts in the order they are read."""

    title: str
    government: str
    on: date
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = field(default_factory=tuple)
