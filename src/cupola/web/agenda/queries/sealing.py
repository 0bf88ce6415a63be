"""What an evaluation is asked, of which values in which versions: everything that has to be sealed with its answer."""

from collections.abc import Mapping
from typing import Any

from cupola.evaluation import METHODS, Design, Question
from cupola.web.agenda.queries.outcomes import Outcome
from cupola.web.performance.queries import fiscal_years


def question_of(plan: Mapping[str, Any], outcome: Outcome) -> Question:
    """Return what a registration asks of the values that were read."""
    wanted = METHODS.get(plan["method"])
    measure = outcome.measure
    pairs = ((measure.key, outcome.values_version), (measure.dataset, outcome.dataset_version))
    return Question(
        outcome.panel,
        outcome.per_year,
        outcome.ratio,
        wanted,
        by_chance=wanted is Design.TRIAL,
        gone=outcome.gone,
        inputs=tuple(f"{name}@{number}" for name, number in pairs),
    )


def read_of(plan: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return where the values are from: the measure as it was defined, and the versions they were read at."""
    measure, years = outcome.measure, fiscal_years()
    computation = getattr(measure, "computation", None)
    return {
        "measure": measure.key,
        "document": measure.definition,
        "definition": computation.definition if computation else "",
        "dimension": plan.get("dimension", ""),
        "values_version": outcome.values_version,
        "dataset": measure.dataset,
        "dataset_version": outcome.dataset_version,
        "fiscal_year_start": f"{years.month:02d}-{years.day:02d}",
        "typed": list(outcome.typed),
    }
