"""The example city's structure: the roster's posts under the roster's numbers, and verdicts that follow from it."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from cupola.demo import posts, structure, truth
from cupola.folder.library import jurisdictions, structure_of
from cupola.orgchart.checks import check
from cupola.orgchart.edits import EditKind, diff
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.reading import read_jurisdiction
from cupola.orgchart.states import state_of

ELECTIONS = (date(2025, 11, 4), date(2029, 11, 6))
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def made() -> dict[int, tuple[posts.Post, ...]]:
    return posts.make(truth.SEED, scale=0.3)


@pytest.fixture(scope="module")
def city(made: dict[int, tuple[posts.Post, ...]], tmp_path_factory: pytest.TempPathFactory) -> Jurisdiction:
    target = tmp_path_factory.mktemp("city")
    structure.write(target, made)
    text = (target / "structure" / "dunmarrow.yaml").read_text(encoding="utf-8")
    structure.write(target, made)
    assert (target / "structure" / "dunmarrow.yaml").read_text(encoding="utf-8") == text
    return read_jurisdiction(structure_of(text, file="dunmarrow.yaml").fields())


@pytest.mark.parametrize("year", truth.FISCAL_YEARS)
def test_the_chart_of_each_year_is_the_roster_of_that_year(
    year: int, city: Jurisdiction, made: dict[int, tuple[posts.Post, ...]]
) -> None:
    chart = city.history.on(posts.vintage(year))
    shown = [post for post in made[year] if post.department_code in {"01", "31"}]
    assert set(chart.posts) - {"mayor"} == {post.key.casefold() for post in shown}
    named = {key: str(chart.value(key, "name")) for key in chart.posts if key != "mayor"}
    assert named == {post.key.casefold(): post.title for post in shown}
    departments = [key for key in chart.offices if chart.value(key, "kind") in {"department", "executive"}]
    staff = {chart.value(key, "name"): chart.value(key, "staff") for key in departments}
    assert staff == Counter(post.department for post in made[year])


def test_what_was_planted_is_a_rename_a_merger_and_a_conversion(city: Jurisdiction) -> None:
    first, last = date(2020, 7, 1), date(2025, 7, 1)
    edits = diff(*(state_of(city.history.on(on)) for on in (first, last)), events=city.history.between(first, last))
    found = {(one.subject, one.kind): one.others for one in edits}
    assert ("department-of-technology", EditKind.RENAMED) in found
    assert found["fleet-management", EditKind.MERGED] == ("general-services",)
    assert found["facilities", EditKind.MERGED] == ("general-services",)
    before, after = date(2024, 7, 1), date(2025, 7, 1)
    edits = diff(*(state_of(city.history.on(on)) for on in (before, after)))
    converted = {one.subject for one in edits if one.kind is EditKind.FUNDING_CONVERTED}
    assert converted == {"p-inn2", "p-inn3", "mayor-s-office-office-of-innovation"}


def test_verdicts_on_the_example_city(city: Jurisdiction) -> None:
    """In summer 2025 four of seven posts of the data team are paid by an award that ends after the election."""
    found = check(city, on=date(2025, 7, 15), elections=ELECTIONS)
    answers = {key: str(one.answer) for key, one in found.items()}
    assert answers == {
        **dict.fromkeys(answers, "pass"),
        "executive-limits": "unknown",  # posts are shown of two departments only, so nobody says that they are all
        "spans-and-layers": "fail",  # two offices of Technology have one manager each
        "names-distinct": "fail",  # Housing is an office of two departments; two chief officers are both a CIO
        "facts-sourced": "unknown",  # what is older than the first roster has no beginning
        "grant-cliff": "fail",
        "election-risk": "fail",
    }
    assert "ends; the first in 351 days" in found["grant-cliff"].sentence
    assert "Data and Analytics live mostly" in found["election-risk"].sentence
    later = check(city, on=date(2026, 7, 15), elections=ELECTIONS)  # the award has ended
    assert (later["grant-cliff"].answer, later["election-risk"].answer) == ("pass", "pass")


@pytest.mark.slow
def test_the_example_beside_the_code_is_what_the_demo_writes(tmp_path: Path) -> None:
    structure.write(tmp_path, posts.make(truth.SEED, scale=1))
    written = (tmp_path / "structure" / "dunmarrow.yaml").read_text(encoding="utf-8")
    assert (ROOT / "examples" / "dunmarrow" / "structure" / "dunmarrow.yaml").read_text(encoding="utf-8") == written


def test_chicagos_own_structure_says_what_the_library_says() -> None:
    text = (ROOT / "examples" / "chicago" / "structure" / "chicago.yaml").read_text(encoding="utf-8")
    document = structure_of(text, file="chicago.yaml")
    assert document.released
    assert read_jurisdiction(document.fields()) == jurisdictions()["chicago"]
