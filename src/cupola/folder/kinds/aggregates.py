"""A dataset made of another one nobody may see: counts and averages over fixed dimensions. Decision 0021."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cupola.contracts import Column
from cupola.folder.documents import Scalar
from cupola.folder.kinds.record import Fields, Reference, is_nothing, items_of, text_of
from cupola.folder.kinds.values import ColumnName, Count, FilledText, OneOrMore, Says, Several, Slug, Truth, wrong
from cupola.folder.problems import FieldPath, Finding, did_you_mean, listed, show
from cupola.privacy import ALL, THRESHOLD, Average, Dimension, least_base

SUPPRESSION = "suppression"  # the column that says whether a row shows everything
_OWN = ("sources", "select", "place_tags", "time_column")
_AVERAGED = ("money", "decimal", "float")


def _positive(value: Any) -> Any:
    number = value.value if isinstance(value, Scalar) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or number <= 0:
        raise wrong(f"{show(value)} is not a number above 0", "write one like 1000")
    return float(number)


Positive = Annotated[float, BeforeValidator(_positive), Says("number above 0")]


class GroupFields(Fields):
    """A named group of values."""

    name: FilledText = Field(description="What the group is called.", examples=["Police officers"])
    values: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        description="The values in it; `*` stands for any text.", examples=[["POLICE OFFICER*", "SERGEANT"]]
    )


class DimensionFields(Fields):
    """One dimension of the table."""

    name: ColumnName = Field(description="Its column in the table.", examples=["title_group"])
    column: FilledText | None = Field(
        None, description="The column of the other dataset. Left out: the same name.", examples=["title"]
    )
    band: Positive | None = Field(None, description="For numbers: how wide a band is.", examples=[25000])
    yearly: Truth = Field(False, description="For dates: by year.", examples=[True])
    groups: Annotated[tuple[GroupFields, ...], Several] = Field(
        (), description="For texts: groups of values, the first that fits counts; what fits none is `Other`."
    )


class AverageFields(Fields):
    """One average of the table."""

    name: ColumnName = Field(description="Its column in the table.", examples=["average_salary"])
    column: FilledText = Field(description="The column of the other dataset.", examples=["annual_salary"])
    round: Positive = Field(
        description="What it is rounded to in groups of a hundred and more; smaller ones coarser.", examples=[1000]
    )


class AggregatesFields(Fields):
    """Counts and averages of a dataset whose rows nobody may see. Takes the place of `sources`."""

    of: Slug = Field(
        description="The dataset that is counted. It has one such table and no other.", examples=["employees"]
    )
    dimensions: Annotated[tuple[DimensionFields, ...], Several] = Field(description="What it is counted by.")
    count: ColumnName = Field(description="The column that counts rows.", examples=["employees"])
    averages: Annotated[tuple[AverageFields, ...], Several] = Field((), description="What is averaged.")
    threshold: Count = Field(THRESHOLD, description="Fewer rows than this are never shown.", examples=[11])
    round: Count = Field(5, description="What counts are rounded to.", examples=[5])

    def dimensions_of(self, columns: Mapping[str, Column]) -> tuple[Dimension, ...]:
        """Return its dimensions. `columns`: of the dataset that is counted. Raises KeyError."""
        return tuple(
            Dimension(
                one.name,
                columns[one.column or one.name],
                band=one.band or 0.0,
                yearly=one.yearly,
                groups=tuple((group.name, group.values) for group in one.groups),
            )
            for one in self.dimensions
        )

    def averages_of(self, columns: Mapping[str, Column]) -> tuple[Average, ...]:
        """Return its averages. Raises KeyError."""
        return tuple(Average(one.name, columns[one.column], one.round) for one in self.averages)


def counted(data: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield the dataset that is counted, with each column that is named."""
    block = data.get("aggregates")
    key = text_of(block, "of")
    if not key:
        return
    yield Reference(("aggregates", "of"), "dataset", key)
    for path, one in [*items_of(block, "dimensions"), *items_of(block, "averages")]:
        name = text_of(one, "column") or text_of(one, "name")
        field = "column" if text_of(one, "column") else "name"
        yield Reference(("aggregates", "of"), "dataset", key, ("aggregates", *path, field), name)


