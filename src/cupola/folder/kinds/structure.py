"""The kind `structure`: how a government organises itself, over time, with the source of every fact."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from cupola.errors import InvalidInput
from cupola.folder.kinds.record import Fields, Kind, Record
from cupola.folder.kinds.structurelimits import ChecksFields
from cupola.folder.kinds.structurevalues import (
    Amount,
    Keys,
    OneAlone,
    SourceKeys,
    WhenText,
    mapping_or,
    one_code,
    several_codes,
)
from cupola.folder.kinds.values import Count, FilledText, OneOrMore, Several, Share, Slug, Text, Truth, Url
from cupola.folder.problems import Finding
from cupola.orgchart import vocabulary as words
from cupola.orgchart.jurisdiction import Proof
from cupola.orgchart.reading import read_jurisdiction

_AGAIN = "Later times in which it was there again, each with its own `since` and what held then."
GOVERNMENTS = ("city", "county", "state", "template")


class LineFields(Fields):
    """A reporting line."""

    to: Slug = Field(description="Key of the office or post at its other end.", examples=["mayor"])
    type: one_code("a kind of line", words.LineType) = Field(  # type: ignore[valid-type]
        "administrative", description="What it is about.", examples=["policy"]
    )


class FundingFields(Fields):
    """Money behind an office or a post."""

    source: one_code("a source of money", words.FundingSource) = Field(  # type: ignore[valid-type]
        description="Where it comes from.", examples=["grant"]
    )
    share: Share | None = Field(None, description="Its share of the cost.", examples=[0.5])
    amount: Amount | None = Field(None, description="How much, in the city's currency.", examples=[1350000])
    yearly: Truth = Field(False, description="The amount is per year.", examples=[True])
    funder: Text = Field("", description="Who gives it.", examples=["a foundation"])


class LimitFields(Fields):
    """What an office may not exceed."""

    kind: one_code("a kind of limit", words.LimitKind) = Field(  # type: ignore[valid-type]
        description="What is limited.", examples=["head_count"]
    )
    most: Amount = Field(description="The most there may be: posts, or money per purchase.", examples=[20])


Lined = Annotated[LineFields, mapping_or("to")]
Funded = Annotated[FundingFields, mapping_or("source")]


class AboutFields(Fields):
    """When something held, and how it is known."""

    since: WhenText | None = Field(None, description="When it began. Left out: before all that is recorded.")
    until: WhenText | None = Field(None, description="First day, month or year on which it no longer held.")
    begun_by: Text = Field("", description="Key of the event that began it; it gives the date, too.")
    ended_by: Text = Field("", description="Key of the event that ended it; it gives the date, too.")
    status: one_code("a status", words.Status) = Field(  # type: ignore[valid-type]
        "confirmed", description="How well it is known.", examples=["claimed"]
    )
    sources: SourceKeys = Field((), description="Keys of the sources that say it.", examples=[["h7", "h8"]])
    note: Text = Field("", description="What a reader should know about it.")


class SaidFields(AboutFields):
    """What can be said of an office or a post."""

    name: Text | None = Field(None, description="Name of the office, or title of the post.")
    housed_in: one_code("a place to be housed in", words.HousedIn) | None = Field(  # type: ignore[valid-type]
        None, description="Where in the government it sits.", examples=["mayors_office"]
    )
    reports_to: Lined | None = Field(None, description="To whom it reports: a key, or `{to: key, type: policy}`.")
    dotted_to: Annotated[tuple[Lined, ...], OneOrMore, OneAlone] | None = Field(None, description="Its dotted lines.")
    mandate: one_code("a mandate", words.Mandate) | None = Field(  # type: ignore[valid-type]
        None, description="What it is for.", examples=["policy"]
    )
    scope: one_code("a scope", words.Scope) | None = Field(  # type: ignore[valid-type]
        None, description="How far that reaches.", examples=["city_wide"]
    )
    functions: several_codes("a function", words.Function) | None = Field(  # type: ignore[valid-type]
        None, description="What it does.", examples=[["open_data", "data_analytics"]]
    )
    funding: Annotated[tuple[Funded, ...], OneOrMore, OneAlone] | None = Field(None, description="Who pays for it.")
    contact: Text | None = Field(None, description="Public contact, only with consent.")


class OfficeSaid(SaidFields):
    """What can be said of an office."""

    kind: one_code("a kind of office", words.OfficeKind) | None = Field(  # type: ignore[valid-type]
        None, description="What it is.", examples=["department"]
    )
    part_of: Slug | None = Field(None, description="Key of the office it is part of.")
    headed_by: Slug | None = Field(None, description="Key of the post that heads it.")
    limits: Annotated[tuple[LimitFields, ...], Several, OneAlone] | None = Field(
        None, description="What it may not exceed."
    )
    staff: Amount | None = Field(None, description="People who work in it, as a source counts them.", examples=[22])
    budget: Amount | None = Field(None, description="Its yearly budget, as a source gives it.", examples=[83900000])
    purchases: Annotated[tuple[Amount, ...], OneOrMore] | None = Field(
        None, description="Its largest single purchases, as a source gives them.", examples=[[18400]]
    )
    tools: Annotated[tuple[FilledText, ...], OneOrMore] | None = Field(None, description="Tools it works with.")
    users: Annotated[tuple[FilledText, ...], OneOrMore] | None = Field(None, description="Who uses what it makes.")
    seats: Amount | None = Field(None, description="Of a council: its seats, filled or not.", examples=[15])
    members: Amount | None = Field(None, description="Of a council: its members.", examples=[13])
    quorum: Amount | None = Field(None, description="Of a council: members it needs to decide.", examples=[8])
    sectors: several_codes("a sector", words.Sector) | None = Field(  # type: ignore[valid-type]
        None, description="Of a council: where its members come from.", examples=[["business", "university"]]
    )


class PostSaid(SaidFields):
    """What can be said of a post."""

    number: Text | None = Field(None, description="Its position number, where that is no longer its key.")
    role: Slug | None = Field(None, description="Role of the catalogue.", examples=["cdo-data"])
    works_in: Slug | None = Field(None, description="Key of the office it works in.")
    paid_by: Slug | None = Field(None, description="Key of the office that pays it, where that is another.")
    appointment: one_code("an appointment", words.Appointment) | None = Field(  # type: ignore[valid-type]
        None, description="How it is filled.", examples=["exempt"]
    )
    employer: one_code("an employer", words.Employer) | None = Field(  # type: ignore[valid-type]
        None, description="Who employs its holder.", examples=["city"]
    )
    bargaining_unit: Text | None = Field(None, description="Bargaining unit.")
    grade: Text | None = Field(None, description="Grade or pay class.")
    fte: Amount | None = Field(None, description="Full-time equivalents.", examples=[1])
    cost: Amount | None = Field(None, description="Yearly cost in the city's currency.", examples=[120000])
    filled: Truth | None = Field(None, description="Whether somebody holds it.", examples=[True])
    holder: Text | None = Field(None, description="Public official who holds it; may be left out.")
    meets_peers: Truth | None = Field(None, description="The holder agreed to talk with peers.", examples=[True])


class OfficeLife(OfficeSaid):
    """What is said of all the life of an office, and under `facts` what is said of a part of it."""

    facts: Annotated[tuple[OfficeSaid, ...], Several] = Field((), description="What held for a part of the time.")


class OfficeFields(OfficeLife):
    """An office: what is said of its life, and under `again` of a later one, where it was closed and founded again."""

    again: Annotated[tuple[OfficeLife, ...], Several, OneAlone] = Field((), description=_AGAIN)


class PostLife(PostSaid):
    """What is said of all the life of a post, and under `facts` what is said of a part of it."""

    facts: Annotated[tuple[PostSaid, ...], Several] = Field((), description="What held for a part of the time.")


class PostFields(PostLife):
    """A post: what is said of its life, and under `again` of a later one, where it was closed and created again."""

    again: Annotated[tuple[PostLife, ...], Several, OneAlone] = Field((), description=_AGAIN)


class EventFields(Fields):
    """One dated act."""

    key: Slug = Field(description="Its key.", examples=["cdo-moves-to-it"])
    on: WhenText = Field(description="When it was.", examples=["2012-06"])
    kind: several_codes("a kind of event", words.EventKind) = Field(  # type: ignore[valid-type]
        description="What it was, or several.", examples=["move"]
    )
    subjects: Keys = Field(description="Offices and posts it was about.", examples=[["chief-data-officer"]])
    origins: Keys = Field((), description="What a split, merger or move came out of.")
    results: Keys = Field((), description="What a split, merger or move went into.")
    order: Count = Field(0, description="Place among the events of the same day.")
    title: Text = Field("", description="One line in plain words.")
    amount: Text = Field("", description="Money involved, in words.", examples=["$1.35M over 3 years"])
    status: one_code("a status", words.Status) = Field(  # type: ignore[valid-type]
        "confirmed", description="How well it is known.", examples=["confirmed"]
    )
    sources: SourceKeys = Field((), description="Keys of the sources that say it.")
    note: Text = Field("", description="What a reader should know about it.")


class SourceFields(Fields):
    """Where something is known from."""

    url: Url | None = Field(None, description="Its address.")
    title: Text = Field("", description="What it is, where it has no address.")


class GovernmentFields(Fields):
    """What kind of government it is."""

    kind: one_code("a kind of government", GOVERNMENTS) = Field(  # type: ignore[valid-type]
        "city", description="What it is; `template` for a model to adopt.", examples=["city"]
    )
    chief_executive: FilledText = Field("Mayor", description="Title of the chief executive.", examples=["Mayor"])
    form: Text = Field("", description="Form of government.", examples=["mayor-council"])


class AdministrationFields(Fields):
    """When a chief executive took office."""

    since: WhenText = Field(description="Day, month or year.", examples=["2011-05-16"])
    status: one_code("a status", words.Status) = Field(  # type: ignore[valid-type]
        "confirmed", description="How well it is known.", examples=["claimed"]
    )
    note: Text = Field("", description="As in: acting.")
    sources: SourceKeys = Field((), description="Keys of the sources that say it.")


class OutcomeFields(Fields):
    """What came of it."""

    says: FilledText = Field(description="The outcome in plain words.")
    proof: one_code("a degree of proof", Proof) = Field(  # type: ignore[valid-type]
        description="Said, counted, or not known.", examples=["claimed"]
    )
    subjects: Keys = Field((), description="Offices and posts it came of.")
    speaks_for: SourceKeys = Field((), description="Claims of the essay it supports.", examples=[["E-T1"]])
    speaks_against: SourceKeys = Field((), description="Claims of the essay it speaks against.")
    sources: SourceKeys = Field((), description="Keys of the sources that say it.")


class CompleteFields(Fields):
    """That something is recorded whole: what is not recorded then was not there."""

    of: several_codes("a part of the record", words.Whole) = Field(  # type: ignore[valid-type]
        description="What is recorded whole.", examples=[["offices", "posts"]]
    )
    since: WhenText | None = Field(None, description="Since when it is.", examples=["2026-01-01"])
    until: WhenText | None = Field(None, description="First day, month or year on which it no longer was.")
    status: one_code("a status", words.Status) = Field(  # type: ignore[valid-type]
        "confirmed", description="How well that is known.", examples=["confirmed"]
    )
    sources: SourceKeys = Field((), description="Keys of the sources that say it.", examples=[["roster"]])
    note: Text = Field("", description="What a reader should know about it.")


class StructureRecord(Record):
    """How a government organises itself: offices, posts, lines, events, each fact with its time and source."""

    name: FilledText = Field(description="Name of the city, county or state.", examples=["Springfield"])
    released: Truth = Field(False, description="The public may see it.", examples=[True])
    government: GovernmentFields | None = Field(None, description="What kind of government it is, usually a city.")
    sources: dict[FilledText, SourceFields] = Field(default_factory=dict, description="Sources, by a short key.")
    administrations: Annotated[tuple[AdministrationFields, ...], Several] = Field(
        (), description="Since when each chief executive governs."
    )
    offices: dict[Slug, OfficeFields] = Field(default_factory=dict, description="Offices, by key.")
    posts: dict[Slug, PostFields] = Field(default_factory=dict, description="Posts, by key.")
    events: Annotated[tuple[EventFields, ...], Several] = Field((), description="Dated acts.")
    outcomes: Annotated[tuple[OutcomeFields, ...], Several] = Field((), description="What came of it.")
    complete: Annotated[tuple[CompleteFields, ...], Several, OneAlone] = Field(
        (), description="What is recorded whole, so that checks may take what is not recorded as not there."
    )
    checks: ChecksFields | None = Field(None, description="Its own limits for the checks, each with its source.")
    notes: Annotated[tuple[FilledText, ...], OneOrMore] = Field((), description="What is not known, and the like.")


class Structure(Kind):
    """The kind `structure`."""

    name = "structure"
    model = StructureRecord
    folder = "structure"
    says = "How a government organises technology, data and innovation. In `structure/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield what does not fit together: keys that name nothing, dates that contradict an event."""
        try:
            fields = StructureRecord.model_validate(dict(data)).fields()
        except ValueError:
            return  # the fields' own mistakes come first
        try:
            read_jurisdiction(fields)
        except InvalidInput as error:
            yield Finding((), None, str(error).partition(". ")[0], str(error).partition(". ")[2].rstrip("."))
