"""What keeps a dataset that is meant for the public from it: nothing is public by default, and nothing by oversight."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cupola.sentences import Sentence

CLASSIFICATION, APPROVAL, EMBARGO = "classification", "approval", "release_on"
LEGAL, AGREEMENT, REVIEW = "legal_basis", "agreement", "review"
# from here on, publication of even what a dataset is needs a review and a basis
_LEVEL_THREE = {
    "sensitive": Sentence("sensitive"),
    "protected": Sentence("protected"),
    "restricted": Sentence("restricted"),
}


@dataclass(frozen=True)
class Obstacle:
    """One thing that is missing. `field`: where it is written; `remedy`: what to write there.

    `waits`: no person is needed, only time.
    """

    field: str
    message: Sentence
    remedy: Sentence
    waits: bool = False

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {"field": self.field, "message": str(self.message), "remedy": str(self.remedy), "waits": self.waits}


def obstacles(
    fields: Mapping[str, Any], *, at: datetime | None, zone: str = "UTC", approved: bool = False
) -> tuple[Obstacle, ...]:
    """Return what is missing before the public may know of a dataset; `fields` are its canonical ones.

    `at`: the moment that is asked about, None for a moment nobody knows: then what waits for a moment waits.
    `approved`: a person approved it on a page, so that the folder need not say so.
    """
    return tuple(_obstacles(fields, at, zone, approved=approved))


def embargo(fields: Mapping[str, Any], *, zone: str = "UTC") -> datetime | None:
    """Return the moment until which new things of a dataset wait; None when nothing does."""
    written = fields.get(EMBARGO)
    if not written:
        return None
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _obstacles(fields: Mapping[str, Any], at: datetime | None, zone: str, *, approved: bool) -> Iterator[Obstacle]:
    today = at.astimezone(ZoneInfo(zone)).date() if at else None
    if not fields.get("classification"):
        remedy = Sentence("Write 'classification: public', or internal, sensitive, protected or restricted.")
        yield Obstacle(CLASSIFICATION, Sentence("It is not classified."), remedy)
    yield from _approval(fields, today, approved=approved)
    if fields.get("classification") in _LEVEL_THREE:
        yield from _from_level_three(fields)
    yield from _expired(fields, today)
    until = embargo(fields, zone=zone)
    if until is not None and (at is None or at < until):
        yield Obstacle(
            EMBARGO,
            Sentence("What is new waits under embargo until %(moment)s.", {"moment": fields[EMBARGO]}),
            Sentence("The first run after that releases it."),
            waits=True,
        )


def _approval(fields: Mapping[str, Any], today: date | None, *, approved: bool) -> Iterator[Obstacle]:
    if approved:
        return
    block = fields.get("approval")
    written = {"day": f"{today:%Y-%m-%d}" if today else "2026-11-20"}
    if not block:
        remedy = Sentence("Write 'approval: {by: WHO, on: %(day)s}', or approve it on its gate page.", written)
        yield Obstacle(APPROVAL, Sentence("The steward has not approved it."), remedy)
    elif today and date.fromisoformat(block["on"]) > today:
        yield Obstacle(
            APPROVAL,
            Sentence("It is not public: its approval is dated %(day)s, which is still to come.", {"day": block["on"]}),
            Sentence("Write the day it was given, as 'on: %(day)s'.", written),
        )


def _from_level_three(fields: Mapping[str, Any]) -> Iterator[Obstacle]:
    level = {"level": _LEVEL_THREE[fields["classification"]]}
    if not (fields.get(LEGAL) or fields.get(AGREEMENT)):
        yield Obstacle(
            LEGAL,
            Sentence("It is not public: it is %(level)s, and nothing says on what legal basis it is published.", level),
            Sentence("Write 'legal_basis: THE RULE', or 'agreement: {with: WHOM, until: DAY}'."),
        )
    if not fields.get(REVIEW):
        yield Obstacle(
            REVIEW,
            Sentence("It is not public: it is %(level)s, and there is no finished review.", level),
            Sentence("Write 'review: {value:, risk:, method:, residual_risk:, by:, on:, until:}'."),
        )


def _expired(fields: Mapping[str, Any], today: date | None) -> Iterator[Obstacle]:
    """Yield what ended; what has a last day cannot be relied on at a moment nobody knows."""
    agreement, review = fields.get(AGREEMENT), fields.get(REVIEW)
    if agreement and (today is None or date.fromisoformat(agreement["until"]) < today):
        facts = {"whom": agreement["with"], "day": agreement["until"]}
        yield Obstacle(
            AGREEMENT,
            Sentence("It is not public: the agreement with %(whom)s ended on %(day)s.", facts),
            Sentence("Renew it and write its new last day under 'agreement: until:'."),
        )
    if review and (today is None or date.fromisoformat(review["until"]) < today):
        yield Obstacle(
            REVIEW,
            Sentence("It is not public: its review counted until %(day)s.", {"day": review["until"]}),
            Sentence("Review it again and write the new 'on:' and 'until:'."),
        )
