"""Equal steps of a number with round edges, wide enough that most values fall in a dozen of them."""

import math
from dataclasses import dataclass, replace

from cupola.web.data.queries.exploring.exploration import By, Exploration, Grouping
from cupola.web.data.queries.exploring.fields import Field, Subject

AIMED_AT = 12
MOST_STEPS = 200


@dataclass(frozen=True)
class Steps:
    """Steps of `width`. The first begins at `low` and takes what is below too, the last at `high` and what is above."""

    low: float
    high: float
    width: float

    @property
    def edges(self) -> list[float]:
        """Return where each step begins."""
        count = round((self.high - self.low) / self.width) + 1
        return [_clean(self.low + at * self.width) for at in range(count)]


def round_width(span: float) -> float:
    """Return 1, 2 or 5 times a power of ten, so that a dozen or so make up `span`."""
    if span <= 0:
        return 1.0
    raw = span / AIMED_AT
    power = 10.0 ** math.floor(math.log10(raw))
    return _clean(next(factor for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999) * power)


def steps_of(one: Field, asked: Exploration, step: str) -> Steps:
    """Return the steps for a column: over the range asked for, else over its middle nine tenths."""
    condition = asked.condition(one.name)
    low = float(condition.since) if condition.since else _known(one.usual_low, 0.0)
    high = float(condition.until) if condition.until else max(_known(one.usual_high, low), low)
    whole = one.type in {"integer", "duration"}
    width = float(step) if step else round_width(high - low)
    width = max(width, 1.0) if whole and not step else width
    first = math.floor(low / width) * width
    count = min(math.floor((high - first) / width + 1e-9), MOST_STEPS - 1)
    return Steps(_clean(first), _clean(first + count * width), width)


def settled(asked: Exploration, subject: Subject) -> Exploration:
    """Return the same question with every width of step written out, so that its address always means the same."""
    groups = tuple(_settled(one, asked, subject) for one in asked.groups)
    return replace(asked, groups=groups) if groups != asked.groups else asked


def _settled(one: Grouping, asked: Exploration, subject: Subject) -> Grouping:
    if one.by is not By.STEPS or one.step:
        return one
    width = steps_of(subject.field(one.column), asked, "").width
    return replace(one, step=written(width))


def written(number: float) -> str:
    """Write a number as addresses and queries do."""
    return f"{number:.10f}".rstrip("0").rstrip(".") or "0"


def _known(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else float(value)


def _clean(number: float) -> float:
    """Take away what binary fractions leave behind: 0.30000000000000004 is 0.3."""
    return round(number, 10)
