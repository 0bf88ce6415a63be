"""What a result says, as sentences: a pattern that can be translated, and the facts it is filled with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cupola.evaluation import patterns
from cupola.evaluation.values import Check, Estimate, Result


def plain(number: float) -> str:
    """Return a number as English text: three significant digits, thousands whole."""
    if number == 0 or not -1e15 < number < 1e15:
        return f"{number:g}"
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{float(f'{number:.3g}'):,.10g}"


@dataclass(frozen=True)
class Sentence:
    """A pattern and what to put into it. Numbers stay numbers, so that each language writes them its way."""

    pattern: str
    facts: Mapping[str, float | str] = field(default_factory=dict)

    def said(self, *, translate: Callable[[str], str] = str, number: Callable[[float], str] = plain) -> str:
        """Return the sentence in the language of `translate` with numbers as `number` writes them."""
        told = {name: fact if isinstance(fact, str) else number(fact) for name, fact in self.facts.items()}
        return translate(self.pattern).format(**told)

    def __str__(self) -> str:
        return self.said()


def finding(estimate: Estimate, *, outcome: str, unit: str = "") -> Sentence:
    """Return what an estimate says. outcome: its name; unit: as it follows a number, empty for none."""
    low, high = _shown(estimate, estimate.low), _shown(estimate, estimate.high)
    change = _shown(estimate, estimate.effect)
    ratio = estimate.scale == "ratio"
    facts: dict[str, float | str] = {"outcome": outcome, "low": low, "high": high}
    if not ratio:
        facts["unit"] = unit
    if not estimate.excludes_nothing:
        return Sentence(patterns.NO_EFFECT_RATIO if ratio else patterns.NO_EFFECT, {**facts, "change": change})
    facts["size"] = abs(change)
    if estimate.change < 0:
        return Sentence(patterns.FELL_RATIO if ratio else patterns.FELL, facts)
    return Sentence(patterns.ROSE_RATIO if ratio else patterns.ROSE, facts)


def naive_finding(result: Result, *, unit: str = "") -> tuple[Sentence, ...]:
    """Return what comparing before with after would have said, and whether that is outside the interval."""
    if result.naive is None:
        return ()
    change = _shown(result.naive, result.naive.effect)
    told = (
        Sentence(patterns.NAIVE_RATIO, {"change": change})
        if result.naive.scale == "ratio"
        else _plain_naive(change, unit)
    )
    return (told, Sentence(patterns.NAIVE_WRONG)) if naive_is_wrong(result) else (told,)


def naive_is_wrong(result: Result) -> bool:
    """Whether the naive figure lies outside the interval of the design."""
    estimate, naive = result.estimate, result.naive
    return naive is not None and not estimate.low <= naive.effect <= estimate.high


def check_said(check: Check) -> Sentence:
    """Return what a diagnostic says."""
    told = patterns.INFORMS if check.holds is None else patterns.HOLDS if check.holds else patterns.FAILS
    return Sentence(told[check.key], check.facts)


def _plain_naive(change: float, unit: str) -> Sentence:
    return Sentence(patterns.NAIVE, {"change": change, "unit": unit})


def _shown(estimate: Estimate, value: float) -> float:
    """Return an effect as it is told: percent above or below for a ratio."""
    return round((value - 1) * 100, 1) if estimate.scale == "ratio" else value
