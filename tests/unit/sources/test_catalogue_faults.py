"""What is wrong with the metadata of a catalogue: where, which value, and what to write instead; never a crash."""

import gzip
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cupola import folder
from cupola.sources import SourceInvalid, SourceUnreachable
from cupola.sources.catalogues import catalogue_faults, counted, day_of, days_between, read_catalogue_file
from cupola.sources.catalogues.looking import column_faults

TODAY = date(2026, 11, 22)
GOOD: dict[str, Any] = {
    "title": "Street trees",
    "description": "Every tree on a street, counted by the parks office since 2006.",
    "identifier": "trees",
    "publisher": {"name": "Parks"},
    "contactPoint": {"fn": "Parks office", "hasEmail": "mailto:parks@example.gov"},
    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    "modified": "2026-11-20",
    "accrualPeriodicity": "R/P1M",
    "keyword": ["trees"],
    "accessLevel": "public",
    "distribution": [{"downloadURL": "https://x.example/a.csv", "format": "CSV", "mediaType": "text/csv"}],
}
# what is changed -> the fault it makes: kind, field, value
PLANTED: list[tuple[dict[str, Any], tuple[str, str, str]]] = [
    ({"title": None}, ("no_title", "title", "null")),
    ({"description": "  "}, ("no_description", "description", "")),
    ({"description": "Trees."}, ("description_too_short", "description", "Trees.")),
    ({"identifier": ""}, ("no_identifier", "identifier", "")),
    ({"publisher": {}}, ("no_publisher", "publisher.name", "")),
    ({"contactPoint": None}, ("no_contact", "contactPoint.fn", "")),
    (
        {"contactPoint": {"fn": "a@b.gov", "hasEmail": "mailto:a@b.gov"}},
        ("contact_is_address", "contactPoint.fn", "a@b.gov"),
    ),
    (
        {"contactPoint": {"fn": "A", "hasEmail": "mailto:mailto:a@b.gov"}},
        ("email_malformed", "contactPoint.hasEmail", "mailto:mailto:a@b.gov"),
    ),
    (
        {"contactPoint": {"fn": "A", "hasEmail": "a@b.gov"}},
        ("email_without_mailto", "contactPoint.hasEmail", "a@b.gov"),
    ),
    (
        {"license": "https://x.example/licenses/other"},
        ("license_says_nothing", "license", "https://x.example/licenses/other"),
    ),
    ({"license": "Open Data"}, ("license_is_words", "license", "Open Data")),
    ({"modified": "R/P1D"}, ("modified_is_interval", "modified", "R/P1D")),
    ({"modified": "11/20/2026"}, ("date_malformed", "modified", "11/20/2026")),
    ({"modified": "2026-02-30"}, ("date_malformed", "modified", "2026-02-30")),
    ({"issued": "2027-01-01"}, ("date_to_come", "issued", "2027-01-01")),
    ({"accrualPeriodicity": "now and then"}, ("periodicity_malformed", "accrualPeriodicity", "now and then")),
    ({"keyword": "trees, parks"}, ("wrong_type", "keyword", "trees, parks")),
    ({"title": 17}, ("wrong_type", "title", "17")),
    ({"accessLevel": "open"}, ("access_unknown", "accessLevel", "open")),
    ({"accessLevel": "non-public"}, ("no_rights", "rights", "")),
    ({"landingPage": "hhttps://x.example"}, ("address_malformed", "landingPage", "hhttps://x.example")),
    ({"distribution": []}, ("no_files", "distribution", "")),
    (
        {"distribution": [{"downloadURL": "x.csv", "format": "CSV"}]},
        ("address_malformed", "distribution[0].downloadURL", "x.csv"),
    ),
    ({"distribution": [{"format": "CSV"}]}, ("file_without_address", "distribution[0]", "")),
    (
        {"distribution": [{"downloadURL": "https://x.example/", "format": "XSLX"}]},
        ("format_misspelt", "distribution[0].format", "XSLX"),
    ),
    ({"distribution": [None]}, ("wrong_type", "distribution[0]", "None")),
]


