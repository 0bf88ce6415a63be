"""A roster and a budget of a small city, loaded through the pipeline and described as plans."""

from collections.abc import Callable
from typing import Any

import yaml
from tests.conftest import ROOT
from tests.factories import make_dataset, make_structure

from cupola.web.planning.models import Budget, Roster, Scenario, StaffingPlan

ROSTER = "department,title,pay,period\n" + "".join(
    f"{department},{title},{pay},{period}\n" * posts
    for department, title, pay, period, posts in (
        ("Information Technology", "Programmer", 80_000, 2024, 12),
        ("Information Technology", "Chief Information Officer", 180_000, 2024, 1),
        ("Buildings", "Custodian", 40_000, 2024, 40),
        ("Buildings", "GIS Analyst", 70_000, 2024, 2),
        ("Mayor's Office", "Aide", 60_000, 2024, 9),
        ("Shared Services", "Programmer", 82_000, 2026, 13),
        ("Shared Services", "Chief Information Officer", 185_000, 2026, 1),
        ("Shared Services", "Custodian", 41_000, 2026, 38),
        ("Shared Services", "GIS Analyst", 71_000, 2026, 2),
        ("Shared Services", "Enterprise Support Manager", 90_000, 2026, 1),
        ("Mayor's Office", "Aide", 61_000, 2026, 9),
        ("Police", "Crime Data Analyst", 75_000, 2026, 3),
    )
)
BUDGET = """department,account,amount,period
Shared Services,Software Licensing,250000.50,2026
Shared Services,Salaries,4000000,2026
Police,Telephone,90000,2026
Police,Reserve Balance,10000,2026
"""
TEXT, MONEY, YEAR = {"type": "text"}, {"type": "money"}, {"type": "integer"}
ROSTER_COLUMNS = {"department": TEXT, "title": TEXT, "pay": MONEY, "period": YEAR}
BUDGET_COLUMNS = {"department": TEXT, "account": TEXT, "amount": MONEY, "period": YEAR}
PAGES = [
    "/staff/plans/",
    "/staff/plans/posts/staff/",
    "/staff/plans/posts/staff/department/?name=Shared%20Services",
    "/staff/plans/posts/staff/titles/",
    "/staff/plans/posts/staff/titles/settle/?title=Enterprise%20Support%20Manager",
    "/staff/plans/money/budget/",
    "/staff/plans/money/budget/accounts/?department=Police",
    "/staff/plans/money/budget/accounts/settle/?account=Reserve%20Balance",
    "/staff/plans/memo/",
    "/staff/plans/brief/",
    "/staff/plans/years/los-angeles/",
    "/staff/plans/scenarios/",
    "/staff/plans/scenarios/own-department/",
    "/staff/plans/counsel/new/?edit=merged&of=office",
    "/staff/plans/posts/staff/offices/",
    "/staff/plans/posts/staff/offices/settle/?name=Police&since=new",
    "/staff/plans/money/budget/offices/",
]


SCENARIO = {
    "key": "own-department",
    "title": "Technology as a department of its own",
    "question": "What would it take?",
    "of": "springfield",
    "to": "three-themes",
    "of_on": "2026-10-01",
    "years": 2,
    "pay": [{"post": "chief-data-officer", "amount": 200_000, "source": "Salary ordinance, grade 21"}],
    "one_off": [{"says": "Moving the server room", "amount": 400_000, "year": 2028, "source": "Quote of March"}],
}


def make_plans(load: Callable[..., Any]) -> tuple[Roster, Budget]:
    """Load both and describe them. The roster's pay is a rate, and no law of the city is cited."""
    columns = [{"name": name, **facts} for name, facts in ROSTER_COLUMNS.items()]
    load(make_dataset("staff", payroll=True, columns=columns, duplicates="keyless"), ROSTER)
    columns = [{"name": name, **facts} for name, facts in BUDGET_COLUMNS.items()]
    load(make_dataset("budget", columns=columns, duplicates="keyless"), BUDGET)
    said = {"department": "department", "title": "title", "annual": "pay", "period": "period"}
    definition = {"key": "staff", "dataset": "staff", "columns": said}
    page = yaml.safe_load((ROOT / "examples" / "plans" / "los-angeles.yaml").read_text(encoding="utf-8"))
    StaffingPlan.objects.create(key="los-angeles", title=page["title"], definition={"key": "los-angeles", **page})
    make_structure()
    Scenario.objects.create(key=SCENARIO["key"], title=SCENARIO["title"], definition=SCENARIO)
    roster = Roster.objects.create(key="staff", dataset="staff", definition=definition)
    return roster, Budget.objects.create(
        key="budget", dataset="budget", definition={"key": "budget", "dataset": "budget"}
    )
