"""The W3C organization ontology, as Turtle and JSON-LD: what ORG has a term for, and the rest as our own extension.

Source: The Organization Ontology, W3C Recommendation of 16 January 2014.
"""

import json
import warnings
from collections.abc import Iterable
from typing import Literal as OneOf

from rdflib import DCTERMS, ORG, RDF, SKOS, Graph, Literal, Namespace, URIRef

from cupola.errors import InvalidInput
from cupola.orgchart.events import Event
from cupola.orgchart.facts import Fact, Line
from cupola.orgchart.history import History
from cupola.orgchart.reading import read_history
from cupola.orgchart.vocabulary import EventKind
from cupola.orgchart.writing import write_history

Form = OneOf["turtle", "json-ld"]
CUPOLA = Namespace("urn:cupola:structure:")
_CHANGES = {EventKind.SPLIT, EventKind.MERGE, EventKind.RENAME, EventKind.MOVE, EventKind.ELEVATE, EventKind.CLOSE}
_UNITS = (ORG.OrganizationalUnit, ORG.Organization, ORG.FormalOrganization, ORG.OrganizationalCollaboration)


class NotAGraph(InvalidInput):
    """The text is not RDF in that form."""

    def __init__(self, form: str, *, said: str) -> None:
        self.form, self.said = form, said
        super().__init__(f"This is not {form}: {said}. Give a file that begins as {form} does.")


def write_org(history: History, *, base: str, form: Form = "turtle") -> str:
    """Return the history in terms of ORG. base: address under which the offices and posts live, with its last slash."""
    graph = Graph()
    graph.bind("org", ORG)
    graph.bind("skos", SKOS)
    graph.bind("dcterms", DCTERMS)
    graph.bind("cupola", CUPOLA)
    written = write_history(history)
    place = Namespace(base)
    for key, kind in history.subjects.items():
        graph.add((place[key], RDF.type, ORG.OrganizationalUnit if kind == "office" else ORG.Post))
        said = json.dumps(written[f"{kind}s"][key], sort_keys=True, ensure_ascii=False)
        graph.add((place[key], CUPOLA.said, Literal(said)))
    for fact in history.facts:
        _add_fact(graph, place, fact)
    for event, fields in zip(history.events, written.get("events", ()), strict=True):
        _add_event(graph, place, event, said=json.dumps(fields, sort_keys=True, ensure_ascii=False))
    return graph.serialize(format=form)


def read_org(text: str, *, form: Form = "turtle", source: str) -> History:
    """Return the history of a graph: our own exports whole, others by the terms of ORG. People are not taken over.

    Raises NotAGraph.
    """
    graph = Graph()
    try:
        with warnings.catch_warnings():  # its JSON-LD reader uses a class that the package itself calls outdated
            warnings.simplefilter("ignore", DeprecationWarning)
            graph.parse(data=text, format=form)
    except Exception as error:  # each of the parsers raises errors of its own making
        raise NotAGraph(form, said=str(error).splitlines()[0] if str(error) else type(error).__name__) from error
    if (None, CUPOLA.said, None) in graph:
        return _own(graph)
    return _foreign(graph, source=source)


def _add_fact(graph: Graph, place: Namespace, fact: Fact) -> None:
    subject = place[fact.subject]
    if fact.attribute == "name":
        current = fact.span.until is None
        graph.add((subject, SKOS.prefLabel if current else SKOS.altLabel, Literal(str(fact.value))))
    elif fact.attribute == "part_of":
        graph.add((subject, ORG.unitOf, place[str(fact.value)]))
    elif fact.attribute == "works_in":
        graph.add((subject, ORG.postIn, place[str(fact.value)]))
    elif fact.attribute == "reports_to" and isinstance(fact.value, Line):
        graph.add((subject, ORG.reportsTo, place[fact.value.to]))
    elif fact.attribute == "role":
        graph.add((subject, ORG.role, place[f"role/{fact.value}"]))
        graph.add((place[f"role/{fact.value}"], RDF.type, ORG.Role))
    elif fact.attribute == "kind":
        graph.add((subject, ORG.classification, place[f"kind/{fact.value}"]))


def _add_event(graph: Graph, place: Namespace, event: Event, *, said: str) -> None:
    node = place[f"event/{event.key}"]
    graph.add((node, CUPOLA.event, Literal(said)))
    if not _CHANGES & set(event.kinds):
        return
    graph.add((node, RDF.type, ORG.ChangeEvent))
    if event.on.earliest is not None:
        graph.add((node, DCTERMS.date, Literal(str(event.on))))
    for key in event.origins:
        graph.add((node, ORG.originalOrganization, place[key]))
        graph.add((place[key], ORG.changedBy, node))
    for key in event.results:
        graph.add((node, ORG.resultingOrganization, place[key]))
        graph.add((place[key], ORG.resultedFrom, node))


def _own(graph: Graph) -> History:
    found: dict[str, dict[str, object]] = {"offices": {}, "posts": {}}
    for node, said in graph.subject_objects(CUPOLA.said):
        group = "posts" if (node, RDF.type, ORG.Post) in graph else "offices"
        found[group][_key(node)] = json.loads(str(said))
    events = [json.loads(str(said)) for said in graph.objects(None, CUPOLA.event)]
    return read_history({**found, "events": events})


def _foreign(graph: Graph, *, source: str) -> History:
    subjects: dict[str, str] = {}
    for kind in _UNITS:
        subjects |= {_key(node): "office" for node in graph.subjects(RDF.type, kind)}
    subjects |= {_key(node): "post" for node in graph.subjects(RDF.type, ORG.Post)}
    facts = [Fact(key, "exists", True, sources=(source,)) for key in subjects]
    facts += _read(graph, subjects, terms=[SKOS.prefLabel], attribute="name", source=source)
    facts += _read(graph, subjects, terms=[ORG.unitOf, ORG.subOrganizationOf], attribute="part_of", source=source)
    facts += _read(graph, subjects, terms=[ORG.postIn], attribute="works_in", source=source)
    facts += _read(graph, subjects, terms=[ORG.reportsTo], attribute="reports_to", source=source)
    return History(subjects, tuple(facts))


def _read(
    graph: Graph, subjects: dict[str, str], *, terms: Iterable[URIRef], attribute: str, source: str
) -> Iterable[Fact]:
    for term in terms:
        for node, value in graph.subject_objects(term):
            text = str(value) if attribute == "name" else _key(value)
            if _key(node) in subjects and (attribute == "name" or text in subjects):
                held = Line(text) if attribute == "reports_to" else text
                yield Fact(_key(node), attribute, held, sources=(source,))


def _key(node: object) -> str:
    """Return the last part of an address."""
    return str(node).rstrip("/#").rpartition("#")[2].rpartition("/")[2]
