"""Facts about offices and posts: one attribute, one value, a time, where it is known from and how well."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from cupola.errors import InvalidInput
from cupola.orgchart.moments import Span
from cupola.orgchart.vocabulary import (
    Appointment,
    Employer,
    Function,
    FundingSource,
    HousedIn,
    LimitKind,
    LineType,
    Mandate,
    OfficeKind,
    Scope,
    Sector,
    Status,
)


@dataclass(frozen=True, order=True)
class Line:
    """A reporting line to an office or a post, by its key."""

    to: str
    type: LineType = LineType.ADMINISTRATIVE


@dataclass(frozen=True, order=True)
class Funding:
    """Money behind an office or a post. `share`: 0 to 1, None where unknown; `amount`: in the city's currency,
    per year where `yearly`, else in all; `funder`: who gives it.
    """

    source: FundingSource
    share: Decimal | None = None
    amount: Decimal | None = None
    yearly: bool = False
    funder: str = ""


@dataclass(frozen=True, order=True)
class Limit:
    """What an office may not exceed: posts, or for spending authority money in the city's currency per purchase."""

    kind: LimitKind
    most: Decimal


Value = str | bool | Decimal | Line | Funding | Limit | StrEnum


class UnknownAttribute(InvalidInput):
    """Nothing by that name is recorded of offices or posts."""

    def __init__(self, name: str, *, of: str) -> None:
        self.name, self.of = name, of
        known = ", ".join(one.name for one in ATTRIBUTES.values() if of in one.of)
        super().__init__(f"{name} is not recorded of an {of}. Recorded are: {known}.")


class WrongValue(InvalidInput):
    """A value of another type than its attribute holds."""

    def __init__(self, fact: "Fact", *, wanted: str) -> None:
        self.subject, self.attribute, self.value, self.wanted = fact.subject, fact.attribute, fact.value, wanted
        super().__init__(f"{fact.subject}: {fact.value!r} cannot be its {fact.attribute}. Write {wanted}.")


@dataclass(frozen=True)
class Attribute:
    """What may be recorded. `of`: `office`, `post` or both; `many`: several values may hold at once without conflict.

    `type` is the Python type of values, `to` what a text that is a key points at, if it is one.
    """

    name: str
    type: type
    of: tuple[str, ...]
    many: bool = False
    to: str = ""


_BOTH, _OFFICE, _POST = ("office", "post"), ("office",), ("post",)
ATTRIBUTES = {
    one.name: one
    for one in (
        Attribute("exists", bool, _BOTH),
        Attribute("name", str, _BOTH),
        Attribute("kind", OfficeKind, _OFFICE),
        Attribute("part_of", str, _OFFICE, to="office"),
        Attribute("housed_in", HousedIn, _BOTH),
        Attribute("reports_to", Line, _BOTH, to="any"),
        Attribute("dotted_to", Line, _BOTH, many=True, to="any"),
        Attribute("mandate", Mandate, _BOTH),
        Attribute("scope", Scope, _BOTH),
        Attribute("function", Function, _BOTH, many=True),
        Attribute("funding", Funding, _BOTH, many=True),
        Attribute("limit", Limit, _OFFICE, many=True),
        Attribute("headed_by", str, _OFFICE, to="post"),
        Attribute("staff", Decimal, _OFFICE),
        Attribute("budget", Decimal, _OFFICE),
        Attribute("purchase", Decimal, _OFFICE, many=True),
        Attribute("tool", str, _OFFICE, many=True),
        Attribute("user", str, _OFFICE, many=True),
        Attribute("seats", Decimal, _OFFICE),
        Attribute("members", Decimal, _OFFICE),
        Attribute("quorum", Decimal, _OFFICE),
        Attribute("sector", Sector, _OFFICE, many=True),
        Attribute("number", str, _POST),
        Attribute("role", str, _POST),
        Attribute("works_in", str, _POST, to="office"),
        Attribute("paid_by", str, _POST, to="office"),
        Attribute("appointment", Appointment, _POST),
        Attribute("employer", Employer, _POST),
        Attribute("bargaining_unit", str, _POST),
        Attribute("grade", str, _POST),
        Attribute("fte", Decimal, _POST),
        Attribute("cost", Decimal, _POST),
        Attribute("filled", bool, _POST),
        Attribute("holder", str, _POST),
        Attribute("contact", str, _BOTH),
        Attribute("meets_peers", bool, _POST),
    )
}
PERSONAL = ("holder", "contact", "meets_peers")  # shown only with the consent of the person


@dataclass(frozen=True)
class Fact:
    """What is said of one office or post. Two facts of one attribute may hold at once: then sources disagree.

    `sources`: keys of the sources that say it. `begun_by`, `ended_by`: keys of the events that made it so and ended it.
    `note`: what a reader should know, in plain words.
    """

    subject: str
    attribute: str
    value: Value
    span: Span = field(default_factory=Span)
    status: Status = Status.CONFIRMED
    sources: tuple[str, ...] = ()
    note: str = ""
    begun_by: str = ""
    ended_by: str = ""


def check_fact(fact: Fact, *, of: str) -> None:
    """Check that the attribute is one of an `office` or a `post` and the value of its type.

    Raises UnknownAttribute, WrongValue.
    """
    attribute = ATTRIBUTES.get(fact.attribute)
    if attribute is None or of not in attribute.of:
        raise UnknownAttribute(fact.attribute, of=of)
    if type(fact.value) is not attribute.type:
        raise WrongValue(fact, wanted=_wanted(attribute))


def pointed_at(fact: Fact) -> str:
    """Return the key of the office or post that the value names, empty where it names none."""
    if not ATTRIBUTES[fact.attribute].to:
        return ""
    return fact.value.to if isinstance(fact.value, Line) else str(fact.value)


def disagreements(facts: Iterable[Fact]) -> dict[tuple[str, str], tuple[Fact, ...]]:
    """Return, by subject and attribute, facts that hold together and cannot both be right.

    `facts`: those that hold on the day in question.
    """
    said: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        if not ATTRIBUTES[fact.attribute].many:
            said.setdefault((fact.subject, fact.attribute), []).append(fact)
    return {where: tuple(found) for where, found in said.items() if len({fact.value for fact in found}) > 1}


def _wanted(attribute: Attribute) -> str:
    if issubclass(attribute.type, StrEnum):
        return "one of " + ", ".join(attribute.type)
    return {bool: "true or false", Decimal: "a number", str: "a text", Line: "the key it reports to"}.get(
        attribute.type, f"a {attribute.type.__name__.lower()}"
    )
