"""Sentences an engine says that pages say again in the reader's language: a text with places for facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sentence:
    """What is said, in English. `text` is a constant, which translators know it by; `%(name)s` is the place of a fact.

    A fact is a text or a whole number, said as it is, or a sentence itself. Without facts, `text` is what is said.
    """

    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % {name: _english(fact) for name, fact in self.facts.items()} if self.facts else self.text

    def to_json(self) -> dict[str, Any]:
        """Return the same as JSON values."""
        return {
            "text": self.text,
            "facts": {name: one.to_json() if isinstance(one, Sentence) else one for name, one in self.facts.items()},
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "Sentence":
        """Return what `to_json` wrote."""
        facts = written["facts"].items()
        return cls(written["text"], {name: cls.from_json(one) if isinstance(one, dict) else one for name, one in facts})


def _english(fact: Any) -> str:
    return f"{fact:,}" if isinstance(fact, int) else str(fact)
