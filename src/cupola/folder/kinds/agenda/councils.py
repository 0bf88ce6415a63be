"""The kinds `body`, `meeting` and `recommendation`: advisory councils, and what became of their advice."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from cupola.councils import Basis, MeetingKind, rules
from cupola.councils import Count as Counting
from cupola.folder.kinds.agenda.fields import Alone, Amount, KeptRecord, LocalTime, Texts, check_span, one, refer
from cupola.folder.kinds.record import Fields, Kind, Record, Reference, items_of, text_of
from cupola.folder.kinds.values import Count, Day, FilledText, OneOrMore, Several, Slug, Text, Truth, Url
from cupola.folder.problems import Finding, did_you_mean, listed, show

YES_NO = ("yes", "no", "unclear")
SECTORS = ("business", "university", "nonprofit", "government", "residents", "philanthropy", "labor", "youth")
STATES = ("planned", "held", "cancelled")
VOTES = ("yes", "no", "abstain", "recused")
ANSWERS = ("accepted", "partly", "declined", "pending")
SUBJECTS = ("priority", "initiative", "award", "budget_line", "structure")


class PublicFields(Fields):
    """Whether the open meetings law covers the body: counsel's dated answer."""

    answer: one("an answer", YES_NO) = Field(description="What counsel says.", examples=["yes"])  # type: ignore[valid-type]
    by: FilledText = Field(description="Who.", examples=["Corporation counsel"])
    on: Day = Field(description="When.", examples=["2022-03-10"])
    says: Text = Field("", description="Why, in one sentence.")


class NoticeFields(Fields):
    """The body's own notice rule, where it is stricter than the law of the place."""

    amount: Count = Field(description="How many hours or days.", examples=[5])
    count: one("a way to count", Counting) = Field(description="Counted how.", examples=["business_days"])  # type: ignore[valid-type]
    source: FilledText = Field(description="Where it is written.", examples=["Bylaws, article 4"])


class TermFields(Fields):
    """A time in which a seat is held."""

    since: Day = Field(description="First day.", examples=["2024-03-01"])
    until: Day | None = Field(None, description="First day on which it is over.", examples=["2026-03-01"])
    member: Text = Field("", description="Who holds it, as the public may read it with `consent`.")
    consent: Truth = Field(False, description="The member agreed to be named to the public.", examples=[True])
    interests: Texts = Field((), description="Vendors, funders and bodies the member declared an interest in.")


class SeatFields(Fields):
    """One seat."""

    sector: one("a sector", SECTORS) | None = Field(  # type: ignore[valid-type]
        None, description="Where its holder comes from.", examples=["university"]
    )
    appointed_by: Text = Field("", description="Who appoints.", examples=["Mayor"])
    terms: Annotated[tuple[TermFields, ...], Several, Alone] = Field((), description="Who held it when, oldest first.")


class BodyRecord(KeptRecord):
    """An advisory council, board or commission."""

    office: Text = Field("", description="Its key in the structure.", examples=["technology-council"])
    established: Day | None = Field(None, description="Since when.", examples=["2022-03-01"])
    act: Text = Field("", description="By which act.", examples=["Executive order 2022-4"])
    ends: Day | None = Field(None, description="First day on which it is over, unless renewed.")
    public_body: PublicFields | None = Field(None, description="Whether the open meetings law covers it.")
    place: Text = Field("", description="Whose notice rules hold.", examples=["illinois"])
    notice: NoticeFields | None = Field(None, description="Its own notice rule.")
    holidays: Annotated[tuple[Day, ...], OneOrMore] = Field((), description="Days that do not count for notice.")
    quorum: Count | None = Field(None, description="Members needed; left out: more than half.", examples=[6])
    quorum_of: one("a basis", Basis) = Field("seats", description="Half of what.", examples=["members"])  # type: ignore[valid-type]
    holdover: Truth = Field(False, description="Members stay until the next is named.", examples=[True])
    recused_count: Truth = Field(True, description="Recused members count for the quorum.", examples=[False])
    fill_days: Count = Field(90, description="Days after which a vacancy is overdue.", examples=[60])
    seats: dict[Slug, SeatFields] = Field(default_factory=dict, description="Seats, by key.")
    cost: Amount | None = Field(None, description="What it costs a year.", examples=[142000])


