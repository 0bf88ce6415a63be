"""The folder `examples/chicago` beside the real files: it reads, its contracts fit the headers, its selects add up."""

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from cupola import folder
from cupola.contracts import Landing
from cupola.folder import DatasetRecord
from cupola.lake.selects import check_select, run_select
from cupola.sources import Limits, SourceSpec, fetch, land

ROOT = Path(__file__).resolve().parents[2]
CHICAGO = ROOT / "examples" / "chicago"
pytestmark = [pytest.mark.real, pytest.mark.slow]


def datasets() -> dict[str, DatasetRecord]:
    records = [document.record for document in folder.read(CHICAGO).documents]
    return {record.key: record for record in records if isinstance(record, DatasetRecord)}


SOURCES = [(key, spec) for key, record in datasets().items() for spec in record.source_specs()]


def landed(spec: SourceSpec, *, base: Path, scratch: Path) -> Landing:
    fetched = fetch(
        spec, base=base, cache=scratch / "cache", state={}, limits=Limits(), progress=lambda what, share: None
    )
    return land(fetched, scratch=scratch / "scratch")


def selected(key: str, *, base: Path, scratch: Path) -> duckdb.DuckDBPyRelation:
    """Return the rows of a dataset's select, with its own column names, all as text."""
    record = datasets()[key]
    tree = check_select(record.select or "", dataset=key)
    connection = duckdb.connect()
    landings = [landed(spec, base=base, scratch=scratch) for spec in record.source_specs()]
    result = run_select(connection, tree, landings, dataset=key)
    names = ", ".join(f"nullif(c{position}, '') AS \"{name}\"" for position, name in enumerate(result.columns))
    return connection.sql(f"SELECT {names} FROM {result.table}")


def answers(rows: duckdb.DuckDBPyRelation, sql: str) -> list[tuple[object, ...]]:
    return rows.query("data", sql).fetchall()


def documents(base: Path) -> Iterator[dict[str, object]]:
    for year in range(2011, 2027):
        yield json.loads(gzip.decompress((base / f"budgets/chicago_appropriations_fy{year}.json.gz").read_bytes()))


def test_the_folder_reads_and_holds_the_ten_datasets() -> None:
    assert sorted(datasets()) == [
        "appropriations",
        "budget-accounts",
        "budget-lines",
        "building-permits",
        "community-areas",
        "employee-counts",
        "employees",
        "grants",
        "sanitation-complaints",
        "wards",
    ]


def test_payroll_is_restricted_and_the_rest_is_public() -> None:
    assert {key: record.access for key, record in datasets().items() if record.access != "public"} == {
        "employees": "restricted"
    }


def test_everything_has_a_meaning_and_a_spanish_title() -> None:
    for key, record in datasets().items():
        assert record.translations["es"].title, key
        assert [name for name, column in record.columns.items() if not (column.title and column.meaning)] == [], key


@pytest.mark.parametrize(("key", "spec"), SOURCES, ids=[spec.file for _, spec in SOURCES])
def test_a_source_has_every_column_its_contract_needs(
    key: str, spec: SourceSpec, real_data: Path, tmp_path: Path
) -> None:
    record = datasets()[key]
    published = set(landed(spec, base=real_data, scratch=tmp_path).columns)
    contract = record.contract("America/Chicago")
    needed = [column for column in contract.columns if not contract.select and not column.optional]
    assert [column.name for column in needed if not published & {*column.origins, column.name}] == []


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        ("payroll/chicago_employees_2015.csv.gz", 32_063),
        ("payroll/chicago_employees_2015-12_committed.csv.gz", 32_181),
        ("payroll/chicago_employees_2018-03.csv.gz", 32_812),
        ("payroll/chicago_employees_2020-10.csv.gz", 32_928),
        ("payroll/chicago_employees_2023-04_semicolon.csv.gz", 30_872),
        ("operations/chicago_311_sanitation_code_complaints_2011-2014.csv.gz", 74_401),
        ("boundaries/chicago_wards_raw.geojson.gz", 50),
        ("boundaries/chicago_community_areas.geojson.gz", 77),
    ],
)
def test_every_row_of_a_source_is_read(file: str, rows: int, real_data: Path, tmp_path: Path) -> None:
    (spec,) = [spec for _, spec in SOURCES if spec.file == file]
    landing = landed(spec, base=real_data, scratch=tmp_path)
    assert sum(batch.num_rows for batch in landing.batches()) == rows
    assert landing.rejects == []


def test_vintages_are_five_and_distinct(real_data: Path, tmp_path: Path) -> None:
    vintages = [landed(spec, base=real_data, scratch=tmp_path).vintage for key, spec in SOURCES if key == "employees"]
    assert [(str(vintage.on), vintage.precision) for vintage in vintages if vintage] == [
        ("2015-01-01", "year"),
        ("2015-12-01", "month"),
        ("2018-03-01", "month"),
        ("2020-10-01", "month"),
        ("2023-04-01", "month"),
    ]


