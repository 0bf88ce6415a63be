"""A government of the library, or one's own: its organisation over time, who led it, what is claimed of it, by whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cupola.errors import InvalidInput
from cupola.orgchart.history import History
from cupola.orgchart.moments import Moment
from cupola.orgchart.parameters import Parameters, Recorded
from cupola.orgchart.vocabulary import Status


class Proof(StrEnum):
    """How well an outcome is known: said by those responsible, counted by somebody, or looked for and not found."""

    CLAIMED = "claimed"
    MEASURED = "measured"
    UNKNOWN = "unknown"


class UnknownSource(InvalidInput):
    """Something names a source that is not listed."""

    def __init__(self, key: str, *, where: str) -> None:
        self.key, self.where = key, where
        super().__init__(f"{where}: no source is called {key}. List it under sources, or correct the key.")


@dataclass(frozen=True)
class Source:
    """Where something is known from. `title` where there is no `url`."""

    key: str
    url: str = ""
    title: str = ""


@dataclass(frozen=True)
class Administration:
    """The day, as well as it is known, on which a chief executive took office. `note` as in: acting."""

    since: Moment
    status: Status = Status.CONFIRMED
    note: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of it, in our words. `themes`: keys of the essay's claims it speaks for (`+`) or against (`-`)."""

    says: str
    proof: Proof
    subjects: tuple[str, ...] = ()
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Jurisdiction:
    """One government.

    kind: `city`, `county`, `state` or `template`. executive: title of the chief executive. form: form of government.
    notes: what a reader should know, unknowns among them. complete: what is recorded whole, and when. parameters: the
    limits it sets for checks. Raises UnknownSource.
    """

    key: str
    name: str
    kind: str
    executive: str
    history: History
    form: str = ""
    sources: Mapping[str, Source] = field(default_factory=dict)
    administrations: tuple[Administration, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[str, ...] = ()
    complete: tuple[Recorded, ...] = ()
    parameters: Parameters = field(default_factory=Parameters)

    def __post_init__(self) -> None:
        for fact in self.history.facts:
            for key in fact.sources:
                if key not in self.sources:
                    raise UnknownSource(key, where=f"{fact.subject}, {fact.attribute}")
        cited = [(event.sources, f"event {event.key}") for event in self.history.events]
        cited += [(outcome.sources, f"outcome “{outcome.says}”") for outcome in self.outcomes]
        cited += [(one.sources, f"administration since {one.since}") for one in self.administrations]
        cited += [(one.sources, f"complete, {one.of}") for one in self.complete]
        for keys, where in cited:
            for key in keys:
                if key not in self.sources:
                    raise UnknownSource(key, where=where)
