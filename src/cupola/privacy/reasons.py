"""What the gate judges by, and what it answers: thresholds, things a person accepted, and reasons to stop."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cupola.privacy.anonymity import THRESHOLD


@dataclass(frozen=True)
class Thresholds:
    """What a dataset is measured against. `threshold`: the least k, `diversity`: the least l; both shares of rows."""

    quasi_identifiers: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    threshold: int = THRESHOLD
    diversity: int = 2
    rows_may_fall: float = 0.2
    rows_may_grow: float = 1.0


@dataclass(frozen=True)
class Accepted:
    """Something a person looked at: see the folder's `privacy.accepted`."""

    column: str
    kind: str
    at_most: int | None = None
    at_least: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class Stop:
    """One reason. `found`: what and where, `why`: why it matters, `what_to_do`: remedies, with their measured result.

    `accept`: the line for `privacy.accepted` that says a person has looked at it, without who, when and why.
    """

    kind: str
    column: str
    found: str
    why: str
    what_to_do: tuple[str, ...]
    count: int = 0
    samples: tuple[str, ...] = ()
    accept: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """All of it in one paragraph."""
        return " ".join([self.found, self.why, *self.what_to_do])

    def to_json(self) -> dict[str, Any]:
        """Return the same as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Stop":
        """Return what `to_json` wrote."""
        return cls(**{**facts, "what_to_do": tuple(facts["what_to_do"]), "samples": tuple(facts["samples"])})
