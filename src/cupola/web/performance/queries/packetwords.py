"""A packet in words, in the reader's language: what the page, the PDF and the e-mail all say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.periods import FiscalYears
from cupola.web.performance.models import Commitment, Measure, Meeting, Question
from cupola.web.performance.queries.cards import Card, card_of
from cupola.web.performance.queries.measures import described, fiscal_years
from cupola.web.performance.queries.packets import Entry, Packet, Shown, packet_of
from cupola.web.performance.queries.reviews import Health, health
from cupola.web.performance.queries.words import in_language, period_words, value_words


@dataclass(frozen=True)
class Line:
    """One measure of a packet, with the question the meeting should ask of it."""

    card: Card
    question: str


@dataclass(frozen=True)
class FollowupLine:
    """One commitment: what it was, what its measure shows, how old it is and how often it was put again."""

    number: int
    text: str
    owner: str
    due: date
    overdue: bool
    measure: str
    address: str
    wanted: str
    shows: str
    age: str
    again: int


@dataclass(frozen=True)
class PacketPage:
    """Everything of a packet in words, in the order in which a meeting reads it."""

    title: str
    on: date
    lead: str
    signals: tuple[Line, ...]
    off: tuple[Line, ...]
    grey: tuple[Line, ...]
    steady: tuple[str, ...]
    followups: tuple[FollowupLine, ...]
    closed: tuple[FollowupLine, ...]
    questions: tuple[Question, ...]
    health: Health
    made: str


def packet_page(meeting: Meeting, *, today: date) -> PacketPage | None:
    """Return a meeting's packet in words; None before it was made."""
    packet = packet_of(meeting)
    if packet is None or meeting.packet_at is None:
        return None
    years = fiscal_years()
    keys = [one.key for one in (*packet.signals, *packet.off, *packet.grey)]
    known = {one.key: one for one in Measure.objects.filter(key__in=[*keys, *packet.steady])}
    followed = _commitments(packet)
    return PacketPage(
        title=meeting.review.title,
        on=meeting.on,
        lead=lead(packet),
        signals=_lines(packet.signals, known, years),
        off=_lines(packet.off, known, years),
        grey=_lines(packet.grey, known, years),
        steady=tuple(in_language(known[key], "title") for key in packet.steady if key in known),
        followups=tuple(_followup(one, followed[one.commitment], meeting, years=years) for one in packet.followups),
        closed=tuple(_followup(one, followed[one.commitment], meeting, years=years) for one in packet.closed),
        questions=tuple(Question.objects.filter(pk__in=packet.questions).select_related("measure")),
        health=health(meeting.review, today=today),
        made=date_format(meeting.packet_at, "DATETIME_FORMAT"),
    )


def lead(packet: Packet) -> str:
    """Return the packet in one or two sentences."""
    measures = ngettext("%(n)s measure", "%(n)s measures", packet.measures) % {"n": packet.measures}
    parts = [
        (len(packet.signals), ngettext("%(n)s with a signal", "%(n)s with a signal", len(packet.signals))),
        (len(packet.off), ngettext("%(n)s off target", "%(n)s off target", len(packet.off))),
        (len(packet.grey), ngettext("%(n)s not up to date", "%(n)s not up to date", len(packet.grey))),
    ]
    said = ", ".join(words % {"n": count} for count, words in parts if count) or _("none that needs a word")
    open_ones = len(packet.followups)
    due = ngettext("%(n)s follow-up is open.", "%(n)s follow-ups are open.", open_ones) % {"n": open_ones}
    return _("%(measures)s: %(said)s. %(due)s") % {"measures": measures, "said": said, "due": due}


def _lines(entries: Iterable[Entry], known: Mapping[str, Measure], years: FiscalYears) -> tuple[Line, ...]:
    there = [one for one in entries if one.key in known]
    return tuple(Line(card_of(one, known[one.key], years), question_of(one)) for one in there)


def question_of(one: Entry) -> str:
    """Return what a meeting should ask of a measure: what happened, what if not, who knows."""
    if one.grey:
        return _("When is the data back, and who sees to it?")
    if one.off and one.mood != "improvement":
        return _("What will bring it back on its way, and when will we see it?")
    asked = {
        "concern": _("What changed, since when, and what will be done about it?"),
        "improvement": _("What was done, will it last, and who else can do it?"),
    }
    return asked.get(one.mood, _("What changed, and is it what we want?"))


def _commitments(packet: Packet) -> dict[int, Commitment]:
    numbers = [one.commitment for one in (*packet.followups, *packet.closed)]
    found = Commitment.objects.filter(pk__in=numbers).select_related("measure", "meeting")
    return {one.pk: one for one in found.prefetch_related("followups__meeting")}


def _followup(shown: Shown, one: Commitment, meeting: Meeting, *, years: FiscalYears) -> FollowupLine:
    days = (meeting.on - one.meeting.on).days
    earlier = [step for step in one.followups.all() if not step.shown and step.meeting.on <= meeting.on]
    return FollowupLine(
        number=one.pk,
        text=one.text,
        owner=one.owner,
        due=one.due_on,
        overdue=not shown.shown and one.due_on < meeting.on,
        measure=in_language(one.measure, "title"),
        address=one.measure.key,
        wanted=wanted_words(one),
        shows=_shows(shown, one, years),
        age=ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
        again=len(earlier),
    )


def wanted_words(one: Commitment) -> str:
    """Say what the measure of a commitment has to show."""
    if one.level is None:
        return str(one.get_proof_display())
    value = value_words(one.level, described(one.measure))
    return _("%(proof)s: %(value)s") % {"proof": one.get_proof_display(), "value": value}


def _shows(shown: Shown, one: Commitment, years: FiscalYears) -> str:
    if shown.period is None:
        return _("No newer value yet.")
    facts = {
        "value": value_words(shown.value, described(one.measure)),
        "period": period_words(shown.period, one.measure.grain, years),
    }
    if shown.shown:
        return _("The data shows it: %(value)s in %(period)s.") % facts
    return _("Not shown yet: %(value)s in %(period)s.") % facts


def text_of(page: PacketPage, *, address: str) -> str:
    """Return the packet as the plain text of an e-mail."""
    parts: list[str] = [page.lead, ""]
    for heading, lines in _headed(page):
        parts += [heading.upper(), *(_line_text(line) for line in lines), ""]
    if page.followups:
        parts += [_("Follow-ups due").upper(), *(_followup_text(one) for one in page.followups), ""]
    if page.closed:
        parts += [_("Closed by the data").upper(), *(_followup_text(one) for one in page.closed), ""]
    if page.questions:
        parts += [_("Questions").upper(), *(f"- {one.text}" for one in page.questions), ""]
    if page.steady:
        parts += [_("Steady").upper(), ", ".join(page.steady), ""]
    return "\n".join([*parts, address])


def _headed(page: PacketPage) -> Sequence[tuple[str, tuple[Line, ...]]]:
    every = ((_("Signals"), page.signals), (_("Off target"), page.off), (_("Not up to date"), page.grey))
    return [(heading, lines) for heading, lines in every if lines]


def _line_text(line: Line) -> str:
    card = line.card
    said = card.grey or card.sentence
    return "\n  ".join(part for part in (f"- {card.title} ({card.owner})", said, card.target, line.question) if part)


def _followup_text(one: FollowupLine) -> str:
    due = _("due %(day)s") % {"day": date_format(one.due)}
    return f"- {one.text} ({one.owner}, {due})\n  {one.measure}: {one.shows}"
