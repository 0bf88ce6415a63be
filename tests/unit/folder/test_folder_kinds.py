from datetime import date
from typing import Any

import pytest

from cupola import folder
from cupola.contracts import Column, ColumnType, Duplicates, Tag, Vintage
from cupola.folder.documents import parse_yaml
from cupola.sources import SourceSpec


def make_dataset(**fields: Any) -> folder.DatasetRecord:
    """Return a dataset with as few fields as it may have, and those given."""
    least: dict[str, Any] = {
        "key": "permits",
        "title": "Permits",
        "sources": [{"file": "permits.csv"}],
        "columns": {"number": {"type": "text"}},
    }
    record = folder.parse("dataset", {**least, **fields})
    assert isinstance(record, folder.DatasetRecord)
    return record


def make_city(**fields: Any) -> folder.CityRecord:
    """Return a city with as few fields as it may have, and those given."""
    record = folder.parse(
        "city", {"key": "springfield", "name": "Springfield", "time_zone": "America/Chicago", **fields}
    )
    assert isinstance(record, folder.CityRecord)
    return record


def test_a_dataset_gives_its_contract() -> None:
    record = make_dataset(
        classification="public",
        columns={
            "number": {"type": "text", "from": "n", "required": True},
            "issued_on": {"type": "date", "from": ["d", "date"], "format": "%m/%d/%Y", "optional": True},
            "status": {"type": "code", "allowed": {"OPEN": "work goes on", "DONE": None}, "null_tokens": ["", "?"]},
            "cost": {"type": "decimal", "scale": 1, "unit": "tons", "title": "Cost", "meaning": "As reported."},
            "longitude": {"type": "float", "sensitive": True},
            "latitude": {"type": "float"},
        },
        row_key="number",
        duplicates="quarantine",
        time_column="issued_on",
        null_tokens=["", "NA"],
        max_bad_rows=5,
        max_bad_share=0.5,
        select="SELECT * FROM landed",
        place_tags=[{"column": "ward", "point": ["longitude", "latitude"], "places": "wards", "take": "ward"}],
    )
    contract = record.contract("America/Chicago")
    assert contract.columns == (
        Column("number", ColumnType.TEXT, origins=("n",), required=True),
        Column("issued_on", ColumnType.DATE, origins=("d", "date"), formats=("%m/%d/%Y",), optional=True),
        Column("status", ColumnType.CODE, allowed=(("OPEN", "work goes on"), ("DONE", "")), null_tokens=("", "?")),
        Column("cost", ColumnType.DECIMAL, scale=1, unit="tons", title="Cost", meaning="As reported."),
        Column("longitude", ColumnType.FLOAT, sensitive=True),
        Column("latitude", ColumnType.FLOAT),
    )
    assert contract.key == ("number",)
    assert contract.duplicates is Duplicates.QUARANTINE
    assert contract.time_column == "issued_on"
    assert contract.null_tokens == ("", "NA")
    assert contract.tags == (Tag("ward", ("longitude", "latitude"), "wards", "ward"),)
    assert (contract.zone, contract.select) == ("America/Chicago", "SELECT * FROM landed")
    assert (contract.max_bad_rows, contract.max_bad_share) == (5, 0.5)
    assert (contract.vintaged, contract.restricted) == (False, False)


def test_sources_become_what_the_reader_takes() -> None:
    record = make_dataset(
        sources=[
            {"file": "a.csv", "vintage": "2015", "delimiter": ";", "quote": "", "encoding": "cp1252", "skip_lines": 0},
            {"url": "https://data.example.gov/b.zip", "member": "b.csv", "vintage": "2016-05", "header_rows": 2},
        ]
    )
    assert record.source_specs() == (
        SourceSpec(
            file="a.csv",
            delimiter=";",
            quote="",
            encoding="cp1252",
            skip_lines=0,
            vintage=Vintage(date(2015, 1, 1), "year"),
        ),
        SourceSpec(
            url="https://data.example.gov/b.zip",
            member="b.csv",
            header_rows=2,
            vintage=Vintage(date(2016, 5, 1), "month"),
        ),
    )
    assert record.contract().vintaged


