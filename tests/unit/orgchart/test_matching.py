"""Two charts of one body without stable numbers: which post is which, and one history made of both."""

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cupola.orgchart import Fact, History, Line, Moment, Span
from cupola.orgchart.edits import EditKind, diff
from cupola.orgchart.matching import LEAST, How, OlderThanRecorded, match, pairs_with, succeed
from cupola.orgchart.standards.organogram import history_of, read_organogram
from cupola.orgchart.states import HERE, Said, State, state_of, totals

UK = Path(os.environ.get("CUPOLA_TEST_DATA", "/nowhere")) / "structure" / "uk_organograms"
FIRST, SECOND = "2011-03-31", "2011-09-30"
TITLES = ("Analyst", "Policy Adviser", "Head of Digital", "Clerk", "Driver")


def state(*posts: tuple[str, str, str]) -> State:
    """Return a chart of posts given as key, title and grade, all of one office."""
    said: dict[str, set[Said]] = {"it": {HERE, ("name", "Technology")}}
    for key, title, grade in posts:
        said[key] = {HERE, ("name", title), ("grade", grade), ("works_in", "it")}
    return State({**dict.fromkeys(said, "post"), "it": "office"}, {key: frozenset(one) for key, one in said.items()})


def history(chart: State, on: str) -> History:
    span = Span(Moment.parse(on))
    facts = [
        Fact(key, name, value, span, sources=(f"file-{on}",))
        for key, said in chart.said.items()
        for name, value in said
    ]
    return History(dict(chart.kinds), tuple(facts))


@st.composite
def charts(draw: st.DrawFn) -> State:
    keys = draw(st.lists(st.sampled_from([f"p{number}" for number in range(12)]), unique=True))
    return state(*((key, draw(st.sampled_from(TITLES)), draw(st.sampled_from("AB"))) for key in keys))


@settings(max_examples=200, deadline=None)
@given(charts(), charts(), st.booleans())
def test_pairs_are_one_to_one_and_stand_on_both_sides(before: State, after: State, numbered: bool) -> None:
    pairs = match(before, after, numbered=lambda key: numbered or key == "it")
    assert len({pair.before for pair in pairs}) == len({pair.after for pair in pairs}) == len(pairs)
    assert all(before.kinds[pair.before] == after.kinds[pair.after] for pair in pairs)
    assert all(0 < pair.confidence <= 1 for pair in pairs)
    assert all(pair.confidence >= LEAST for pair in pairs if pair.how is How.PROBABLE)
    if numbered:
        common = before.said.keys() & after.said.keys()
        assert {pair.before for pair in pairs if pair.how is How.NUMBER} == common
    assert match(before, before, numbered=lambda key: True) == tuple(
        sorted(match(before, before), key=lambda pair: pair.before)
    )


@settings(max_examples=200, deadline=None)
@given(charts(), charts())
def test_a_history_of_two_charts_is_each_of_them_on_its_day(before: State, after: State) -> None:
    old, new = history(before, FIRST), history(after, SECOND)
    pairs = pairs_with(old, new, Moment.parse(SECOND), numbered=lambda key: key == "it")
    both = succeed(old, new, Moment.parse(SECOND), pairs=pairs)
    assert state_of(both.on(date(2011, 9, 29))) == before
    now = state_of(both.on(date(2011, 9, 30)))
    assert Counter(now.said.values()) == Counter(after.said.values())  # the same posts, some under their earlier key
    assert both.on(date(2011, 9, 30)) == both.replay(date(2011, 9, 30))


def test_number_then_title_then_likeness() -> None:
    before = state(
        ("p1", "Analyst", "A"), ("x1", "Clerk", "B"), ("x2", "Head of Digital Services", "C"), ("x3", "Driver", "D")
    )
    after = state(
        ("p1", "Director", "Z"), ("y1", "Clerk", "B"), ("y2", "Head of the Digital Service", "C"), ("y3", "Nurse", "E")
    )
    pairs = {pair.before: pair for pair in match(before, after, numbered=lambda key: key in {"p1", "it"})}
    assert {key: (pair.after, pair.how) for key, pair in pairs.items()} == {
        "it": ("it", How.NUMBER),
        "p1": ("p1", How.NUMBER),
        "x1": ("y1", How.TITLE),
        "x2": ("y2", How.PROBABLE),
    }
    assert LEAST <= pairs["x2"].confidence < 1


