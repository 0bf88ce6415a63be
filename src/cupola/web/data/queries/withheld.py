"""Datasets that are meant for the public and are not, with what is missing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cupola.folder import Obstacle
from cupola.privacy import Stop
from cupola.sentences import Sentence
from cupola.web.data.models import Dataset, GateCheck, Verdict
from cupola.web.data.queries.lake import city_zone


@dataclass(frozen=True)
class Withheld:
    """One dataset and everything that keeps it, or its newer versions, from the public."""

    key: str
    obstacles: tuple[Obstacle, ...]

    @property
    def needs_person(self) -> bool:
        """Whether time alone will not do."""
        return any(not one.waits for one in self.obstacles)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say each in words, with what to write."""
        return tuple(f"{self.key}: {one}" for one in self.obstacles)

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {"key": self.key, "obstacles": [one.as_json() for one in self.obstacles]}


def withheld(*, at: datetime) -> list[Withheld]:
    """Return every dataset whose definition wants it public and that something keeps from it, by key."""
    zone = city_zone()
    wanted = [one for one in Dataset.objects.filter(retired_on=None).order_by("key") if one.wants_public]
    found = [Withheld(one.key, (*one.obstacles(at=at, zone=zone), *_stopped(one))) for one in wanted]
    return [one for one in found if one.obstacles]


def _stopped(dataset: Dataset) -> list[Obstacle]:
    """Return what the gate holds against the newest version."""
    newest = dataset.shown_version()
    check = newest and GateCheck.objects.filter(version=newest, verdict=Verdict.STOPPED).first()
    if newest is None or not check:
        return []
    stops = [Stop.from_json(one) for one in check.stops]
    remedy = Sentence("See: cupola data check %(key)s", {"key": dataset.key})
    number = newest.number
    return [
        Obstacle(
            "privacy",
            Sentence("Version %(number)s is not public. %(stop)s", {"number": number, "stop": one.message}),
            remedy,
        )
        for one in stops
    ]
