"""Charts written and read again: as documents, as Popolo, and from a city's own table by a mapping."""

import csv
import json
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from rdflib import ORG, Graph
from rdflib.compare import isomorphic
from tests.schemas import popolo_schema

from cupola.folder.library import jurisdictions
from cupola.orgchart import Line
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.reading import read_jurisdiction
from cupola.orgchart.standards.popolo import read_popolo, write_popolo
from cupola.orgchart.standards.tables import CannotMap, ColumnMap, TableMap, read_table
from cupola.orgchart.standards.w3c import NotAGraph, read_org, write_org
from cupola.orgchart.writing import write_jurisdiction

DATA = Path(os.environ.get("CUPOLA_TEST_DATA", "/nowhere"))
POPOLO = DATA / "schemas" / "popolo"
NEW_YORK = DATA / "structure" / "nyc_governance_organizations.csv"
with_schemas = pytest.mark.skipif(not POPOLO.is_dir(), reason="the Popolo schemas are not on this machine")
ALL = pytest.mark.parametrize(
    "place", sorted(jurisdictions().values(), key=lambda one: one.key), ids=lambda one: one.key
)
DAYS = [date(2010, 6, 1), date(2014, 12, 3), date(2016, 12, 15), date(2020, 1, 31), date(2024, 12, 31)]
MAP = TableMap(
    of="office",
    key="record_id",
    attributes={
        "name": ColumnMap("name"),
        "kind": ColumnMap(
            "organization_type",
            {
                "Advisory or Regulatory Organization": "advisory",
                "Mayoral Office": "office",
                "Nonprofit Organization": "outside",
                "Public Benefit or Development Organization": "outside",
                "Mayoral Agency": "agency",
                "Division": "bureau",
                "Elected Office": "executive",
                "Pension Fund": "outside",
                "State Government Agency": "outside",
            },
        ),
        "reports_to": ColumnMap("reports_to", separator=";"),
    },
    since="founding_year",
)


def example(name: str) -> dict[str, object]:
    """Return one of the objects that the standard publishes."""
    found: dict[str, object] = json.loads((POPOLO / "examples" / f"{name}.json").read_text())
    return found


@ALL
def test_a_jurisdiction_written_and_read_is_the_same(place: Jurisdiction) -> None:
    again = read_jurisdiction(json.loads(json.dumps(write_jurisdiction(place))))
    assert Counter(again.history.facts) == Counter(place.history.facts)
    assert again.history.events == place.history.events
    assert (again.sources, again.outcomes, again.administrations) == (
        place.sources,
        place.outcomes,
        place.administrations,
    )


@with_schemas
@ALL
def test_popolo_is_valid_and_leads_back_to_the_same_chart(place: Jurisdiction) -> None:
    written = json.loads(json.dumps(write_popolo(place.history)))
    for name, group in (("organization", "organizations"), ("post", "posts")):
        validator = popolo_schema(POPOLO, name)
        assert [error.message for one in written[group] for error in validator.iter_errors(one)] == []
    again = read_popolo(written, source="popolo")
    assert all(again.on(day) == place.history.on(day) for day in DAYS)


@with_schemas
def test_the_schema_refuses_what_popolo_does_not_allow() -> None:
    assert [error.validator for error in popolo_schema(POPOLO, "post").iter_errors({"start_date": "spring 2011"})] == [
        "pattern"
    ]


@with_schemas
def test_published_popolo_examples_are_read() -> None:
    organization = read_popolo(example("organization"), source="example")
    chart = organization.on(date(1960, 1, 1))
    assert chart.value("abc-inc", "part_of") == "holding-company-corp"
    assert {str(value) for value in chart.values("abc-inc", "name")} == {"ABC, Inc.", "Joe's Diner", "Famous Joe's"}
    assert organization.on(date(2001, 1, 1)).offices == ("holding-company-corp",)
    post = read_popolo(example("post"), source="example")
    assert post.on(date(1990, 1, 1)).value("abc-inc-chef", "works_in") == "abc-inc"
    for name in ("embedding-organization", "embedding-post"):
        assert read_popolo(example(name), source="example").subjects


