"""What the sheets hold. Each row knows what it is of, what is only shown, and what may be written."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cupola.web.data.models import Dataset, Department
from cupola.web.data.queries.progress import Line
from cupola.web.data.queries.words import (
    COLUMN_TEXTS,
    description_paths,
    is_list,
    other_languages,
    words_at,
)

DATASETS, COLUMNS, FIELDS, DUTIES = "Datasets", "Columns", "Global fields", "Duties"
EDITION = "edition"
LONGEST = 32_000  # characters; a cell of a workbook holds 32,767
CUT = " [... too long for a cell; edit it in the pages]"
DUTY_HEADERS = ("duty", "who", "account", "contact", "since", "until")
GIVEN_MEANING = "meaning for those without one"
Shared = list[tuple[str, Mapping[str, Any]]]  # the key of each dataset with a column of one name, and the column
_TRANSLATION = re.compile(r"translations\.([\w-]+)\.(?:columns\.\w+\.)?(\w+)")


@dataclass(frozen=True)
class Row:
    """One row. `of`: what it is of, as its first cells say; `shown` is only for reading; `words` may be changed.

    `group`: where several rows are one thing together, the words of all of them.
    """

    of: tuple[str, ...]
    shown: tuple[str, ...]
    words: tuple[str, ...]
    group: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Table:
    """One sheet. `of`, `shown`, `words`: the headers of the parts of its rows; `says`: what it is, for its reader."""

    name: str
    says: str
    of: tuple[str, ...]
    shown: tuple[str, ...]
    words: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """All headers, as written in the first row."""
        return (*self.of, *self.shown, *self.words, EDITION)

    def cells(self, row: Row) -> tuple[str, ...]:
        """Return a row's cells in the order of the headers."""
        return (*row.of, *row.shown, *row.words, edition(row.group or row.words))


def edition(words: Iterable[str | tuple[str, ...]]) -> str:
    """Return a name of what stood in a row when it was written, by which a later change is noticed."""
    return hashlib.sha256(json.dumps([*words]).encode()).hexdigest()[:10]


def header_of(path: str) -> str:
    """Return what a path is called in a sheet: `translations.es.title` is `title (es)`."""
    told = _TRANSLATION.fullmatch(path)
    return f"{told[2]} ({told[1]})" if told else path.rpartition(".")[2]


def cell(value: Any) -> str:
    """Return words as a cell holds them, a list as lines; what is too long is cut and never written back."""
    text = "\n".join(" ".join(str(one).split()) for one in value) if isinstance(value, list) else str(value)
    text = text.replace("\r\n", "\n").strip()
    return text if len(text) <= LONGEST else text[:LONGEST] + CUT


def words_of(text: str, path: str) -> Any:
    """Return a cell as a definition holds it."""
    return [line.strip() for line in text.splitlines() if line.strip()] if is_list(path) else text


def dataset_paths() -> dict[str, str]:
    """Return the path of each header of the sheet of datasets."""
    return {header_of(path): path for path in description_paths()}


def column_paths(column: str) -> dict[str, str]:
    """Return the path of each header of a row of the sheet of columns."""
    own = {text: f"columns.{column}.{text}" for text in COLUMN_TEXTS}
    others = {
        f"{text} ({language})": f"translations.{language}.columns.{column}.{text}"
        for language in other_languages()
        for text in COLUMN_TEXTS
    }
    return own | others


def tables(
    lines: Iterable[Line], *, among: Iterable[Line], departments: Iterable[Department] = ()
) -> tuple[Table, ...]:
    """Return the sheets of some datasets and departments. `among`: all datasets, to tell which columns they share."""
    listed = [*lines]
    datasets = [line.dataset for line in listed]
    keys = {dataset.key for dataset in datasets}
    shared = shared_columns(line.dataset for line in among)
    return (
        datasets_table(listed),
        columns_table(datasets, shared),
        fields_table({name: places for name, places in shared.items() if any(key in keys for key, _ in places)}),
        duties_table(datasets, departments),
    )


