"""A chart beside a model: what would have to change, edit by edit."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from cupola.folder import parse
from cupola.folder.library import jurisdictions, templates
from cupola.orgchart.adopting import Adoption, adopt
from cupola.orgchart.chart import Chart
from cupola.orgchart.edits import apply, effects
from cupola.orgchart.reading import read_jurisdiction
from cupola.orgchart.states import Totals, chart_of, totals
from cupola.orgchart.telling import advice_sentence

DAY = date(2024, 12, 31)


def chart(**said: Any) -> Chart:
    return read_jurisdiction(parse("structure", {"key": "a", "name": "A", **said}).fields()).history.on(DAY)


MODEL = chart(
    offices={
        "exec": {"kind": "executive", "housed_in": "mayors_office", "headed_by": "boss"},
        "tech": {
            "functions": ["it_infrastructure", "security"],
            "housed_in": "it_department",
            "funding": "general_fund",
        },
        "data": {"functions": "data_analytics", "part_of": "tech", "headed_by": "cdo", "funding": "general_fund"},
    },
    posts={
        "boss": {"works_in": "exec"},
        "cdo": {"role": "cdo-data", "works_in": "data", "dotted_to": {"to": "boss", "type": "policy"}},
    },
)
CITY = chart(
    offices={
        "mayors-office": {
            "name": "Mayor's Office",
            "kind": "executive",
            "housed_in": "mayors_office",
            "headed_by": "mayor",
        },
        "it": {"name": "IT", "functions": ["it_infrastructure", "gis"], "housed_in": "it_department"},
        "analytics": {"name": "Analytics", "functions": "data_analytics", "part_of": "mayors-office"},
        "second-lab": {"name": "Second Lab", "functions": "data_analytics", "part_of": "it"},
        "press": {"name": "Press", "part_of": "mayors-office"},
    },
    posts={
        "mayor": {"name": "Mayor", "works_in": "mayors-office"},
        "chief": {"name": "Chief Data Officer", "role": "cdo-data", "works_in": "analytics"},
        "analyst": {
            "name": "Analyst",
            "works_in": "analytics",
            "cost": 100,
            "funding": [{"source": "grant", "share": 0.25}, {"source": "general_fund", "share": 0.75}],
        },
        "helper": {"name": "Helper", "works_in": "second-lab", "cost": 50},
        "ciso": {"name": "Security Officer", "role": "ciso", "works_in": "it"},
    },
)


def said(found: Adoption) -> set[str]:
    return {str(advice_sentence(edit, found.before, found.after, names={})) for edit in found.edits}


def test_edits_name_what_the_model_asks_for_and_nothing_it_is_silent_about() -> None:
    found = adopt(CITY, MODEL)
    assert said(found) == {
        "Let IT take on security.",
        "Pay IT by general fund; now: not recorded.",
        "Move Analytics to IT; now: Mayor's Office.",
        "Let Chief Data Officer head Analytics; now: not recorded.",
        "Pay Analytics by general fund; now: not recorded.",
        "Add a dotted line from Chief Data Officer to Mayor.",
        "Put Analyst onto recurring money, general fund; now: grant.",
        "Merge Second Lab into analytics.",
        "Move Helper to Analytics; now: Second Lab.",
    }
    assert {found.theirs[key] for key in ("it", "analytics", "chief", "mayor")} == {"tech", "data", "cdo", "boss"}
    assert found.extra == ("ciso",)


def test_the_edits_add_up_to_the_difference() -> None:
    found = adopt(CITY, MODEL)
    assert apply(found.before, found.edits) == found.after
    added = sum((effect for _, effect in effects(found.before, found.edits)), Totals())
    assert added == totals(found.after) - totals(found.before)
    assert (added.offices, added.posts, added.cost) == (-1, 0, 0)
    assert added.by_source == {"general_fund": Decimal(25), "grant": Decimal(-25)}


def test_what_the_model_has_and_the_city_has_not_is_new_under_a_free_key_and_without_a_cost() -> None:
    bare = chart(offices={"data": {"name": "Data Centre"}}, posts={"cdo": {"name": "Chief Delivery Officer"}})
    found = adopt(bare, MODEL)
    assert {edit.subject for edit in found.edits if edit.kind == "created"} == {
        "exec",
        "tech",
        "data-2",
        "boss",
        "cdo-2",
    }
    assert found.after.value("cdo-2", "works_in") == "data-2"
    assert (found.uncosted, found.theirs["data-2"]) == (2, "data")
    edit = next(edit for edit in found.edits if edit.subject == "data-2")
    assert {fact.attribute for fact in found.grounds(edit, MODEL)} >= {"function", "part_of", "headed_by"}


@pytest.mark.parametrize("key", sorted(templates()))
def test_a_chart_that_is_as_the_model_has_it_needs_no_edit(key: str) -> None:
    model = templates()[key].history.on(DAY)
    assert adopt(model, model).edits == ()


def test_every_government_of_the_library_can_be_held_against_every_template() -> None:
    for place, model in product(jurisdictions().values(), templates().values()):
        found = adopt(place.history.on(DAY), model.history.on(DAY))
        assert apply(found.before, found.edits) == found.after
        after = chart_of(found.after, DAY)
        again = adopt(after, model.history.on(DAY))
        created = [edit.subject for edit in again.edits if edit.kind == "created"]
        assert created == [], (place.key, model.key)
