"""The model library: complete against the tables it was made from, and right where it can be asked."""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from cupola.folder.library import catalogue, jurisdictions, structure_of, templates
from cupola.folder.problems import FolderInvalid
from cupola.orgchart import Answer
from cupola.orgchart.checks import CHECKS, check
from cupola.orgchart.jurisdiction import Jurisdiction

TABLES = Path(os.environ.get("CUPOLA_TEST_DATA", "/nowhere")).parent / "reference" / "city-models.md"
with_tables = pytest.mark.skipif(not TABLES.exists(), reason="the tables of the city models are not on this machine")
ROW = re.compile(r"\| ([A-Z][A-Za-z. ]+) \| (\d{4}[-\d]*) \| ([ymd]) \| ([^|]+) \| ([^|]+) \| ([^|]*) \| ([^|]+) \|")
KINDS = {"grant": "award", "merge (proposed)": "merge"}


def rows() -> list[tuple[str, str, set[str], set[str]]]:
    """Return the event list: key of the jurisdiction, date, kinds, sources."""
    found = []
    for line in TABLES.read_text().splitlines():
        match = ROW.fullmatch(line)
        if match:
            place, on, _, kinds, _, _, sources = match.groups()
            named = {"St. Louis": "st-louis"}.get(place, place.lower().replace(" ", "-"))
            words = {KINDS.get(kind.strip(), kind.strip()) for kind in kinds.split(",")}
            found.append(
                (named, on, words, {"E" if key.strip() == "essay" else key.strip() for key in sources.split(",")})
            )
    return found


def where(place: str, post: str, on: str) -> list[tuple[str, Answer]]:
    chart = jurisdictions()[place].history.on(date.fromisoformat(on))
    return [(str(held.fact.value), held.answer) for held in chart.held(post, "housed_in")]


@with_tables
def test_every_event_of_the_table_is_there_with_its_sources() -> None:
    missing = []
    for place, on, kinds, sources in rows():
        events = jurisdictions()[place].history.events
        if not any(str(one.on) == on and kinds <= set(one.kinds) and sources <= set(one.sources) for one in events):
            missing.append((place, on, kinds, sources))
    assert missing == []
    assert len(rows()) == 70


@with_tables
def test_every_source_of_the_tables_is_listed() -> None:
    text = TABLES.read_text()
    sections = re.findall(r"^## \d+\. [^\n]*\n(.*?)(?=^## )", text, re.MULTILINE | re.DOTALL)
    keys = {key for section in sections for key in re.findall(r"(?:^Sources: | · )([a-z]\d+) ", section, re.MULTILINE)}
    listed = {key for place in jurisdictions().values() for key in place.sources}
    assert len(keys) > 150
    assert keys - listed == set()


@with_tables
def test_every_change_of_administration_is_there() -> None:
    table = TABLES.read_text().partition("## 16. Changes of administration")[2]
    dates = re.findall(r"\d{4}(?:-\d{2}){1,2}", table)
    held = [str(one.since) for place in jurisdictions().values() for one in place.administrations]
    assert sorted(held) == sorted(dates)


@pytest.mark.parametrize("place", sorted(jurisdictions().values(), key=lambda one: one.key), ids=lambda one: one.key)
def test_every_fact_and_event_names_a_source(place: Jurisdiction) -> None:
    assert [fact for fact in place.history.facts if not fact.sources] == []
    assert [event for event in place.history.events if not event.sources] == []
    assert [one for one in place.outcomes if not one.sources and one.proof != "unknown"] == []


def test_where_the_data_officer_of_chicago_sat() -> None:
    assert where("chicago", "chief-data-officer", "2012-05-01") == [
        ("mayors_office", Answer.YES),
        ("it_department", Answer.POSSIBLE),  # the essay, of 2012 without a month
    ]


@with_tables
def test_roles_claims_and_grants_are_those_of_the_tables() -> None:
    text = TABLES.read_text()
    roles = re.findall(r"^\| [^|]*\(`([a-z_]+)`\)", text.partition("## 14.")[2], re.MULTILINE)
    claims = set(re.findall(r"^\| (E-[A-Z]\d) \|", text, re.MULTILINE))
    grants = text.partition("**Incubation record**")[2].partition("Programme facts")[0].count("\n| ") - 1
    assert list(catalogue().roles) == [role.replace("_", "-") for role in roles]
    assert len(catalogue().roles) == 17
    assert set(catalogue().claims) == claims
    assert len(catalogue().incubation) == grants


def test_what_the_catalogue_names_is_in_the_library() -> None:
    known = catalogue()
    checks = {key for claim in known.claims.values() for key in claim.checks}
    assert checks <= {one.key for one in CHECKS}
    assert {key for role in known.roles.values() for key in role.examples} <= set(jurisdictions())
    for grant in known.incubation:
        assert set(grant.sources) <= set(jurisdictions()[grant.jurisdiction].sources)
    cited = {key for one in (*known.roles.values(), *known.yardsticks) for key in one.sources}
    assert cited <= set(known.sources)
    roles = {
        held.value for place in jurisdictions().values() for held in place.history.facts if held.attribute == "role"
    }
    assert roles <= set(known.roles)


@pytest.mark.parametrize(
    ("template", "passes"),
    [
        ("urban-mechanics", {"it-not-merged", "it-elevated", "executive-capacity"}),
        ("data-officer-in-it", {"it-not-merged", "it-elevated", "data-in-it"}),
        ("innovation-office-outside", {"it-not-merged", "it-elevated"}),
        ("raised-cio-policy-cto", {"it-not-merged", "it-elevated", "executive-capacity"}),
        ("priority-innovation-officer", {"executive-capacity"}),
        ("state-data-officer-adviser", {"it-not-merged", "it-elevated", "data-in-it", "executive-capacity"}),
        (
            "three-themes",
            {
                "it-not-merged",
                "it-elevated",
                "data-in-it",
                "executive-capacity",
                "executive-team-mixes",
                "functions-owned",
            },
        ),
    ],
)
def test_a_template_passes_the_checks_it_stands_for(template: str, passes: set[str]) -> None:
    verdicts = check(templates()[template], on=date(2026, 1, 1))
    assert {key for key in passes if verdicts[key].answer != "pass"} == set()
    assert set(templates()) == {
        "urban-mechanics",
        "data-officer-in-it",
        "innovation-office-outside",
        "raised-cio-policy-cto",
        "priority-innovation-officer",
        "state-data-officer-adviser",
        "three-themes",
    }


def test_a_mistake_names_file_line_and_remedy() -> None:
    text = "kind: structure\nkey: x\nname: X\noffices:\n  it: {name: IT, mandate: policies}\n"
    with pytest.raises(FolderInvalid, match=r"x\.yaml:5: offices.*did you mean 'policy'"):
        structure_of(text, file="x.yaml")
