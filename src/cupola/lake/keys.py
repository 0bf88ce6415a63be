"""Who a row is: `_id` from its key, or from the whole row; and what to do with rows that share a key.

Row ids are looked at, not keys, because eight bytes a row are cheap to compare: 63 bits of md5 collide once in
about 700,000 loads of five million rows, and a collision would be told from a duplicate by the keys themselves.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cupola.contracts import ColumnType, Contract, Duplicates
from cupola.lake import sqltext
from cupola.lake.columns import ID

_SAME_AS_WRITTEN = {ColumnType.TEXT, ColumnType.CODE, ColumnType.URL, ColumnType.INTEGER}


def identity(contract: Contract) -> tuple[str, ...]:
    """Return the columns that identify a row; empty when rows have no identity of their own."""
    return () if contract.duplicates is Duplicates.KEYLESS else contract.key


def own_number(contract: Contract) -> bool:
    """Say whether a row's key is one whole number, which then is its id: md5 would cost as much as all casts."""
    key = [contract.column(name) for name in identity(contract)]
    if len(key) != 1 or contract.vintaged:
        return False
    return key[0].type is ColumnType.INTEGER and not key[0].sensitive


def number_id(expression: str) -> str:
    """Return SQL for `_id` of a whole number: itself, or past 2^62 and below zero a hash in the other half."""
    half = 1 << 62
    otherwise = f"{half} + ({row_id([expression])} >> 1)"
    return f"CASE WHEN {expression} BETWEEN 0 AND {half - 1} THEN {expression} ELSE {otherwise} END"


def row_id(expressions: Sequence[str], *, vintage: str = "") -> str:
    """Return SQL for `_id` of the values `expressions`.

    Each value is preceded by its length, so ('ab', 'c') and ('a', 'bc') differ; a null is a tilde.
    """
    parts = [f"coalesce(strlen({text}) || ':' || {text}, '~')" for text in (f"({one})::VARCHAR" for one in expressions)]
    if vintage:
        parts.append(sqltext.text(f"@{vintage}"))
    return hashed(" || ".join(parts))


def known_id(contract: Contract, values: Mapping[str, str | int]) -> int | None:
    """Return the `_id` that a row with these values of its key has, where that can be told without the engine.

    None where a column of the key is not among `values`, or is written by the engine in a way of its own. A row loaded
    under an older contract may have another id: who finds none must look for the values themselves.
    """
    key = identity(contract)
    if not key or contract.vintaged or any(name not in values for name in key):
        return None
    if any(contract.column(name).type not in _SAME_AS_WRITTEN for name in key):
        return None
    if own_number(contract):
        number = values[key[0]]
        return number if isinstance(number, int) and 0 <= number < 1 << 62 else None
    texts = [str(values[name]).encode() for name in key]
    text = b"".join(b"%d:%s" % (len(one), one) for one in texts)
    return int.from_bytes(hashlib.md5(text, usedforsecurity=False).digest()[8:], "little") >> 1


def hashed(text: str) -> str:
    """Return SQL for 63 bits of the md5 of `text`, never negative."""
    return f"(md5_number_lower({text}) >> 1)::BIGINT"


def nth_id(base: str, nth: str) -> str:
    """Return SQL for the id of the `nth` row (counted from 1) with the same content."""
    later = hashed(f"{base}::VARCHAR || '#' || {nth}")
    return f"CASE WHEN {nth} = 1 THEN {base} ELSE {later} END"


@dataclass(frozen=True)
class Twins:
    """Rows of the new files that share an id with an earlier row; `groups`: how many keys, `keys`: some in words."""

    rows: int
    groups: int
    keys: tuple[str, ...]


