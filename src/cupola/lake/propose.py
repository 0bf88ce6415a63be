"""Propose a contract from every value of a source: types as narrow as is safe, with notes on what was left open."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from cupola.contracts import Column, ColumnType, Contract, Duplicates, Landing
from cupola.errors import InvalidInput
from cupola.lake import sqltext
from cupola.lake.castplaces import register_shapes
from cupola.lake.casts import cast
from cupola.lake.reading import Engine, working
from cupola.lake.selects import land

NULL_TOKENS = ("NA", "N/A", "n/a", "NULL", "null", "None", "NaN", "nan", "#N/A", "(null)", "-", "--", ".", "?")
MOST_CODES = 50  # distinct values of a code column
US, EUROPEAN = ("%m/%d/%Y", "%d/%m/%Y")
CLOCKS = ("", " %H:%M:%S", " %I:%M:%S %p", " %H:%M", " %I:%M %p")
AMBIGUOUS = "dates such as 01/02/2024 may be month first or day first; kept as text until you name the format"
_NO_OFFSET = r"NOT regexp_matches(c0, '(Z|[+-][0-9]{2}:?[0-9]{2})\s*$')"
_BOOLEANS = ({"y", "n"}, {"yes", "no"}, {"true", "false"}, {"t", "f"})


@dataclass(frozen=True)
class Proposal:
    """A contract to review, and what a person should decide about it."""

    contract: Contract
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Guess:
    """What fits every value of a column. `note`: what a person should look at."""

    column: Column
    note: str = ""


class NothingToPropose(InvalidInput):
    """The source has no columns or no rows."""

    def __init__(self, *, source: str) -> None:
        super().__init__(f"{source}: has no rows, so nothing can be said about its columns.")


def propose(landing: Landing, *, engine: Engine | None = None, zone: str = "UTC") -> Proposal:
    """Return the contract that every value of `landing` fits. Raises NothingToPropose."""
    with working(engine or Engine()) as connection:
        register_shapes(connection)
        land(connection, landing)
        scan = _Scan(connection, rows=_one(connection, "SELECT count(*) FROM landed"), zone=zone)
        if not scan.rows or not landing.columns:
            raise NothingToPropose(source=landing.source)
        taken: set[str] = set()
        guesses = []
        for position, published in enumerate(landing.columns):
            name = _name(published, taken)
            guesses.append(scan.guess(position, Column(name, ColumnType.TEXT, title=published, origins=(published,))))
        return _proposal(scan, guesses, landing)


def _proposal(scan: "_Scan", guesses: Sequence[_Guess], landing: Landing) -> Proposal:
    key = scan.key(guesses)
    columns = tuple(replace(one.column, required=one.column.name in key) for one in guesses)
    times = [one.name for one in columns if one.type in {ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.INSTANT}]
    rejects = (f"{len(landing.rejects)} rows are damaged and were not looked at",) if landing.rejects else ()
    notes = [f"{one.column.name}: {one.note}" for one in guesses if one.note]
    if not key:
        notes.append("no column has a different value in every row, so rows have no key")
    contract = Contract(
        columns=columns,
        key=key,
        duplicates=Duplicates.STOP if key else Duplicates.KEYLESS,
        time_column=times[0] if times else "",
        zone=scan.zone,
        vintaged=landing.vintage is not None,
    )
    return Proposal(contract=contract, notes=(*notes, *rejects))


def _name(published: str, taken: set[str]) -> str:
    """Return a column name made from a published one: lower case, words joined by underscores, not taken yet."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", published.strip())
    plain = re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_") or "column"
    plain = f"n_{plain}" if plain[0].isdigit() else plain
    name, number = plain, 1
    while name in taken or name in {"vintage", "vintage_precision"}:
        number += 1
        name = f"{plain}_{number}"
    taken.add(name)
    return name


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


