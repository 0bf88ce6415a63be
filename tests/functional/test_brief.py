"""`cupola brief`: a memo from files of a city this repository has never named, or one sentence about what it lacks."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from tests import commands

pytestmark = pytest.mark.slow


def brief(folder: Path, *words: str) -> Any:
    return commands.run("brief", *words, environment={**os.environ, "CUPOLA_MAP_ROWS": "0"}, folder=folder)


def test_two_rosters_and_a_budget_end_in_a_memo(tmp_path: Path) -> None:
    titles = [("Systems Analyst", 30), ("Data Scientist", 2), ("Librarian", 40), ("IT Director", 1)]
    older = "Dept;Job Title;Base Salary\n" + "".join(f"Admin;{t};51.200,00 €\n" * n for t, n in titles)
    newer = "JOB TITLE,DEPARTMENT NAME,Annual Salary\n" + "".join(f"{t},Digital Office,61200\n" * n for t, n in titles)
    (tmp_path / "staff-2023.csv").write_text(older, encoding="cp1252")
    (tmp_path / "list_2025.csv").write_text(newer)
    budget = (
        'Department,Line Item,FY24 Adopted,FY25 Adopted\nDigital Office,Software,900000,"1,250,000"\n'
        'Parks,Fuel,5,(6)\nTotal,,900005,"1,249,994"\n'  # below zero in brackets; a total is no account
    )
    (tmp_path / "money.csv").write_text(budget)
    files = ("--roster", "staff-2023.csv", "--roster", "list_2025.csv", "--budget", "money.csv")
    done = brief(tmp_path, *files, "--city", "Quillhaven", "--keep", "city")
    assert done.returncode == 0, done.stdout + done.stderr
    page = re.sub("<[^>]+>", "", (tmp_path / "brief.html").read_text())
    assert "In 2025, Quillhaven had 33 posts in technology, data and innovation among 73" in page
    assert "Admin (73 posts) is now Digital Office (73 posts)" not in page  # a new name alone is no news
    assert "$1,250,000" in page
    assert (
        "of a budget of $1.2 million" in page
    )  # 1,249,994: an amount in brackets is below zero, totals are no accounts
    assert "staff-2023.csv" in page  # the chain names the files
    assert "$2.0 million a year" in page  # 33 posts at 61,200
    words = "\n".join(one.text for one in Document(str(tmp_path / "brief.docx")).paragraphs)
    assert "What can be done" in words
    assert (tmp_path / "city" / "city.yaml").is_file()  # the folder to go on with


def test_a_file_that_is_no_roster_says_in_one_sentence_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "trees.csv").write_text("Street,Species\nElm,Oak\n")
    done = brief(tmp_path, "--roster", "trees.csv")
    assert done.returncode == 2
    assert "A roster needs a column with the department and one with the title" in done.stderr
    assert "--roster-column department=NAME" in done.stderr
    assert not (tmp_path / "brief.html").exists()


def test_two_files_without_a_year_are_not_guessed(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("Department,Title\nIT,Programmer\n")
    done = brief(tmp_path, "--roster", "a.csv", "--roster", "b.csv")
    assert done.returncode == 2
    assert "Write the year before each, as in 2024=FILE" in done.stderr
