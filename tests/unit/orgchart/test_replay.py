"""The chart of a day, and the replay of what happened until then."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cupola.orgchart import Answer, Event, Fact, History, Line, Moment, Span, disagreements
from cupola.orgchart.vocabulary import EventKind, Status

FIRST = date(2010, 1, 1)
DAYS = st.integers(0, 4000).map(lambda days: FIRST + timedelta(days=days))
MOMENTS = st.builds(
    lambda day, length: Moment.parse(day.isoformat()[:length]), DAYS, st.sampled_from([4, 7, 10])
) | st.just(Moment())


def day(text: str) -> date:
    return date.fromisoformat(text)


def name(text: str, since: str | None = None, until: str | None = None, **more: object) -> Fact:
    span = Span(None if since is None else Moment.parse(since), None if until is None else Moment.parse(until))
    return Fact("it", "name", text, span, **more)  # type: ignore[arg-type]


@st.composite
def histories(draw: st.DrawFn) -> History:
    events = tuple(
        Event(f"e{number}", on, (EventKind.RENAME,), ("it",), order=draw(st.integers(0, 2)))
        for number, on in enumerate(draw(st.lists(MOMENTS, max_size=5)))
    )
    facts = []
    for number in range(draw(st.integers(0, 8))):
        ends = (
            sorted(draw(st.lists(st.sampled_from(events), max_size=2)), key=lambda event: event.on.latest or FIRST)
            if events
            else []
        )
        loose = sorted(draw(st.lists(MOMENTS, max_size=2)), key=lambda on: on.latest or FIRST)
        begun, ended = (ends[0].key if ends else ""), (ends[1].key if len(ends) > 1 else "")
        since = ends[0].on if ends else loose[0] if loose else None
        until = ends[1].on if len(ends) > 1 else loose[1] if len(loose) > 1 and not ends else None
        attribute, value = draw(
            st.sampled_from([("name", f"name {number}"), ("reports_to", Line("mayor")), ("exists", True)])
        )
        facts.append(
            Fact(
                draw(st.sampled_from(["it", "mayor"])),
                attribute,
                value,
                Span(since, until),
                begun_by=begun,
                ended_by=ended,
            )
        )
    return History({"it": "office", "mayor": "office"}, tuple(facts), events)


@settings(max_examples=500, deadline=None)
@given(histories(), DAYS)
def test_a_chart_on_a_day_equals_its_replay(history: History, on: date) -> None:
    assert history.on(on) == history.replay(on)


@settings(max_examples=500, deadline=None)
@given(histories(), DAYS, st.randoms())
def test_the_order_of_facts_and_events_does_not_matter(history: History, on: date, chance: object) -> None:
    facts, events = list(history.facts), list(history.events)
    chance.shuffle(facts)  # type: ignore[attr-defined]
    chance.shuffle(events)  # type: ignore[attr-defined]
    assert History(history.subjects, tuple(facts), tuple(events)).on(on) == history.on(on)


def test_a_date_known_to_the_month_leaves_its_days_possible() -> None:
    span = Span(Moment.parse("2012-06"))
    answers = [span.holds(day(text)) for text in ("2012-05-31", "2012-06-01", "2012-06-29", "2012-06-30")]
    assert answers == [Answer.NO, Answer.POSSIBLE, Answer.POSSIBLE, Answer.YES]


def test_an_unknown_end_leaves_every_later_day_possible() -> None:
    span = Span(Moment.parse("2012-06-01"), Moment())
    assert span.holds(day("2012-05-31")) is Answer.NO
    assert span.holds(day("2030-01-01")) is Answer.POSSIBLE


def test_two_sources_that_disagree_both_stay() -> None:
    history = History(
        {"it": "office"},
        (
            name("Department of Technology", sources=("E",), status=Status.CLAIMED),
            name("Bureau of Technology", sources=("s1",)),
        ),
    )
    chart = history.on(day("2015-01-01"))
    assert chart.values("it", "name") == ("Bureau of Technology", "Department of Technology")
    assert list(disagreements(held.fact for held in chart.facts())) == [("it", "name")]
