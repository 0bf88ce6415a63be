"""What a dataset promises not to do silently: changes of columns said in advance, and the names it went by before."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from cupola.folder.kinds.record import Fields, is_nothing, items_of, text_of, texts_of
from cupola.folder.kinds.values import ColumnName, Day, FilledText, Says, Several, Truth, TypeOfColumn, wrong
from cupola.folder.problems import Finding, did_you_mean, listed, show
from cupola.periods import NotADate, parse_day

_KINDS = ("becomes", "type", "removed")
_ID = re.compile(r"[a-z0-9]{4}-[a-z0-9]{4}", re.ASCII)
_SLUG = re.compile(r"[A-Za-z0-9]+([-_][A-Za-z0-9]+)*", re.ASCII)
_PATH = re.compile(r"/[A-Za-z0-9._~%:@!$&'()*+,;=/-]*(\?[A-Za-z0-9._~%:@!$&'()*+,;=/?-]*)?", re.ASCII)


class ChangeFields(Fields):
    """A change of one column, said in advance. It says one of `becomes`, `type` and `removed`."""

    column: ColumnName = Field(description="The name as it is until the day.", examples=["status"])
    becomes: ColumnName | None = Field(None, description="Its new name, which is under `columns`.", examples=["state"])
    type: TypeOfColumn | None = Field(None, description="Its new type, from the day on.", examples=["date"])
    removed: Truth = Field(False, description="It goes, and nothing takes its place.", examples=[True])
    announced: Day = Field(description="The day this was said.", examples=["2026-11-01"])
    until: Day = Field(
        description="Up to this day, without it, the old name answers as before.", examples=["2027-02-01"]
    )
    why: FilledText = Field(description="Why, for everyone who uses it.", examples=["The law calls it that now."])


Changes = Annotated[tuple[ChangeFields, ...], Several]


def _former(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        raise wrong(f"{show(value) or 'a mapping'} is not a list", "write a list, as [abcd-1234, /old/page]")
    return tuple(str(one) for one in value)


def _known_as(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if not (_SLUG.fullmatch(name) or (_PATH.fullmatch(name) and name != "/")):
            remedy = "write an id like 'abcd-1234', a short name, or a path of the old portal like '/Safety/Crimes'"
            raise wrong(f"{show(name)} is neither an id nor a path", remedy)
    return names


Formerly = Annotated[
    tuple[str, ...], BeforeValidator(_former), AfterValidator(_known_as), Says("list of ids, names and paths")
]


def check_changes(data: Mapping[str, Any], columns: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the mistakes of what is announced. `columns`: those of the dataset as written, by name."""
    spans: list[tuple[str, date, date, int]] = []
    items = items_of(data, "changes")
    for path, item in items:
        yield from _one_kind(path, item)
        renamed_later = {text_of(one, "column") for _, one in items if one is not item}
        yield from _names(path, item, columns=columns, renamed_later=renamed_later)
        days = [_day(item, name) for name in ("announced", "until")]
        if None in days:
            continue
        announced, until = (day for day in days if day is not None)
        if until <= announced:
            message = f"{until} is not after {announced}, the day it was announced"
            yield Finding((*path, "until"), str(until), message, "write a later day, so that people can adapt")
        name = text_of(item, "column")
        for other, since, end, number in spans:
            if other == name and since < until and announced < end:
                message = f"{show(name)} is already announced to change in number {number} of the list"
                yield Finding((*path, "column"), name, message, "let one change end before the next is announced")
        spans.append((name, announced, until, len(spans) + 1))


def check_formerly(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield former names that are written twice or that it still has."""
    seen: set[str] = set()
    for path, name in texts_of(data, "formerly"):
        if name in {text_of(data, "id"), text_of(data, "key")}:
            yield Finding(path, name, f"{show(name)} is what it is called now", "take it out")
        if name in seen:
            yield Finding(path, name, f"{show(name)} is listed twice", "keep one of the two")
        seen.add(name)


def former_names(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield path and name of every former name; no two datasets may have the same."""
    yield from texts_of(data, "formerly")


def _one_kind(path: tuple[str | int, ...], item: Mapping[str, Any]) -> Iterator[Finding]:
    said = [name for name in _KINDS if not is_nothing(item.get(name))]
    if len(said) != 1:
        message = "it says nothing that changes" if not said else f"it says {listed(said)} at once"
        yield Finding(path, None, message, "write one of 'becomes: new_name', 'type: date' and 'removed: true'")


def _names(
    path: tuple[str | int, ...], item: Mapping[str, Any], *, columns: Mapping[str, Any], renamed_later: set[str]
) -> Iterator[Finding]:
    column, becomes = text_of(item, "column"), text_of(item, "becomes")
    if becomes and becomes == column:
        yield Finding((*path, "becomes"), becomes, "the new name is the old one", "write the new name")
    elif becomes and columns and becomes not in (*columns, *renamed_later):
        remedy = f"add it under 'columns:', as '{becomes}: {{from: {column}, ...}}'"
        yield Finding((*path, "becomes"), becomes, f"{show(becomes)} is not a column", remedy)
    if text_of(item, "type") and columns and column not in columns:
        remedy = did_you_mean(column, list(columns), otherwise=f"the columns are {listed(columns)}")
        yield Finding((*path, "column"), column, f"{show(column)} is not a column", remedy)


def _day(item: Mapping[str, Any], name: str) -> date | None:
    value = item.get(name)
    if isinstance(value, date):
        return value
    try:
        return parse_day(text_of(item, name))
    except NotADate:
        return None
