"""The main job through the command line, on a small city."""

import pytest
from small_city import PERMITS, ROWS, SmallCity

pytestmark = pytest.mark.slow


def test_a_run_loads_what_fits_and_sets_the_rest_aside(loaded_city: SmallCity) -> None:
    (permits,) = loaded_city.first[0].json["datasets"]
    assert (permits["rows_read"], permits["rows_loaded"], permits["rows_quarantined"]) == (3, 2, 1)
    assert (permits["outcome"], permits["version"]) == ("loaded", 1)


def test_a_second_run_makes_no_new_version(loaded_city: SmallCity) -> None:
    (permits,) = loaded_city.run("run", loaded_city.folder, "--json").json["datasets"]
    assert (permits["outcome"], permits["version"]) == ("unchanged", 1)


def test_values_come_out_as_the_contract_says(loaded_city: SmallCity) -> None:
    asked = loaded_city.run("data", "query", "permits", "SELECT number, issued_on, cost FROM data ORDER BY 1", "--json")
    assert asked.json["rows"] == [
        {"number": "007", "issued_on": "2024-01-02", "cost": "1250.00"},
        {"number": "013", "issued_on": "2024-12-31", "cost": "0.00"},
    ]


def test_a_changed_source_makes_a_version_that_differs_only_there(small_city: SmallCity) -> None:
    small_city.run("run", small_city.folder)
    small_city.write("permits.csv", ROWS.replace("$1,250.00", "$1,300.00") + "014,01/03/2025,5\n")
    small_city.run("run", small_city.folder)
    found = small_city.run("data", "diff", "permits", "1", "2", "--json").json
    assert (found["rows_added"], found["rows_removed"], found["rows_changed"]) == (1, 0, 1)
    assert found["cells"] == [{"key": ["007"], "column": "cost", "before": "1250.00", "after": "1300.00"}]


def test_too_many_bad_rows_keep_the_version_before(small_city: SmallCity) -> None:
    small_city.run("run", small_city.folder)
    small_city.write("permits.csv", ROWS.replace("01/02/2024", "soon").replace("12/31/2024", "later"))
    done = small_city.run("run", small_city.folder, "--json")
    assert done.code == 1
    (permits,) = done.json["datasets"]
    assert (permits["outcome"], permits["version"]) == ("stopped", 1)
    assert "3 of 3 rows do not fit" in permits["error"]


def test_an_unreachable_source_is_named_and_the_rest_goes_on(small_city: SmallCity) -> None:
    gone = PERMITS.replace("key: permits", "key: gone").replace("permits.csv", "gone.csv")
    small_city.write("datasets/gone.yaml", gone)
    done = small_city.run("run", small_city.folder, "--json")
    assert done.code == 1
    outcomes = {one["key"]: one["outcome"] for one in done.json["datasets"]}
    assert outcomes == {"gone": "failed", "permits": "loaded"}
    assert "gone.csv" in next(one["error"] for one in done.json["datasets"] if one["key"] == "gone")


def test_a_mistake_in_the_folder_changes_nothing(loaded_city: SmallCity) -> None:
    loaded_city.write(
        "datasets/permits.yaml", PERMITS.replace("type: date", "type: datum").replace("Permits", "Changed")
    )
    done = loaded_city.run("run", loaded_city.folder)
    assert done.code == 2
    assert "datasets/permits.yaml:13: columns.issued_on.type: 'datum' is not a type; did you mean 'date'?" in done.err
    assert loaded_city.run("data", "show", "permits", "--json").json["title"] == "Permits"


def test_an_export_applies_to_nothing(loaded_city: SmallCity) -> None:
    out = loaded_city.folder.parent / "exported"
    assert loaded_city.run("export", out).code == 0
    plan = loaded_city.run("apply", out, "--dry-run", "--json").json
    assert plan["steps"] == []


def test_a_home_restored_at_another_path_answers_the_same(loaded_city: SmallCity) -> None:
    copy, other = loaded_city.folder.parent / "copy", loaded_city.folder.parent / "elsewhere"
    assert loaded_city.run("backup", copy).code == 0
    restored = loaded_city.run("restore", copy, "--home", other)
    assert restored.code == 0, restored.err + restored.out
    words = ("data", "query", "permits", "SELECT * FROM data ORDER BY number", "--json")
    assert loaded_city.run(*words, "--home", other).json == loaded_city.run(*words).json


def test_doctor_says_what_the_catalogue_lacks(loaded_city: SmallCity) -> None:
    done = loaded_city.run("doctor")
    assert done.code == 0
    assert "contact: data@your-city.gov" in done.out


def test_an_unknown_dataset_exits_with_three(loaded_city: SmallCity) -> None:
    done = loaded_city.run("data", "show", "permitz")
    assert done.code == 3
    assert "permitz" in done.err
