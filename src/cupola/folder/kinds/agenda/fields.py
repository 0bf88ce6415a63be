"""What every document of the agenda and the councils has in common: release, retention, sources, own types."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cupola.folder.kinds.record import Fields, Record, Reference, items_of, text_of, texts_of
from cupola.folder.kinds.values import (
    Count,
    Day,
    FilledText,
    OneOrMore,
    Says,
    Several,
    Slug,
    Text,
    Truth,
    Url,
    one_of,
    wrong,
)
from cupola.folder.problems import FieldPath, Finding, show
from cupola.periods import NotADate, parse_day

RETENTION_FROM = ("closed", "end_of_administration", "end_of_fiscal_year", "superseded")


def one(noun: str, choices: Any) -> Any:
    """Return the type of a field that takes one of `choices`."""
    texts = tuple(str(choice) for choice in choices)
    return Annotated[str, one_of(noun, texts), Says(" \\| ".join(f"`{text}`" for text in texts))]


def _amount(value: Any) -> Any:
    number = getattr(value, "value", value)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise wrong(f"{show(value)} is not an amount", "write a number without currency or commas, as 1350000")
    return number


def _local(value: Any) -> Any:
    text = value.isoformat() if isinstance(value, date) else str(value).strip().replace(" ", "T")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or "T" not in text or found.tzinfo is not None:
        raise wrong(f"{show(value)} is not a local time", "write day and time in the city's own time: 2026-05-05T18:30")
    return found.isoformat(timespec="minutes")


Amount = Annotated[float | int, BeforeValidator(_amount), Says("number")]
LocalTime = Annotated[str, BeforeValidator(_local), Says("local time, as `2026-05-05T18:30`")]
Keys = Annotated[tuple[Slug, ...], OneOrMore]
Texts = Annotated[tuple[FilledText, ...], OneOrMore]


def _alone(value: Any) -> Any:
    return (value,) if isinstance(value, Mapping) else value


Alone = BeforeValidator(_alone)  # one mapping where several may stand


class ReleaseFields(Fields):
    """That somebody decided the public may see what is otherwise for staff."""

    by: FilledText = Field(description="Office or post that decided it.", examples=["Chief of staff"])
    on: Day = Field(description="When.", examples=["2026-11-20"])
    reason: FilledText = Field(description="Why.", examples=["The council asked for it on 3 November."])


class RetentionFields(Fields):
    """How long the record is kept, by the city's records schedule."""

    class_: FilledText = Field(alias="class", description="Its class in the schedule.", examples=["GS-12 Grants"])
    years: Count | None = Field(None, description="Years it is kept. Left out: for good.", examples=[7])
    after: one("a beginning of the time", RETENTION_FROM) = Field(  # type: ignore[valid-type]
        "closed", description="What the years are counted from.", examples=["closed"]
    )
    source: Text = Field("", description="Where the schedule is.", examples=["Records schedule 2024, item 12"])


class HoldFields(Fields):
    """That nothing of the record may go, whatever the schedule says."""

    since: Day = Field(description="First day.", examples=["2026-02-01"])
    matter: FilledText = Field(description="For which matter.", examples=["Records request 2026-114"])
    by: FilledText = Field(description="Who ordered it.", examples=["City attorney"])
    until: Day | None = Field(None, description="First day on which it is over.")


class SourceFields(Fields):
    """Where something is known from."""

    title: FilledText = Field(description="What it is.", examples=["Award letter of 1 July 2024"])
    url: Url | None = Field(None, description="Its address.")
    on: Day | None = Field(None, description="Its date.")


class KeptRecord(Record):
    """A record of the agenda: who may see it, how long it is kept, where it is known from."""

    name: FilledText = Field(description="What people call it.", examples=["Online forms"])
    released: Truth = Field(False, description="The public may see it.", examples=[True])
    release: ReleaseFields | None = Field(
        None, description="By whose decision, where it points at one person's post or is not verified."
    )
    retention: RetentionFields | None = Field(None, description="How long it is kept.")
    legal_hold: HoldFields | None = Field(None, description="That it must not be disposed of.")
    sources: Annotated[tuple[SourceFields, ...], Several, Alone] = Field((), description="Where it is known from.")
    note: Text = Field("", description="What a reader should know about it.")


def day_of(data: Any, name: str) -> str:
    """Return a day of raw data as ISO text where it is one; the field's own type reports the rest."""
    try:
        return parse_day(text_of(data, name)).isoformat()
    except NotADate:
        return ""


def check_span(data: Any, path: FieldPath = (), *, since: str = "since", until: str = "until") -> Iterator[Finding]:
    """Yield an end that is not after its beginning."""
    first, last = day_of(data, since), day_of(data, until)
    if first and last and last <= first:
        message = f"{show(last)} is not after '{since}: {first}'"
        yield Finding((*path, until), last, message, "write the first day on which it is over")


def check_order(data: Any, name: str, *, field: str = "on") -> Iterator[Finding]:
    """Yield items of a list that are dated before the one above them."""
    last = ""
    for path, item in items_of(data, name):
        day = day_of(item, field)
        if day and last and day < last:
            message = f"{show(day)} is before the line above it, {last}"
            yield Finding((*path, field), day, message, "write the oldest first")
        last = day or last


def refer(data: Any, name: str, kind: str) -> Iterator[Reference]:
    """Yield the references of a field that holds the key, or keys, of records of a kind."""
    for path, key in texts_of(data, name):
        yield Reference(path, kind, key)
