"""Who does technology and what it costs in Chicago, Boston and Philadelphia, from what these cities published."""

import gzip
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from cupola import folder as folders
from cupola.orgchart.rosters import Change, Family, total, with_a_family
from cupola.web.accounts.actions import apply_folder
from cupola.web.data.actions import Refresh, refresh_all
from cupola.web.planning.queries import costs
from cupola.web.planning.queries.memo import memo, write_docx
from cupola.web.planning.queries.overview import Overview, overview
from cupola.web.planning.queries.paying import paying
from cupola.web.planning.queries.reading import read_budgets, read_rosters
from cupola.web.planning.queries.spending import accounts, money_of, named_for_technology
from cupola.web.planning.views.memo import memo_file

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 23)
NAMED = ("it_services", "software")
pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.django_db]


def load(city: str, *datasets: str, below: Path, real_data: Path) -> None:
    """Apply part of an example and load its datasets into a home of its own."""
    example, folder = ROOT / "examples" / city, below / "city"
    (folder / "datasets").mkdir(parents=True)
    shutil.copy(example / "city.yaml", folder)
    (folder / "plans").mkdir()
    for plan in (*(example / "plans").glob("*s.yaml"), *(example / "plans").glob("*budget.yaml")):
        if plan.read_text().startswith(("kind: roster", "kind: budget")):
            shutil.copy(plan, folder / "plans")
    for key in datasets:
        shutil.copy(example / "datasets" / f"{key}.yaml", folder / "datasets")
    settings.CUPOLA_HOME = below / "home"
    apply_folder(folders.read(folder), by="tests")
    done = refresh_all(Refresh(sources_folder=real_data, now=datetime.now(UTC), by="tests"))
    assert {one.outcome for one in done} == {"loaded"}, [one.sentence for one in done]


@pytest.fixture
def somewhere(tmp_path: Path) -> Iterator[Path]:
    kept = settings.CUPOLA_HOME
    yield tmp_path
    settings.CUPOLA_HOME = kept


def test_chicago_is_told_without_being_told_the_names(somewhere: Path, real_data: Path) -> None:
    load("chicago", "employees", "budget-accounts", "grants", below=somewhere, real_data=real_data)
    (roster,) = read_rosters()
    found = overview(roster, roster.periods[-1])

    (merged,) = (one for told in found.told for one in told.changes if one.change is Change.MERGED)
    assert (merged.before, merged.after) == ((("DoIT", 98), ("GENERAL SERVICES", 964)), (("DAIS", 1029),))
    assert [one.everybody for one in found.over_time] == [32_062, 32_181, 32_812, 32_928, 30_872]
    assert 150 <= found.over_time[2].sum.posts <= 250  # an independent count of 2018 came to about 230
    assert found.queued_share < 0.05
    for period in roster.periods:
        mayors = [one for one in roster.of(period) if one.count.department in {"MAYOR'S OFFICE", "OFFICE OF THE MAYOR"}]
        assert total(mayors).posts > 70
        assert total(with_a_family(mayors, Family.INNOVATION)).posts == 0
    grant = paying(roster, roster.periods[-1], on=DAY).unseen[0]
    assert (grant.name, grant.unseen) == ("Innovation Delivery Grant", "OFFICE OF THE MAYOR")
    assert grant.years == (("2013", 242_800_000), ("2014", 200_000_000), ("2015", 192_600_000), ("2016", 152_100_000))

    check_money_against_the_file(real_data)
    check_no_pay_can_be_worked_out(found)
    made = memo(on=DAY)
    page = memo_file(made)
    assert "$76.4 million" in page
    assert "DAIS (1,029 posts)" in page
    assert "src=" not in page  # one file that asks for nothing beside it
    assert write_docx(made)[:2] == b"PK"


