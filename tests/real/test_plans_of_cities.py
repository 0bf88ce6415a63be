"""Who does technology and what it costs in Chicago, Boston and Philadelphia, from what these cities published."""

import gzip
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import yaml
from django.conf import settings

from cupola import folder as folders
from cupola.orgchart.rosters import Change, Family, PostCount, total, with_a_family
from cupola.planner import Plan, explain, read_scenario, solve
from cupola.web.accounts.actions import apply_folder
from cupola.web.data.actions import Refresh, refresh_all
from cupola.web.planning.queries import costs
from cupola.web.planning.queries.memo import memo, write_docx
from cupola.web.planning.queries.overview import Overview, overview
from cupola.web.planning.queries.paying import paying
from cupola.web.planning.queries.reading import read_budgets, read_rosters
from cupola.web.planning.queries.spending import accounts, money_of, named_for_technology
from cupola.web.planning.queries.takingposts import PayNotShown, from_rosters
from cupola.web.planning.views.memo import memo_file

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 23)
NAMED = ("it_services", "software")
TOO_FEW = {"roster": "earnings", "period": "2018", "titles": ["Urban Mechanics Fellow"]}
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

    check_plans_on_the_list_of_2018()
    check_money_against_the_file(real_data)
    check_no_pay_can_be_worked_out(found)
    made = memo(on=DAY)
    page = memo_file(made)
    words = re.sub("<[^>]+>", "", page)
    assert "$76,383,040, of it $14,500,584 in Salaries and Wages - on Payroll" in words
    assert "$284,924,487 are for information technology services and software" in words
    assert "$29,752,877 for services and software" in words
    assert "DAIS (1,029 posts)" in words
    assert "OFFICE OF THE MAYOR shows no post with an innovation title in any list" in words
    assert "src=" not in page  # one file that asks for nothing beside it
    assert write_docx(made)[:2] == b"PK"


def planned(city: str, key: str) -> Plan:
    """Solve a plan of an example with what it takes from the roster of the home."""
    page = yaml.safe_load((ROOT / "examples" / city / "plans" / f"{key}.yaml").read_text(encoding="utf-8"))
    filled, _taken = from_rosters({name: said for name, said in page.items() if name not in {"kind", "key"}})
    return solve(read_scenario(filled).problem, gap=1e-9, least_change=True)


def check_plans_on_the_list_of_2018() -> None:
    """Hold the worked plans to arithmetic on the list itself, without the planner."""
    roster = next(one for one in read_rosters() if one.record.key == "employees")
    held = with_a_family(roster.of("2018-03-01"))
    scattered = [one.count for one in held if one.family is Family.TECHNOLOGY and one.count.department != "DoIT"]
    leaders = [one.count for one in held if one.label.level in {"chief", "director"}]
    pay, leader = average(scattered), average(leaders)
    assert sum(one.posts for one in scattered) == 81

    plan = planned("chicago", "centralise")
    course = list(zip(*(plan.posts(key) for key in ("scattered", "central", "leader")), strict=True))
    assert course == [(81 - come, come, -(-come // 10)) for come in best_course(leader)]
    assert plan.cost()["general"] == tuple(81 * pay + leader * leads for _, _, leads in course)
    assert "notice to the unions 180 days" in explain(plan, "scattered").sentence

    plan = planned("chicago", "mayors-office")
    mayor = [one for one in plan.problem.classes if one.office == "mayor"]
    assert [sum(plan.posts(one.key)[year] for one in mayor) for year in range(4)] == [89 + 1 + 6] * 4
    assert 89 + 1 + 6 + 1 + 3 > 97
    assert (plan.posts("data-officer-it"), plan.posts("data-team-it")) == ((1, 1, 1, 1), (3, 3, 3, 3))

    plan = planned("chicago", "merger-and-undoing")
    saved = plan.problem.class_of["administration"].pay
    both = [one.count for one in roster.of("2018-03-01") if one.count.department in {"DoIT", "GENERAL SERVICES"}]
    assert (sum(one.posts for one in both), saved) == (1_062, average(both)) == (1_062, 87_557)
    costs = [sum(spent[year] for spent in plan.cost().values()) for year in range(6)]
    assert 4 * (plan.cost()["budget"][0] - plan.cost()["budget"][1]) == 4 * 11 * saved == 3_852_508
    assert 6 * costs[0] - sum(costs) == 3_852_508 - 2 * 1_040 * 1_000 == 1_772_508


def average(counts: list[PostCount]) -> int:
    """Return the pay of a post in whole dollars."""
    return round(sum(one.cost_cents or 0 for one in counts) / 100 / sum(one.posts for one in counts))


def best_course(leader: int) -> tuple[int, ...]:
    """Return how many have come by each year, by trying every course of at most 25 moves a year from 2019 on."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
    for _year in range(2019, 2023):
        further: dict[int, tuple[float, tuple[int, ...]]] = {}
        for come, (spent, course) in best.items():
            for moved in range(min(25, 81 - come) + 1):
                now = come + moved
                leads, before = -(-now // 10), -(-come // 10)
                cost = spent + leads * leader + 20_000 * (81 - now) + 1_000 * (moved + leads - before)
                if now not in further or cost < further[now][0]:
                    further[now] = (cost, (*course, now))
        best = further
    return min(best.values())[1]


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
    plan = planned("boston", "fellows")
    people = [
        one.count for one in with_a_family(roster.of("2018-01-01")) if "Innovation & Tech" in one.count.department
    ]
    pay = round(sum(one.cost_cents or 0 for one in people) / 100 / sum(one.posts for one in people))
    assert plan.posts("fellow") == (sum(one.posts for one in fellows),) * 3 + (0, 0)
    assert plan.posts("employee") == (0, 0, 0, 500_000 // pay, 600_000 // pay) == (0, 0, 0, 5, 7)
    with pytest.raises(PayNotShown, match="7 posts"):
        from_rosters({"years": [2019], "classes": {"fellow": {"from_roster": TOO_FEW}}})
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
