"""What catalogues say about a dataset beyond its rows: who published it, when, and where its files are."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cupola.folder.documents import Scalar
from cupola.folder.kinds.record import Fields
from cupola.folder.kinds.values import CataloguePlace, FilledText, OneOrMore, Says, Several, Text, Url, one_of, wrong
from cupola.folder.problems import show

CATALOGUES = ("ckan", "dcat-us-1.1", "dcat-us-3", "socrata")


def _json(value: Any) -> Any:
    """Return a value as plain JSON: what the reader of YAML kept as written becomes what it means."""
    if isinstance(value, Scalar):
        return value.value
    if isinstance(value, Mapping):
        return {str(name): _json(part) for name, part in value.items()}
    return [_json(part) for part in value] if isinstance(value, list | tuple) else value


def _mapping(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise wrong(f"{show(value)} is not a mapping", "write 'name: value' lines below it")
    return _json(value)


Said = Annotated[dict[str, Any], BeforeValidator(_mapping), Says("mapping of anything")]


class DistributionFields(Fields):
    """One file or address a dataset can be had from, elsewhere."""

    title: Text = Field("", description="What it is called.", examples=["All permits"])
    description: Text = Field("", description="What is in it.")
    format: Text = Field("", description="Its format, for people.", examples=["CSV"])
    media_type: Text = Field("", description="Its format, for machines.", examples=["text/csv"])
    url: Url | None = Field(
        None, description="The file itself.", examples=["https://data.example.gov/api/views/ydr8-5enu/rows.csv"]
    )
    page: Url | None = Field(
        None, description="An address that leads to it.", examples=["https://data.example.gov/d/ydr8-5enu"]
    )
    conforms_to: Text = Field("", description="Address of the standard it keeps.")
    described_by: Text = Field("", description="Address of its data dictionary.")
    described_by_type: Text = Field("", description="Media type of that.", examples=["application/json"])
    said: Said = Field({}, description="What else its catalogue says about it.")


class CatalogueFields(Fields):
    """What catalogues say about the dataset beside its title, description and the rest above."""

    harvested_from: CataloguePlace | None = Field(
        None,
        description="The catalogue it was read from; a file that is kept by its name.",
        examples=["https://data.example.gov/data.json"],
    )
    harvested_as: (
        Annotated[
            str, one_of("a kind of catalogue", CATALOGUES), Says(" \\| ".join(f"`{name}`" for name in CATALOGUES))
        ]
        | None
    ) = Field(None, description="What kind of catalogue that is.", examples=["dcat-us-1.1"])
    identifier: Text = Field(
        "", description="What other catalogues call it.", examples=["https://data.example.gov/api/views/ydr8-5enu"]
    )
    publisher: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        (),
        description="Who publishes it, then what that belongs to. Left out: its department and the city.",
        examples=[["Department of Buildings", "City of Springfield"]],
    )
    issued: Text = Field("", description="When it first came out.", examples=["2011-09-30"])
    modified: Text = Field("", description="When it last changed.", examples=["2026-11-20"])
    periodicity: Text = Field("", description="How often it changes, in ISO 8601.", examples=["R/P1M"])
    spatial: Text = Field("", description="The place it speaks about.", examples=["Springfield"])
    temporal: Text = Field("", description="The time it speaks about.", examples=["2006-01-01/2026-11-20"])
    languages: Annotated[tuple[FilledText, ...], Several] = Field(
        (), description="Languages of the data. Left out: the city's.", examples=[["en"]]
    )
    rights: Text = Field("", description="What must be known before it is used, or why it cannot be had.")
    conforms_to: Annotated[tuple[FilledText, ...], OneOrMore] = Field((), description="Standards it keeps.")
    described_by: Text = Field("", description="Address of its data dictionary.")
    described_by_type: Text = Field("", description="Media type of that.", examples=["application/json"])
    references: Annotated[tuple[FilledText, ...], Several] = Field((), description="Addresses of documents about it.")
    part_of: Text = Field("", description="Identifier of the collection it belongs to.")
    version: Text = Field("", description="The version of it that is meant.", examples=["3"])
    more_topics: Annotated[tuple[FilledText, ...], Several] = Field(
        (), description="Topics beside the one it is listed under.", examples=[["Housing"]]
    )
    distributions: Annotated[tuple[DistributionFields, ...], Several] = Field(
        (), description="Where it can be had, when it is hosted elsewhere."
    )
    said: Said = Field({}, description="What else its catalogue says about it, word for word.")
