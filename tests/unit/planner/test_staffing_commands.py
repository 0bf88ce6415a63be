"""`cupola plan solve` and `cupola plan explain` on one file, without a home."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cupola.cli import staffing
from cupola.errors import InvalidInput, NotFound

PLANS = Path(__file__).resolve().parents[3] / "examples" / "plans"
IMPOSSIBLE = """
years: [2027, 2028]
classes:
  officer: {name: Data officer, start: 1, pay: 100, sources: [general], least: 1}
sources:
  general: {name: The general fund, amount: 99}
"""

pytestmark = pytest.mark.slow


def run(*words: object):  # type: ignore[no-untyped-def]
    app = typer.Typer()
    staffing.register(app)
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_plan_is_told_with_its_cost_its_cliffs_and_simple_rules_beside_it() -> None:
    said = run("solve", PLANS / "los-angeles.yaml", "--chances", "--front")
    assert said.exit_code == 0
    for sentence in (
        "Cliff in 2018",
        "Chance of being funded: 2016 100%",
        "0 missing, 4 changes",
        "simple rules: greedy",
    ):
        assert sentence in " ".join(said.output.split())


def test_a_plan_is_one_document_for_machines() -> None:
    told = json.loads(run("solve", PLANS / "incubation.yaml", "--json").output)
    assert told["posts"]["The team"] == [8, 8, 8, 5, 5, 4, 4, 3]
    assert told["how"] == "optimal"


def test_reasons_are_told_for_one_class_or_all() -> None:
    one = run("explain", PLANS / "austin.yaml", "fellow").output
    assert one.startswith("- Design and technology fellow: cannot stay after 2018")
    assert len(json.loads(run("explain", PLANS / "austin.yaml", "--json").output)) == 2


def test_where_there_is_no_plan_the_limits_are_named(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(IMPOSSIBLE, encoding="utf-8")
    said = run("solve", file)
    assert said.exit_code == 1
    words = " ".join(said.output.split())
    assert "cannot hold together: The general fund has 99 a year; Data officer: no fewer posts" in words
    assert "There is a plan once this gives way" in words


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [(None, NotFound, "no file"), ("a: [", InvalidInput, "not YAML"), ("- 1", InvalidInput, "not a staffing problem")],
)
def test_a_file_that_cannot_be_used_is_refused(
    tmp_path: Path, text: str | None, kind: type[Exception], sentence: str
) -> None:
    file = tmp_path / "plan.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(kind, match=sentence):
        raise run("solve", file).exception  # type: ignore[misc]


def test_an_unknown_class_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="There are: fellow, designer"):
        raise run("explain", PLANS / "austin.yaml", "nobody").exception  # type: ignore[misc]
