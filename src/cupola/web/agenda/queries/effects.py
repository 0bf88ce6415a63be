"""Effects that evaluations found, as claims take their quantity from them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from cupola.periods import parse_day
from cupola.savings import Effect, evaluated_of
from cupola.web.agenda.models import Evaluation, Initiative
from cupola.web.agenda.queries.sealed import Run, effect_from


def evaluated_by(fields: Mapping[str, Any]) -> Run | None:
    """Return the evaluation a claim's document takes its quantity from; None where the quantity is typed."""
    said = evaluated_of(fields)
    return None if said is None else (said.key, said.number)


def effect_of(evaluation: Evaluation) -> Effect:
    """Return what an evaluation found, as it is kept."""
    run = (evaluation.initiative.key, evaluation.number)
    return effect_from(run, evaluation.content, read=evaluation.content["read"])


def effects(documents: Iterable[Mapping[str, Any]]) -> dict[Run, Effect]:
    """Return what the evaluations found that claims' documents name, those that are there."""
    wanted = {run for run in map(evaluated_by, documents) if run is not None}
    found = Evaluation.objects.filter(initiative__key__in={key for key, _number in wanted}).select_related("initiative")
    every = {(one.initiative.key, one.number): one for one in found}
    return {run: effect_of(one) for run, one in every.items() if run in wanted}


def evaluated_initiatives() -> frozenset[str]:
    """Return the keys of the initiatives that have an evaluation."""
    return frozenset(Evaluation.objects.values_list("initiative__key", flat=True))


def begun(fields: Mapping[str, Any]) -> date | None:
    """Return when the initiative of a claim began; None where it is not recorded."""
    found = Initiative.objects.filter(key=fields.get("initiative", "")).first()
    return parse_day(found.definition["since"]) if found is not None else None
