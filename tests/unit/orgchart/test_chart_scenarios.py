"""Scenarios: edits with what they need, cost and turn, and what is recorded of edits like them."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from cupola.folder import parse
from cupola.folder.library import jurisdictions, templates
from cupola.orgchart.edits import Edit, EditKind
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.reading import read_jurisdiction
from cupola.orgchart.scenarios import (
    Counsel,
    Deed,
    Instrument,
    Known,
    Needed,
    between,
    by_fund_and_year,
    totals_by_year,
    towards,
    usual_instruments,
)
from cupola.orgchart.scenarios.instruments import answer_for, usual_for
from cupola.orgchart.scenarios.turning import with_edits
from cupola.orgchart.states import State, state_of, totals

DAY = date(2024, 12, 31)
NOTHING = State({}, {})


def government(**said: Any) -> Jurisdiction:
    return read_jurisdiction(parse("structure", {"key": "a", "name": "A", **said}).fields())


def library() -> Known:
    return Known(library=tuple(jurisdictions().values()))


def test_every_edit_has_a_usual_instrument() -> None:
    for kind, of in product(EditKind, ("office", "post")):
        edit = Edit(kind, "x", of, "name", frozenset(), frozenset())
        assert usual_for(edit, NOTHING, NOTHING).instruments, kind


def test_what_is_usual_names_acts_the_library_holds() -> None:
    named = [one.split("/") for rule in usual_instruments() for one in rule.seen]
    assert len(named) > 20
    for place, act in named:
        assert act in {event.key for event in jurisdictions()[place].history.events}, (place, act)


def test_a_department_takes_an_ordinance_and_a_team_beside_the_mayor_an_order() -> None:
    city = government(
        offices={
            "mayor": {"kind": "executive", "housed_in": "mayors_office"},
            "team": {"kind": "team", "part_of": "mayor"},
            "it": {"kind": "department", "housed_in": "it_department"},
        }
    )
    state = state_of(city.history.on(DAY))

    def created(key: str) -> tuple[Instrument, ...]:
        edit = Edit(EditKind.CREATED, key, "office", "", frozenset(), state.said[key])
        return usual_for(edit, NOTHING, state).instruments

    assert Instrument.ORDINANCE in created("it")
    assert created("team") == (Instrument.EXECUTIVE_ORDER, Instrument.BUDGET_AMENDMENT)


def test_counsel_is_heard_on_the_subject_first_then_on_the_newest_day() -> None:
    merged = Edit(EditKind.MERGED, "doit", "office", "", frozenset(), frozenset(), others=("ais",))

    def said(key: str, on: date, *subjects: str) -> Counsel:
        needs = (Needed(Instrument.ORDINANCE, "the council", 90, "Code 2-24"),)
        return Counsel(key, (EditKind.MERGED,), needs, on, "Law department", subjects=subjects)

    general, named = said("all", date(2024, 5, 1)), said("doit", date(2024, 1, 1), "doit")
    older, later = said("older", date(2023, 1, 1)), said("later", date(2025, 1, 1), "doit")
    assert answer_for(merged, [general, named, older, later], on=DAY) is named
    assert answer_for(merged, [general, older, later], on=DAY) is general
    assert answer_for(merged, [later], on=DAY) is None
    assert answer_for(merged, [said("other", DAY, "dti")], on=DAY) is None


def test_lead_times_follow_one_another_and_one_unknown_leaves_the_sum_unknown() -> None:
    order, notice = Needed(Instrument.ORDINANCE, lead_days=60), Needed(Instrument.BARGAINING_NOTICE, lead_days=45)
    assert Counsel("a", (EditKind.MERGED,), (order, notice), DAY, "x").lead_days == 105
    assert Counsel("a", (EditKind.MERGED,), (order, Needed(Instrument.CHARTER)), DAY, "x").lead_days is None
    assert Counsel("a", (EditKind.FILLED,), (), DAY, "x").lead_days == 0


def test_posts_and_money_by_fund_and_year_are_what_arithmetic_gives() -> None:
    before = government(
        offices={"lab": {"funding": "grant"}, "it": {"funding": "general_fund"}},
        posts={
            "lead": {"works_in": "lab", "cost": 100},
            "half": {"works_in": "it", "cost": 80, "fte": 0.5, "funding": {"source": "grant", "share": 0.25}},
            "gone": {"works_in": "it", "cost": 60},
        },
    )
    after = government(
        offices={"lab": {"funding": "grant"}, "it": {"funding": "general_fund"}},
        posts={
            "lead": {"works_in": "it", "cost": 110},
            "half": {"works_in": "it", "cost": 80, "fte": 0.5, "funding": {"source": "grant", "share": 0.25}},
            "new": {"works_in": "it"},
            "unpriced": {"works_in": "it"},
        },
    )
    states = [state_of(one.history.on(DAY)) for one in (before, after)]
    found = by_fund_and_year(*states, prices={"new": Decimal(90)}, starts={"lead": 1, "new": 2, "unpriced": 2}, years=3)
    table = {one.fund: one for one in found}
    # the grant pays the lead until the second year, and a quarter of the half post always
    assert table["grant"].cost == (120, 120, 20, 20)
    assert table["grant"].posts == (Decimal("1.125"), Decimal("1.125"), Decimal("0.125"), Decimal("0.125"))
    # who is not named changes in the first year: the post that goes is gone then
    assert table["general_fund"].cost == (60, 0, 110, 200)
    assert table["general_fund"].uncosted == (0, 0, 0, 1)
    assert table[""].cost == (60, 60, 60, 60)  # nobody says who pays the rest of the half post
    together = totals_by_year(found)
    assert together is not None
    assert together.cost[0] == totals(states[0]).cost == 240
    assert totals_by_year(()) is None


@pytest.mark.slow
@pytest.mark.parametrize("template", ["innovation-office-outside", "three-themes"])
def test_a_government_with_its_edits_made_has_the_chart_they_lead_to(template: str) -> None:
    for one in jurisdictions().values():
        found = towards((one, DAY), (templates()[template], DAY), known=Known())
        made = with_edits(one, [line.edit for line in found.lines], day=DAY)
        assert state_of(made.history.on(DAY)) == found.after, one.key


def test_chicagos_merger_turns_the_check_of_it_and_its_undoing_turns_it_back() -> None:
    chicago = jurisdictions()["chicago"]
    merged = between((chicago, date(2019, 12, 31)), (chicago, date(2020, 12, 31)), known=library())
    question = "Is IT a department of its own?"
    turns = {one.check.question: (one.before.answer, one.after.answer) for one in merged.turned}
    assert turns[question] == ("pass", "fail")
    assert merged.subjects(Deed.CLOSE, "office") == ("doit", "fleet-and-facility-management")
    assert merged.unanswered == len(merged.lines)
    assert set(merged.lead_days().values()) == {None}
    (doit,) = (line for line in merged.lines if line.edit.subject == "doit")
    assert [(one.place.key, one.act.key) for one in doit.elsewhere] == [("philadelphia", "oddt-merged")]

    undone = between((chicago, date(2023, 12, 31)), (chicago, date(2024, 12, 31)), known=library())
    turns = {one.check.question: (one.before.answer, one.after.answer) for one in undone.turned}
    assert turns[question][1] == "pass"
    assert "dti" in undone.subjects(Deed.CREATE, "office")


def test_nothing_of_the_future_of_a_government_speaks_for_its_own_past() -> None:
    chicago = jurisdictions()["chicago"]
    merged = between((chicago, date(2019, 12, 31)), (chicago, date(2020, 12, 31)), known=library())
    own = {one.act.key for line in merged.lines for one in line.elsewhere if one.place.key == "chicago"}
    assert own
    assert "ais-merged" not in own
    assert "mayoral-technology-officer" not in own
