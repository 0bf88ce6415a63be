"""What a value looks like: number, date, time, nothing, or text. Used to judge dialects and headers, never to cast."""

import re
from collections.abc import Sequence

_NUMBER = re.compile(
    r"[-+(]?\s?(?:[$£€¥]\s?|[A-Z]{3}\s)?[-+(]?\s?"
    r"(?:\d{1,3}(?:[,.'\u00a0 ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)"
    r"(?:[eE][-+]?\d+)?\s?(?:%|[$£€¥]|\))?\)?"
)
_DATE = re.compile(
    r"\d{1,4}[-/.]{1,2}\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[-/ ](?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[-/ ]\d{2,4})?"
)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AaPp][Mm])?")
_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+")
_ODD = re.compile(r'[;|\t]\S|\S,\S|^"|"$|","|^\'\S*$')
EMPTY, NUMBER, DATE, TIME, LINK, TEXT = "empty", "number", "date", "time", "link", "text"


def kind(value: str) -> str:
    """Return what `value` looks like."""
    value = value.strip()
    if not value:
        return EMPTY
    if len(value) > 60:
        return LINK if _LINK.fullmatch(value) else TEXT
    if _NUMBER.fullmatch(value):
        return NUMBER
    if _DATE.fullmatch(value):
        return DATE
    if _TIME.fullmatch(value):
        return TIME
    return LINK if _LINK.fullmatch(value) else TEXT


def plausibility(value: str) -> float:
    """Return 0-1: how much `value` looks like one value rather than a piece of one, or several."""
    if kind(value) != TEXT:
        return 1.0
    return 0.4 if _ODD.search(value) else 0.9


def filled(record: Sequence[str]) -> int:
    """Return how many values of `record` hold anything."""
    return len(record) - record.count("") if "" in record else len(record)


def looks_blank(record: Sequence[str]) -> bool:
    """Return whether no value of `record` holds anything."""
    return not any(record)
