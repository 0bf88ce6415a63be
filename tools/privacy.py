"""Write docs/privacy.md: how well the detectors of the gate find what they look for, on labelled values and real files.

The real files are those of CUPOLA_TEST_DATA. What the detectors find there was judged by people; the judgements stand
in tools/privacy_judged.tsv (file, column, kind, right or false, why). Only counts leave a file, never a value.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import sqlglot

from cupola.contracts import Column, ColumnType
from cupola.privacy import Hit, read_scan, scan_query
from cupola.privacy.detectors import TESTS

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "unit" / "privacy"))
PAGE, JUDGED = ROOT / "docs" / "privacy.md", ROOT / "tools" / "privacy_judged.tsv"
FOLDERS = ("budgets", "councils", "grants", "operations", "payroll", "structure")
HEAD = """# What the gate's detectors find

Written by `make prove` (`tools/privacy.py`). How to use the gate: [publish a dataset](how-to/publish.md).

## On 20,000 labelled values

Made by `tests/unit/privacy/labelled.py`: each kind written in several ways, in English and Spanish, and a third of the
values something that only looks like it. Recall: the share of a kind's values that is found. Precision: the share of
what is found that is of the kind. One given name in five of this set is in no list of ours; of a column of names
enough are found to say so, since a column is judged by its share.

| kind | values | recall | precision |
|---|---:|---:|---:|
"""
REAL = """
## On real files

Every column of {files} public files ({rows:,} rows), read as text. A find is judged
by looking at what the column holds; a false alarm costs its steward one line that accepts it.

| kind | columns found | right | false alarms |
|---|---:|---:|---:|
"""


@dataclass(frozen=True)
class Find:
    """One hit in one file."""

    file: str
    hit: Hit


def labelled_lines() -> Iterator[str]:
    """Yield a row of the first table per kind."""
    from labelled import labelled  # type: ignore[import-not-found]  # noqa: PLC0415  the tests' own set, beside the tests

    values = labelled()
    table = pa.table({"v": [v for v, _ in values], "kind": [kind.value if kind else None for _, kind in values]})
    with duckdb.connect() as connection:
        connection.register("labelled", table)
        for kind, test in TESTS.items():
            tree = sqlglot.parse_one(f"SELECT kind FROM labelled WHERE {test}", read="duckdb")
            found = [one for (one,) in connection.execute(tree.sql(dialect="duckdb")).fetchall()]
            right, all_of_it = found.count(kind.value), sum(one is kind for _, one in values)
            recall, precision = right / all_of_it, right / len(found)
            yield f"| {kind.value} | {all_of_it:,} | {recall:.3f} | {precision:.3f} |\n"


def read_files(data: Path) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    """Yield each file's name and a connection whose table `data` holds it, every column as text."""
    for path in sorted(path for folder in FOLDERS for path in (data / folder).rglob("*")):
        name = path.relative_to(data).as_posix()
        if not name.endswith((".csv", ".csv.gz")):
            continue
        connection = duckdb.connect()
        encodings = ("utf-8", "latin-1")
        for encoding in encodings:
            try:
                source = f"read_csv(?, all_varchar = true, ignore_errors = true, encoding = '{encoding}')"
                connection.execute(f"CREATE OR REPLACE TABLE data AS SELECT * FROM {source}", [str(path)])
            except duckdb.Error:
                continue
            yield name, connection
            break
        connection.close()


def scan(connection: duckdb.DuckDBPyConnection) -> Iterator[Hit]:
    """Yield what the detectors find in the table `data`."""
    names = [row[0] for row in connection.execute("DESCRIBE data").fetchall()]
    for name in names:
        column = Column(name, ColumnType.TEXT)
        query = scan_query(column)
        assert query is not None
        yield from read_scan(column, connection.execute(query.sql(dialect="duckdb")).to_arrow_table())


def judgements() -> dict[tuple[str, str, str], tuple[bool, str]]:
    """Return what people said of finds: right or not, and why."""
    lines = [line.split("\t") for line in JUDGED.read_text(encoding="utf-8").splitlines()[1:]]
    return {(file, column, kind): (verdict == "right", why) for file, column, kind, verdict, why in lines}


def real_part(data: Path) -> str:
    """Return the second part of the page."""
    judged, finds, rows, files = judgements(), [], 0, 0
    for name, connection in read_files(data):
        files += 1
        counted = connection.execute("SELECT count(*) FROM data").fetchone()
        rows += int(counted[0]) if counted else 0
        finds += [Find(name, hit) for hit in scan(connection)]
    text = REAL.format(files=files, rows=rows)
    unjudged = [one for one in finds if _key(one) not in judged]
    for kind in TESTS:
        mine = [one for one in finds if one.hit.kind is kind]
        right = sum(judged.get(_key(one), (False, ""))[0] for one in mine)
        text += f"| {kind.value} | {len(mine)} | {right} | {len(mine) - right} |\n"
    text += "\n### False alarms\n\n| file | column | kind | values | why it is none |\n|---|---|---|---:|---|\n"
    for one in finds:
        is_right, why = judged.get(_key(one), (False, "not judged yet"))
        if not is_right:
            share = f"{one.hit.values:,} of {one.hit.all_values:,}"
            text += f"| {one.file} | {one.hit.column} | {one.hit.kind.value} | {share} | {why} |\n"
    text += (
        "\n### Columns of names\n\nOf columns that hold names and nothing else, the share of values that is found.\n\n"
    )
    text += "| file | column | values | found |\n|---|---|---:|---:|\n"
    for one in finds:
        if one.hit.kind.value == "person_name" and judged.get(_key(one), (False, ""))[0]:
            text += f"| {one.file} | {one.hit.column} | {one.hit.all_values:,} | {one.hit.share:.3f} |\n"
    for one in unjudged:
        print(
            one.file, one.hit.column, one.hit.kind.value, one.hit.values, one.hit.all_values, one.hit.samples, sep="\t"
        )
    return text


def _key(find: Find) -> tuple[str, str, str]:
    return find.file, find.hit.column, find.hit.kind.value


def main() -> None:
    """Write the page; without the real files the second part stays as it is."""
    text = HEAD + "".join(labelled_lines())
    data = Path(os.environ.get("CUPOLA_TEST_DATA") or ROOT.parent / "shared" / "data")
    before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    kept = before.partition("\n## On real files")
    rest = real_part(data) if (data / "README.md").is_file() else kept[1] + kept[2]
    PAGE.write_text(text + rest, encoding="utf-8")


if __name__ == "__main__":
    main()
