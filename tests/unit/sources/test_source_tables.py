"""Workbooks and Parquet: the text a person would read, and nothing lost."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from source_world import Taker

from cupola.errors import InvalidInput

TYPES = "http://schemas.openxmlformats.org"
STYLES = (
    f'<styleSheet xmlns="{TYPES}/spreadsheetml/2006/main"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="22"/></cellXfs></styleSheet>'
)


def cell(place: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
        return f'<c r="{place}" s="{2 if isinstance(value, datetime) else 1}"><v>{days!r}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def workbook(path: Path, **sheets: list[list[object]]) -> None:
    """Write an XLSX as office programs do; a sheet is a list of rows, None a blank cell."""
    with ZipFile(path, "w") as archive:
        listed = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(sheets, 1))
        links = "".join(
            f'<Relationship Id="r{i}" Type="{TYPES}/officeDocument/2006/relationships/worksheet"'
            f' Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        package = f"{TYPES}/package/2006"
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Target="xl/workbook.xml"'
            f' Type="{TYPES}/officeDocument/2006/relationships/officeDocument"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{TYPES}/spreadsheetml/2006/main"'
            f' xmlns:r="{TYPES}/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>',
        )
        styles = f'<Relationship Id="s" Type="{TYPES}/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">{links}{styles}</Relationships>',
        )
        archive.writestr("xl/styles.xml", STYLES)
        for number, rows in enumerate(sheets.values(), 1):
            body = "".join(
                f'<row r="{r}">{"".join(cell(f"{chr(65 + c)}{r}", value) for c, value in enumerate(row))}</row>'
                for r, row in enumerate(rows, 1)
            )
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{TYPES}/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>',
            )


def test_cells_read_as_a_person_reads_them(taker: Taker, base: Path) -> None:
    workbook(
        base / "a.xlsx",
        Sheet=[
            ["whole", "sum", "noise", "large", "on", "at", "yes", "text"],
            [12, 12.5, 0.1 + 0.2, 1e15, date(2024, 1, 2), datetime(2024, 1, 2, 12, 30, 1), True, "007"],  # noqa: DTZ001
            [12.0, -3.1, 1 / 3, 123456789012.0, date(1999, 12, 31), datetime(2024, 1, 2, 0, 0), False, "é"],  # noqa: DTZ001
        ],
    )
    rows = taker.rows(taker.fetch(base, file="a.xlsx"))
    assert [list(row.values()) for row in rows] == [
        ["12", "12.5", "0.3", "1000000000000000", "2024-01-02", "2024-01-02T12:30:01", "true", "007", 1],
        ["12", "-3.1", "0.333333333333333", "123456789012", "1999-12-31", "2024-01-02", "false", "é", 2],
    ]


SHEET: list[list[object]] = [
    ["Salaries of 2024"],
    [None],
    ["Name", "Pay", None, "Note"],
    ["Ana", 1, None, "x"],
    [],
    ["Bo", 2, "extra", None],
    [],
]


def test_titles_above_and_blank_rows_are_left_out_and_told(taker: Taker, base: Path) -> None:
    workbook(base / "a.xlsx", Pay=SHEET)
    landing = taker.land(taker.fetch(base, file="a.xlsx"))
    rows = [row for batch in landing.batches() for row in batch.to_pylist()]
    assert rows == [
        {"Name": "Ana", "Pay": "1", "column_3": None, "Note": "x", "_row": 1},
        {"Name": "Bo", "Pay": "2", "column_3": "extra", "Note": None, "_row": 3},
    ]
    assert landing.notes == ("sheet 'Pay'", "2 rows above the header left out", "1 blank rows left out")


def test_header_place_and_height_may_be_given(taker: Taker, base: Path) -> None:
    workbook(base / "a.xlsx", S=[["x", "y"], ["Total", "Total"], ["2024", "2025"], [1, 2]])
    fetched = taker.fetch(base, file="a.xlsx", skip_lines=1, header_rows=2)
    assert taker.rows(fetched) == [{"Total 2024": "1", "Total 2025": "2", "_row": 1}]
    fetched = taker.fetch(base, file="a.xlsx", skip_lines=3, header_rows=0)
    assert taker.rows(fetched) == [{"column_1": "1", "column_2": "2", "_row": 1}]


@pytest.mark.parametrize(("sheet", "value"), [("", "1"), ("Second", "2"), ("2", "2")])
def test_a_sheet_is_named_or_numbered(taker: Taker, base: Path, sheet: str, value: str) -> None:
    workbook(base / "a.xlsx", First=[["a"], [1]], Second=[["a"], [2]])
    assert taker.rows(taker.fetch(base, file="a.xlsx", sheet=sheet)) == [{"a": value, "_row": 1}]


def test_a_sheet_that_is_not_there_is_answered_with_the_nearest(taker: Taker, base: Path) -> None:
    workbook(base / "a.xlsx", First=[["a"], [1]], Second=[["a"], [2]])
    with pytest.raises(InvalidInput, match=r"no 'Secnd'\. Did you mean 'Second'\? It has: 1 'First', 2 'Second'"):
        taker.land(taker.fetch(base, file="a.xlsx", sheet="Secnd"))


def test_an_empty_sheet_and_a_false_workbook_are_refused(taker: Taker, base: Path) -> None:
    workbook(base / "a.xlsx", S=[])
    (base / "b.xlsx").write_text("a,b\n")
    with pytest.raises(InvalidInput, match="sheet 'S' is empty"):
        taker.land(taker.fetch(base, file="a.xlsx"))
    with pytest.raises(InvalidInput, match="it is not a workbook that can be read"):
        taker.land(taker.fetch(base, file="b.xlsx"))


def test_parquet_values_become_canonical_text(taker: Taker, base: Path) -> None:
    moment = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    table = pa.table(
        {
            "whole": pa.array([1, None], pa.int64()),
            "exact": pa.array([Decimal("1.10"), Decimal("-0.05")], pa.decimal128(9, 2)),
            "real": pa.array([12.0, float("nan")]),
            "wide": pa.array([123456789012.5, 1e-7]),
            "yes": pa.array([True, False]),
            "on": pa.array([date(2024, 1, 2), None]),
            "local": pa.array(
                [moment.replace(tzinfo=None), moment.replace(tzinfo=None, microsecond=120000)], pa.timestamp("us")
            ),
            "instant": pa.array([moment, moment.replace(microsecond=500)], pa.timestamp("us", "America/Chicago")),
            "at": pa.array([time(1, 2, 3), None], pa.time64("us")),
            "took": pa.array([timedelta(seconds=90), timedelta(milliseconds=1500)], pa.duration("ms")),
            "kind": pa.array(["x", "y"]).dictionary_encode(),
            "old": pa.array([b"text", b"\xff\x00"]),
            "list": pa.array([[1, 2], None]),
            "deep": pa.array(
                [{"a": 1, "b": {"c": "z"}}, None], pa.struct([("a", pa.int8()), ("b", pa.struct([("c", pa.string())]))])
            ),
            "nothing": pa.nulls(2),
        }
    )
    pq.write_table(table, base / "a.parquet")
    fetched = taker.fetch(base, file="a.parquet")
    rows = taker.rows(fetched)
    assert taker.land(fetched).columns[-4:] == ("list", "deep.a", "deep.b.c", "nothing")
    assert [list(row.values()) for row in rows] == [
        [
            *("1", "1.10", "12", "123456789012.5", "true", "2024-01-02", "2024-01-02 03:04:05", "2024-01-02 03:04:05Z"),
            *("01:02:03", "90", "x", "text", "[1,2]", "1", "z", None, 1),
        ],
        [
            *(None, "-0.05", None, "0.0000001", "false", None, "2024-01-02 03:04:05.12", "2024-01-02 03:04:05.0005Z"),
            *(None, "1.5", "y", "\\xff00", None, None, None, None, 2),
        ],
    ]


def test_row_numbers_run_on_over_row_groups(taker: Taker, base: Path) -> None:
    pq.write_table(pa.table({"a": list(range(20_000))}), base / "a.parquet", row_group_size=7_000)
    rows = taker.rows(taker.fetch(base, file="a.parquet"))
    assert (len(rows), rows[-1]) == (20_000, {"a": "19999", "_row": 20_000})


def geoparquet(path: Path, crs: object) -> None:
    shapes = pa.array([shapely.to_wkb(shapely.Point(-87.123456789012, 41.5)), None], pa.binary())
    facts = {"version": "1.0.0", "primary_column": "at", "columns": {"at": {"encoding": "WKB", "crs": crs}}}
    pq.write_table(pa.table({"at": shapes}).replace_schema_metadata({"geo": json.dumps(facts)}), path)


def test_geoparquet_shapes_become_wkt(taker: Taker, base: Path) -> None:
    geoparquet(base / "a.parquet", {"id": {"authority": "EPSG", "code": 4326}})
    rows = taker.rows(taker.fetch(base, file="a.parquet"))
    assert rows == [{"at": "POINT (-87.123456789012 41.5)", "_row": 1}, {"at": None, "_row": 2}]


def test_geoparquet_in_feet_is_refused(taker: Taker, base: Path) -> None:
    geoparquet(base / "a.parquet", {"id": {"authority": "EPSG", "code": 3435}})
    with pytest.raises(InvalidInput, match="coordinates are in 3435"):
        taker.land(taker.fetch(base, file="a.parquet"))


def test_a_damaged_parquet_is_refused(taker: Taker, base: Path) -> None:
    pq.write_table(pa.table({"a": ["x" * 50] * 1000}), base / "a.parquet", use_dictionary=False)
    content = bytearray((base / "a.parquet").read_bytes())
    (base / "b.parquet").write_bytes(content[:-20])
    with pytest.raises(InvalidInput, match="it is not a readable Parquet file"):
        taker.land(taker.fetch(base, file="b.parquet"))
    content[4:40] = b"\xff" * 36
    (base / "c.parquet").write_bytes(content)
    with pytest.raises(InvalidInput, match="the file is damaged"):
        taker.rows(taker.fetch(base, file="c.parquet"))
