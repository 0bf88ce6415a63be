"""What every design answers: an estimate with its interval, checks, lines to draw; frozen, and the same as JSON."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cupola.deferred import special

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Truths = NDArray[np.bool_]
Scale = Literal["difference", "ratio"]
LEVEL = 0.95
BANKED = 0.8  # coverage of the narrower interval, whose lower end may be banked


class Design(StrEnum):
    """How a comparison is made. `TRACKED`: no effect is claimed."""

    TRIAL = "trial"
    DIFFERENCES = "differences"
    STAGGERED = "staggered"
    SYNTHETIC = "synthetic"
    SYNTHETIC_DIFFERENCES = "synthetic_differences"
    INTERRUPTED = "interrupted"
    BEFORE_AFTER = "before_after"
    TRACKED = "tracked"


@dataclass(frozen=True)
class Estimate:
    """An effect and what is not known about it.

    effect, low, high: in the outcome's unit where scale is `difference`; times the outcome where it is `ratio` (0.885:
    11.5 % less). standard_error: of the effect, of its logarithm for a ratio; df: degrees of freedom of the t it is
    compared with, None for the normal. An interval need not be the effect and so many standard errors. low_80, high_80:
    the interval that covers 80 %; None where only the other was computed.
    """

    effect: float
    low: float
    high: float
    standard_error: float
    df: float | None
    p_value: float
    scale: Scale = "difference"
    level: float = LEVEL
    low_80: float | None = None
    high_80: float | None = None

    @property
    def nothing(self) -> float:
        """The value that stands for no effect."""
        return 1.0 if self.scale == "ratio" else 0.0

    @property
    def excludes_nothing(self) -> bool:
        """Whether no effect lies outside the interval."""
        return not self.low <= self.nothing <= self.high

    def as_ratio(self) -> "Estimate":
        """Return the estimate of a logarithm as the ratio it means."""
        low, high = math.exp(self.low), math.exp(self.high)
        inner = [None if bound is None else math.exp(bound) for bound in (self.low_80, self.high_80)]
        effect = math.exp(self.effect)
        return replace(self, effect=effect, low=low, high=high, low_80=inner[0], high_80=inner[1], scale="ratio")

    @property
    def change(self) -> float:
        """The effect as a number around 0: itself, or the ratio less 1."""
        return self.effect - self.nothing


@dataclass(frozen=True)
class Check:
    """One diagnostic. holds: None where it only informs. facts: what its sentence is filled with."""

    key: str
    holds: bool | None
    facts: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """A series to draw. values: one per period, None where there is none; low and high: a band, or empty."""

    key: str
    values: tuple[float | None, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True)
class Moment:
    """The effect so many periods after the start (negative: before it, where it should be nothing)."""

    after: int
    estimate: Estimate


@dataclass(frozen=True)
class Result:
    """What one design found.

    n: how many units, periods and observations, by name. naive: what comparing before with after would have claimed,
    None where there is no before. others: further estimates by name. lines: one value per label of `periods`.
    seed: of what was drawn, None where nothing was. inputs: what was read, as `dataset@version` or a measure's hash.
    """

    design: Design
    estimate: Estimate
    n: Mapping[str, int]
    checks: tuple[Check, ...] = ()
    naive: Estimate | None = None
    others: Mapping[str, Estimate] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    periods: tuple[str, ...] = ()
    starts: int | None = None
    lines: tuple[Line, ...] = ()
    moments: tuple[Moment, ...] = ()
    settings: Mapping[str, str | float] = field(default_factory=dict)
    seed: int | None = None
    inputs: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the same as JSON values."""
        written: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return written

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Result":
        """Return what `to_json` wrote."""
        return cls(
            **{
                **facts,
                "design": Design(facts["design"]),
                "estimate": Estimate(**facts["estimate"]),
                "naive": None if facts["naive"] is None else Estimate(**facts["naive"]),
                "others": {name: Estimate(**one) for name, one in facts["others"].items()},
                "checks": tuple(Check(**one) for one in facts["checks"]),
                "lines": tuple(_line(one) for one in facts["lines"]),
                "moments": tuple(Moment(one["after"], Estimate(**one["estimate"])) for one in facts["moments"]),
                "periods": tuple(facts["periods"]),
                "inputs": tuple(facts["inputs"]),
            }
        )


def _line(facts: Mapping[str, Any]) -> Line:
    return Line(facts["key"], tuple(facts["values"]), tuple(facts["low"]), tuple(facts["high"]))


def estimated(effect: float, standard_error: float, *, df: float | None = None) -> Estimate:
    """Return a difference whose interval is so many standard errors of t(df) around it, of the normal without df."""
    reach, inner = (quantile(0.5 + level / 2, df) * standard_error for level in (LEVEL, BANKED))
    p_value = two_sided(effect / standard_error, df) if standard_error > 0 else float(effect == 0)
    return Estimate(
        float(effect),
        float(effect - reach),
        float(effect + reach),
        float(standard_error),
        df,
        p_value,
        low_80=float(effect - inner),
        high_80=float(effect + inner),
    )


def quantile(share: float, df: float | None = None) -> float:
    """Return the value below which `share` of t(df) lies, of the normal without df."""
    return float(special.ndtri(share) if df is None else special.stdtrit(df, share))


def two_sided(t: float, df: float | None = None) -> float:
    """Return how often t(df), or the normal, is at least as far from 0 as `t`."""
    return float(2 * (special.ndtr(-abs(t)) if df is None else special.stdtr(df, -abs(t))))
