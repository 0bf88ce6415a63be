"""Sentences of the planner: lists, amounts and years, so that they can be said in any language."""

from collections.abc import Sequence
from functools import reduce

from cupola.sentences import Sentence

Said = Sentence | str  # a text is what the city itself wrote: it is said as it stands
_WHOLE = 1e-6
_MOST = 1e15  # beyond it nothing is counted by ones, and infinity is no whole number
THEN = Sentence("%(first)s; %(second)s")
AND = Sentence("%(first)s, %(second)s")
TOGETHER = Sentence("%(first)s and, together with it, %(second)s")


def joined(parts: Sequence[Said], by: Sentence) -> Said:
    """Return parts as one; `by` is one of the patterns above. Raises TypeError of none."""
    return reduce(lambda first, second: Sentence(by.text, {"first": first, "second": second}), parts)


def amount(value: float) -> int | str:
    """Return a number as a fact: whole ones as they are, so that each language writes them its own way."""
    if abs(value) < _MOST and abs(value - round(value)) < _WHOLE:
        return round(value)
    return f"{value:g}"


def year(label: object) -> str:
    """Return the label of a year as a fact: it takes no separators."""
    return str(label)
