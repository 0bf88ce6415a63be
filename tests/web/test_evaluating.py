"""An initiative evaluated by its registration: what is read, kept, told and refused, and what the public sees of it."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext, override
from tests.factories import make_city, make_dataset, make_grant, make_staff
from tests.measured import make_measure, noon
from tests.web.agenda_city import make
from typer.testing import CliRunner

from cupola.cli.app import app
from cupola.evaluation import Result, choosing, patterns
from cupola.folder import FolderInvalid, parse
from cupola.web.accounts.models import Event
from cupola.web.agenda.actions import NotRegistered, evaluate, evaluate_all
from cupola.web.agenda.models import Evaluation
from cupola.web.agenda.queries import estimates, findings
from cupola.web.agenda.queries.outcomes import NothingMeasured
from cupola.web.data.models import Dataset
from cupola.web.performance.actions import compute

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]
AT = noon(date(2026, 6, 1))
GROUPS = "abcdefgh"
PLAN = {
    "on": "2024-12-01",
    "measure": "permits-issued",
    "question": "Are there fewer?",
    "dimension": "status",
    "treated": ["a", "b"],
    "since": "2023-01-01",
    "began": "2025-01-01",
    "until": "2026-01-01",
    "method": "difference_in_differences",
    "stop": "One look.",
}
ABOUT = {"type": "experiment", "owner": "works", "aim": "Fewer.", "success": "A fifth.", "since": "2024-12-01"}


def permits(*, without: tuple[str, int] = ("", 0)) -> str:
    """Write three years in which all groups double, and the treated from the third year on have a quarter less."""
    lines, number = [], 0
    for month in range(36):
        for place, group in enumerate(GROUPS):
            count = (12 + place + (month * 5 + place * 3) % 4) * (1 + month / 36)
            count *= 0.75 if group in "ab" and month >= 24 else 1
            for _one in range(0 if (group, month) == without else round(count)):
                number += 1
                lines.append(f"P-{number},{2023 + month // 12}-{month % 12 + 1:02d}-{number % 27 + 1:02d},{group}")
    return "permit_number,issued_on,status\n" + "\n".join(lines) + "\n"


@pytest.fixture
def city(load: Load) -> Dataset:
    make_city()
    dataset = load(make_dataset(refresh="never"), permits())
    make_measure(by=[["status"]])
    compute(at=AT)
    return dataset


def initiative(**plan: Any) -> None:
    make("initiative", "fewer", name="Fewer permits", released=True, registration={**PLAN, **plan}, **ABOUT)


def page(address: str, person: Any = None) -> str:
    client = Client()
    if person:
        client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_planted_fall_is_found_and_the_naive_rise_shown_as_wrong(city: Dataset) -> None:
    initiative()
    made = evaluate("fewer", at=AT, by="ada")
    found = Result.from_json(made.content["result"])
    assert found.estimate.low < 0.75 < found.estimate.high
    assert found.naive is not None
    assert found.naive.effect > 1
    assert (made.number, made.design, made.values_version, made.dataset_version) == (1, "differences", 1, 1)
    assert found.inputs == ("permits-issued@1", "permits@1")
    assert made.content["deviations"] == []
    assert Event.objects.filter(action="agenda.evaluated", target_key="fewer", by_name="ada").exists()
    told = page("/agenda/initiatives/fewer/")
    assert "lower than it would have been (95 % interval:" in told
    assert "That is outside the interval" in told
    assert "Before and after alone is refused" in told
    assert "cupola evaluate fewer" in told
    assert "chart__line--start" in told


def test_the_same_data_gives_no_new_row_and_other_data_does(city: Dataset, load: Load) -> None:
    initiative()
    first = evaluate("fewer", at=AT)
    assert evaluate("fewer", at=noon(date(2026, 6, 2))) == first
    load(city, permits(without=("h", 30)))
    compute(at=noon(date(2026, 6, 3)))
    second = evaluate("fewer", at=noon(date(2026, 6, 3)))
    assert (second.number, second.dataset_version) == (2, 2)
    assert Evaluation.objects.count() == 2


def test_what_was_done_otherwise_than_planned_is_told(city: Dataset) -> None:
    initiative(controls=["c", "d", "e", "missing"], until="2027-01-01")
    told = estimates.told(evaluate("fewer", at=AT))
    assert told.deviations == (
        "groups compared with: planned c, d, e, missing, done c, d, e",
        "until: planned 2027-01-01, done 2026-01-01",
    )
    assert "Done otherwise than planned" in page("/agenda/initiatives/fewer/")


def test_before_and_after_is_refused_even_where_it_was_registered(city: Dataset) -> None:
    initiative(method="before_after")
    made = evaluate("fewer", at=AT)
    assert made.design == "differences"
    assert [one["part"] for one in made.content["deviations"]] == ["design"]


def test_the_whole_city_is_one_series_and_a_short_one_is_tracked(city: Dataset) -> None:
    whole = {**PLAN, "dimension": "", "treated": []}
    make("initiative", "more", name="More permits", released=True, registration=whole, **ABOUT)
    assert evaluate("more", at=AT).design == "interrupted"
    initiative(dimension="", treated=[], since="2024-07-01")
    told = estimates.told(evaluate("fewer", at=AT))
    assert told.effect == ""
    assert told.finding == "Permits issued is tracked; no effect is claimed."
    assert "cannot tell season and trend from an effect" in told.reason
    assert "is tracked; no effect is claimed" in page("/agenda/initiatives/fewer/")


def test_groups_that_began_on_different_days_are_read_from_the_registration(city: Dataset) -> None:
    starts = {"a": "2025-01-01", "b": "2025-06-15"}
    initiative(starts=starts, method="staggered_starts")
    made = evaluate("fewer", at=AT)
    asked = made.content["question"]
    assert (made.design, made.content["deviations"]) == ("staggered", [])
    assert "2025-06-01" not in asked["periods"]  # it began half way through
    begun = dict(zip(asked["units"], asked["starts"], strict=True))
    assert [asked["periods"][begun[unit]] for unit in "ab"] == ["2025-01-01", "2025-07-01"]
    assert {begun[unit] for unit in "cdefgh"} == {-1}
    assert Result.from_json(made.content["result"]).estimate.effect < 0.9


def test_groups_drawn_by_lot_are_a_trial_and_those_without_values_are_lost(city: Dataset) -> None:
    initiative(method="trial", drawn="Lots before the council", controls=["c", "d", "e", "f", "g", "h", "gone"])
    made = evaluate("fewer", at=AT)
    found = Result.from_json(made.content["result"])
    assert (made.design, found.n["lost"], found.n["treated"], found.n["controls"]) == ("trial", 1, 2, 6)
    assert found.others["adjusted"].effect == pytest.approx(0.75, abs=0.01)
    assert found.others["adjusted"].standard_error < found.estimate.standard_error
    assert found.naive is not None
    assert found.naive.effect > 1
    assert [one["part"] for one in made.content["deviations"]] == ["controls"]
    told = estimates.told(made)
    assert "Chance decided who was treated" in told.reason
    assert any("the outcome before" in one.says for one in told.checks)
    assert told.chart is not None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"starts": {"c": "2025-01-01"}}, "starts"),
        ({"starts": {"a": "2025-03-01", "b": "2025-04-01"}}, "began"),
        ({"method": "trial"}, "drawn"),
    ],
)
def test_a_registration_that_does_not_hold_together_is_refused(said: dict[str, Any], field: str) -> None:
    with pytest.raises(FolderInvalid, match=field):
        parse("initiative", {"key": "fewer", "name": "Fewer", **ABOUT, "registration": {**PLAN, **said}})


def test_staff_evaluate_from_the_page(city: Dataset) -> None:
    initiative()
    person = make_staff("ada")
    make_grant(person, "coordinator")
    client = Client()
    client.force_login(person)
    assert "Evaluate now" in client.get("/agenda/initiatives/fewer/").content.decode()
    for says in ("Evaluation 1 is new.", "it read the same values"):
        answer = client.post("/staff/agenda/initiative/fewer/evaluate/", follow=True)
        assert says in answer.content.decode()
    assert Evaluation.objects.get().by_name == "ada"
    assert client.post("/staff/agenda/initiative/nothing/evaluate/").status_code == 404


def test_what_cannot_be_evaluated_says_why(city: Dataset) -> None:
    make("initiative", "talk", name="Talk", **ABOUT)
    with pytest.raises(NotRegistered, match="talk says under no 'registration'"):
        evaluate("talk", at=AT)
    initiative(treated=["z"])
    with pytest.raises(NothingMeasured, match="no final value of z"):
        evaluate("fewer", at=AT)
    assert [(one.key, bool(one.error)) for one in evaluate_all(at=AT)] == [("fewer", True)]


def test_the_public_sees_no_result_of_a_measure_that_is_not_released(city: Dataset) -> None:
    make_measure(by=[["status"]], released=False)
    initiative()
    evaluate("fewer", at=AT)
    assert "than it would have been" not in page("/agenda/initiatives/fewer/")
    assert "than it would have been" in page("/agenda/initiatives/fewer/", make_staff())


def test_the_finding_is_told_in_spanish(city: Dataset) -> None:
    initiative()
    made = evaluate("fewer", at=AT)
    with override("es"):
        told = estimates.told(made)
    assert "de lo que habría sido" in told.finding
    assert json.loads(json.dumps(made.content)) == made.content


def test_the_command_tells_it_and_writes_it_as_json(city: Dataset, home: Path) -> None:
    initiative()
    told = CliRunner().invoke(app, ["evaluate", "fewer", "--home", str(home)]).output
    assert "lower than it would have been" in told
    assert "Before and after alone is refused" in told
    assert "Evaluation 1 of fewer: permits-issued@1, permits@1" in told
    listed = CliRunner().invoke(app, ["evaluate", "--home", str(home)]).output
    assert "fewer" in listed
    (written,) = json.loads(CliRunner().invoke(app, ["evaluate", "--json", "--home", str(home)]).output)
    assert written["initiative"] == "fewer"
    assert written["number"] == 1
    assert written["result"]["design"] == "differences"


def test_every_pattern_of_the_engine_is_named_for_the_catalogue_and_keeps_its_facts_in_spanish() -> None:
    told = {text for name, text in vars(patterns).items() if name.isupper() and isinstance(text, str)}
    checks = {*patterns.HOLDS.values(), *patterns.FAILS.values(), *patterns.INFORMS.values()}
    reasons = {text for name, text in vars(choosing).items() if name.isupper() and isinstance(text, str)}
    assert (told, checks, reasons) == (set(findings.FINDINGS), set(findings.CHECKS), set(findings.REASONS))
    with override("es"):
        for pattern in (*findings.FINDINGS, *findings.CHECKS, *findings.REASONS):
            spanish = gettext(pattern)
            assert spanish != pattern
            assert set(re.findall(r"{\w+}", spanish)) == set(re.findall(r"{\w+}", pattern))