@pytest.mark.parametrize(
    ("word", "days"),
    [
        ("daily", 1),
        ("weekly", 7),
        ("monthly", 31),
        ("quarterly", 92),
        ("yearly", 366),
        ("never", None),
        ("every 14 days", 14),
    ],
)
def test_a_refresh_word_is_a_number_of_days(word: str, days: int | None) -> None:
    assert make_dataset(refresh=word).refresh_days() == days


def test_a_public_id_is_made_from_both_keys_and_stays() -> None:
    made = make_dataset().public_id("springfield")
    assert made == "afxj-8ygc"
    assert make_dataset(title="Other").public_id("springfield") == made
    assert make_dataset(key="grants").public_id("springfield") != made
    assert make_dataset().public_id("shelbyville") != made


def test_a_written_public_id_wins() -> None:
    assert make_dataset(id="ydr8-5enu").public_id("springfield") == "ydr8-5enu"


def test_what_nobody_classified_is_kept_like_restricted_rows() -> None:
    assert make_dataset().access == "unclassified"
    assert make_dataset().contract().restricted
    assert make_dataset(payroll=True, classification="internal").access == "internal"
    assert not make_dataset(classification="public").contract().restricted


@pytest.mark.parametrize("classification", ["internal", "sensitive", "protected", "restricted"])
def test_only_public_data_shows_rows(classification: str) -> None:
    assert make_dataset(classification=classification).contract().restricted


def test_canonical_fields_leave_out_defaults_and_keep_the_order_of_columns() -> None:
    record = make_dataset(refresh="never", columns={"b": {"type": "text", "from": "B"}, "a": {"type": "integer"}})
    assert record.fields() == {
        "key": "permits",
        "title": "Permits",
        "sources": [{"file": "permits.csv"}],
        "columns": [{"name": "b", "type": "text", "from": ["B"]}, {"name": "a", "type": "integer"}],
    }


def test_canonical_fields_read_back_to_the_same_record() -> None:
    record = make_dataset(columns={"b": {"type": "code", "allowed": ["x", "y"]}, "a": {"type": "integer"}})
    assert folder.parse("dataset", record.fields()) == record


def test_a_city_has_a_calendar() -> None:
    city = make_city(fiscal_year_start="07-01", elections=["2023-02-28"], inaugurations=["2023-05-15"])
    assert city.elections == (date(2023, 2, 28),)
    assert city.fiscal_years().year_of(date(2023, 7, 1)) == 2024
    assert (city.currency, city.languages, city.executive_title) == ("USD", ("en",), "Mayor")
    assert folder.parse("city", city.fields()) == city


@pytest.mark.parametrize("language", ["en", "es", "pt-BR", "zh-Hans", "es-419", "haw"])
def test_languages_of_american_cities_are_known(language: str) -> None:
    assert make_city(languages=[language]).languages == (language,)


def test_a_field_with_nothing_after_it_is_left_out() -> None:
    assert make_dataset(department=None, max_bad_rows=None) == make_dataset()


def test_the_end_of_a_text_that_a_comma_cut_off_is_a_mistake() -> None:
    text = "{key: a, name: A, time_zone: America/Chicago, website: https://a.example/16,000 times}"
    documents, _problem = parse_yaml(text)
    with pytest.raises(folder.FolderInvalid, match="'000 times' is not a field"):
        folder.parse("city", documents[0].data)


def test_a_mistake_outside_of_a_folder_says_where_it_is_meant() -> None:
    with pytest.raises(folder.FolderInvalid) as caught:
        folder.parse("city", {"key": "a", "name": "A", "time_zone": "x/y"}, where="the form")
    (problem,) = caught.value.problems
    assert str(problem).startswith("the form: time_zone: 'x/y' is not a time zone")
    assert problem.as_json()["field"] == "time_zone"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(folder.FolderInvalid, match="'datset' is not a kind of record; did you mean 'dataset'"):
        folder.parse("datset", {})