def datasets_table(lines: Iterable[Line]) -> Table:
    """Return the inventory: one row per dataset."""
    paths = dataset_paths()
    return Table(
        DATASETS,
        "One row per dataset the city knows of. Lists (keywords, notes): one per line of the cell.",
        of=("dataset",),
        shown=("state", "hosted elsewhere", "missing words", "columns", "documented columns", "open findings"),
        words=tuple(paths),
        rows=tuple(
            Row(
                of=(line.dataset.key,),
                shown=(
                    line.standing.stage.value,
                    "yes" if line.standing.elsewhere else "no",
                    ", ".join(line.missing),
                    *(str(count) for count in (line.columns, line.documented, line.findings)),
                ),
                words=tuple(cell(words_at(line.dataset.definition, path)) for path in paths.values()),
            )
            for line in lines
        ),
    )


def columns_table(datasets: Iterable[Dataset], shared: Mapping[str, Shared]) -> Table:
    """Return the data dictionary: one row per column of some datasets."""
    return Table(
        COLUMNS,
        "One row per column of every dataset. A column is documented when it has a meaning.",
        of=("dataset", "column"),
        shown=("type", "documented", "global field", "also in"),
        words=tuple(column_paths("x")),
        rows=tuple(
            _column_row(dataset, column, shared)
            for dataset in datasets
            for column in dataset.definition.get("columns", [])
        ),
    )


def _column_row(dataset: Dataset, column: Mapping[str, Any], shared: Mapping[str, Shared]) -> Row:
    name = str(column["name"])
    others = [key for key, _column in shared.get(name, ()) if key != dataset.key]
    return Row(
        of=(dataset.key, name),
        shown=(
            str(column["type"]),
            "yes" if column.get("meaning") else "no",
            name if others else "",
            ", ".join(others),
        ),
        words=tuple(cell(words_at(dataset.definition, path)) for path in column_paths(name).values()),
    )


def shared_columns(datasets: Iterable[Dataset]) -> dict[str, Shared]:
    """Return the global fields: names of columns that several datasets have, each with key and column."""
    found: dict[str, Shared] = defaultdict(list)
    for dataset in datasets:
        for column in dataset.definition.get("columns", []):
            found[str(column["name"])].append((dataset.key, column))
    return {name: places for name, places in sorted(found.items()) if len(places) > 1}


def fields_table(shared: Mapping[str, Shared]) -> Table:
    """Return the global fields: one row per name of a column that several datasets share."""
    return Table(
        FIELDS,
        "One row per column name that several datasets share. What is written under "
        f"'{GIVEN_MEANING}' goes to each of these columns that has no meaning of its own.",
        of=("column",),
        shown=("datasets", "types", "documented", "meanings"),
        words=(GIVEN_MEANING,),
        rows=tuple(_field_row(name, [column for _, column in places]) for name, places in shared.items()),
    )


def _field_row(name: str, columns: list[Mapping[str, Any]]) -> Row:
    meanings = dict.fromkeys(str(column["meaning"]) for column in columns if column.get("meaning"))
    types = dict.fromkeys(str(column["type"]) for column in columns)
    documented = sum(bool(column.get("meaning")) for column in columns)
    return Row((name,), (str(len(columns)), ", ".join(types), str(documented), cell([*meanings])), ("",))


def duties_table(datasets: Iterable[Dataset], departments: Iterable[Department]) -> Table:
    """Return who has which duty: one row per duty of a department or a dataset, those that are over too."""
    records: list[tuple[str, Dataset | Department]] = [("department", one) for one in departments]
    records += [("dataset", one) for one in datasets]
    return Table(
        DUTIES,
        "One row per duty. All rows of one department or dataset together are its duties: take a row out to take a "
        "duty back; leave them all out to change nothing. `until` is the first day on which it is over.",
        of=("of", "key"),
        shown=("title",),
        words=DUTY_HEADERS,
        rows=tuple(_duty_rows(records)),
    )


def _duty_rows(records: Iterable[tuple[str, Dataset | Department]]) -> Iterator[Row]:
    for kind, record in records:
        group = duty_words(record)
        for words in group:
            yield Row((kind, record.key), (str(record),), words, group=group)


def duty_words(record: Dataset | Department) -> tuple[tuple[str, ...], ...]:
    """Return the duties of a record as the rows of a sheet hold them."""
    written = record.definition.get("duties", [])
    return tuple(tuple(cell(duty.get(name, "")) for name in DUTY_HEADERS) for duty in written)
