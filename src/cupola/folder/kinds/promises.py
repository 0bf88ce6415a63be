"""Quality promises of a dataset, checked on each load and shown with their history."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cupola.contracts.promises import TODAY
from cupola.folder.kinds.record import Fields, is_nothing, items_of, text_of, texts_of
from cupola.folder.kinds.values import AnyText, FilledText, OneOrMore, Says, Several, Truth, one_of
from cupola.folder.problems import FieldPath, Finding, did_you_mean, listed, show
from cupola.periods import NotADate, parse_day

THAT = ("complete", "unique", "allowed", "range", "rows")
_NUMBERS = ("integer", "decimal", "float", "money", "percent", "duration")
_DAYS = ("date", "timestamp", "instant")
_NEEDS: dict[str, tuple[str, ...]] = {
    "complete": ("columns", "at_least"), "unique": ("columns",), "allowed": ("columns", "values"),
    "range": ("columns",), "rows": (),
}  # fmt: skip
_TAKES: dict[str, tuple[str, ...]] = {
    "complete": ("columns", "at_least"), "unique": ("columns",), "allowed": ("columns", "values"),
    "range": ("columns", "at_least", "at_most"), "rows": ("at_least", "at_most"),
}  # fmt: skip


def _limit(value: Any) -> Any:
    return str(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else value


Limit = Annotated[FilledText, BeforeValidator(_limit), Says("number, day or `today`")]


class PromiseFields(Fields):
    """One promise about every version."""

    that: Annotated[str, one_of("a promise", THAT), Says(" \\| ".join(f"`{name}`" for name in THAT))] = Field(
        description="What is promised: a share of values that are there, no two rows alike, only these values, values "
        "from and to, so many rows. That it is fresh is promised by `refresh`.",
        examples=["complete"],
    )
    columns: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        (), description="The column it is about; for `unique` one or several.", examples=[["status"]]
    )
    at_least: Limit | None = Field(None, description="For `complete` a share of 1.", examples=["0.98"])
    at_most: Limit | None = Field(None, description="For `range` and `rows`.", examples=["today"])
    values: Annotated[tuple[AnyText, ...], Several] = Field(
        (), description="For `allowed`: the values.", examples=[["open", "closed"]]
    )
    stops: Truth = Field(False, description="A version that breaks it is not released.", examples=[True])


Promises = Annotated[tuple[PromiseFields, ...], Several]


def check_promises(data: Mapping[str, Any], columns: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield the mistakes of what is promised. `columns`: those of the dataset as written, by name."""
    first: dict[tuple[str, ...], int] = {}
    for number, (path, item) in enumerate(items_of(data, "promises"), start=1):
        that = text_of(item, "that")
        if that not in THAT:
            continue
        yield from _fields(path, item, that)
        named = [name for _, name in texts_of(item, "columns")]
        other = first.setdefault((that, *named), number)
        if other != number:
            message = f"the same is already promised in number {other} of the list"
            yield Finding((*path, "that"), that, message, "take one of the two out")
        if that != "unique" and len(named) > 1:
            message = f"{that!r} is about one column, and there are {len(named)}"
            yield Finding((*path, "columns"), listed(named), message, "write a promise for each")
        for where, name in texts_of(item, "columns"):
            if columns and name not in columns and name not in _tags(data):
                remedy = did_you_mean(name, list(columns), otherwise=f"the columns are {listed(columns)}")
                yield Finding((*path, *where), name, f"{show(name)} is not a column", remedy)
        kind = text_of(columns.get(named[0], {}), "type") if named else ""
        yield from _limits(path, item, that=that, kind=kind)


def _tags(data: Mapping[str, Any]) -> list[str]:
    return [text_of(tag, "column") for _, tag in items_of(data, "place_tags")]


def _fields(path: FieldPath, item: Mapping[str, Any], that: str) -> Iterator[Finding]:
    for name in ("columns", "at_least", "at_most", "values"):
        said = not is_nothing(item.get(name)) and item.get(name) != []
        if said and name not in _TAKES[that]:
            remedy = f"write {listed(_TAKES[that])}, or another promise"
            yield Finding((*path, name), None, f"{name!r} means nothing for {that!r}", remedy)
        if not said and name in _NEEDS[that]:
            yield Finding((*path, name), None, f"{that!r} needs {name!r}", f"write '{name}: ...'")
    if that in {"range", "rows"} and is_nothing(item.get("at_least")) and is_nothing(item.get("at_most")):
        remedy = "write 'at_least:', 'at_most:' or both"
        yield Finding((*path, "that"), that, "it has neither a lower nor an upper limit", remedy)


def _limits(path: FieldPath, item: Mapping[str, Any], *, that: str, kind: str) -> Iterator[Finding]:
    for name in ("at_least", "at_most"):
        text = _text(item.get(name))
        if not text or name not in _TAKES[that]:
            continue
        if that == "range" and kind and kind not in (*_NUMBERS, *_DAYS):
            remedy = "promise 'allowed' values, or a range of a number or a date"
            yield Finding((*path, name), text, f"a column of type {kind!r} has no range", remedy)
        elif that == "range" and kind in _DAYS:
            if text != TODAY and not _is_day(text):
                yield Finding((*path, name), text, f"{show(text)} is not a day", "write one as 2015-12-31, or today")
        elif not _is_number(text) or (that == "complete" and not 0 <= float(text) <= 1):
            wanted = "a number from 0 to 1, as 0.98" if that == "complete" else "a number"
            yield Finding((*path, name), text, f"{show(text)} does not fit {that!r}", f"write {wanted}")
    low, high = (_text(item.get(name)) for name in ("at_least", "at_most"))
    if _is_number(low) and _is_number(high) and float(low) > float(high):
        yield Finding((*path, "at_most"), high, f"{high} is below {low}", "write the larger one here")


def _text(value: Any) -> str:
    return "" if is_nothing(value) or isinstance(value, list | Mapping) else str(value)


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        parse_day(text)
    except NotADate:
        return False
    return True
