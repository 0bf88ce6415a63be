"""Scan the columns of a table for personal details. Only counts and masked samples leave: no value as it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import sqlglot
from sqlglot import exp

from cupola.contracts import Column, ColumnType
from cupola.privacy.detectors import HINTED_TESTS, HINTS, TESTS, V
from cupola.privacy.kinds import ADVICE, Kind

TABLE = "data"
SCAN = 1  # to be raised whenever a detector changes, so that what was scanned by the old ones is scanned again
_TEXTS = {ColumnType.TEXT, ColumnType.CODE, ColumnType.URL}
_DATES = {ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.INSTANT}
_PLATES_PER_LETTERS = 10  # of ids such as A01002, thousands share their letters
_DECIMALS = 5  # digits after the point from which a coordinate names a house: the fifth is about one metre
_COORDINATE = r"(^|_)(lat|lon|lng|long|latitude|longitude|latitud|longitud)($|_)"
_BY_NAME = {Kind.BIRTH_DATE: _DATES, Kind.PHONE: {ColumnType.INTEGER}, Kind.SOCIAL_SECURITY: {ColumnType.INTEGER}}


@dataclass(frozen=True)
class Hit:
    """What was found in one column. `values`: different ones, `rows`: those that hold them; both of all that are
    filled (`all_values`, `all_rows`). `samples`: letters shown as x, digits as 9."""

    column: str
    kind: Kind
    values: int
    rows: int
    all_values: int
    all_rows: int
    samples: tuple[str, ...]

    @property
    def share(self) -> float:
        """Return the part of the filled values that matched, 0-1."""
        return self.values / self.all_values if self.all_values else 0.0


def tests_of(column: Column) -> dict[Kind, str]:
    """Return the kinds worth looking for in a column, each with its test as SQL over the text `v`."""
    hinted = {kind for kind, words in HINTS.items() if re.search(words, column.name.lower())}
    if column.type in _TEXTS:
        return {kind: HINTED_TESTS[kind] if kind in hinted else test for kind, test in TESTS.items()}
    if column.type is ColumnType.POINT:
        return {Kind.PRECISE_PLACE: TESTS[Kind.PRECISE_PLACE]}
    if column.type in {ColumnType.FLOAT, ColumnType.DECIMAL} and re.search(_COORDINATE, column.name.lower()):
        return {Kind.PRECISE_PLACE: f"regexp_matches({V}, '^-?[0-9]{{1,3}}[.][0-9]{{{_DECIMALS},}}$')"}
    named = [kind for kind, types in _BY_NAME.items() if column.type in types and kind in hinted]
    return {kind: "true" if column.type in _DATES else HINTED_TESTS[kind] for kind in named}


def scan_query(column: Column) -> exp.Query | None:
    """Return the query over the table `data` that tests every different value of a column; None when there is none."""
    tests = tests_of(column)
    if not tests:
        return None
    tree = _query_of(tuple(tests.items())).copy()
    for place in list(tree.find_all(exp.Placeholder)):
        place.replace(exp.column(column.name, quoted=True))
    return tree


@cache
def _query_of(tests: tuple[tuple[Kind, str], ...]) -> exp.Query:
    """Return the query with a placeholder where the column goes: to parse it takes longer than to run it on most."""
    kinds = [kind for kind, _ in tests]
    letters = "count(DISTINCT regexp_extract(v, '[A-Z]+')) FILTER (WHERE plate)" if Kind.PLATE in kinds else "0"
    flags = ", ".join(f"{test} AS {kind.value}" for kind, test in tests)
    counted = ", ".join(map(_counts, kinds))
    sql = (
        f"WITH held AS (SELECT CAST(? AS VARCHAR) AS {V}, count(*) AS n FROM {TABLE} WHERE ? IS NOT NULL"
        f" GROUP BY 1), tested AS (SELECT {V}, n, {flags} FROM held WHERE trim({V}) <> '')"
        f" SELECT count(*) AS all_values, coalesce(sum(n), 0) AS all_rows, {letters} AS plate_letters, {counted}"
        " FROM tested"
    )
    tree = sqlglot.parse_one(sql, read="duckdb")
    assert isinstance(tree, exp.Query)
    return tree


def _counts(kind: Kind) -> str:
    """Return SQL for what is told of a kind: counts, and three masked samples (two extremes and one by chance)."""
    letters = f"regexp_replace(substr({V}, 1, 60), '[A-Za-zÀ-ÿ]', 'x', 'g')"
    masked = f"regexp_replace({letters}, '[0-9]', '9', 'g')"
    only = f"FILTER (WHERE {kind.value})"
    samples = f"min({masked}) {only}, max({masked}) {only}, arg_min({masked}, hash({V})) {only}"
    return (
        f"count(*) {only} AS {kind.value}_values, coalesce(sum(n) {only}, 0) AS {kind.value}_rows, "
        f"list_distinct([{samples}]) AS {kind.value}_samples"
    )


def read_scan(column: Column, answer: pa.Table) -> tuple[Hit, ...]:
    """Return what the query's answer says of a column: kinds found in more of its values than chance would give."""
    facts = answer.to_pylist()[0]
    hits = [
        Hit(
            column=column.name,
            kind=kind,
            values=int(facts[f"{kind.value}_values"]),
            rows=int(facts[f"{kind.value}_rows"]),
            all_values=int(facts["all_values"]),
            all_rows=int(facts["all_rows"]),
            samples=tuple(sorted(facts[f"{kind.value}_samples"] or ())),
        )
        for kind in tests_of(column)
    ]
    letters = int(facts["plate_letters"])
    return tuple(hit for hit in hits if hit.values and hit.share >= ADVICE[hit.kind].share and _likely(hit, letters))


def _likely(hit: Hit, letters: int) -> bool:
    """Whether a find is more than codes that look like plates: the letters of plates hardly ever repeat."""
    hinted = re.search(HINTS.get(hit.kind, "$^"), hit.column.lower())
    return hit.kind is not Kind.PLATE or bool(hinted) or letters * _PLATES_PER_LETTERS >= hit.values


def columns_to_scan(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns that have anything to look for."""
    return tuple(column for column in columns if tests_of(column))
