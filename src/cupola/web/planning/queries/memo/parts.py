"""A memo as values: sections of sentences, tables and charts, each with how it is known."""

from dataclasses import dataclass, field, replace
from datetime import date

from cupola.web.ui.charts import Chart
from cupola.web.ui.evidence import Evidence, Link


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


def placed(memo: Memo, root: str) -> Memo:
    """Return a memo that is read elsewhere than on the pages here. `root`: their address; without one, no links."""
    return replace(memo, sections=tuple(_placed(one, root) for one in memo.sections))


def _placed(part: Section, root: str) -> Section:
    charts = tuple(replace(one, evidence=one.evidence and _chain(one.evidence, root)) for one in part.charts)
    return replace(part, charts=charts, known=part.known and _chain(part.known, root))


def _chain(known: Evidence, root: str) -> Evidence:
    return replace(
        known,
        sources=tuple(_link(one, root) for one in known.sources),
        dataset=_link(known.dataset, root),
        version=_link(known.version, root),
    )


def _link(link: Link, root: str) -> Link:
    return replace(link, url=(root + link.url if root else "") if link.url.startswith("/") else link.url)
