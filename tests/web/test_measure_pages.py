"""Pages of measures: the scorecard, one measure, its files and pictures, what the public does not see."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.factories import make_city, make_dataset, make_grant, make_staff
from tests.measured import STEADY, make_measure, noon, permits

from cupola.web.data.models import Dataset
from cupola.web.performance.actions import compute
from cupola.web.performance.models import Measure
from cupola.web.performance.queries import series, standings

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]


@pytest.fixture
def measured(load: Load) -> Measure:
    """Return a measure whose newest month lies far above its limits, with a status and a target."""
    make_city()
    load(make_dataset(refresh="never"), permits([*STEADY, 30]))
    measure = make_measure(
        by=[["status"]],
        targets=[
            {
                "since": "2025-01-01",
                "milestones": [{"on": "2025-01-01", "value": 10.0}, {"on": "2027-12-31", "value": 20.0}],
            }
        ],
    )
    compute(at=noon(date(2026, 6, 1)))
    return measure


def page(address: str, person: Any = None) -> str:
    client = Client()
    if person:
        client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


def test_the_scorecard_says_how_many_show_a_signal(measured: Measure) -> None:
    told = page("/performance/")
    assert "1 measure, computed from the data." in told
    assert "<strong>1</strong> shows a signal" in told
    assert "30 permits in May 2026 is above everything that chance explains" in told
    assert "This is an improvement." in told


def test_a_measure_says_its_number_its_sentence_its_target_and_its_chain(measured: Measure) -> None:
    told = page("/performance/permits-issued/")
    assert "30 permits" in told
    assert "Reached early. Target: 20 permits by December 31, 2027." in told
    assert "How we know" in told
    assert "cupola measure show permits-issued" in told
    assert "(XmR chart)" in told
    assert told.count('class="chart__line chart__mark') >= 2


def test_a_group_has_a_page_and_a_file_of_its_own(measured: Measure) -> None:
    assert "Permits issued: Status open" in page("/performance/permits-issued/?group=status%3Dopen")
    lines = Client().get("/performance/permits-issued/values.csv?by=status").content.decode().splitlines()
    assert lines[0] == "period,until,status,value,numerator,denominator,n,target,state,note,version"
    assert [line[:10] for line in lines[1:3]] == ["2025-01-01", "2025-02-01"]
    assert lines[-1].startswith("2026-05-01,2026-06-01,open,30.0,")
    assert Client().get("/performance/permits-issued/?group=colour%3Dred").status_code == 404
    assert Client().get("/performance/permits-issued/values.csv?by=colour").status_code == 404


def test_the_picture_stands_alone_on_other_sites(measured: Measure) -> None:
    answer = Client().get("/performance/permits-issued/picture.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "X-Frame-Options" not in answer
    assert "above everything that chance explains" in answer.content.decode()


def test_the_public_sees_only_what_was_released(measured: Measure) -> None:
    make_measure("permits-draft", released=False)
    assert Client().get("/performance/permits-draft/").status_code == 404
    assert "Permits draft" not in page("/performance/")
    assert "Permits draft" in page("/performance/", make_staff())


def test_a_stale_measure_is_grey_on_every_page_and_shows_no_target_as_met(load: Load) -> None:
    make_city()
    load(make_dataset(refresh="daily"), permits([*STEADY, 30]))
    make_measure(targets=[{"since": "2025-01-01", "value": 5.0}])
    compute(at=noon(date(2026, 6, 1)))
    Dataset.objects.get().load_reports.update(started_at=noon(date(2026, 6, 1)))
    told = page("/performance/")
    assert "mood--grey" in told
    assert "aim--good" not in told
    assert "Its data is late." in page("/performance/permits-issued/")


def test_a_restatement_is_shown_with_before_and_after(load: Load, measured: Measure) -> None:
    load(Dataset.objects.get(), permits([*STEADY[:-1], 12, 30]))
    compute(at=noon(date(2026, 6, 2)))
    told = page("/performance/restatements/")
    assert "2 values between April 2026 and April 2026 changed from version 1 to 2 of the data." in told
    assert '<td class="is-number">9 permits</td><td class="is-number">12 permits</td>' in told


def test_measures_are_scored_as_boston_does(measured: Measure) -> None:
    told = page("/performance/cityscore/")
    assert "Why the score sits above 1" in told
    assert "The whole city" in told


def test_limits_begin_anew_where_the_document_says_why(load: Load) -> None:
    make_city()
    load(make_dataset(refresh="never"), permits([*STEADY, *(30 + count for count in STEADY)], since=date(2024, 1, 1)))
    make_measure(chart={"steps": [{"on": "2025-05-01", "reason": "New permit form"}], "fixed_after": 12})
    compute(at=noon(date(2026, 9, 1)))
    told = page("/performance/permits-issued/")
    assert "New permit form" in told
    assert "within what is usual, between 36 and 45 permits" in told


def test_every_page_speaks_spanish(measured: Measure) -> None:
    assert "30 permits en mayo de 2026" in page("/es/performance/permits-issued/")


def test_a_steward_types_a_value_in_with_a_reason_and_takes_it_back(measured: Measure) -> None:
    client, address = Client(), "/staff/measures/permits-issued/typed/"
    client.force_login(make_grant(make_staff("carla"), "coordinator").person)
    given = {"do": "type", "period": "2026-05-14", "value": "25", "reason": "The feed was down.", "author": "Buildings"}
    assert client.post(address, {**given, "reason": ""}).status_code == 400
    assert client.post(address, given).status_code == 302
    assert client.post(address, given).status_code == 400  # there is one already
    shown = page("/performance/permits-issued/")
    assert "25 permits" in shown
    assert "Typed in by Buildings: The feed was down." in shown
    assert client.post(address, {"do": "withdraw", "period": "2026-05-01", "reason": ""}).status_code == 400
    assert client.post(address, {"do": "withdraw", "period": "2026-05-01", "reason": "It is back."}).status_code == 302
    assert "Typed in by" not in page("/performance/permits-issued/")
    assert "Taken back on" in client.get(address).content.decode()


def test_an_optional_column_that_vanishes_turns_grey_what_reads_it_and_nothing_else(load: Load) -> None:
    make_city()
    columns = [
        {"name": "permit_number", "type": "text", "required": True},
        {"name": "issued_on", "type": "date"},
        {"name": "status", "type": "text", "optional": True},
    ]
    dataset = load(make_dataset(refresh="never", columns=columns), permits([*STEADY, 12]))
    make_measure()
    make_measure("permits-closed", value="share(status = 'closed')", by=[["status"]])
    make_measure("permits-closed-apart", value="", time_column="", gap={"of": "permits-closed", "between": "status"})
    compute(at=noon(date(2026, 6, 1)))
    assert not any(one.grey for one in standings(Measure.objects.all(), now=noon(date(2026, 6, 1))).values())
    without = "\n".join(line.rpartition(",")[0] for line in permits([*STEADY, 12]).splitlines())
    load(dataset, without + "\n")
    compute(at=noon(date(2026, 6, 2)))
    stands = standings(Measure.objects.all(), now=noon(date(2026, 6, 2)))
    assert {key for key, one in stands.items() if one.grey} == {"permits-closed", "permits-closed-apart"}
    assert "'status' has no values in the newest rows of permits (version 2)" in stands["permits-closed"].sentence
    kept = series(Measure.objects.get(key="permits-closed"), now=noon(date(2026, 6, 2)))
    assert {one.value for one in kept.points} == {0.0}  # as they were before


def test_what_its_source_still_revises_is_provisional_and_its_change_no_restatement(load: Load) -> None:
    make_city()
    dataset = load(make_dataset(refresh="never"), permits(STEADY))
    measure = make_measure(revised_for_days=45)
    states = []
    for day in (date(2026, 5, 20), date(2026, 6, 20)):
        compute(at=noon(day))
        point = series(measure, now=noon(day)).points[-1]
        states.append((str(point.state), point.reason))
        load(dataset, permits([*STEADY[:-1], STEADY[-1] + len(states)]))
    compute(at=noon(date(2026, 6, 21)))
    assert states == [("provisional", "Its source still revises it, until June 15, 2026."), ("final", "")]
    (restated,) = measure.restatements.all()
    assert [(one["before"], one["after"]) for one in restated.changes] == [(10.0, 11.0)]
