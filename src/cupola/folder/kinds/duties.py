"""Duties: who coordinates, answers for, keeps, publishes and reviews data, from when until when.

A department's duties hold for each of its datasets that names no one of its own. Decision 0023.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from cupola.folder.kinds.record import Fields, Kind, Record, items_of, text_of, texts_of
from cupola.folder.kinds.values import Day, FilledText, OneOrMore, Says, Several, Text, one_of
from cupola.folder.problems import FieldPath, Finding, show
from cupola.periods import NotADate, parse_day

DUTIES = ("coordinator", "steward", "custodian", "publisher", "reviewer")


class DutyFields(Fields):
    """Who has a duty, and for how long."""

    duty: Annotated[str, one_of("a duty", DUTIES), Says(" \\| ".join(f"`{name}`" for name in DUTIES))] = Field(
        description="coordinator: speaks for a department; steward: answers for meaning and quality; custodian: runs "
        "the system it comes from; publisher: releases; reviewer: reviews privacy.",
        examples=["steward"],
    )
    who: FilledText = Field(
        description="The office or post, as the public may read it.", examples=["Data steward, Buildings"]
    )
    account: Text = Field("", description="User name of the person's account here. Never public.", examples=["grace"])
    contact: Text = Field("", description="Where questions go.", examples=["permits@example.gov"])
    since: Day | None = Field(None, description="First day. Left out: from the start.", examples=["2024-01-01"])
    until: Day | None = Field(
        None, description="First day on which it is over. Left out: still so.", examples=["2026-07-01"]
    )


Duties = Annotated[tuple[DutyFields, ...], Several]


class DepartmentRecord(Record):
    """A department: what datasets call it, and who has its duties."""

    name: FilledText = Field(
        description="Name as datasets write it under `department`.", examples=["Department of Buildings"]
    )
    also: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        (), description="Other ways datasets write it.", examples=[["Buildings Dept."]]
    )
    contact: Text = Field("", description="Where questions go.", examples=["buildings@example.gov"])
    duties: Duties = Field((), description="Who has which duty, and from when until when.")

    def called(self) -> tuple[str, ...]:
        """Return everything it is called, in small letters."""
        return tuple(name.casefold() for name in (self.name, *self.also))


class Department(Kind):
    """The kind `department`."""

    name = "department"
    model = DepartmentRecord
    folder = "departments"
    says = "A department, and the duties its datasets inherit. One file each, in `departments/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield the mistakes between fields."""
        return check_duties(data)

    def unique(self, data: Mapping[str, Any]) -> Iterator[tuple[FieldPath, str]]:
        """Yield its names: two departments cannot share one."""
        if text_of(data, "name"):
            yield ("name",), text_of(data, "name").casefold()
        for path, name in texts_of(data, "also"):
            yield path, name.casefold()


def check_duties(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield duties that end before they begin, and those written twice."""
    seen: set[tuple[str, ...]] = set()
    for path, duty in items_of(data, "duties"):
        since, until = _day(duty, "since"), _day(duty, "until")
        if since and until and until <= since:
            message = f"{show(until)} is not after 'since: {since}'"
            yield Finding((*path, "until"), until, message, "write the first day on which it is over")
        said = tuple(_text(duty, name) for name in ("duty", "who", "account", "since", "until"))
        if said in seen:
            yield Finding(path, said[1], f"{show(said[1])} is written twice", "take one of the two out")
        seen.add(said)


def _text(duty: Mapping[str, Any], name: str) -> str:
    return text_of(duty, name).casefold()


def _day(duty: Mapping[str, Any], name: str) -> str:
    """Return a day as ISO text where it is one; the field's own type reports the rest."""
    try:
        return parse_day(text_of(duty, name)).isoformat()
    except NotADate:
        return ""