class ItemFields(Fields):
    """An item of an agenda."""

    key: Slug = Field(description="Its key within the meeting.", examples=["budget-2027"])
    title: FilledText = Field(description="What it is about.")
    about: Texts = Field((), description="Vendors, funders and bodies it touches.")
    recommendation: Text = Field("", description="Key of the recommendation it led to.")


class VoteFields(Fields):
    """How an item was voted on."""

    item: Slug = Field(description="Key of the item.", examples=["budget-2027"])
    by_seat: dict[Slug, one("a vote", VOTES)] = Field(  # type: ignore[valid-type]
        description="Votes by seat.", examples=[{"seat-1": "yes"}]
    )
    share: Amount = Field(0.5, description="Carried by more than this share of yes and no.", examples=[0.5])


class MeetingRecord(KeptRecord):
    """A meeting of a body."""

    body: Slug = Field(description="Key of the body.", examples=["technology-council"])
    starts: LocalTime = Field(description="When it begins, local time.", examples=["2026-05-05T18:00"])
    type_: one("a kind of meeting", MeetingKind) = Field(  # type: ignore[valid-type]
        "regular", alias="type", description="What kind.", examples=["special"]
    )
    state: one("a state", STATES) = Field("planned", description="What became of it.", examples=["held"])  # type: ignore[valid-type]
    place: Text = Field("", description="Where.", examples=["City Hall, room 4"])
    posted: LocalTime | None = Field(None, description="When the notice was posted.", examples=["2026-05-01T09:00"])
    posted_at: Text = Field("", description="Where it was posted.", examples=["City Hall board; council page"])
    agenda: Annotated[tuple[ItemFields, ...], Several, Alone] = Field((), description="Its items.")
    present: Texts = Field((), description="Keys of the seats whose holders came.")
    votes: Annotated[tuple[VoteFields, ...], Several, Alone] = Field((), description="What was voted.")
    minutes: Url | None = Field(None, description="Address of the minutes.")


class AnswerFields(Fields):
    """The city's dated answer."""

    answer: one("an answer", ANSWERS) = Field(description="What the city says.", examples=["accepted"])  # type: ignore[valid-type]
    on: Day = Field(description="When.", examples=["2026-06-10"])
    by: FilledText = Field(description="Office or post.", examples=["Mayor"])
    says: FilledText = Field(description="In the city's words.")
    due: Day | None = Field(None, description="By when it will be done.")


class LineFields(Fields):
    """The budget line that came of it."""

    fund: FilledText = Field(description="Code of the fund.", examples=["100"])
    line: FilledText = Field(description="The line.", examples=["31-personnel"])
    year: Count = Field(description="Fiscal year.", examples=[2026])
    amount: Amount | None = Field(None, description="How much.", examples=[240000])
    act: Text = Field("", description="By which act.", examples=["Appropriation ordinance 2026"])


class ResultFields(Fields):
    """What is seen later."""

    on: Day = Field(description="When it was looked at.", examples=["2026-12-01"])
    says: FilledText = Field(description="What is seen.")
    claim: Text = Field("", description="Key of the saving.", examples=["less-printing"])
    initiative: Text = Field("", description="Key of the initiative.", examples=["online-forms"])
    measure: Text = Field("", description="Key of the measure.", examples=["share-online"])


class AboutFields(Fields):
    """What a recommendation is about."""

    type_: one("a subject", SUBJECTS) = Field(alias="type", description="What.", examples=["priority"])  # type: ignore[valid-type]
    key: FilledText = Field(description="Its key, or the budget line.", examples=["faster-repairs"])


class RecommendationRecord(KeptRecord):
    """What a body recommends or endorses, what the city answers, and what came of it."""

    body: Slug = Field(description="Key of the body.", examples=["technology-council"])
    meeting: Text = Field("", description="Key of the meeting.", examples=["council-2026-05"])
    on: Day = Field(description="When.", examples=["2026-05-05"])
    says: FilledText = Field(description="What is recommended.")
    endorses: Truth = Field(False, description="It backs what is already proposed.", examples=[True])
    about: Annotated[tuple[AboutFields, ...], Several, Alone] = Field((), description="What it is about.")
    answers: Annotated[tuple[AnswerFields, ...], Several, Alone] = Field((), description="The city's answers.")
    budget: Annotated[tuple[LineFields, ...], Several, Alone] = Field((), description="Budget lines that came of it.")
    results: Annotated[tuple[ResultFields, ...], Several, Alone] = Field((), description="What was seen later.")


