"""What the gate judges by, and what it answers: thresholds, things a person accepted, and reasons to stop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cupola.privacy.anonymity import THRESHOLD
from cupola.sentences import Sentence


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
    found: Sentence
    why: Sentence
    what_to_do: tuple[Sentence, ...]
    count: int = 0
    samples: tuple[str, ...] = ()
    accept: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """All of it in one paragraph."""
        return " ".join(map(str, (self.found, self.why, *self.what_to_do)))

    def to_json(self) -> dict[str, Any]:
        """Return the same as JSON values, the sentences in English too."""
        said = (self.found, self.why, *self.what_to_do)
        return {
            "kind": self.kind,
            "column": self.column,
            "found": str(self.found),
            "why": str(self.why),
            "what_to_do": [str(one) for one in self.what_to_do],
            "count": self.count,
            "samples": list(self.samples),
            "accept": dict(self.accept),
            "sentences": [one.to_json() for one in said],
        }

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Stop":
        """Return what `to_json` wrote; of what was written before there were sentences, the English."""
        written = dict(facts)
        kept = written.pop("sentences", None)
        plain = (written["found"], written["why"], *written["what_to_do"])
        found, why, *remedies = map(Sentence.from_json, kept) if kept else map(Sentence, plain)
        said = {"found": found, "why": why, "what_to_do": tuple(remedies)}
        return cls(**{**written, **said, "samples": tuple(written["samples"])})
