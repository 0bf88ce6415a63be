"""Posts by family of work, money by what it buys, and programs whose posts stand elsewhere."""

from pathlib import Path

import pyarrow as pa
import pytest

from cupola.orgchart.rosters import (
    Amount,
    Family,
    PostCount,
    Purpose,
    RosterColumns,
    by_department,
    joined,
    labelled,
    purpose_of,
    queue,
    read_counts,
    roster_query,
    spending,
    total,
    with_a_family,
)
from cupola.orgchart.titles import Group, Settled


def post(title: str, department: str = "IT", posts: int = 1, cents: int | None = 100) -> PostCount:
    costed = posts if cents is not None else 0
    return PostCount("1", department, "", title, "", posts=posts, fte=None, cost_cents=cents, costed=costed)


def test_each_post_counts_once_by_the_family_of_its_first_function() -> None:
    held = labelled([post("SENIOR PROGRAMMER", posts=3), post("GIS ANALYST"), post("POLICE OFFICER", "POLICE", 50)])
    ours = with_a_family(held)
    assert (total(ours).posts, total(held).posts) == (4, 54)
    assert [total(with_a_family(held, one)).posts for one in Family] == [3, 1, 0]
    assert {name: total(each).posts for name, each in by_department(held).items()} == {"POLICE": 50, "IT": 4}


def test_a_sum_with_one_unknown_part_is_unknown() -> None:
    held = labelled([post("PROGRAMMER", cents=500), post("DATABASE ADMINISTRATOR", cents=None)])
    assert total(held).cost_cents is None
    assert total(held[:1]).cost_cents == 500
    assert total([]).cost_cents == 0


def test_what_a_person_settled_comes_first_and_leaves_the_queue() -> None:
    counts = [post("ENTERPRISE SUPPORT MANAGER", "DAIS", 2)]
    assert [(label.title, posts) for label, posts in queue(labelled(counts))] == [("ENTERPRISE SUPPORT MANAGER", 2)]
    settled = [Settled("Enterprise Support Manager", (Group.APPLICATIONS,))]
    held = labelled(counts, settled=settled)
    assert queue(held) == []
    assert total(with_a_family(held, Family.TECHNOLOGY)).posts == 2


def test_a_roster_without_titles_is_read_by_the_names_of_its_departments() -> None:
    held = labelled([post("", "Office of Innovation and Technology", 400), post("", "Streets Department", 900)])
    assert total(with_a_family(held)).posts == 400


@pytest.mark.parametrize(
    ("account", "purpose", "technology"),
    [
        ("For Professional Services for Information Technology Maintenance", "it_services", True),
        ("SOFTWARE MAINT/LICENSING", "software", True),
        ("Telephone - Centrex Billings", "telecoms", True),
        ("Salaries and Wages - on Payroll", "salaries", False),
        ("For Professional and Technical Services and Other Third Party Benefit Agreements", "contracts", False),
        ("License Sticker, Tag and Plates", "other", False),
        ("Reserve Balance", "other", False),
    ],
)
def test_accounts_are_read_by_their_names(account: str, purpose: str, technology: bool) -> None:
    assert purpose_of(account) == Purpose(purpose, technology)


def test_money_adds_up_by_purpose_and_a_settled_account_moves() -> None:
    amounts = [
        Amount("2026", "IT", "", "Software Purchases", "", 300),
        Amount("2026", "IT", "", "Reserve Balance", "", 500),
        Amount("2026", "LAW", "", "Software Purchases", "", 200),
    ]
    found = spending(amounts)
    assert sum(one.cents for one in found) == 1000
    assert sum(one.cents for one in found if one.technology) == 500
    moved = spending(amounts, settled={"reserve balance": Purpose("software", technology=True, settled=True)})
    assert sum(one.cents for one in moved if one.technology) == 1000


def test_a_program_is_joined_with_posts_that_bear_its_name_elsewhere() -> None:
    amounts = [Amount("2025", "Mayor's Office", "New Urban Mechanics", "Personnel", "", 81_881_600)]
    amounts.append(Amount("2025", "IT", "Data Services", "Personnel", "", 900))
    counts = [post("Urban Mechanics Fellow", "ASD Human Resources", 5), post("Data Services Clerk", "IT")]
    (found,) = joined(amounts, counts)
    assert (found.program, found.titles, found.elsewhere) == (
        "New Urban Mechanics",
        (("Urban Mechanics Fellow", 5),),
        ("ASD Human Resources",),
    )


def test_pay_of_a_year_is_the_rate_or_hours_times_rate_and_part_time_is_a_share(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    rows = pa.table(
        {
            "dept": ["IT", "IT", "IT"],
            "job": ["A", "A", "A"],
            "yearly": ["52000.00", None, None],
            "rate": [None, "20.50", "20.50"],
            "weekly": [None, 40, 20],
            "time": ["Full", "F", "Part"],
        }
    )
    columns = RosterColumns("dept", title="job", annual="yearly", hourly="rate", hours="weekly", basis="time")
    with duckdb.connect() as connection:
        connection.register("data", rows)
        found = connection.execute(roster_query(columns, period="").sql("duckdb")).to_arrow_table()
    (count,) = read_counts(found)
    assert (count.posts, count.fte, count.cost_cents, count.costed) == (3, 2.5, 11_596_000, 3)
