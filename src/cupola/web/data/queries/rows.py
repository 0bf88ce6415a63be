"""Rows as people read them: one page of a version, each cell as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cupola.errors import NotAllowed
from cupola.lake import parse
from cupola.web.data.models import Dataset, Version
from cupola.web.data.queries.lake import home, lake
from cupola.web.data.queries.wording import column_in_language, column_title

PAGE = 100
NUMBERS = {"integer", "decimal", "float", "money", "percent", "duration"}


class RowsHidden(NotAllowed):
    """Rows of a dataset that shows none were asked for."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"The rows of {key} are not shown on any page.")


@dataclass(frozen=True)
class Cell:
    """One value as text; `url` where it is a web address."""

    text: str
    is_number: bool = False
    url: str = ""


@dataclass(frozen=True)
class Heading:
    """One column's heading."""

    name: str
    title: str
    is_number: bool


@dataclass(frozen=True)
class Rows:
    """A page of rows. `first` is the number of its first row, `hidden` the titles of columns left out."""

    headings: tuple[Heading, ...]
    cells: tuple[tuple[Cell, ...], ...]
    first: int
    hidden: tuple[str, ...]


class RowCount(Sequence[int]):
    """Stands for the rows of a version, so that pages can be counted without reading them."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: Any) -> Any:
        return range(self._count)[part]


def shown_columns(dataset: Dataset) -> list[dict[str, Any]]:
    """Return the columns whose values may be shown, tags last, as the definition writes them."""
    return [column for column in all_columns(dataset) if not column.get("sensitive")]


def all_columns(dataset: Dataset) -> list[dict[str, Any]]:
    """Return every column: those of the contract, then those computed from a place."""
    columns = [column_in_language(dataset, column) for column in dataset.definition.get("columns", [])]
    named = {column["name"] for column in columns}
    tags = [
        {"name": tag["column"], "type": "text", "meaning": _("Computed from the coordinates and %(places)s.") % tag}
        for tag in dataset.definition.get("place_tags", [])
        if tag["column"] not in named
    ]
    return columns + [column_in_language(dataset, tag) for tag in tags]


def rows(dataset: Dataset, version: Version, *, page: int = 1, limit: int = PAGE) -> Rows:
    """Return one page of a version's rows. Raises RowsHidden where the dataset shows none."""
    if not dataset.shows_rows:
        raise RowsHidden(dataset.key)
    first = (page - 1) * limit
    table = lake().rows(dataset.key, number=version.number, limit=limit, offset=first)
    held = set(table.column_names)
    columns = [column for column in shown_columns(dataset) if column["name"] in held]
    if "vintage" in held:
        columns.insert(0, {"name": "vintage", "type": "date", "title": _("Edition")})
    texts = [
        [cell(value, str(column["type"])) for value in table.column(column["name"]).to_pylist()] for column in columns
    ]
    headings = tuple(Heading(str(c["name"]), column_title(c), c["type"] in NUMBERS) for c in columns)
    hidden = tuple(column_title(column) for column in all_columns(dataset) if column.get("sensitive"))
    return Rows(headings, tuple(zip(*texts, strict=True)), first + 1, hidden)


def has_editions(dataset: Dataset) -> bool:
    """Whether the dataset holds dated editions of the same thing."""
    return any("vintage" in source for source in dataset.definition.get("sources", []))


def rows_shown(dataset: Dataset, version: Version) -> int:
    """Return how many rows pages of rows go through: all, or those of the latest edition where there are editions."""
    if not has_editions(dataset):
        return version.rows
    return _latest_edition(home(), dataset.key, number=version.number)


@lru_cache(maxsize=256)
def _latest_edition(home: Path, key: str, *, number: int) -> int:
    """Count the rows a query sees. A version never changes; `home` keeps two homes of one process apart."""
    counted = lake().query(parse("SELECT count(*) AS n FROM data"), inputs={"data": lake().version(key, number=number)})
    return int(counted.column("n")[0].as_py())


def cell(value: Any, kind: str) -> Cell:
    """Return a value as text in the reader's language; no value is an empty text."""
    if value is None:
        return Cell("")
    if isinstance(value, bool):
        return Cell(_("yes") if value else _("no"))
    if isinstance(value, bytes):
        return Cell(_("shape"))
    if isinstance(value, datetime):
        return Cell(date_format(value, "DATETIME_FORMAT"))
    if isinstance(value, date):
        return Cell(date_format(value))
    if kind in NUMBERS:
        return Cell(_number(value, kind), is_number=True)
    text = str(value)
    safe = kind == "url" and text.startswith(("http://", "https://"))
    return Cell(text, url=text if safe else "")


def _number(value: Any, kind: str) -> str:
    """Write money with separators and cents, and anything else as it is: a whole number may be a year or a code."""
    if kind == "money":
        return str(number_format(value, decimal_pos=2, force_grouping=True))
    if isinstance(value, Decimal):
        value = value.normalize()
        return f"{value:f}"
    return f"{value:.10g}" if isinstance(value, float) else str(value)
