"""Whether an initiative worked: the registered values read, the design run, and what was found kept as a new row."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from cupola.errors import CupolaError, NotAllowed
from cupola.evaluation import (
    Answer,
    Design,
    Deviation,
    Plan,
    RegisteredTooLate,
    Result,
    Sentence,
    answer_panel,
    check_before_data,
    deviations,
)
from cupola.web.accounts.models import Event
from cupola.web.agenda.models import Evaluation, Initiative, Registration
from cupola.web.agenda.queries.outcomes import Outcome, outcome_of
from cupola.web.agenda.queries.records import find

DESIGNS = {
    "difference_in_differences": Design.DIFFERENCES,
    "synthetic_control": Design.SYNTHETIC,
    "synthetic_difference_in_differences": Design.SYNTHETIC_DIFFERENCES,
    "interrupted_series": Design.INTERRUPTED,
    "before_after": Design.BEFORE_AFTER,
}


class NotRegistered(NotAllowed):
    """An initiative without a registration has nothing an evaluation could be held to."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"{key} says under no 'registration' which measure, groups, window and method judge it, so no effect is "
            "claimed. Write one before the data are there, or record what is tracked."
        )


def evaluate(key: str, *, at: datetime, by: str = "") -> Evaluation:
    """Evaluate an initiative by its first registration, and keep what was found where something new was read.

    Raises RecordUnknown, NotRegistered, and what reading the outcome and the designs raise.
    """
    initiative = find("initiative", key)
    assert isinstance(initiative, Initiative)
    registration = initiative.registrations.order_by("number").first()
    if registration is None:
        raise NotRegistered(key)
    plan = registration.content
    outcome = outcome_of(plan, now=at)
    fingerprint = sha256(f"{registration.hash} {outcome.fingerprint}".encode()).hexdigest()
    last = initiative.evaluations.order_by("-number").first()
    if last is not None and last.fingerprint == fingerprint:
        return last
    answer = answer_panel(
        outcome.panel, per_year=outcome.per_year, ratio=outcome.ratio, wanted=DESIGNS.get(plan["method"])
    )
    return _keep(registration, outcome, answer=answer, fingerprint=fingerprint, signed=(at, by))


@dataclass(frozen=True)
class Evaluated:
    """What evaluating one initiative came to. new: something was read that was not read before; error: why not."""

    key: str
    evaluation: Evaluation | None = None
    new: bool = False
    error: str = ""


def evaluate_all(*, at: datetime, by: str = "") -> tuple[Evaluated, ...]:
    """Evaluate every initiative that is registered. What cannot be evaluated yet is returned with its reason."""
    keys = Registration.objects.filter(number=1, initiative__retired_on=None).values_list("initiative__key", flat=True)
    found = []
    for key in sorted(keys):
        try:
            made = evaluate(key, at=at, by=by)
        except CupolaError as error:
            found.append(Evaluated(key, error=str(error)))
        else:
            found.append(Evaluated(key, made, new=made.at == at))
    return tuple(found)


@transaction.atomic
def _keep(
    registration: Registration, outcome: Outcome, *, answer: Answer, fingerprint: str, signed: tuple[datetime, str]
) -> Evaluation:
    initiative, (at, by) = registration.initiative, signed
    last = initiative.evaluations.order_by("-number").first()
    computation = getattr(outcome.measure, "computation", None)
    made = Evaluation.objects.create(
        initiative=initiative,
        number=1 if last is None else last.number + 1,
        at=at,
        by_name=by,
        registration=registration,
        design=answer.choice.design.value,
        measure=outcome.measure.key,
        measure_definition=computation.definition if computation else "",
        dataset_version=outcome.dataset_version,
        values_version=outcome.values_version,
        content=_content(registration.content, outcome, answer),
        fingerprint=fingerprint,
    )
    detail = {"evaluation": made.number, "design": made.design}
    Event.record("agenda.evaluated", initiative, at=at, by=by, detail=detail)
    return made


def _content(plan: Mapping[str, Any], outcome: Outcome, answer: Answer) -> dict[str, Any]:
    planned = _plan(plan, outcome)
    reads = (f"{outcome.measure.key}@{outcome.values_version}", f"{outcome.measure.dataset}@{outcome.dataset_version}")
    return {
        "reason": _sentence(answer.choice.reason),
        "refused": _sentence(answer.choice.refused),
        "result": _result(answer.result, reads),
        "beside": [_result(one, reads) for one in answer.beside],
        "naive": None if answer.naive is None else asdict(answer.naive),
        "ratio": outcome.ratio,
        "deviations": [asdict(one) for one in _deviations(planned, plan, outcome=outcome, answer=answer)],
        "missing": list(outcome.missing),
        "late": _is_late(planned, date.fromisoformat(plan["on"])),
        "plan": planned.hash,
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {"pattern": sentence.pattern, "facts": dict(sentence.facts)}


def _result(result: Result | None, reads: tuple[str, ...]) -> dict[str, Any] | None:
    return None if result is None else {**result.to_json(), "inputs": list(reads)}


def _plan(plan: Mapping[str, Any], outcome: Outcome) -> Plan:
    """Return the registration as the engine's plan; without named controls, all others were meant."""
    began = date.fromisoformat(plan["began"])
    meant = (*outcome.controls, *outcome.left_out)
    return Plan(
        outcome=plan["measure"],
        treated={str(unit): began for unit in plan.get("treated", ())},
        controls=tuple(sorted(str(unit) for unit in plan.get("controls", ()) or meant)),
        since=date.fromisoformat(plan["since"]),
        until=date.fromisoformat(plan["until"]),
        per=outcome.record.grain,
        design=DESIGNS.get(plan["method"], Design.TRACKED),
        stop=plan["stop"],
    )


def _deviations(planned: Plan, plan: Mapping[str, Any], *, outcome: Outcome, answer: Answer) -> tuple[Deviation, ...]:
    """Return where the run differs from the plan: groups without values, another design, values still missing."""
    known = plan["method"] in DESIGNS
    design = answer.choice.design if known else planned.design
    read = replace(planned, controls=outcome.controls, since=outcome.since, until=outcome.until, design=design)
    return deviations(planned, read)


def _is_late(planned: Plan, on: date) -> bool:
    try:
        check_before_data(planned, on=on)
    except RegisteredTooLate:
        return True
    return False