class _Scan:
    """Asks the whole of `landed` one question at a time; each question reads one column."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, rows: int, zone: str) -> None:
        self._connection = connection
        self._names = [str(row[0]) for row in connection.execute("DESCRIBE landed").fetchall()]
        self.rows, self.zone = rows, zone

    def _row(self, query: str) -> tuple[Any, ...]:
        return self._connection.execute(query).fetchall()[0]

    def guess(self, position: int, text: Column) -> _Guess:
        """Return the narrowest safe type of the column at `position`."""
        source = sqltext.name(self._names[position])
        trimmed = sqltext.trimmed(source)
        # Values are grouped once; every candidate type is then tried on the distinct ones.
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE seen AS SELECT {source} AS c0, count(*) AS n FROM landed"
            f" WHERE {trimmed} <> '' GROUP BY 1"
        )
        self._connection.execute("CREATE OR REPLACE TEMP TABLE few AS SELECT * FROM seen LIMIT 200")
        distinct, filled = self._row("SELECT count(*), coalesce(sum(n), 0) FROM seen")
        if not distinct:
            return _Guess(text, "every value is empty")
        for tokens in ((), self._tokens()):
            if tokens is None:
                continue
            tried = replace(text, null_tokens=("", *tokens)) if tokens else text
            found = self._typed(tried)
            if found.column.type is not ColumnType.TEXT:
                note = f"{', '.join(tokens)} read as missing" if tokens else ""
                return replace(found, note="; ".join(part for part in (found.note, note) if part))
        return self._text_or_code(text, distinct=distinct, filled=int(filled))

    def _tokens(self) -> tuple[str, ...] | None:
        found = self._connection.execute(
            f"SELECT DISTINCT {sqltext.trimmed('c0')} AS t FROM seen"
            f" WHERE t IN ({sqltext.texts(NULL_TOKENS)}) ORDER BY t"
        ).fetchall()
        return tuple(str(row[0]) for row in found) or None

    def _typed(self, column: Column) -> _Guess:
        for attempt in (self._boolean, self._number, self._time, self._place):
            found = attempt(column)
            if found is not None:
                return found
        return _Guess(column)

    def _fits(self, column: Column, condition: str = "true") -> bool:
        """Say whether every value fits `column`, and `condition` holds of the texts c0 that are not null."""
        one = cast(column, Contract((column,), zone=self.zone), source="c0")
        # Most types fail on the first few values; only what they all fit is tried on every one.
        for values in ("few", "seen"):
            bad = self._row(
                f"SELECT count(*) FROM (SELECT c0, {one.value} AS v0 FROM {values})"
                f" WHERE {one.bad('v0')} OR NOT ({one.is_null} OR {condition})"
            )[0]
            if bad:
                return False
        return bool(self._row(f"SELECT count(*) FROM seen WHERE NOT ({one.is_null})")[0])

    def _boolean(self, column: Column) -> _Guess | None:
        words = {str(row[0]) for row in self._connection.execute(
            f"SELECT DISTINCT lower({sqltext.trimmed('c0')}) FROM seen LIMIT 3"
        ).fetchall()}  # fmt: skip
        words -= {token.lower() for token in column.null_tokens or ()}
        boolean = replace(column, type=ColumnType.BOOLEAN)
        return _Guess(boolean) if words in _BOOLEANS and self._fits(boolean) else None

    def _number(self, column: Column) -> _Guess | None:
        text = sqltext.trimmed("c0")
        zeros = rf"NOT regexp_matches({text}, '^[+-]?0[0-9]')"
        integer = replace(column, type=ColumnType.INTEGER)
        if self._fits(integer):
            if self._fits(integer, zeros):
                return _Guess(integer)
            return None  # leading zeros: a code, not a number; `_text_or_code` says so
        if not self._fits(replace(column, type=ColumnType.MONEY), zeros):
            return self._other_number(column, zeros)
        marked = self._row("SELECT count(*) FROM seen WHERE regexp_matches(c0, '[$€£¥(),]')")[0]
        if marked:
            return _Guess(replace(column, type=ColumnType.MONEY))
        return _Guess(replace(column, type=ColumnType.DECIMAL, scale=2))

    def _other_number(self, column: Column, zeros: str) -> _Guess | None:
        text = sqltext.trimmed("c0")
        if self._fits(replace(column, type=ColumnType.PERCENT), f"contains({text}, '%')"):
            return _Guess(replace(column, type=ColumnType.PERCENT))
        # A double holds 15 digits; longer runs are identifiers, and would lose some.
        short = f"NOT regexp_matches({text}, '[0-9]{{16}}')"
        plain = rf"{zeros} AND {short} AND regexp_full_match({text}, '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)')"
        if self._fits(replace(column, type=ColumnType.FLOAT), plain):
            return _Guess(replace(column, type=ColumnType.FLOAT))
        return None

    def _time(self, column: Column) -> _Guess | None:
        for kind in (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.INSTANT):
            timed = replace(column, type=kind)
            # A local timestamp reads offsets too, into the city's time; whoever publishes offsets means instants.
            local = (
                "NOT regexp_matches(c0, '(Z|[+-][0-9]{2}:?[0-9]{2})\\s*$')" if kind is ColumnType.TIMESTAMP else "true"
            )
            if self._fits(timed, local):
                return _Guess(timed)
        return self._slashed(column)

    def _slashed(self, column: Column) -> _Guess | None:
        if not self._fits(column, r"regexp_matches(c0, '^\s*[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}')"):
            return None
        for clock in CLOCKS:
            kind = ColumnType.TIMESTAMP if clock else ColumnType.DATE
            both = [replace(column, type=kind, formats=(order + clock,)) for order in (US, EUROPEAN)]
            fitting = [one for one in both if self._fits(one)]
            if len(fitting) == 2:
                note = (
                    "dates such as 01/02/2024 may be month first or day first; kept as text until you name the format"
                )
                return _Guess(column, note)
            if fitting:
                return _Guess(fitting[0])
        return None

    def _place(self, column: Column) -> _Guess | None:
        point = replace(column, type=ColumnType.POINT)
        if self._fits(point):
            return _Guess(point)
        shape = replace(column, type=ColumnType.GEOMETRY)
        like = r"regexp_matches(c0, '^\s*(\{|(MULTI)?(POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)')"
        if self._fits(replace(column, type=ColumnType.TEXT), like) and self._fits(shape):
            return _Guess(shape)
        return None

    def _text_or_code(self, column: Column, *, distinct: int, filled: int) -> _Guess:
        if self._fits(replace(column, type=ColumnType.URL)):
            return _Guess(replace(column, type=ColumnType.URL))
        slashed = self._slashed(column)
        note = slashed.note if slashed is not None else self._almost(column)
        if distinct <= MOST_CODES and filled >= 20 * distinct:
            values = self._connection.execute(
                f"SELECT {sqltext.trimmed('c0')} AS t FROM seen GROUP BY 1 ORDER BY sum(n) DESC, 1"
            ).fetchall()
            allowed = tuple((str(row[0]), "") for row in values)
            return _Guess(replace(column, type=ColumnType.CODE, allowed=allowed), note)
        return _Guess(column, note)

    def _almost(self, column: Column) -> str:
        """Say why a column that looks like numbers is kept as text."""
        text = sqltext.trimmed("c0")
        digits, zeros, example = self._row(
            f"SELECT coalesce(sum(n) FILTER (regexp_full_match({text}, '[+-]?[0-9]+')), 0),"
            f" coalesce(sum(n) FILTER (regexp_matches({text}, '^0[0-9]+$')), 0),"
            f" min(c0) FILTER (NOT regexp_full_match({text}, '[+-]?[0-9]+')) FROM seen"
        )
        if zeros:
            return f"{int(zeros):,} values begin with a zero; kept as text so that it stays"
        if digits and example is not None:
            total = self._row("SELECT sum(n) FROM seen")[0]
            if digits > 0.9 * float(total):
                return f"mostly whole numbers, but also values such as {example!r}; kept as text"
        return ""

    def key(self, guesses: Sequence[_Guess]) -> tuple[str, ...]:
        """Return the first column whose value differs in every row and that looks like an identifier."""
        for position, name in self._candidates(guesses):
            source = sqltext.name(self._names[position])
            different = self._row(
                f"SELECT count(DISTINCT {source}) = count(*) FROM landed WHERE {sqltext.trimmed(source)} <> ''"
            )[0]
            empty = self._row(f"SELECT count(*) FROM landed WHERE coalesce({sqltext.trimmed(source)}, '') = ''")[0]
            if different and not empty:
                return (name,)
        return ()

    def _candidates(self, guesses: Sequence[_Guess]) -> Iterator[tuple[int, str]]:
        kinds = {ColumnType.INTEGER, ColumnType.TEXT}
        for position, one in enumerate(guesses):
            if one.column.type in kinds:
                yield position, one.column.name
