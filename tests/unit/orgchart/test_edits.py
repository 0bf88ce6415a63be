"""Differences between charts: they lead from one to the other and back, add up, and merge."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cupola.orgchart import Event, Funding, Line, Moment
from cupola.orgchart.edits import DoesNotApply, EditKind, apply, diff, effects, reverse
from cupola.orgchart.merging import merge
from cupola.orgchart.states import HERE, Said, State, Totals, totals
from cupola.orgchart.vocabulary import EventKind, Function, FundingSource, Mandate

KEYS = ("alpha", "beta", "gamma", "delta")
KINDS = {"alpha": "office", "beta": "office", "gamma": "post", "delta": "post"}
PAIRS: list[Said] = [
    ("name", "one"),
    ("name", "two"),
    ("part_of", "alpha"),
    ("works_in", "alpha"),
    ("works_in", "beta"),
    ("mandate", Mandate.POLICY),
    ("mandate", Mandate.OPERATIONAL),
    ("function", Function.GIS),
    ("function", Function.OPEN_DATA),
    ("dotted_to", Line("alpha")),
    ("funding", Funding(FundingSource.GRANT, Decimal("0.25"))),
    ("funding", Funding(FundingSource.GENERAL_FUND, Decimal("0.75"))),
    ("cost", Decimal(100_000)),
    ("cost", Decimal(120_000)),
    ("fte", Decimal("0.5")),
    ("filled", False),
]


def state(said: dict[str, set[Said]]) -> State:
    return State({key: KINDS[key] for key in said}, {key: frozenset({HERE, *pairs}) for key, pairs in said.items()})


STATES = st.dictionaries(st.sampled_from(KEYS), st.sets(st.sampled_from(PAIRS))).map(state)
PROPERTY = settings(max_examples=500, deadline=None)


@PROPERTY
@given(STATES)
def test_a_chart_does_not_differ_from_itself(one: State) -> None:
    assert diff(one, one) == ()


@PROPERTY
@given(STATES, STATES)
def test_the_edits_lead_from_one_chart_to_the_other_and_back(one: State, other: State) -> None:
    edits = diff(one, other)
    assert apply(one, edits) == other
    assert apply(other, reverse(edits)) == one


@PROPERTY
@given(STATES, STATES)
def test_the_edits_add_up_to_the_difference_of_the_totals(one: State, other: State) -> None:
    added = sum((effect for _, effect in effects(one, diff(one, other))), Totals())
    assert added == totals(other) - totals(one)


@PROPERTY
@given(STATES, STATES, STATES)
def test_branches_that_touch_different_records_merge_the_same_both_ways(base: State, one: State, other: State) -> None:
    halves = [
        apply(base, [edit for edit in diff(base, branch) if edit.subject in keys])
        for branch, keys in ((one, KEYS[:2]), (other, KEYS[2:]))
    ]
    first, second = merge(base, *halves), merge(base, *reversed(halves))
    assert first == second
    assert first.clashes == ()
    assert first.state == apply(halves[0], diff(base, halves[1]))


@PROPERTY
@given(STATES, STATES, STATES)
def test_what_both_branches_changed_differently_is_named_and_left_as_it_was(
    base: State, one: State, other: State
) -> None:
    merged = merge(base, one, other)
    for clash in merged.clashes:
        assert len({clash.base, clash.mine, clash.theirs}) == 3
        now = merged.state.said.get(clash.subject, frozenset())
        kept = now if clash.attribute == "exists" else {pair for pair in now if pair[0] == clash.attribute}
        assert kept == clash.base


def test_an_edit_that_no_longer_fits_is_refused() -> None:
    edits = diff(state({"gamma": {("name", "one")}}), state({"gamma": {("name", "two")}}))
    with pytest.raises(DoesNotApply, match="gamma"):
        apply(state({"gamma": {("name", "three")}}), edits)


def test_an_office_with_the_posts_of_another_is_a_split_and_back_again_a_merger() -> None:
    whole = state({"alpha": set(), "gamma": {("works_in", "alpha")}, "delta": {("works_in", "alpha")}})
    parts = state({"alpha": set(), "beta": set(), "gamma": {("works_in", "beta")}, "delta": {("works_in", "alpha")}})
    assert [(edit.kind, edit.others) for edit in diff(whole, parts) if edit.of == "office"] == [
        (EditKind.SPLIT, ("alpha",))
    ]
    assert [(edit.kind, edit.others) for edit in diff(parts, whole) if edit.of == "office"] == [
        (EditKind.MERGED, ("alpha",))
    ]


def test_a_recorded_merger_is_named_where_no_posts_are_recorded() -> None:
    event = Event("m", Moment.parse("2020"), (EventKind.MERGE,), ("alpha",), origins=("alpha",), results=("beta",))
    edits = diff(state({"alpha": set()}), state({"beta": set()}), events=[event])
    assert [(edit.kind, edit.subject, edit.others, edit.events) for edit in edits] == [
        (EditKind.MERGED, "alpha", ("beta",), ("m",)),
        (EditKind.CREATED, "beta", (), ()),
    ]


def test_money_that_was_lent_and_is_now_budgeted_is_converted() -> None:
    lent, kept = (
        state({"beta": {("funding", Funding(source))}}) for source in (FundingSource.GRANT, FundingSource.GENERAL_FUND)
    )
    assert [edit.kind for edit in diff(lent, kept)] == [EditKind.FUNDING_CONVERTED]
    assert [edit.kind for edit in diff(kept, lent)] == [EditKind.FUNDING_CHANGED]