def told(*documents: Any, kind: str = "dcat-us-1.1") -> list[list[tuple[str, str, str]]]:
    found = catalogue_faults(documents, kind, today=TODAY)
    return [[(fault.kind, fault.field, fault.value) for fault in faults] for faults in found]


def test_what_is_well_said_has_no_fault() -> None:
    assert told(GOOD) == [[]]


@pytest.mark.parametrize(("change", "fault"), PLANTED, ids=[fault[0] for _, fault in PLANTED])
def test_a_planted_fault_is_found_and_nothing_else(change: dict[str, Any], fault: tuple[str, str, str]) -> None:
    (found,) = told({**GOOD, **change})
    missing = {("no_email", "contactPoint.hasEmail", "")} if change == {"contactPoint": None} else set()
    assert set(found) - missing == {fault}


def test_a_fault_says_what_to_write_instead() -> None:
    (faults,) = catalogue_faults([{**GOOD, "modified": None}], "dcat-us-1.1", today=TODAY)
    assert faults[0].sentence == "modified: it is null; write the day it last changed, as '2026-11-20'"


def test_what_entries_share_that_should_be_their_own_is_told_of_each() -> None:
    found = told(
        GOOD,
        {**GOOD, "title": "Trees of parks"},
        {**GOOD, "identifier": "b", "description": "Other words about the trees."},
    )
    kinds = [{kind for kind, _, _ in faults} for faults in found]
    assert kinds == [
        {"identifier_repeated", "title_repeated", "description_copied"},
        {"identifier_repeated", "description_copied"},
        {"title_repeated", "description_too_short"},
    ]


def test_an_entry_that_is_no_object_is_a_fault_and_no_dataset() -> None:
    assert told(None, "trees") == [[("not_an_entry", "", "None")], [("not_an_entry", "", "trees")]]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("R/P1D", 1),
        ("R/P1M", 31),
        ("R/P3M", 92),
        ("R/P1Y", 366),
        ("R/PT1H", 1),
        ("Annual", 366),
        ("irregular", None),
        ("R/P", None),
    ],
)
def test_a_periodicity_is_a_number_of_days(text: str, days: int | None) -> None:
    assert days_between(text) == days


def test_dates_are_of_the_calendar() -> None:
    assert day_of("2026-11") == date(2026, 11, 1)
    assert day_of("2026-11-20T08:00:00Z") == date(2026, 11, 20)
    assert (day_of("2026-13-01"), day_of("November 2026")) == (None, None)


def test_a_renamed_column_is_told_from_one_that_went_and_one_that_came() -> None:
    before = [["id", "Text"], ["ward", "Number"], ["note", "Text"]]
    assert [
        (one.kind, one.field, one.value)
        for one in column_faults(before, [["id", "Text"], ["ward_2023", "Number"], ["note", "Text"]])
    ] == [("column_renamed", "ward", "ward_2023")]
    after = [["id", "Number"], ["ward", "Number"], ["x", "Date"], ["y", "Text"]]
    kinds = [one.kind for one in column_faults(before, after)]
    assert kinds == ["column_removed", "column_retyped", "column_added", "column_added"]
    assert column_faults(before, []) == []


# -- real catalogues


@pytest.fixture(scope="module")
def philadelphia(real_data: Path) -> Path:
    return real_data / "catalogues" / "philadelphia_data.json.gz"


@pytest.mark.real
def test_the_402_datasets_of_philadelphia_have_these_faults(philadelphia: Path) -> None:
    """Counted by hand in the file: 391 null dates and 11 'R/P1D', 104 licences 'other', one 'hhttps://'."""
    inventory = read_catalogue_file(philadelphia)
    found = catalogue_faults([one.document for one in inventory.entries], inventory.kind, today=TODAY)
    assert (inventory.kind, len(inventory.datasets)) == ("dcat-us-1.1", 402)
    assert counted(found) == {
        "no_periodicity": 402,
        "no_modified": 391,
        "media_type_vague": 258,
        "license_says_nothing": 104,
        "contact_is_address": 46,
        "file_repeated": 15,
        "description_copied": 12,
        "modified_is_interval": 11,
        "format_misspelt": 4,
        "title_repeated": 2,
        "no_files": 2,
        "address_malformed": 1,
        "description_too_short": 1,
    }
    by_name = {entry.name: faults for entry, faults in zip(inventory.entries, found, strict=True)}
    (bad,) = [one for one in by_name["archived-philadelphia-food-access"] if one.kind == "address_malformed"]
    assert (bad.field, bad.value[:16]) == ("distribution[8].accessURL", "hhttps://service")


