"""What will be compared, fixed and hashed before the data are there; what was done otherwise is shown."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from hashlib import sha256
from typing import Any

from cupola.errors import InvalidInput
from cupola.evaluation.values import Design

METHODS: Mapping[str, Design] = {  # what a registration may call a design; another word lets the chooser decide
    "trial": Design.TRIAL,
    "difference_in_differences": Design.DIFFERENCES,
    "staggered_starts": Design.STAGGERED,
    "synthetic_control": Design.SYNTHETIC,
    "synthetic_difference_in_differences": Design.SYNTHETIC_DIFFERENCES,
    "interrupted_series": Design.INTERRUPTED,
    "before_after": Design.BEFORE_AFTER,
}


class RegisteredTooLate(InvalidInput):
    """The plan is dated after the data it would judge."""

    def __init__(self, *, on: date, first: date) -> None:
        self.on, self.first = on, first
        super().__init__(
            f"The plan is dated {on}, and the first outcome it judges is of {first}. A plan counts when it is older "
            "than the data: evaluate without one (the page will say so), or plan the next window."
        )


@dataclass(frozen=True)
class Plan:
    """A promise. treated: units and the day each began; window: first day before, and the first day after the last.

    per: length of a period (day, week, month, quarter, year). stop: the rule that ends the initiative, in words.
    """

    outcome: str
    treated: Mapping[str, date]
    controls: tuple[str, ...]
    since: date
    until: date
    per: str
    design: Design
    settings: Mapping[str, str] = field(default_factory=dict)
    stop: str = ""

    @property
    def begins(self) -> date:
        """The day the first unit is treated; the end of the window where none is."""
        return min(self.treated.values(), default=self.until)

    def to_json(self) -> dict[str, Any]:
        """Return the plan as JSON values, in one order."""
        facts = asdict(self)
        facts["treated"] = {unit: day.isoformat() for unit, day in sorted(self.treated.items())}
        facts["controls"] = sorted(self.controls)
        facts["settings"] = dict(sorted(self.settings.items()))
        facts["since"], facts["until"] = self.since.isoformat(), self.until.isoformat()
        facts["design"] = self.design.value
        return facts

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Plan":
        """Return what `to_json` wrote."""
        return cls(
            **{
                **facts,
                "treated": {unit: date.fromisoformat(day) for unit, day in facts["treated"].items()},
                "controls": tuple(facts["controls"]),
                "since": date.fromisoformat(facts["since"]),
                "until": date.fromisoformat(facts["until"]),
                "design": Design(facts["design"]),
            }
        )

    @property
    def hash(self) -> str:
        """The SHA-256 of the plan in its one order, as 64 hexadecimal digits."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Deviation:
    """One thing that was done otherwise than planned. part: the name of the plan's field."""

    part: str
    planned: str
    done: str


def check_before_data(plan: Plan, *, on: date, first: date | None = None) -> None:
    """Raise RegisteredTooLate unless `on` lies before the first outcome after the start.

    first: the day of the oldest treated outcome there is; without it, the day the first unit begins.
    """
    first = first or plan.begins
    if on > first:
        raise RegisteredTooLate(on=on, first=first)


def deviations(planned: Plan, done: Plan) -> tuple[Deviation, ...]:
    """Return every part in which an evaluation differs from its plan, in the order of the plan."""
    before, after = planned.to_json(), done.to_json()
    names = [part.name for part in fields(Plan) if before[part.name] != after[part.name]]
    return tuple(Deviation(name, _text(before[name]), _text(after[name])) for name in names)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {one}" for name, one in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)
