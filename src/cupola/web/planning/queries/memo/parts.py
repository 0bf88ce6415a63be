"""A memo as values: sections of sentences, tables and charts, each with how it is known."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.web.planning.queries.reading import Pin
from cupola.web.structure.queries.drawing import Drawing
from cupola.web.ui.charts import Chart
from cupola.web.ui.evidence import Evidence

# numbers as people write them, with what belongs to them; a year alone is a date, and a code is a name
NUMBER = re.compile(
    r"(?<![\w.,/-])(?!(?:19|20)\d\d(?![\d.,]))-?[$€£]?\d(?:[\d.,\u00a0\u202f]*\d)?"
    r"(?:[ \u00a0](?:million|billion|millones|mil millones))?(?:[ \u00a0]?%)?(?![\w/])"
)


class RestsOn(StrEnum):
    """What the numbers of a section are computed from: what must be the same for them to come out the same."""

    DATA = "data"
    LIBRARY = "library"
    RECORDS = "records"


@dataclass(frozen=True)
class OrgChart:
    """A chart of offices and posts, and what it shows in one sentence."""

    title: str
    one: Jurisdiction
    drawing: Drawing
    reading: str


@dataclass(frozen=True)
class Table:
    """A table of texts. `numbers`: places of the columns that stand to the right; `english`: of those in English."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    english: tuple[int, ...] = ()


@dataclass(frozen=True)
class Section:
    """One part of a memo. `points`: single sentences below each other. `known`: how all of its numbers are known."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    orgcharts: tuple[OrgChart, ...] = ()
    known: Evidence | None = None
    rests_on: RestsOn = RestsOn.DATA

    def texts(self) -> tuple[str, ...]:
        """Return everything it says, in order."""
        cells = (cell for table in self.tables for row in table.rows for cell in row)
        drawn = (f"{point.label}: {point.shown}" for chart in self.charts for point in chart.points)
        return (*self.paragraphs, *self.points, *cells, *drawn)

    def numbers(self) -> tuple[str, ...]:
        """Return every number it says, in order."""
        return tuple(found for text in self.texts() for found in NUMBER.findall(text))


@dataclass(frozen=True)
class Memo:
    """A memo: of which government, on which day, its parts in the order they are read, and what would read the same."""

    title: str
    government: str
    on: date
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = field(default_factory=tuple)
    pins: tuple[Pin, ...] = field(default_factory=tuple)
