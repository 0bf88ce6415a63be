"""The catalogue of the model library: roles, the essay's claims, grants that became budget, yardsticks."""

from typing import Annotated

from pydantic import Field

from cupola.folder.kinds.record import Fields, Kind, Record
from cupola.folder.kinds.structure import SourceFields
from cupola.folder.kinds.structurevalues import WhenText, several_codes
from cupola.folder.kinds.values import Count, FilledText, OneOrMore, Says, Several, Slug, Text, Truth, one_of
from cupola.orgchart import vocabulary as words

Words = Annotated[tuple[FilledText, ...], OneOrMore]


class RoleFields(Fields):
    """A role, whatever a city calls the post."""

    title: FilledText = Field(description="Its usual title.")
    says: FilledText = Field(description="What it is there for.")
    mandates: several_codes("a mandate", words.Mandate) = Field(  # type: ignore[valid-type]
        description="Its usual mandates.", examples=["policy"]
    )
    scope: Text = Field("", description="How far it usually reaches.")
    reports_to: Text = Field("", description="Its usual solid line.")
    dotted_to: Text = Field("", description="A useful dotted line.")
    functions: several_codes("a function", words.Function) = Field(  # type: ignore[valid-type]
        (), description="What it does."
    )
    skills: Words = Field((), description="What it takes.")
    examples: Words = Field((), description="Keys of governments of the library that have had it.")
    sources: Words = Field((), description="Keys of sources.")
    note: Text = Field("", description="What a reader should know.")


class ClaimFields(Fields):
    """One general claim of the essay."""

    title: FilledText = Field(description="In a few words.")
    says: FilledText = Field(description="In our words.")
    checks: Words = Field((), description="Keys of the checks that ask it of a chart.")
    note: Text = Field("", description="What other sources say.")


class IncubationFields(Fields):
    """One team that began on a grant, a fellowship or a partnership."""

    jurisdiction: Slug = Field(description="Key of the government.")
    vehicle: FilledText = Field(description="What it began as.")
    grant: FilledText = Field(description="The money, in words.")
    since: WhenText = Field(description="When it began.")
    converted: WhenText | None = Field(None, description="When it came onto the budget.")
    result: Annotated[str, one_of("a result", ("yes", "no", "unknown")), Says("`yes` \\| `no` \\| `unknown`")] = Field(
        description="Whether it was kept."
    )
    says: FilledText = Field(description="What came of it.")
    sources: Words = Field((), description="Keys of the sources, in that government's document.")


class SeatFields(Fields):
    """Where one place's data officer sat."""

    place: FilledText = Field(description="The place.")
    reports_to: FilledText = Field(description="To whom.")
    under_cio: Truth = Field(description="Whether that is a chief information officer.")
    staff: Count = Field(description="Full-time staff.")


class YardstickFields(Fields):
    """A figure to hold one's own against."""

    says: FilledText = Field(description="The figure in a sentence.")
    sources: Words = Field(description="Keys of sources.")


class LibraryRecord(Record):
    """What the library knows beside its governments."""

    sources: dict[FilledText, SourceFields] = Field(description="Sources, by a short key.")
    roles: dict[Slug, RoleFields] = Field(description="Roles, by key.")
    claims: dict[FilledText, ClaimFields] = Field(description="The essay's claims, by key.")
    incubation: Annotated[tuple[IncubationFields, ...], Several] = Field(description="Grants and what became of them.")
    data_officers_2016: Annotated[tuple[SeatFields, ...], Several] = Field(description="One network in December 2016.")
    yardsticks: Annotated[tuple[YardstickFields, ...], Several] = Field(description="Figures to hold against.")


class ModelLibrary(Kind):
    """The kind `library`, which only the package itself holds."""

    name = "library"
    model = LibraryRecord
    single = True
    says = "The catalogue of the model library."