class TwinFinder:
    """Finds rows with the same id among new files, and against the ids of files that stay.

    The answer stands in a temporary table `twins`: file (position), row (in the file, from 0), base id, nth, later.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, files: Sequence[Path], *, key: tuple[str, ...]) -> None:
        self._connection = connection
        self._files = files
        self._key = key

    def find(self, staying: Sequence[Path] = ()) -> Twins | None:
        """Look for twins; None when every id is its own. `staying`: files whose rows stay beside the new ones."""
        if not self._files:
            return None
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE shared AS SELECT {ID}, 0 AS earlier FROM {scan(self._files)}"
            f" GROUP BY ALL HAVING count(*) > 1"
        )
        if staying:
            self._add_staying(staying)
        (shared,) = self._connection.execute("SELECT count(*) FROM shared").fetchall()[0]
        return self._number() if shared else None

    def _add_staying(self, staying: Sequence[Path]) -> None:
        # Ids of rows that are already there: the new rows are counted on from them.
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE met AS SELECT old.{ID}, count(*) AS earlier FROM {scan(staying)} old"
            f" SEMI JOIN {scan(self._files)} new USING ({ID}) GROUP BY ALL"
        )
        if not self._key:
            self._count_on(staying)
        self._connection.execute(f"DELETE FROM shared WHERE {ID} IN (SELECT {ID} FROM met)")
        self._connection.execute("INSERT INTO shared SELECT * FROM met")

    def _count_on(self, staying: Sequence[Path]) -> None:
        # Of equal rows only the first has the id of its content; the others are found one after the other.
        following = hashed(f"{ID}::VARCHAR || '#' || (earlier + 1)")
        more = True
        while more:
            ((more,),) = self._connection.execute(
                f"UPDATE met SET earlier = earlier + 1 WHERE {following} IN (SELECT {ID} FROM {scan(staying)})"
            ).fetchall()

    def _number(self) -> Twins:
        keys = ", ".join(sqltext.name(column) for column in self._key)
        label = "''" if not keys else f"concat_ws(', ', {keys})"
        rows = scan(self._files, ", filename=true, file_row_number=true")
        positions = ", ".join(sqltext.text(str(path)) for path in self._files)
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE twins AS SELECT *, row_number() OVER (PARTITION BY {ID}, label"
            f" ORDER BY file, row) + earlier AS nth FROM (SELECT list_position([{positions}], filename) - 1 AS file,"
            f" file_row_number AS row, {ID}, {label} AS label, earlier FROM {rows} JOIN shared USING ({ID}))"
        )
        count, groups = self._connection.execute(
            f"SELECT count(*) FILTER (nth > 1), count(DISTINCT {ID}) FILTER (nth > 1) FROM twins"
        ).fetchall()[0]
        shown = self._connection.execute(
            "SELECT label, min(file) AS f, min(row) AS r FROM twins WHERE nth > 1 GROUP BY label ORDER BY f, r LIMIT 5"
        ).fetchall()
        return Twins(rows=count, groups=groups, keys=tuple(str(row[0]) for row in shown))

    def later(self, file: int) -> list[tuple[int, str]]:
        """Return row position and key of the rows of file number `file` that come after their twin."""
        found = self._connection.execute(
            "SELECT row, label FROM twins WHERE nth > 1 AND file = ? ORDER BY row", [file]
        ).fetchall()
        return [(int(row), str(label)) for row, label in found]

    def without_later(self, file: int) -> str:
        """Return SQL for the rows of file number `file` that come first among their twins."""
        rows = scan([self._files[file]], ", file_row_number=true")
        return (
            f"SELECT * EXCLUDE (file_row_number) FROM {rows} WHERE file_row_number NOT IN"
            f" (SELECT row FROM twins WHERE nth > 1 AND file = {file})"
        )

    def renumbered(self, file: int) -> str:
        """Return SQL for all rows of file number `file`, each later twin with an id of its own."""
        rows = scan([self._files[file]], ", file_row_number=true")
        return (
            f"SELECT new.* EXCLUDE (file_row_number) REPLACE (CASE WHEN twins.nth IS NULL THEN new.{ID}"
            f" ELSE {nth_id(f'new.{ID}', 'twins.nth')} END AS {ID}) FROM {rows} new LEFT JOIN"
            f" (SELECT * FROM twins WHERE file = {file}) twins ON twins.row = new.file_row_number"
            f" ORDER BY new.file_row_number"
        )


def scan(files: Sequence[Path], options: str = "") -> str:
    """Return SQL that reads exactly `files`."""
    return f"read_parquet([{sqltext.texts(tuple(str(path) for path in files))}]{options})"