@pytest.mark.real
def test_these_counts_are_those_of_a_plain_look_at_the_file(philadelphia: Path) -> None:
    datasets = json.loads(gzip.decompress(philadelphia.read_bytes()))["dataset"]
    assert sum(one["modified"] is None for one in datasets) == 391
    assert sum(one["modified"] == "R/P1D" for one in datasets) == 11
    assert sum(one["license"].endswith("/licenses/other") for one in datasets) == 104
    assert sum("@" in one["contactPoint"]["fn"] for one in datasets) == 46
    assert sum(not one["distribution"] for one in datasets) == 2
    texts = [" ".join(one["description"].split()).casefold() for one in datasets]
    assert sum(texts.count(text) > 1 for text in texts) == 12


@pytest.mark.real
def test_every_sample_is_read_or_said_to_be_no_catalogue(real_data: Path) -> None:
    outcomes = {}
    for path in sorted((real_data / "catalogues").glob("*/*.json")):
        try:
            outcomes[path.name] = len(read_catalogue_file(path).datasets)
        except SourceInvalid as error:
            outcomes[path.name] = str(error).partition(": ")[2]
    assert {name: said for name, said in outcomes.items() if isinstance(said, int)} == {
        "arm.data.json": 3, "collection-1-parent-2-children.data.json": 3, "dcatus.json": 7, "dcatus_2.json": 3,
        "dcatus_long_description.json": 1, "large-spatial.data.json": 1, "many-resources.data.json": 1,
        "usda.gov.data.json": 3, "get_datasets.json": 7,
    }  # fmt: skip
    assert {said for said in outcomes.values() if isinstance(said, str)} == {
        "it holds no list `dataset`. Give the address of a data.json."
    }


ODD: tuple[Any, ...] = (None, "", 17, True, [], {}, [None], {"a": None}, "\u0007", ["", 3], "R/P1D")


def spoilt(value: Any, chance: random.Random) -> Any:
    """Return a value with parts of it taken out or replaced by what does not belong there."""
    if chance.random() < 0.15:
        return chance.choice(ODD)
    if isinstance(value, dict):
        return {name: spoilt(part, chance) for name, part in value.items() if chance.random() > 0.1}
    return [spoilt(part, chance) for part in value] if isinstance(value, list) else value


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["philadelphia_data.json.gz", "socrata_api_samples/get_datasets.json", "datajson_samples/dcatus.json"]
)
def test_nulls_and_missing_fields_never_crash_it(real_data: Path, tmp_path: Path, name: str) -> None:
    raw = (real_data / "catalogues" / name).read_bytes()
    body = json.loads(gzip.decompress(raw) if name.endswith(".gz") else raw)
    listed = "dataset" if "dataset" in body else "results"
    chance = random.Random(7)
    body[listed] = [spoilt(one, chance) for one in body[listed][:60] for _ in range(6)]
    file = tmp_path / "spoilt.json"
    file.write_text(json.dumps(body))
    inventory = read_catalogue_file(file)
    found = catalogue_faults([one.document for one in inventory.entries], inventory.kind, today=TODAY)
    assert sum(map(len, found)) > len(found)
    for fields in inventory.datasets:
        folder.parse("dataset", {"key": "one", "landing_page": "https://x.example/", **fields})


def test_a_file_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachable, match="No such file"):
        read_catalogue_file(tmp_path / "none.json")
    (tmp_path / "broken.json").write_text('{"dataset": [')
    with pytest.raises(SourceInvalid, match="it is no JSON"):
        read_catalogue_file(tmp_path / "broken.json")
    with pytest.raises(SourceInvalid, match="there is no such catalogue"):
        read_catalogue_file(tmp_path / "broken.json", kind="dcat")
