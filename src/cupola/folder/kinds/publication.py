"""What has to be said before a dataset may be public: who approved it, on what basis, and what its rows give away."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from cupola.folder.kinds.record import Fields
from cupola.folder.kinds.values import (
    ColumnName,
    Count,
    Day,
    FilledText,
    OneOrMore,
    Says,
    Several,
    Share,
    Text,
    one_of,
    wrong,
)
from cupola.folder.problems import show

DETAILS = (
    "email", "phone", "social_security", "card", "plate", "ip_address", "birth_date", "street_address",
    "precise_place", "person_name", "free_text",
)  # fmt: skip
CHANGES = (
    "new_column", "new_source_column", "renamed_column", "removed_column", "retyped_column", "emptied_column",
    "shown_column", "row_count", "shifted_dates", "future_dates", "small_groups", "fewer_alike", "alike_secrets",
)  # fmt: skip
ACCEPTABLE = (*DETAILS, *CHANGES)


def _moment(value: Any) -> Any:
    """Return a moment as ISO text: a day begins at midnight; without an offset it is local time of the city."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    text = re.sub(r"(?<=\d) (?=\d)", "T", text.strip())
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise wrong(
            f"{show(value)} is not a moment", "write one like '2026-12-01' or '2026-12-01T08:30' (the city's own time)"
        ) from None
    return found.isoformat(timespec="seconds")


Moment = Annotated[str, BeforeValidator(_moment), Says("day or moment, as `2026-12-01T08:30`")]


def _not_zero(count: int) -> int:
    if count < 1:
        raise wrong(f"{count} is too small", "write a whole number of at least 1")
    return count


Positive = Annotated[Count, AfterValidator(_not_zero), Says("whole number from 1")]


def _grow(value: Any) -> Any:
    number = getattr(value, "value", value)
    if isinstance(number, bool) or not isinstance(number, int | float) or number < 0:
        raise wrong(f"{show(value)} is not a number from 0", "write 0.5 for half as many again")
    return float(number)


Growth = Annotated[float, BeforeValidator(_grow), Says("number from 0")]


class ApprovalFields(Fields):
    """That the steward approved publication."""

    by: FilledText = Field(description="Who approved it.", examples=["Data steward, Buildings"])
    on: Day = Field(description="When.", examples=["2026-11-20"])
    reason: Text = Field("", description="Why it may be public.", examples=["The permit is a public act."])


class AgreementFields(Fields):
    """The agreement under which another body lets the city share its data."""

    with_whom: FilledText = Field(alias="with", description="The other side.", examples=["Springfield Water District"])
    title: Text = Field("", description="What the agreement is called.", examples=["Data sharing agreement 2026-14"])
    until: Day = Field(description="Its last day. After it nothing is public any more.", examples=["2027-12-31"])


class ReviewFields(Fields):
    """A finished review of what publication is worth and what it risks; needed from `sensitive` on."""

    value: FilledText = Field(description="What publication is good for.", examples=["Shows what posts cost."])
    risk: FilledText = Field(description="What could be learned of whom.", examples=["Pay of single people."])
    method: FilledText = Field(description="What is done about it.", examples=["No rows; counts of eleven and more."])
    residual_risk: FilledText = Field(description="What risk stays.", examples=["Low: titles are public already."])
    by: Annotated[tuple[FilledText, ...], OneOrMore] = Field(description="Who reviewed it.", examples=[["A. Reyes"]])
    on: Day = Field(description="When.", examples=["2026-11-20"])
    until: Day = Field(description="The last day it counts.", examples=["2028-11-20"])


class AcceptedFields(Fields):
    """One thing the gate may find that a person looked at and accepts."""

    column: ColumnName | None = Field(None, description="The column; none for what concerns all.", examples=["address"])
    kind: Annotated[
        str,
        one_of("something the gate finds", ACCEPTABLE),
        Says(" \\| ".join(f"`{name}`" for name in ACCEPTABLE)),
    ] = Field(description="What is accepted.", examples=["street_address"])
    reason: FilledText = Field(description="Why that is all right.", examples=["The address of the work, no home."])
    by: FilledText = Field(description="Who decided.", examples=["Data steward, Buildings"])
    on: Day = Field(description="When.", examples=["2026-11-20"])
    at_most: Positive | None = Field(
        None, description="Different values that may hold it; more stop the release again.", examples=[12]
    )
    at_least: Positive | None = Field(
        None, description="For `small_groups`, `fewer_alike` and `alike_secrets`: the least that is accepted.",
        examples=[3],
    )  # fmt: skip
    version: Positive | None = Field(None, description="Only for this version. Left out: from now on.", examples=[4])


class PrivacyFields(Fields):
    """What every refresh is measured against before it becomes public."""

    quasi_identifiers: Annotated[tuple[FilledText, ...], Several] = Field(
        (), description="Columns that together may point at one person.", examples=[["age", "sex", "ward"]]
    )
    secrets: Annotated[tuple[FilledText, ...], Several] = Field(
        (), description="Columns that nobody should learn of a person.", examples=[["diagnosis"]]
    )
    threshold: Positive = Field(
        11, description="The fewest rows that may share all quasi-identifiers (k).", examples=[11]
    )
    diversity: Positive = Field(2, description="The fewest values of a secret in any such group (l).", examples=[2])
    rows_may_fall: Share = Field(0.2, description="A larger share of rows lost stops a release.", examples=[0.2])
    rows_may_grow: Growth = Field(1.0, description="A larger share of rows gained stops a release.", examples=[1.0])
    accepted: Annotated[tuple[AcceptedFields, ...], Several] = Field(
        (), description="What a person looked at and accepts."
    )
