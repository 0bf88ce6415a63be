"""A question with everything its answer depends on, as JSON: whoever has it computes the same answer again."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from cupola.evaluation.answering import Answer, answer_panel, answer_places
from cupola.evaluation.panels import Panel
from cupola.evaluation.sentences import Sentence
from cupola.evaluation.values import Design

NINE_DIGITS = 1e-9  # relative: what other processors and packages leave alike


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of a panel, and how. per_year, ratio, wanted, seed: as `answer_panel` takes them.

    by_chance: chance decided which units were treated. gone: treated and other units that were drawn and never seen.
    inputs: what the panel was read from, as `name@version`.
    """

    panel: Panel
    per_year: int
    ratio: bool = False
    wanted: Design | None = None
    by_chance: bool = False
    gone: tuple[int, int] = (0, 0)
    seed: int = 1
    inputs: tuple[str, ...] = ()

    def answered(self) -> Answer:
        """Return the answer. Raises what the designs raise."""
        if self.by_chance:
            found = answer_places(self.panel, ratio=self.ratio, gone=self.gone, seed=self.seed)
        else:
            found = answer_panel(
                self.panel, per_year=self.per_year, ratio=self.ratio, seed=self.seed, wanted=self.wanted
            )
        result = None if found.result is None else replace(found.result, inputs=self.inputs)
        return replace(found, result=result, beside=tuple(replace(one, inputs=self.inputs) for one in found.beside))

    def to_json(self) -> dict[str, Any]:
        """Return the same as JSON values; a double is written so that it comes back as it was."""
        return {
            "units": list(self.panel.units),
            "periods": list(self.panel.periods),
            "outcome": self.panel.outcome.tolist(),
            "starts": self.panel.starts.tolist(),
            "per_year": self.per_year,
            "ratio": self.ratio,
            "wanted": self.wanted.value if self.wanted else None,
            "by_chance": self.by_chance,
            "gone": list(self.gone),
            "seed": self.seed,
            "inputs": list(self.inputs),
        }

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Question":
        """Return what `to_json` wrote. Raises NotAPanel."""
        panel = Panel(
            tuple(facts["units"]),
            tuple(facts["periods"]),
            np.array(facts["outcome"], dtype=np.float64),
            np.array(facts["starts"], dtype=np.int64),
        )
        wanted = Design(facts["wanted"]) if facts["wanted"] else None
        treated, others = facts["gone"]
        return cls(
            panel,
            facts["per_year"],
            facts["ratio"],
            wanted,
            facts["by_chance"],
            (treated, others),
            facts["seed"],
            tuple(facts["inputs"]),
        )


def told(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON values: why this design, the result, contrasts, and what naive counting would say."""
    facts = {
        "reason": _sentence(answer.choice.reason),
        "refused": _sentence(answer.choice.refused),
        "design": answer.choice.design.value,
        "result": None if answer.result is None else answer.result.to_json(),
        "beside": [one.to_json() for one in answer.beside],
        "naive": None if answer.naive is None else asdict(answer.naive),
    }
    written: dict[str, Any] = json.loads(json.dumps(facts))
    return written


@dataclass(frozen=True)
class Difference:
    """One number or word that is not the same. place: its path, as `result.estimate.low`."""

    place: str
    before: Any
    after: Any

    @property
    def near(self) -> bool:
        """Whether both are numbers that agree to nine significant digits."""
        numbers = (self.before, self.after)
        if not all(isinstance(one, float | int) and not isinstance(one, bool) for one in numbers):
            return False
        return math.isclose(self.before, self.after, rel_tol=NINE_DIGITS, abs_tol=1e-14)


def differing(before: Any, after: Any, place: str = "") -> Iterator[Difference]:
    """Yield where two JSON values differ, number by number, bit by bit, in the order of the first."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in (*before, *(name for name in after if name not in before)):
            yield from differing(before.get(name), after.get(name), f"{place}.{name}" if place else str(name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for at, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differing(one, other, f"{place}[{at}]")
    elif before != after:
        yield Difference(place, before, after)


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {"pattern": sentence.pattern, "facts": dict(sentence.facts)}
