"""Rows as SODA writes them, made by the engine: one text a row, for answers too long to pass through Python.

`encoding` says the same in Python, faster for a few rows; a test holds the two together. What is written here was
measured: of plain `||` and `coalesce` the same rows take twice the time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cupola.lake import sqltext
from cupola.soql import GEOMETRIES, SHAPES, Output, SoqlType

_WHOLE = ("BIGINT", "INTEGER", "HUGEINT", "UBIGINT", "UINTEGER", "SMALLINT", "TINYINT", "UTINYINT", "USMALLINT")


@dataclass(frozen=True)
class Written:
    """A column on its way out. `physical`: what the engine holds it as."""

    name: str
    type: SoqlType
    physical: str = ""

    @property
    def sql(self) -> str:
        """Its name in SQL."""
        return sqltext.name(self.name)

    @property
    def missing(self) -> str:
        """SQL that is true where there is nothing to write."""
        if self.physical in {"DOUBLE", "FLOAT"}:
            return f"({self.sql} IS NULL OR NOT isfinite({self.sql}))"
        return f"{self.sql} IS NULL"


Lines = Callable[[str, Sequence[Written]], str]


def written(columns: Sequence[Output], physical: Mapping[str, str]) -> list[Written]:
    """Return the columns of an answer with what the engine holds each as."""
    return [Written(one.name, one.type, physical.get(one.name, "")) for one in columns]


def readable(sql: str, columns: Sequence[Output], *, geojson: bool) -> str:
    """Return SQL for the same rows, shapes as text and instants without zone, which Python reads without more."""
    changed = [
        f"{text} AS {sqltext.name(one.name)}"
        for one in columns
        if (text := _readable(one, geojson=geojson)) is not None
    ]
    return f"SELECT * REPLACE ({', '.join(changed)}) FROM ({sql})" if changed else sql


def _readable(column: Output, *, geojson: bool) -> str | None:
    name = sqltext.name(column.name)
    if column.type in SHAPES:
        return _geojson(name) if geojson else _wkt(name)
    return f"CAST({name} AS TIMESTAMP)" if column.type is SoqlType.FIXED_TIMESTAMP else None


def json_lines(sql: str, columns: Sequence[Written]) -> str:
    """Return SQL for one object a row, nulls left out; each row begins with a line break and a comma."""
    parts = [f"CASE WHEN {one.missing} THEN NULL ELSE concat({_key(one)}, {_json(one)}) END" for one in columns]
    inside = f"concat_ws(',', {', '.join(parts)})" if parts else "''"
    return f"SELECT concat(chr(10), ',{{', {inside}, '}}') AS line FROM ({sql})"


def csv_lines(sql: str, columns: Sequence[Written], *, separator: str = ",") -> str:
    """Return SQL for one line a row, with its line break."""
    cells = []
    for at, one in enumerate(columns):
        before = separator if at else ""
        quoted = f"concat({sqltext.text(before + _QUOTE)}, {_csv(one)}, {sqltext.text(_QUOTE)})"
        cells.append(f"CASE WHEN {one.missing} THEN {sqltext.text(before)} ELSE {quoted} END")
    return f"SELECT concat({', '.join(cells)}, chr(10)) AS line FROM ({sql})"


def geojson_lines(sql: str, columns: Sequence[Written]) -> str:
    """Return SQL for one feature a row, nulls written; each begins with a line break and a comma."""
    place = next((one for one in columns if one.type in GEOMETRIES), None)
    geometry = _or_null(place) if place else "'null'"
    others = [f"concat({_key(one)}, {_or_null(one)})" for one in columns if one is not place]
    properties = f"concat_ws(',', {', '.join(others)})" if others else "''"
    start, middle = sqltext.text(',{"type":"Feature","geometry":'), sqltext.text(',"properties":{')
    return f"SELECT concat(chr(10), {start}, {geometry}, {middle}, {properties}, '}}}}') AS line FROM ({sql})"


def array_lines(sql: str, columns: Sequence[Written]) -> str:
    """Return SQL for one list a row, as `rows.json` has them: cells of the system first.

    columns: `:id`, `:created_at`, `:updated_at`, `:version`, then those of the dataset.
    """
    row, created, updated, _, *own = columns
    cells = [
        f"concat('\"row-', {row.sql}, '\"')",
        f"concat('\"00000000-0000-0000-', right(hash({row.sql})::VARCHAR, 4), '-000000000000\"')",
        "'0'",
        _seconds(created),
        "'null'",
        _seconds(updated),
        "'null'",
        "'\"{ }\"'",
        *(_in_array(one) for one in own),
    ]
    return f"SELECT concat(chr(10), ',[', concat_ws(',', {', '.join(cells)}), ']') AS line FROM ({sql})"


_QUOTE = '"'


def _seconds(column: Written) -> str:
    return f"CAST(CAST(epoch({column.sql}) AS BIGINT) AS VARCHAR)"


def _in_array(column: Written) -> str:
    if column.type in GEOMETRIES:  # as text, unlike in objects
        text = _wkt(column.sql) if column.type in SHAPES else column.sql
        value = f"concat('\"', {text}, '\"')"
    elif column.type is SoqlType.URL:
        value = f"concat('[', {_string(column.sql)}, ',null]')"
    else:
        value = _json(column)
    return f"CASE WHEN {column.missing} THEN 'null' ELSE {value} END"


def _key(column: Written) -> str:
    return f"{_string(sqltext.text(column.name))}, ':'"


def _or_null(column: Written) -> str:
    return f"CASE WHEN {column.missing} THEN 'null' ELSE {_json(column)} END"


def _string(sql: str) -> str:
    return f"CAST(to_json({sql}) AS VARCHAR)"


def _json(column: Written) -> str:
    name = column.sql
    if column.type is SoqlType.BOOLEAN:
        return f"CAST({name} AS VARCHAR)"
    if column.type is SoqlType.POINT:
        return _point(name)
    if column.type in SHAPES:
        return _geojson(name)
    if column.type is SoqlType.URL:
        return f"concat('{{\"url\":', {_string(name)}, '}}')"
    text = _text(column)
    return _string(f"CAST({name} AS VARCHAR)") if text is None else f"concat('\"', {text}, '\"')"


def _csv(column: Written) -> str:
    text = _wkt(column.sql) if column.type in SHAPES else _text(column)
    if text is not None:
        return text
    name = column.sql if column.physical == "VARCHAR" else f"CAST({column.sql} AS VARCHAR)"
    return f"CASE WHEN contains({name}, '\"') THEN replace({name}, '\"', '\"\"') ELSE {name} END"


def _text(column: Written) -> str | None:
    """Return SQL of a value that needs no escaping, None where it may."""
    name, kind = column.sql, column.type
    if kind in {SoqlType.NUMBER, SoqlType.DOUBLE}:
        return _number(column)
    if kind is SoqlType.FLOATING_TIMESTAMP:
        return _local(column)
    if kind is SoqlType.FIXED_TIMESTAMP:
        return f"concat({_local_time(f'CAST({name} AS TIMESTAMP)')}, 'Z')"
    if kind is SoqlType.ROW_IDENTIFIER:
        return f"concat('row-', {name})"
    if kind is SoqlType.ROW_VERSION:
        return f"concat('rv-', {name})"
    return f"CAST({name} AS VARCHAR)" if kind is SoqlType.BOOLEAN else None


def _number(column: Written) -> str:
    name, text = column.sql, f"CAST({column.sql} AS VARCHAR)"
    if column.physical in _WHOLE:
        return text
    if column.physical.startswith("DECIMAL"):
        return text if column.physical.endswith(",0)") else f"rtrim(rtrim({text}, '0'), '.')"
    whole = f"{name} = trunc({name}) AND abs({name}) < 1e15 THEN CAST(CAST({name} AS BIGINT) AS VARCHAR)"
    return f"CASE WHEN {whole} WHEN abs({name}) >= 1e-4 AND abs({name}) < 1e15 THEN {text} ELSE {_spread(text)} END"


def _spread(text: str) -> str:
    """Plain notation of what the engine writes as 1e+16 or 1.5e-05."""
    sign = f"CASE WHEN {text}[1] = '-' THEN '-' ELSE '' END"
    digits = f"replace(replace(split_part({text}, 'e', 1), '.', ''), '-', '')"
    power = f"coalesce(TRY_CAST(split_part({text}, 'e', 2) AS INTEGER), 0)"
    small = f"concat({sign}, '0.', repeat('0', -{power} - 1), {digits})"
    large = f"concat({sign}, rpad({digits}, {power} + 1, '0'))"
    plain = f"rtrim(rtrim({text}, '0'), '.')"
    return f"CASE WHEN NOT contains({text}, 'e') THEN {plain} WHEN {power} < 0 THEN {small} ELSE {large} END"


def _local(column: Written) -> str:
    if column.physical == "DATE":
        return f"concat(CAST({column.sql} AS VARCHAR), 'T00:00:00.000')"
    return _local_time(column.sql if column.physical == "TIMESTAMP" else f"CAST({column.sql} AS TIMESTAMP)")


def _local_time(name: str) -> str:
    return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%g')"  # half the time of taking the engine's own text apart


def _point(name: str) -> str:
    inside = f"substr({name}, 8)"
    lon = f"TRY_CAST(split_part({inside}, ' ', 1) AS DOUBLE)"
    lat = f"TRY_CAST(rtrim(split_part({inside}, ' ', 2), ')') AS DOUBLE)"
    point = f"concat('{{\"type\":\"Point\",\"coordinates\":[', {lon}, ',', {lat}, ']}}')"
    return f"CASE WHEN {lat} IS NULL THEN 'null' ELSE {point} END"


def _geojson(name: str) -> str:
    return f"CAST(ST_AsGeoJSON(ST_GeomFromWKB({name})) AS VARCHAR)"


def _wkt(name: str) -> str:
    return f"CAST(ST_AsText(ST_GeomFromWKB({name})) AS VARCHAR)"