def test_appropriations_add_up_to_the_ordinance_in_every_year(real_data: Path, tmp_path: Path) -> None:
    rows = selected("appropriations", base=real_data, scratch=tmp_path)
    found = dict(answers(rows, "SELECT fiscal_year, sum(amount::DECIMAL(18,2)) FROM data GROUP BY ALL"))
    stated = {}
    for document in documents(real_data):
        metadata = document["metadata"]
        assert isinstance(metadata, dict)
        stated[metadata["fiscal_year"].removeprefix("fy")] = Decimal(metadata["gross_appropriations"])
    assert found == stated


def test_appropriations_have_one_row_for_a_department_and_fund_in_a_year(real_data: Path, tmp_path: Path) -> None:
    rows = selected("appropriations", base=real_data, scratch=tmp_path)
    sql = """SELECT count(*), count(DISTINCT (fiscal_year, department_code, fund)), sum(spellings::INTEGER),
                    count(*) FILTER (WHERE spellings <> '1') FROM data"""
    assert answers(rows, sql) == [(5_572, 5_572, 5_603, 31)]


def test_grants_add_up_to_the_printed_totals(real_data: Path, tmp_path: Path) -> None:
    rows = selected("grants", base=real_data, scratch=tmp_path)
    found = answers(rows, "SELECT fiscal_year, sum(year_total::BIGINT) FROM data GROUP BY ALL ORDER BY ALL")
    printed = """SELECT "Year", sum("Year Total"::BIGINT) FROM read_csv(?, all_varchar = true, header = true)
                 WHERE "Description" = 'Total - All Programs' GROUP BY ALL ORDER BY ALL"""
    assert found == duckdb.execute(printed, [str(real_data / "budgets/chicago_budget_grants.csv")]).fetchall()
    assert len(found) == 9


def test_grants_hold_no_totals_and_every_code_where_it_belongs(real_data: Path, tmp_path: Path) -> None:
    rows = selected("grants", base=real_data, scratch=tmp_path)
    sql = """SELECT count(*), count(*) FILTER (WHERE "grant" LIKE 'Total %'),
                    count(*) FILTER (WHERE fund_code LIKE '2%'),
                    count(*) FILTER (WHERE appropriation_authority NOT LIKE '2%'),
                    count(DISTINCT (fiscal_year, department_code, fund_code, appropriation_authority)) FROM data"""
    assert answers(rows, sql) == [(3_706, 0, 0, 19, 3_706)]


def test_the_innovation_delivery_grant_is_followed_through_the_swapped_columns(real_data: Path, tmp_path: Path) -> None:
    rows = selected("grants", base=real_data, scratch=tmp_path)
    sql = """SELECT fiscal_year, anticipated, carryover FROM data WHERE fund_code = '0P71' AND department_code = '001'
             AND appropriation_authority = '2800' ORDER BY fiscal_year"""
    assert answers(rows, sql) == [
        ("2013", "1928000", "500000"),
        ("2014", "2000000", None),
        ("2015", None, "1926000"),
        ("2016", None, "1521000"),
        ("2017", None, None),
    ]


def test_budget_lines_add_up_to_the_printed_totals_of_every_department_and_fund(
    real_data: Path, tmp_path: Path
) -> None:
    rows = selected("budget-lines", base=real_data, scratch=tmp_path)
    found = answers(
        rows,
        """SELECT fiscal_year, fund_code, department_code, appropriation_authority, sum(recommendation::BIGINT),
                  sum(earlier_expenditures::BIGINT) FROM data GROUP BY ALL ORDER BY ALL""",
    )
    printed = """SELECT "Year", "Fund Code", "Dept Number", "Appropriation Authority", "Recommendation"::BIGINT,
                        "Earlier Year Expenditures"::BIGINT FROM read_csv(?, all_varchar = true, header = true)
                 WHERE "Appropriation Account Description" = 'Appropriation Total*' ORDER BY ALL"""
    file = real_data / "budgets/chicago_budget_recommendations_lines_2013-2021.csv.gz"
    assert found == duckdb.execute(printed, [str(file)]).fetchall()


def test_budget_lines_are_accounts_each_once(real_data: Path, tmp_path: Path) -> None:
    rows = selected("budget-lines", base=real_data, scratch=tmp_path)
    key = "(fiscal_year, fund_code, department_code, appropriation_authority, account)"
    assert answers(rows, f"SELECT count(*), count(DISTINCT {key}) FROM data") == [(23_392, 23_392)]