class Body(Kind):
    """The kind `body`."""

    name = "body"
    model = BodyRecord
    folder = "councils"
    says = "An advisory council, board or commission, its seats and rules. In `councils/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield places without rules, quorums that fit no seats, and terms that overlap."""
        places = sorted({rule.place for rule in rules()})
        place = text_of(data, "place")
        if place and place not in places and not data.get("notice"):
            remedy = did_you_mean(place, places, otherwise=f"write one of {listed(places)}, or the rule under 'notice'")
            yield Finding(("place",), place, f"no notice rule is known for {show(place)}", remedy)
        seats = data.get("seats")
        seats = seats if isinstance(seats, Mapping) else {}
        quorum = getattr(data.get("quorum"), "value", data.get("quorum"))
        if isinstance(quorum, int) and seats and not 1 <= quorum <= len(seats):
            message = f"{quorum} fits no body of {len(seats)} seats"
            yield Finding(("quorum",), quorum, message, f"write a number from 1 to {len(seats)}")
        for key, seat in seats.items():
            yield from _terms(("seats", key), seat)


class Meeting(Kind):
    """The kind `meeting`."""

    name = "meeting"
    model = MeetingRecord
    folder = "councils/meetings"
    says = "A meeting of a body: notice, agenda, attendance, votes. In `councils/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield items written twice, and votes on what is not on the agenda."""
        keys = [text_of(item, "key") for _path, item in items_of(data, "agenda")]
        for path, item in items_of(data, "agenda"):
            if keys.count(text_of(item, "key")) > 1 and path[-1] != keys.index(text_of(item, "key")):
                key = text_of(item, "key")
                yield Finding((*path, "key"), key, f"{show(key)} is written twice", "choose another key")
        for path, vote in items_of(data, "votes"):
            key = text_of(vote, "item")
            if key and key not in keys:
                remedy = did_you_mean(key, keys, otherwise=f"the items are {listed(keys)}")
                yield Finding((*path, "item"), key, f"{show(key)} is not on the agenda", remedy)

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield the body and the recommendations."""
        yield from refer(data, "body", "body")
        for path, item in items_of(data, "agenda"):
            if text_of(item, "recommendation"):
                yield Reference((*path, "recommendation"), "recommendation", text_of(item, "recommendation"))

    def check_beside(self, record: Record, others: Mapping[tuple[str, str], Record]) -> Iterator[Finding]:
        """Yield seats the body does not have."""
        assert isinstance(record, MeetingRecord)
        body = others.get(("body", record.body))
        seats = list(body.seats) if isinstance(body, BodyRecord) else None
        if seats is None:
            return
        named = [(("present",), seat) for seat in record.present]
        named += [(("votes",), seat) for vote in record.votes for seat in vote.by_seat]
        for path, seat in named:
            if seat not in seats:
                remedy = did_you_mean(seat, seats, otherwise=f"its seats are {listed(seats)}")
                yield Finding(path, seat, f"{show(seat)} is not a seat of {record.body!r}", remedy)


class Recommendation(Kind):
    """The kind `recommendation`."""

    name = "recommendation"
    model = RecommendationRecord
    folder = "councils/recommendations"
    says = "What a body recommends or endorses, the city's dated answer, and what came of it. In `councils/`."

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield body, meeting, what it is about, and the results."""
        yield from refer(data, "body", "body")
        yield from refer(data, "meeting", "meeting")
        for path, about in items_of(data, "about"):
            if text_of(about, "type") in {"priority", "initiative", "award"} and text_of(about, "key"):
                yield Reference((*path, "key"), text_of(about, "type"), text_of(about, "key"))
        for path, result in items_of(data, "results"):
            for name in ("claim", "initiative", "measure"):
                if text_of(result, name):
                    yield Reference((*path, name), name, text_of(result, name))


def _terms(path: tuple[str | int, ...], seat: Any) -> Iterator[Finding]:
    last: str | None = None
    for at, term in items_of(seat, "terms"):
        yield from check_span(term, (*path, *at))
        since = text_of(term, "since")
        if last is not None and since and (not last or since < last):
            message = f"it begins {since}, before the term above it ends"
            yield Finding((*path, *at, "since"), since, message, "end the term above first; terms stand oldest first")
        last = text_of(term, "until")
