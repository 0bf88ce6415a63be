"""Files taken away and versions taken back, through the command line."""

import csv

import pytest
from small_city import PERMITS, ROWS, SmallCity

pytestmark = pytest.mark.slow


def test_a_public_version_is_taken_away_as_it_was_published(loaded_city: SmallCity) -> None:
    out = loaded_city.folder.parent / "permits.csv.gz"
    done = loaded_city.run("data", "download", "permits", "--to", out, "--json").json
    assert (done["version"], done["rows"], done["made_before"]) == (1, 2, True)
    (made,) = (loaded_city.home / "lake" / "downloads" / "permits").rglob("*.csv.gz")
    assert out.read_bytes() == made.read_bytes()


def test_a_file_that_was_not_made_is_made_for_the_occasion(loaded_city: SmallCity) -> None:
    out = loaded_city.folder.parent / "permits.csv"
    assert not loaded_city.run("data", "download", "permits", "--to", out, "--json").json["made_before"]
    with out.open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["number", "issued_on", "cost"],
            ["007", "2024-01-02", "1250.00"],
            ["013", "2024-12-31", "0.00"],
        ]


def test_a_kind_nobody_knows_is_refused_with_those_there_are(loaded_city: SmallCity) -> None:
    done = loaded_city.run("data", "download", "permits", "--to", loaded_city.folder.parent / "permits.ods")
    assert done.code == 2
    assert ".csv, .csv.gz, .parquet, .geojson, .xlsx" in done.err


def test_sensitive_columns_stay_out_unless_asked_for(small_city: SmallCity) -> None:
    small_city.write("datasets/permits.yaml", PERMITS.replace("from: Cost", "from: Cost, sensitive: true"))
    small_city.run("run", small_city.folder)
    out = small_city.folder.parent / "permits.csv"
    small_city.run("data", "download", "permits", "--to", out)
    assert out.read_text().splitlines()[0] == '"number","issued_on"'
    small_city.run("data", "download", "permits", "--to", out, "--all-columns")
    assert out.read_text().splitlines()[0] == '"number","issued_on","cost"'


def test_a_recalled_version_stays_recalled(small_city: SmallCity) -> None:
    small_city.run("run", small_city.folder)
    small_city.write("permits.csv", ROWS + "099,01/03/2025,5\n")
    small_city.run("run", small_city.folder)
    done = small_city.run("data", "recall", "permits", "--version", 2, "--reason", "099 named a person.")
    assert done.code == 0, done.err
    assert "told: 099 named a person." in done.out
    again = small_city.run("run", small_city.folder, "--json").json["datasets"]
    assert [one["outcome"] for one in again] == ["unchanged"]
    assert small_city.run("doctor").code == 0
    refused = small_city.run("data", "recall", "permits", "--version", 9, "--reason", "x")
    assert refused.code == 3
    small_city.write("permits.csv", ROWS + "100,01/03/2025,5\n")
    done = small_city.run("run", small_city.folder, "--json")
    assert [one["version"] for one in done.json["datasets"]] == [3]
