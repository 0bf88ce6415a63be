"""Columns and place tags of a dataset."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cupola.contracts import Column, Tag
from cupola.folder.kinds.record import Fields, is_nothing
from cupola.folder.kinds.values import (
    AnyText,
    ColumnName,
    DatePattern,
    FilledText,
    OneOrMore,
    Says,
    Scale,
    Several,
    Slug,
    Text,
    Truth,
    TypeOfColumn,
    wrong,
)
from cupola.folder.problems import show


def _meanings(value: Any) -> Any:
    """Read allowed values: a mapping of value to meaning, or a list of values that need none."""
    if isinstance(value, list | tuple):
        return {str(item): "" for item in value}
    if isinstance(value, Mapping):
        return {key: "" if is_nothing(meaning) else meaning for key, meaning in value.items()}
    raise wrong(f"{show(value)} is neither a mapping nor a list", "write {VALUE: meaning, ...} or [VALUE, ...]")


Allowed = Annotated[dict[AnyText, Text], BeforeValidator(_meanings), Says("mapping of value to meaning, or list")]


class ColumnFields(Fields):
    """One column: its type, where it comes from, and what it means."""

    type: TypeOfColumn = Field(description="What the values are.", examples=["date"])
    origins: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        (),
        alias="from",
        description="Name under which the source publishes it, or several names, newest first. Left out: its own name.",
        examples=[["Position Title", "Job Titles"]],
    )
    title: Text = Field("", description="Heading people see.", examples=["Issued on"])
    meaning: Text = Field("", description="What a value says, in a sentence.", examples=["Day the permit was issued."])
    unit: Text = Field("", description="Unit of a number.", examples=["hours per week"])
    formats: Annotated[tuple[DatePattern, ...], OneOrMore] = Field(
        (),
        alias="format",
        description="For date, timestamp, instant: how it is written, or several ways. Left out: 2015-12-31T13:45:00.",
        examples=["%m/%d/%Y"],
    )
    allowed: Allowed = Field(
        default_factory=dict,
        description="For code: the values that may occur and what each means.",
        examples=[{"OPEN": "work may go on", "DONE": "finished"}],
    )
    null_tokens: Annotated[tuple[AnyText, ...], Several] | None = Field(
        None, description="Texts that mean *no value* in this column, instead of the dataset's.", examples=[["", "0"]]
    )
    scale: Scale = Field(4, description="For decimal: digits after the point.", examples=[2])
    required: Truth = Field(False, description="A row without a value goes to quarantine.", examples=[True])
    optional: Truth = Field(False, description="A source may lack this column.", examples=[True])
    sensitive: Truth = Field(False, description="No page shows its values, extremes or counts.", examples=[True])

    def column(self, name: str) -> Column:
        """Return the contract's column."""
        return Column(
            name=name,
            type=self.type,
            title=self.title,
            meaning=self.meaning,
            unit=self.unit,
            origins=self.origins,
            formats=self.formats,
            allowed=tuple(self.allowed.items()),
            null_tokens=self.null_tokens,
            scale=self.scale,
            required=self.required,
            optional=self.optional,
            sensitive=self.sensitive,
        )


class TagFields(Fields):
    """A column computed from coordinates: which place of another dataset holds the point."""

    column: ColumnName = Field(description="Name of the new column.", examples=["ward_2023"])
    point: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        description="A point column, or the longitude and the latitude column in this order.",
        examples=[["longitude", "latitude"]],
    )
    places: Slug = Field(description="Dataset of this folder that holds the shapes.", examples=["wards"])
    take: FilledText = Field(description="Column of that dataset to copy.", examples=["ward"])

    def tag(self) -> Tag:
        """Return the contract's tag."""
        return Tag(self.column, self.point, self.places, self.take)