def is_aggregated(data: Mapping[str, Any]) -> bool:
    """Whether its rows are made from another dataset's."""
    return isinstance(data.get("aggregates"), Mapping)


def check_aggregates(data: Mapping[str, Any], columns: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield the mistakes of a dataset that is counted from another. `columns`: its own, as written."""
    block = data.get("aggregates")
    if not isinstance(block, Mapping):
        return
    for name in _OWN:
        if not is_nothing(data.get(name)) and data.get(name) != ():
            yield Finding((name,), None, f"'{name}' means nothing beside 'aggregates'", "take it out")
    if text_of(data, "mode") not in {"", "replace"}:
        yield Finding(("mode",), text_of(data, "mode"), "the table is made anew each time", "leave 'mode' out")
    if text_of(block, "of") and text_of(block, "of") == text_of(data, "key"):
        yield Finding(("aggregates", "of"), text_of(block, "of"), "it cannot count itself", "name the other dataset")
    yield from _rules(block)
    yield from _table(block, columns)


def _rules(block: Mapping[str, Any]) -> Iterator[Finding]:
    threshold, base = _whole(block, "threshold", THRESHOLD), _whole(block, "round", 5)
    if threshold is not None and threshold < 3:
        message = f"{threshold} protects nobody: of two, each knows the other"
        yield Finding(("aggregates", "threshold"), threshold, message, f"write 3 or more; {THRESHOLD} is usual")
    elif threshold is not None and base is not None and base < least_base(threshold):
        message = f"rounding to {base} shows when fewer than {threshold} come or go between two versions"
        yield Finding(("aggregates", "round"), base, message, f"write 'round: {least_base(threshold)}' or more")
    if not items_of(block, "dimensions"):
        remedy = "write at least one, as '- {name: department}'"
        yield Finding(("aggregates", "dimensions"), None, "there are no dimensions", remedy)
    for path, one in items_of(block, "dimensions"):
        ways = [name for name in ("band", "yearly", "groups") if not is_nothing(one.get(name))]
        if len(ways) > 1:
            message = f"{listed(ways)} cannot go together"
            yield Finding(("aggregates", *path), text_of(one, "name"), message, "keep one of them")
        for group_path, group in items_of(one, "groups"):
            if text_of(group, "name") == ALL:
                message = f"'{ALL}' stands for the total"
                yield Finding(("aggregates", *path, *group_path, "name"), ALL, message, "give the group another name")


def _whole(block: Mapping[str, Any], name: str, default: int) -> int | None:
    value = block.get(name)
    number = value.value if isinstance(value, Scalar) else value
    if is_nothing(value):
        return default
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _table(block: Mapping[str, Any], columns: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield where `columns` are not those of the table."""
    wanted: dict[str, tuple[str, ...]] = {}
    paths: dict[str, FieldPath] = {}
    for path, one in items_of(block, "dimensions"):
        wanted[text_of(one, "name")] = ("text", "code")
        paths[text_of(one, "name")] = ("aggregates", *path, "name")
    wanted[text_of(block, "count")] = ("integer",)
    for path, one in items_of(block, "averages"):
        wanted[text_of(one, "name")] = _AVERAGED
        paths[text_of(one, "name")] = ("aggregates", *path, "name")
    wanted[SUPPRESSION] = ("text", "code")
    wanted.pop("", None)
    for name, types in wanted.items():
        if name not in columns:
            message = f"the table has a column {show(name)}, and 'columns' does not"
            yield Finding(("columns", name), None, message, f"write '{name}: {{type: {types[0]}}}' under 'columns:'")
        elif text_of(columns[name], "type") not in types:
            kind = text_of(columns[name], "type")
            message = f"{show(name)} of the table is of type {types[0]!r}, not {kind!r}"
            yield Finding(("columns", name, "type"), kind, message, f"write 'type: {types[0]}'")
    for name in columns:
        if name not in wanted:
            remedy = did_you_mean(name, tuple(wanted), otherwise=f"the table has {listed(wanted)}")
            yield Finding(("columns", name), name, f"{show(name)} is no column of the table", remedy)
