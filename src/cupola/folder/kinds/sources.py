"""Where a dataset comes from."""

import codecs
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from cupola.contracts import Vintage
from cupola.folder.kinds.record import Fields
from cupola.folder.kinds.values import (
    AnyText,
    Count,
    FilledText,
    Partial,
    RelativeFile,
    Says,
    SourceUrl,
    Truth,
    one_of,
    wrong,
)
from cupola.folder.problems import did_you_mean, listed, show
from cupola.periods import PartialDate
from cupola.sources import SourceSpec
from cupola.sources.formats import FORMATS, by_name
from cupola.sources.recordpath import parse_path
from cupola.sources.spec import SourceInvalid

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252")
_TEXT_FORMATS = ("csv", "tsv")
# fields that mean something for some formats only
ONLY_WITH: dict[str, tuple[str, ...]] = {
    "records": ("json",),
    "sheet": ("xlsx",),
    "query": ("sql",),
    "resource": ("ckan",),
    "incremental": ("socrata",),
    "delimiter": _TEXT_FORMATS,
    "quote": _TEXT_FORMATS,
    "escape": _TEXT_FORMATS,
    "encoding": (*_TEXT_FORMATS, "json", "ndjson", "geojson"),
    "skip_lines": (*_TEXT_FORMATS, "xlsx"),
    "header_rows": (*_TEXT_FORMATS, "xlsx"),
}


def _one_character(text: str) -> str:
    if len(text) != 1:
        remedy = 'write one character; a tab is "\\t" in double quotes' if text else "write one character"
        raise wrong(f"{show(text)} is not one character", remedy)
    return text


def _at_most_one(text: str) -> str:
    return text and _one_character(text)


def _encoding(text: str) -> str:
    try:
        codecs.lookup(text)
    except LookupError:
        remedy = did_you_mean(text, ENCODINGS, otherwise=f"write one like {listed(ENCODINGS)}")
        raise wrong(f"{show(text)} is not an encoding", remedy) from None
    return text


def _record_path(text: str) -> str:
    try:
        parse_path(text, where="")
    except SourceInvalid:
        remedy = "write names joined by dots, and [] after each list, as 'departments[].funds[]'"
        raise wrong(f"{show(text)} is not a path to records", remedy) from None
    return text


Character = Annotated[AnyText, AfterValidator(_one_character), Says("one character")]
MaybeCharacter = Annotated[AnyText, AfterValidator(_at_most_one), Says("one character or none")]
Format = Annotated[str, one_of("a format", FORMATS), Says(" \\| ".join(f"`{name}`" for name in FORMATS))]
Encoding = Annotated[FilledText, AfterValidator(_encoding), Says("character encoding")]
RecordPath = Annotated[FilledText, AfterValidator(_record_path), Says("path to records")]


class SourceFields(Fields):
    """One file, address or query that rows come from."""

    url: SourceUrl | None = Field(
        None,
        description="Web address, or `sqlite:///path` or `postgresql://host/database` for a query.",
        examples=["https://data.cityofchicago.org/resource/ydr8-5enu.csv"],
    )
    file: RelativeFile | None = Field(
        None,
        description="Path below the folder, or below the `--sources` directory; then read instead of `url`.",
        examples=["operations/permits.csv.gz"],
    )
    format: Format | None = Field(None, description="Left out: told by the name or the content.", examples=["csv"])
    member: FilledText | None = Field(None, description="File inside a zip archive.", examples=["permits.csv"])
    records: RecordPath | None = Field(
        None, description="For json: path to the records.", examples=["appropriations.by_department[].fund_breakdown[]"]
    )
    sheet: FilledText | None = Field(
        None, description="For xlsx: name of the sheet, or its number.", examples=["Roster"]
    )
    query: FilledText | None = Field(
        None, description="For sql: the SELECT to run.", examples=["SELECT * FROM permits"]
    )
    resource: FilledText | None = Field(None, description="For ckan: id of the resource.", examples=["d6a2f2c6-1c9c"])
    incremental: Truth = Field(
        False, description="For socrata with `mode: upsert`: ask only for rows that changed.", examples=[True]
    )
    delimiter: Character | None = Field(None, description="For csv: what stands between values.", examples=[";"])
    quote: MaybeCharacter | None = Field(None, description='For csv: quotation mark; "" for none.', examples=["'"])
    escape: MaybeCharacter | None = Field(
        None, description="For csv: what stands before a quotation mark inside quotes.", examples=["\\"]
    )
    encoding: Encoding | None = Field(None, description="For csv: character encoding.", examples=["cp1252"])
    skip_lines: Count | None = Field(None, description="For csv, xlsx: lines before the header.", examples=[3])
    header_rows: Count | None = Field(None, description="For csv, xlsx: lines of the header; 0 for none.", examples=[1])
    vintage: Partial | None = Field(
        None,
        description="The day, month or year these rows speak for, when a dataset has dated editions.",
        examples=["2018-03"],
    )

    def vintage_value(self) -> Vintage | None:
        """Return the vintage as the loader takes it."""
        if self.vintage is None:
            return None
        partial = PartialDate.parse(self.vintage)
        return Vintage(partial.on, partial.precision)

    def spec(self) -> SourceSpec:
        """Return the source as the reader takes it."""
        written = self.model_dump(exclude_none=True, exclude={"vintage"})
        return SourceSpec(**written, vintage=self.vintage_value())


def format_told(data: dict[str, Any]) -> str:
    """Return the format of a raw source entry: as written, else as its file or address ends; empty when unknown."""
    written = data.get("format")
    if isinstance(written, str) and written:
        return str(written)
    names = [str(data[name]) for name in ("file", "url") if isinstance(data.get(name), str)]
    if any(name.startswith(("postgres", "sqlite:")) for name in names):
        return "sql"
    return next((found for found in (by_name(name.partition("?")[0]) for name in names) if found), "")
