"""The kind `dataset`: what it is, where it comes from, and the contract its rows must keep."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_serializer

from cupola.contracts import DEFAULT_NULL_TOKENS, Contract, Duplicates
from cupola.folder.kinds import datasetchecks
from cupola.folder.kinds.access import AccessFields
from cupola.folder.kinds.aggregates import AggregatesFields, counted
from cupola.folder.kinds.catalogued import CatalogueFields
from cupola.folder.kinds.changes import Changes, Formerly, former_names
from cupola.folder.kinds.columns import ColumnFields, TagFields
from cupola.folder.kinds.duties import Duties
from cupola.folder.kinds.promises import Promises
from cupola.folder.kinds.publication import AgreementFields, ApprovalFields, Moment, PrivacyFields, ReviewFields
from cupola.folder.kinds.record import Kind, Record, Reference, items_of, text_of
from cupola.folder.kinds.retiring import RetiredFields, successors
from cupola.folder.kinds.sources import SourceFields
from cupola.folder.kinds.translations import Translation
from cupola.folder.kinds.values import (
    AnyText,
    ColumnName,
    Count,
    FilledText,
    Language,
    OneOrMore,
    PublicId,
    Says,
    Several,
    Share,
    Text,
    Truth,
    Url,
    one_of,
    wrong,
)
from cupola.folder.problems import FieldPath, Finding, did_you_mean, show
from cupola.sources import SourceSpec

CLASSIFICATIONS = ("public", "internal", "sensitive", "protected", "restricted")
UNCLASSIFIED = "unclassified"
MODES = ("replace", "append", "upsert")
DUPLICATES = tuple(str(choice) for choice in Duplicates)
REFRESH_DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366, "never": None}
_EVERY = re.compile(r"every ([1-9][0-9]{0,3}) days?", re.ASCII)
_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"  # 32 signs that are not taken for one another


def _refresh(value: Any) -> Any:
    words = tuple(REFRESH_DAYS)
    if not isinstance(value, str):
        raise wrong(f"{show(value)} is not a refresh interval", "write one like 'monthly' or 'every 14 days'")
    if value not in words and not _EVERY.fullmatch(value):
        otherwise = f"write one of {', '.join(words)}, or 'every 14 days'"
        raise wrong(f"{show(value)} is not a refresh interval", did_you_mean(value, words, otherwise=otherwise))
    return str(value)


def _columns(value: Any) -> Any:
    """Read columns as a folder writes them (a mapping) or as records keep them (a list with names, for the order)."""
    if isinstance(value, list | tuple):
        if not all(isinstance(item, Mapping) and isinstance(item.get("name"), str) for item in value):
            raise wrong("the columns are a list of something without names", "write each as 'name: {type: ...}'")
        return {item["name"]: {key: part for key, part in item.items() if key != "name"} for item in value}
    if not isinstance(value, Mapping):
        raise wrong(f"{show(value)} is not a mapping of columns", "write each column as 'name: {type: ...}'")
    if not value:
        raise wrong("there are no columns", "write at least one, as 'issued_on: {type: date}'")
    return value


def _choice(noun: str, choices: tuple[str, ...]) -> Any:
    return Annotated[str, one_of(noun, choices), Says(" \\| ".join(f"`{choice}`" for choice in choices))]


class DatasetRecord(Record):
    """A dataset: what it is, who keeps it, where it comes from, and what its rows must look like."""

    id: PublicId | None = Field(
        None, description="Public id. Left out: made from the city's key and the dataset's.", examples=["ydr8-5enu"]
    )
    title: FilledText = Field(description="Title people see.", examples=["Building permits"])
    description: Text = Field("", description="What it holds, for someone who has never seen it.")
    row: Text = Field("", description="What one row is.", examples=["one building permit"])
    department: Text = Field("", description="Department it belongs to.", examples=["Department of Buildings"])
    topic: Text = Field("", description="Topic it is listed under.", examples=["Buildings"])
    keywords: Annotated[tuple[FilledText, ...], Several] = Field(
        (), description="Words people search for.", examples=[["permits", "construction"]]
    )
    steward: Text = Field("", description="Who answers for its content.", examples=["Data steward, Buildings"])
    contact: Text = Field("", description="Where questions go.", examples=["opendata@example.gov"])
    duties: Duties = Field((), description="Who has which duty for it. Left out: whoever has it for its department.")
    license: Text = Field("", description="Under which terms it may be used.", examples=["CC0 1.0"])
    landing_page: Url | None = Field(
        None, description="The page of the source.", examples=["https://data.example.gov/d/ydr8-5enu"]
    )
    translations: dict[Language, Translation] = Field(default_factory=dict, description="The same in other languages.")
    classification: _choice("a classification", CLASSIFICATIONS) | None = Field(  # type: ignore[valid-type]
        None,
        description="Who may see the rows. Left out: nobody outside, and nothing of it is public.",
        examples=["public"],
    )
    payroll: Truth = Field(
        False, description="Rows are pay of single people; they may never be public.", examples=[True]
    )
    released: Truth = Field(
        False, description="The public may see it, once it is classified and approved.", examples=[True]
    )
    approval: ApprovalFields | None = Field(None, description="The steward's approval. Without one nothing is public.")
    release_on: Moment | None = Field(
        None,
        description="What is not public yet waits until this moment, in the city's own time unless an offset is given.",
        examples=["2026-12-01T08:30"],
    )
    legal_basis: Text = Field(
        "", description="The rule that allows or demands publication.", examples=["Municipal Code 2-173"]
    )
    agreement: AgreementFields | None = Field(None, description="The agreement under which the city got the data.")
    review: ReviewFields | None = Field(None, description="The privacy review; needed from `sensitive` on.")
    privacy: PrivacyFields | None = Field(None, description="What every refresh is measured against.")
    retired: RetiredFields | None = Field(None, description="How it ended, when it has.")
    readers: Annotated[tuple[AccessFields, ...], Several] = Field(
        (),
        alias="access",
        description="What each role of staff may read of rows that are not public. Left out: nobody reads any.",
    )
    refresh: Annotated[
        str,
        BeforeValidator(_refresh),
        Says("`daily` \\| `weekly` \\| `monthly` \\| `quarterly` \\| `yearly` \\| `never` \\| `every N days`"),
    ] = Field("never", description="How fresh it is promised to be.", examples=["monthly"])
    mode: _choice("a mode", MODES) = Field(  # type: ignore[valid-type]
        "replace",
        description="Whether a load replaces all rows, adds rows, or updates rows by key.",
        examples=["replace"],
    )
    notes: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        (), description="Known issues in plain words, one per item."
    )
    sources: Annotated[tuple[SourceFields, ...], Several] = Field(
        (),
        description="Where the rows come from. May be left out when the dataset is hosted elsewhere: then `catalogue` "
        "or `landing_page` says where.",
    )
    aggregates: AggregatesFields | None = Field(
        None, description="In place of sources: counts and averages of a dataset whose rows nobody may see."
    )
    columns: Annotated[dict[ColumnName, ColumnFields], BeforeValidator(_columns)] = Field(
        {},
        description="The columns, in the order people see them. May be left out only without `sources`.",
    )
    row_key: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        (), description="Column or columns that identify a row.", examples=[["permit_number"]]
    )
    duplicates: _choice("a way to treat duplicates", DUPLICATES) = Field(  # type: ignore[valid-type]
        "stop",
        description="When rows share a key: stop the load, quarantine all but one, or treat rows as without identity.",
        examples=["stop"],
    )
    time_column: FilledText | None = Field(None, description="The column that says when.", examples=["issued_on"])
    null_tokens: Annotated[tuple[AnyText, ...], Several] = Field(
        DEFAULT_NULL_TOKENS, description="Texts that mean *no value*.", examples=[["", "NA"]]
    )
    max_bad_rows: Count | None = Field(None, description="More bad rows than this stop the load.", examples=[100])
    max_bad_share: Share = Field(
        0.01, description="A larger share of bad rows than this stops the load.", examples=[0.01]
    )
    select: FilledText | None = Field(
        None,
        description="One SELECT over the table `landed`, where every column is text; its result becomes the columns.",
        examples=["SELECT * FROM landed WHERE \"Description\" NOT LIKE 'Total %'"],
    )
    place_tags: Annotated[tuple[TagFields, ...], Several] = Field((), description="Columns computed from coordinates.")
    changes: Changes = Field((), description="Changes of columns, said in advance.")
    formerly: Formerly = Field(
        (),
        description="Ids, short names and paths it had on an older portal; they lead here.",
        examples=[["abcd-1234", "/Buildings/Permits"]],
    )
    promises: Promises = Field((), description="What is promised of every version.")
    catalogue: CatalogueFields | None = Field(None, description="What catalogues say about it beside the above.")

    @field_serializer("columns", when_used="json")
    def list_columns(self, columns: dict[str, ColumnFields]) -> list[dict[str, Any]]:
        """Return the columns as a list, so that their order survives in a database."""
        return [
            {"name": name, **fields.model_dump(mode="json", exclude_defaults=True, by_alias=True)}
            for name, fields in columns.items()
        ]

    def fields(self) -> dict[str, Any]:
        """Return the canonical fields, without columns where there are none."""
        return {name: value for name, value in super().fields().items() if name != "columns" or value}

    @property
    def access(self) -> str:
        """The classification in force; without one, rows are kept like restricted ones."""
        return str(self.classification or UNCLASSIFIED)

    @property
    def hosted_elsewhere(self) -> bool:
        """Whether it is only known here, and its rows are not."""
        return not self.sources and self.aggregates is None

    @property
    def vintaged(self) -> bool:
        """Whether its sources are dated editions."""
        return any(source.vintage is not None for source in self.sources)

    def contract(self, zone: str = "UTC") -> Contract:
        """Return what its rows must look like; `zone` is the city's time zone."""
        return Contract(
            columns=tuple(fields.column(name) for name, fields in self.columns.items()),
            key=self.row_key,
            duplicates=Duplicates(self.duplicates),
            time_column=self.time_column or "",
            null_tokens=self.null_tokens,
            select=self.select or "",
            tags=tuple(tag.tag() for tag in self.place_tags),
            zone=zone,
            max_bad_rows=self.max_bad_rows,
            max_bad_share=self.max_bad_share,
            vintaged=self.vintaged,
            restricted=self.access != "public",
        )

    def source_specs(self) -> tuple[SourceSpec, ...]:
        """Return its sources as the reader takes them, in order."""
        return tuple(source.spec() for source in self.sources)

    def refresh_days(self) -> int | None:
        """Return after how many days it is due again; None for never."""
        every = _EVERY.fullmatch(self.refresh)
        return int(every[1]) if every else REFRESH_DAYS[self.refresh]

    def public_id(self, city_key: str) -> str:
        """Return the public 4x4 id: as written, else made from the two keys, the same for ever."""
        if self.id is not None:
            return self.id
        digest = hashlib.sha256(f"{city_key}/{self.key}".encode()).digest()
        signs = "".join(_ALPHABET[byte % 32] for byte in digest[:8])
        return f"{signs[:4]}-{signs[4:]}"