@pytest.mark.skipif(not NEW_YORK.exists(), reason="New York's list is not on this machine")
def test_new_yorks_bodies_and_lines_are_one_mapping() -> None:
    rows = list(csv.DictReader(NEW_YORK.read_text(encoding="utf-8-sig").splitlines()))
    history = read_table(rows, MAP, source="nyc")
    bodies = {fact.subject for fact in history.facts if fact.attribute == "kind"}
    lines = {fact.subject for fact in history.facts if fact.attribute == "reports_to"}
    assert (len(bodies), len(lines)) == (444, 147)
    chart = history.on(date(2025, 1, 1))
    named = {str(chart.value(key, "name")): key for key in history.subjects}
    assert chart.boss(named["NYC311"]) == named["Office of Technology and Innovation"]
    assert history.subjects[named["Chief of Staff"]] == "post"
    assert not any(fact.attribute == "holder" for fact in history.facts)


def test_a_cell_that_cannot_be_read_names_line_column_and_value() -> None:
    rows = [{"id": "a", "name": "A", "type": "office"}, {"id": "b", "name": "B", "type": "guild"}]
    mapping = TableMap("office", "id", {"name": ColumnMap("name"), "kind": ColumnMap("type")})
    with pytest.raises(CannotMap, match=r"line 3, type: 'guild' cannot be used\. Say in the mapping"):
        read_table(rows, mapping, source="s")
    with pytest.raises(CannotMap, match=r"line 1, sort"):
        read_table(rows, TableMap("office", "id", {"name": ColumnMap("sort")}), source="s")
    with pytest.raises(CannotMap, match=r"Another row has the same key"):
        read_table([rows[0], rows[0]], TableMap("office", "id", {}), source="s")


def test_a_boss_no_row_is_called_is_recorded_as_deduced() -> None:
    mapping = TableMap("office", "id", {"name": ColumnMap("name"), "reports_to": ColumnMap("boss")})
    history = read_table([{"id": "a", "name": "A", "boss": "The Mayor"}], mapping, source="s")
    assert history.subjects == {"a": "office", "the-mayor": "post"}
    assert history.on(date(2020, 1, 1)).value("a", "reports_to") == Line("the-mayor")
    assert {fact.status for fact in history.facts if fact.subject == "the-mayor"} == {"deduced"}


@ALL
def test_the_organization_ontology_leads_back_to_the_same_chart(place: Jurisdiction) -> None:
    for form in ("turtle", "json-ld"):
        written = write_org(place.history, base="https://example.gov/structure/", form=form)  # type: ignore[arg-type]
        again = read_org(written, form=form, source="org")  # type: ignore[arg-type]
        assert all(again.on(day) == place.history.on(day) for day in DAYS)


def test_only_terms_of_the_ontology_are_used() -> None:
    graph = Graph().parse(
        data=write_org(jurisdictions()["chicago"].history, base="https://example.gov/s/"), format="turtle"
    )
    used = {str(term) for triple in graph for term in triple if str(term).startswith(str(ORG))}
    known = {str(getattr(ORG, name)) for name in ORG.__annotations__}
    assert used <= known
    assert {str(ORG.ChangeEvent), str(ORG.resultedFrom), str(ORG.postIn), str(ORG.reportsTo)} <= used
    with pytest.raises(AttributeError):
        ORG.bossOf  # noqa: B018  the namespace is closed
    assert isomorphic(graph, Graph().parse(data=graph.serialize(format="turtle"), format="turtle"))


def test_a_foreign_graph_is_read_by_the_terms_of_the_ontology() -> None:
    text = """
    @prefix org: <http://www.w3.org/ns/org#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    <http://a/it> a org:FormalOrganization ; skos:prefLabel "IT" .
    <http://a/data> a org:OrganizationalUnit ; skos:prefLabel "Data" ; org:unitOf <http://a/it> .
    <http://a/cio> a org:Post ; skos:prefLabel "CIO" ; org:postIn <http://a/it> .
    <http://a/cdo> a org:Post ; org:postIn <http://a/data> ; org:reportsTo <http://a/cio> ; org:heldBy <http://a/you> .
    """
    chart = read_org(text, source="a").on(date(2020, 1, 1))
    assert (chart.value("data", "part_of"), chart.boss("cdo"), chart.value("cio", "name")) == ("it", "cio", "CIO")
    assert "/you" not in repr(list(chart.facts()))
    with pytest.raises(NotAGraph, match="This is not turtle"):
        read_org("{", source="a")