def check_money_against_the_file(real_data: Path) -> None:
    """Compare the department's money and all technology accounts of 2026 with the file, added up by other code."""
    (read,) = read_budgets()
    text = gzip.decompress((real_data / "budgets" / "chicago_appropriations_fy2026.json.gz").read_bytes())
    wanted = {
        (one["name"], part["name"]): Decimal(str(part["amount"]))
        for one in json.loads(text)["appropriations"]["by_department"]
        for part in one["subcategories"]
        if "Information Tech" in part["name"] or "Software" in part["name"]
    }
    shown = {(one.department, one.name): Decimal(one.cents) / 100 for one in accounts(read, "2026", purposes=NAMED)}
    assert shown == wanted
    assert sum(shown.values()) == Decimal(284_924_487)
    (named,) = named_for_technology(read, "2026")
    assert (named.department, named.cents) == ("Department Of Technology And Innovation", 7_638_304_000)
    assert sum(amount for (name, _), amount in shown.items() if name == named.department) == Decimal(29_752_877)
    payroll = [one for one in accounts(read, "2026", department=named.department) if "on Payroll" in one.name]
    assert [one.cents for one in payroll] == [1_450_058_400]
    assert money_of(read, "2026").all_cents == 1_866_856_846_000


def check_no_pay_can_be_worked_out(found: Overview) -> None:
    """Without a law, no small cost follows from the shown ones by any combination of additions and subtractions."""
    assert found.costs.basis.startswith("Illinois")
    assert found.costs.hidden == 0
    for period in found.read.periods:
        posts = with_a_family(found.read.of(period))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(costs, "legal_basis", lambda _read: "")
            shown = costs.shown_costs(found.read, posts).shown
        sizes: Counter[tuple[str, str]] = Counter()
        for one in posts:
            sizes[one.count.department, str(one.family)] += one.count.posts
        cells = sorted(sizes)
        known = np.array([row(cell, cells) for cell, cents in shown.items() if cents is not None], dtype=float)
        rank = np.linalg.matrix_rank(known)
        small = [cell for cell in cells if sizes[cell] < 11]
        assert small
        for cell in small:
            assert shown.get(cell) is None
            assert np.linalg.matrix_rank(np.vstack([known, row(cell, cells)])) > rank, cell


def row(wanted: tuple[str | None, ...], cells: list[tuple[str, str]]) -> list[int]:
    """Return which cells a sum is over."""
    return [int(all(part in (None, value) for part, value in zip(wanted, cell, strict=True))) for cell in cells]


def test_boston_fellows_are_joined_with_the_program_that_pays_them(somewhere: Path, real_data: Path) -> None:
    load("boston", "earnings", "operating-budget", below=somewhere, real_data=real_data)
    (roster,) = read_rosters()
    found = overview(roster, "2018-01-01")
    assert found.costs.basis == ""  # what people earned is never shown for one of them, whatever the law
    fellows = [one.count for one in roster.of("2018-01-01") if one.count.title == "Urban Mechanics Fellow"]
    where = sorted((one.department, one.posts) for one in fellows)
    assert where == [("ASD Human Resources", 6), ("Public Works Department", 1)]
    titles = {"Chief Data Officer", "Chief Digital Officer"}
    chiefs = {(one.count.title, one.count.department) for one in roster.of("2019-01-01") if one.count.title in titles}
    assert chiefs == {(one, "Dpt of Innovation & Technology") for one in titles}
    told = " ".join(part for section in memo(on=DAY).sections for part in section.paragraphs)
    assert "New Urban Mechanics is a program of Mayor's Office with $818,816" in told
    assert "Urban Mechanics Fellow" in told
    assert "No account of the budget of 2025" in told


def test_philadelphia_counts_positions_by_department_and_year(somewhere: Path, real_data: Path) -> None:
    load("philadelphia", "positions", below=somewhere, real_data=real_data)
    (roster,) = read_rosters()
    assert (roster.periods[0], roster.periods[-1]) == ("2008", "2023")
    departments = {one.name: one.sum.posts for one in overview(roster, "2019").departments}
    assert departments == {"Office of Innovation and Technology": 413}