class Dataset(Kind):
    """The kind `dataset`."""

    name = "dataset"
    model = DatasetRecord
    folder = "datasets"
    says = "A dataset and the contract of its rows. One file each, in `datasets/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield the mistakes between fields."""
        return datasetchecks.check(data)

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield the datasets of places that tags name, and the one that takes its place."""
        yield from successors(data)
        yield from counted(data)
        for path, tag in items_of(data, "place_tags"):
            places, take = text_of(tag, "places"), text_of(tag, "take")
            if places:
                yield Reference((*path, "places"), "dataset", places, (*path, "take"), take)

    def names(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the names of its columns."""
        return tuple(datasetchecks.columns_of(data))

    def unique(self, data: Mapping[str, Any]) -> Iterator[tuple[FieldPath, str]]:
        """Yield the public id, and what it was called before."""
        yield from former_names(data)
        if text_of(data, "id"):
            yield ("id",), text_of(data, "id")

    def permanent(self, record: Record, city_key: str) -> dict[str, str]:
        """Return the public id."""
        assert isinstance(record, DatasetRecord)
        return {"id": record.public_id(city_key)}

    def written(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields with columns as a mapping, lists of one as their item, values without meaning as a list."""
        columns = {column["name"]: _written_column(column) for column in fields.get("columns", ())}
        return {**fields, "columns": columns} if columns else dict(fields)


def _written_column(column: Mapping[str, Any]) -> dict[str, Any]:
    written = {name: value for name, value in column.items() if name != "name"}
    for name in ("from", "format"):
        if len(written.get(name, ())) == 1:
            written[name] = written[name][0]
    if not any(written.get("allowed", {"": "some"}).values()):
        written["allowed"] = list(written["allowed"])
    return written
