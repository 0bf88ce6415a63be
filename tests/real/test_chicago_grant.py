"""Chicago's innovation grant, followed through the budget books as they were published."""

import csv
from pathlib import Path

import pytest

from cupola.savings.incubation import BookLine, Said, follow

pytestmark = pytest.mark.real


def cents(text: str) -> int | None:
    return int(text) * 100 if text else None


def test_the_innovation_grant_ends_before_the_team_does(real_data: Path) -> None:
    with (real_data / "budgets" / "chicago_budget_grants.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["Description"].startswith("Total")]
    lines = [
        BookLine(
            int(row["Year"]),
            (row["Fund Code"], row["Appropriation Authority"]),
            row["Description"],
            *(cents(row[name]) for name in ("Previous Year Grant", "Anticipated Grant", "Carryover", "Year Total")),
        )
        for row in rows
    ]
    story = follow("0P71", lines, books={line.year for line in lines})
    assert [(one.year, str(one.said), one.total) for one in story.years] == [
        (2013, Said.NEW, 242_800_000),
        (2014, Said.NEW, 200_000_000),
        (2015, Said.CARRIED, 192_600_000),
        (2016, Said.CARRIED, 152_100_000),
        (2017, Said.BLANK, None),
        (2018, Said.ABSENT, None),
        (2019, Said.ABSENT, None),
        (2020, Said.CARRIED, 27_400_000),
        (2021, Said.BLANK, None),
    ]
    assert story.new_money == 392_800_000
    assert story.names == ("Innovation Delivery Grant", "Innovation Delivery")