def test_of_several_alike_nobody_can_say_which_is_which() -> None:
    before, after = state(("a", "Clerk", "B"), ("b", "Clerk", "B")), state(("c", "Clerk", "B"), ("d", "Clerk", "B"))
    found = match(before, after, numbered=lambda key: key == "it")
    assert [(pair.how, pair.confidence) for pair in found if pair.before != "it"] == [(How.TITLE, 0.5)] * 2


def test_what_staff_added_stays_and_an_older_file_is_refused() -> None:
    chart = state(("p1", "Analyst", "A"))
    old = history(chart, FIRST)
    own = Fact("p1", "reports_to", Line("it"), Span(Moment.parse("2011-05")), sources=("law",))
    old = History(old.subjects, (*old.facts, own))
    new = history(state(("p2", "Clerk", "B")), SECOND)
    pairs = pairs_with(old, new, Moment.parse(SECOND), numbered=lambda key: True)
    both = succeed(old, new, Moment.parse(SECOND), pairs=pairs)
    assert own in both.facts
    assert both.on(date(2011, 9, 30)).posts == ("p2",)
    with pytest.raises(OlderThanRecorded, match="Import older files first"):
        succeed(both, new, Moment.parse("2010-01-01"), pairs=())


def test_a_post_that_got_another_number_keeps_its_key_and_is_found_by_the_new_number_next_time() -> None:
    first, second = history(state(("p1", "Analyst", "A")), FIRST), history(state(("p7", "Analyst", "A")), SECOND)
    pairs = pairs_with(first, second, Moment.parse(SECOND), numbered=lambda key: True)
    both = succeed(first, second, Moment.parse(SECOND), pairs=pairs, numbered=lambda key: True)
    chart = both.on(date(2011, 9, 30))
    assert (chart.posts, chart.value("p1", "number")) == (("p1",), "p7")
    third = history(state(("p7", "Director", "Z")), "2012-03-31")
    found = pairs_with(both, third, Moment.parse("2012-03-31"), numbered=lambda key: True)
    assert {(pair.before, pair.after, pair.how) for pair in found} == {
        ("it", "it", How.NUMBER),
        ("p1", "p7", How.NUMBER),
    }
    after = succeed(both, third, Moment.parse("2012-03-31"), pairs=found, numbered=lambda key: True)
    assert after.on(date(2012, 3, 31)).value("p1", "name") == "Director"
    assert after.on(date(2012, 3, 31)).value("p1", "number") == "p7"


def organogram(on: str) -> History:
    """Return the Cabinet Office as its files of a day say."""
    senior, junior = ((UK / f"cabinet_office-{on}-{part}.csv").read_text("utf-8-sig") for part in ("senior", "junior"))
    return history_of(read_organogram(senior, junior), since=Moment.parse(on), source=f"file-{on}")


@pytest.mark.skipif(not UK.is_dir(), reason="the organograms are not on this machine")
def test_two_organograms_of_the_cabinet_office_are_one_history() -> None:
    old, new = (organogram(on) for on in (FIRST, SECOND))
    on = Moment.parse(SECOND)
    pairs = pairs_with(old, new, on, numbered=lambda key: not key.startswith("junior-"))
    how = Counter(pair.how for pair in pairs)
    assert how == {How.NUMBER: 198, How.TITLE: 208, How.PROBABLE: 224}
    both = succeed(old, new, on, pairs=pairs)
    before, after = both.on(date(2011, 6, 1)), both.on(date(2011, 10, 1))
    assert (len(before.posts), len(after.posts)) == (979, 863)
    assert totals(state_of(after)) == totals(state_of(new.on(date(2011, 10, 1))))
    edits = Counter(edit.kind for edit in diff(state_of(before), state_of(after)))
    rows = Counter(edit.kind for edit in diff(*(state_of(one.on(date(2011, 10, 1))) for one in (old, new))))
    assert edits[EditKind.RENAMED] < rows[EditKind.RENAMED] / 2  # rows of juniors are no numbers
