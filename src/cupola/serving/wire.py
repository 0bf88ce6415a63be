"""Rows as SODA writes them, made by the engine: one text a row, for answers too long to pass through Python.

`encoding` says the same in Python, faster for a few rows; a test holds the two together.
"""

from collections.abc import Callable, Sequence

from cupola.lake import sqltext
from cupola.soql import SHAPES, Output, SoqlType

Written = Callable[[str], str]


def readable(sql: str, columns: Sequence[Output], *, geojson: bool) -> str:
    """Return SQL for the same rows, shapes as text and instants without zone, which Python reads without more."""
    changed = [
        f"{change(sqltext.name(column.name))} AS {sqltext.name(column.name)}"
        for column in columns
        if (change := _readable(column.type, geojson=geojson)) is not None
    ]
    return f"SELECT * REPLACE ({', '.join(changed)}) FROM ({sql})" if changed else sql


def _readable(kind: SoqlType, *, geojson: bool) -> Written | None:
    if kind in SHAPES:
        return _geojson if geojson else _wkt
    return (lambda name: f"CAST({name} AS TIMESTAMP)") if kind is SoqlType.FIXED_TIMESTAMP else None


def json_lines(sql: str, columns: Sequence[Output]) -> str:
    """Return SQL for one object a row, nulls left out; each row begins with a line break and a comma."""
    parts = [f"{_key(column)} || {_json(column)}" for column in columns]
    inside = f"concat_ws(',', {', '.join(parts)})" if parts else "''"
    return f"SELECT concat(chr(10), ',{{', {inside}, '}}') AS line FROM ({sql})"


def csv_lines(sql: str, columns: Sequence[Output], *, separator: str = ",") -> str:
    """Return SQL for one line a row, with its line break."""
    between = f" || {sqltext.text(separator)} || "
    cells = between.join(f"coalesce({_csv(column)}, '')" for column in columns)
    return f"SELECT {cells} || chr(10) AS line FROM ({sql})"


def geojson_lines(sql: str, columns: Sequence[Output]) -> str:
    """Return SQL for one feature a row; each begins with a line break and a comma."""
    places = [column for column in columns if column.type in SHAPES | {SoqlType.POINT}]
    geometry = f"coalesce({_json(places[0])}, 'null')" if places else "'null'"
    others = [column for column in columns if column not in places[:1]]
    pairs = " || ',' || ".join(f"{_key(column)} || coalesce({_json(column)}, 'null')" for column in others) or "''"
    return (
        f'SELECT chr(10) || \',{{"type":"Feature","geometry":\' || {geometry} || \',"properties":{{\' || {pairs}'
        f" || '}}}}' AS line FROM ({sql})"
    )


def _key(column: Output) -> str:
    return f"{_string(sqltext.text(column.name))} || ':'"


def _string(sql: str) -> str:
    return f"CAST(to_json({sql}) AS VARCHAR)"


def _number(name: str) -> str:
    """Plain notation: DuckDB writes 1e+16 and 1e-05, and 5.0 for a double of 5."""
    text = f"CAST({name} AS VARCHAR)"
    sign = f"CASE WHEN {text}[1] = '-' THEN '-' ELSE '' END"
    digits = f"replace(replace(split_part({text}, 'e', 1), '.', ''), '-', '')"
    power = f"TRY_CAST(split_part({text}, 'e', 2) AS INTEGER)"
    spread = (
        f"{sign} || CASE WHEN {power} < 0 THEN '0.' || repeat('0', -{power} - 1) || rtrim({digits}, '0')"
        f" ELSE rpad({digits}, {power} + 1, '0') END"
    )
    short = f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
    return (
        f"CASE WHEN {name} = 0 THEN '0' WHEN contains({text}, 'n') THEN NULL"
        f" WHEN contains({text}, 'e') THEN {spread} ELSE {short} END"
    )


def _local(name: str) -> str:
    return f"strftime(CAST({name} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%g')"


def _point(name: str) -> str:
    inside = f"substr({name}, 8)"
    lon = f"CAST(TRY_CAST(split_part({inside}, ' ', 1) AS DOUBLE) AS VARCHAR)"
    lat = f"CAST(TRY_CAST(rtrim(split_part({inside}, ' ', 2), ')') AS DOUBLE) AS VARCHAR)"
    return f"'{{\"type\":\"Point\",\"coordinates\":[' || {lon} || ',' || {lat} || ']}}'"


def _geojson(name: str) -> str:
    return f"CAST(ST_AsGeoJSON(ST_GeomFromWKB({name})) AS VARCHAR)"


def _wkt(name: str) -> str:
    return f"CAST(ST_AsText(ST_GeomFromWKB({name})) AS VARCHAR)"


_TEXTS: dict[SoqlType, Written] = {
    SoqlType.NUMBER: _number,
    SoqlType.DOUBLE: _number,
    SoqlType.FLOATING_TIMESTAMP: _local,
    SoqlType.FIXED_TIMESTAMP: lambda name: f"{_local(name)} || 'Z'",
    SoqlType.BOOLEAN: lambda name: f"CAST({name} AS VARCHAR)",
    SoqlType.ROW_IDENTIFIER: lambda name: f"'row-' || {name}",
    SoqlType.ROW_VERSION: lambda name: f"'rv-' || {name}",
}


def _json(column: Output) -> str:
    name = sqltext.name(column.name)
    if column.type is SoqlType.BOOLEAN:
        return f"CAST({name} AS VARCHAR)"
    if column.type is SoqlType.POINT:
        return _point(name)
    if column.type in SHAPES:
        return _geojson(name)
    if column.type is SoqlType.URL:
        return f"'{{\"url\":' || {_string(name)} || '}}'"
    written = _TEXTS.get(column.type)
    return f"'\"' || {written(name)} || '\"'" if written else _string(name)


def _csv(column: Output) -> str:
    name = sqltext.name(column.name)
    if column.type in SHAPES:
        return f"'\"' || {_wkt(name)} || '\"'"
    written = _TEXTS.get(column.type)
    return f"'\"' || {written(name)} || '\"'" if written else f"'\"' || replace({name}, '\"', '\"\"') || '\"'"
