"""`cupola structure` at the prompt: what it answers, and the exit codes that scripts go by."""

import json
from pathlib import Path

import pytest
from tests.factories import NOON
from typer.testing import CliRunner

from cupola.cli.app import app
from cupola.errors import CupolaError
from cupola.folder import parse
from cupola.web.structure.actions import branch, store
from cupola.web.structure.models import Structure

pytestmark = pytest.mark.django_db
HEAD = (
    "Post Unique Reference,Name,Grade (or equivalent),Job Title,Job/Team Function,Parent Department,Organisation,Unit,"
    "Contact Phone,Contact E-mail,Reports to Senior Post,Salary Cost of Reports (£),FTE,Actual Pay Floor (£),"
    "Actual Pay Ceiling (£),Total Pay (£),Professional/Occupational Group,Notes,Valid?\n"
)


def senior(*posts: tuple[str, str, str]) -> str:
    """Return an organogram of posts given as reference, title and boss."""
    rows = (
        f"{key},N/D,SCS1,{title},N/D,Agency,Agency,Digital,N/A,N/A,{boss},0,1.00,N/D,N/D,,Finance,,1"
        for key, title, boss in posts
    )
    return HEAD + "\n".join(rows) + "\n"


def cupola(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["structure", *words, "--home", str(home)])
    if isinstance(done.exception, CupolaError):  # what `main` makes an exit code of
        return done.exception.exit_code, str(done.exception)
    return done.exit_code, done.output


def test_a_failed_check_an_unknown_key_and_a_bad_file_each_have_a_code(home: Path, tmp_path: Path) -> None:
    code, said = cupola(home, "check", "chicago", "--on", "2021-01-31", "--json")
    assert (code, json.loads(said)["it-not-merged"]["answer"]) == (1, "fail")
    limits = json.loads(said)["spans-and-layers"]["limits"]
    assert limits["most_direct_reports"]["value"] == 11
    assert "Oregon" in limits["most_direct_reports"]["source"]
    assert cupola(home, "check", "chicago", "--on", "2024-12-31")[0] == 0
    assert cupola(home, "check", "atlantis")[0] == 3
    bad = tmp_path / "bad.yaml"
    bad.write_text("kind: structure\nkey: a\nname: A\nposts: {b: {works_in: nowhere}}\n")
    code, said = cupola(home, "import", "a", str(bad))
    assert (code, "nowhere" in said) == (2, True)


def test_a_comparison_with_a_template_gives_matches_edits_and_what_they_add_up_to(home: Path) -> None:
    asked = ("compare", "chicago", "three-themes", "--on", "2024-12-31")
    found = json.loads(cupola(home, *asked, "--json")[1])
    assert {row["which"]: row["match"] for row in found["matches"] if row["what"] == "role"} == {
        "cdo-data": "elsewhere",
        "cino": "missing",
        "cio": "present",
        "ciso": "missing",
        "cto": "extra",
    }
    created = {row["like"] for row in found["edits"] if row["edit"] == "created"}
    assert created == {"chief-innovation-officer", "chief-information-security-officer", "data-team", "digital-team"}
    assert all(row["sources"] == "E" for row in found["edits"])
    assert found["before"]["posts"] + sum(row["posts"] for row in found["edits"]) == found["after"]["posts"] == 6
    assert found["posts_without_cost"] == 2
    said = cupola(home, *asked, "--csv")[1]
    assert "Move Chief Data Officer to Data and analytics team; now: Mayor's Office." in said
    assert said.count("\n") == len(found["edits"]) + 1


def test_a_clash_stops_a_merger_with_a_code_of_its_own(home: Path) -> None:
    fields = {"key": "a", "name": "A", "offices": {"it": {"name": "IT"}}}
    store("a", parse("structure", fields).fields(), at=NOON)
    branch("a", "b", at=NOON, by="test")
    for key, name in (("a", "Technology"), ("b", "Digital")):
        changed = {**fields, "key": key, "offices": {"it": {"name": name}}}
        store(key, parse("structure", changed).fields(), at=NOON)
    code, said = cupola(home, "merge", "b", "--dry-run")
    assert (code, "Technology" in said, "Digital" in said) == (4, True, True)


def test_a_later_organogram_goes_on_from_the_earlier_one(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "senior.csv"
    top = ("1", "Director", "XX")
    vintages = {
        "2011-03-31": senior(top, ("2", "Head of Data", "1")),
        "2011-09-30": senior(top, ("9", "Head of Data", "1"), ("3", "Head of Design", "1")),
    }
    said = ""
    for on, text in vintages.items():
        file.write_text(text, encoding="utf-8")
        code, said = cupola(home, "import", "agency", "--organogram", str(file), "--on", on)
        assert code == 0, said
    assert "offices and posts matched by title" in said
    posts = {row.key: row.definition for row in Structure.objects.get(key="agency").posts.all()}
    assert set(posts) == {"post-1", "post-2", "post-3"}
    assert (posts["post-2"]["since"], posts["post-3"]["since"]) == ("2011-03-31", "2011-09-30")
    assert "until" not in posts["post-2"]
    assert cupola(home, "import", "agency", "--organogram", str(file), "--on", "2010-09-30")[0] == 2
