"""Offices, posts, lines, mandates, functions and funding over time, as frozen values."""

from cupola.orgchart.chart import Chart, Held, NotInChart
from cupola.orgchart.events import Event
from cupola.orgchart.facts import (
    ATTRIBUTES,
    PERSONAL,
    Attribute,
    Fact,
    Funding,
    Limit,
    Line,
    UnknownAttribute,
    Value,
    WrongValue,
    disagreements,
)
from cupola.orgchart.history import EventOutOfStep, History, UnknownSubject
from cupola.orgchart.moments import UNKNOWN, Answer, Moment, Span, SpanEndsBeforeItBegins

__all__ = [
    "ATTRIBUTES",
    "PERSONAL",
    "UNKNOWN",
    "Answer",
    "Attribute",
    "Chart",
    "Event",
    "EventOutOfStep",
    "Fact",
    "Funding",
    "Held",
    "History",
    "Limit",
    "Line",
    "Moment",
    "NotInChart",
    "Span",
    "SpanEndsBeforeItBegins",
    "UnknownAttribute",
    "UnknownSubject",
    "Value",
    "WrongValue",
    "disagreements",
]
