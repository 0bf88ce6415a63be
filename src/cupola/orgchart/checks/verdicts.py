"""What a check of an organisation comes to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cupola.orgchart.checks.case import Case


class Answered(StrEnum):
    """How a check ends. What is not known is never a pass."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """What one check found.

    reason: a sentence with `{names}` in it and what to put there, so that it can be said in any language. subjects: the
    offices and posts looked at, by key. change: what would turn it, in the same form.
    """

    answer: Answered
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)
    subjects: tuple[str, ...] = ()
    change: str = ""

    @property
    def sentence(self) -> str:
        """The reason in English, whole."""
        return self.reason.format(**self.values)


@dataclass(frozen=True)
class Check:
    """A question asked of every chart. claim: the essay's claim it rests on, by key; empty for good practice.

    limits: names of the parameters it goes by.
    """

    key: str
    claim: str
    question: str
    ask: Callable[[Case], Verdict]
    limits: tuple[str, ...] = ()


def passed(reason: str, *subjects: str, **values: str) -> Verdict:
    """Return a pass."""
    return Verdict(Answered.PASS, reason, values, subjects)


def failed(reason: str, *subjects: str, change: str = "", **values: str) -> Verdict:
    """Return a fail, with what would change it."""
    return Verdict(Answered.FAIL, reason, values, subjects, change)


def unknown(reason: str, *subjects: str, change: str = "", **values: str) -> Verdict:
    """Return that it cannot be told, with what would have to be recorded."""
    return Verdict(Answered.UNKNOWN, reason, values, subjects, change)
