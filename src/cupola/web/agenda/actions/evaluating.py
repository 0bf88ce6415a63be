"""Whether an initiative worked: the registered values read, the design run, and what was found kept as a new row."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cupola.errors import CupolaError, NotAllowed
from cupola.evaluation import (
    METHODS,
    Answer,
    Design,
    Deviation,
    Plan,
    Question,
    RegisteredTooLate,
    check_before_data,
    deviations,
    differing,
    told,
)
from cupola.web.accounts.models import Event
from cupola.web.agenda.models import Evaluation, Initiative, Registration
from cupola.web.agenda.queries.outcomes import Outcome, outcome_of, starts_of
from cupola.web.agenda.queries.records import find
from cupola.web.agenda.queries.sealed import ANSWERED, fingerprint_of, packages
from cupola.web.agenda.queries.sealing import question_of, read_of


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

    The same values are computed again only by other packages than last time, and kept only where that tells otherwise.
    Raises RecordUnknown, NotRegistered, and what reading the outcome and the designs raise.
    """
    initiative = find("initiative", key)
    assert isinstance(initiative, Initiative)
    registration = initiative.registrations.order_by("number").first()
    if registration is None:
        raise NotRegistered(key)
    outcome = outcome_of(registration.content, now=at)
    question = question_of(registration.content, outcome)
    asked, read = question.to_json(), read_of(registration.content, outcome)
    fingerprint = fingerprint_of(registration.hash, asked, read)
    last: Evaluation | None = initiative.evaluations.order_by("-number").first()
    same = last is not None and last.fingerprint == fingerprint
    if last is not None and same and last.content["packages"] == packages():
        return last
    if last is not None and same and not _differs(last, question):
        return last
    answer = question.answered()
    content = {
        **told(answer),
        "ratio": outcome.ratio,
        **_beside_the_plan(registration.content, outcome, answer),
        "question": asked,
        "read": read,
        "packages": packages(),
    }
    return _keep(registration, outcome, content=content, fingerprint=fingerprint, signed=(at, by))


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


def _differs(last: Evaluation, question: Question) -> bool:
    """Whether the same question gives another answer now than the one kept, beyond the last bits."""
    found = told(replace(question, inputs=tuple(last.content["question"]["inputs"])).answered())
    return any(not one.near for name in ANSWERED for one in differing(last.content[name], found[name]))


@transaction.atomic
def _keep(
    registration: Registration,
    outcome: Outcome,
    *,
    content: Mapping[str, Any],
    fingerprint: str,
    signed: tuple[datetime, str],
) -> Evaluation:
    initiative, (at, by) = registration.initiative, signed
    last = initiative.evaluations.order_by("-number").first()
    made = Evaluation.objects.create(
        initiative=initiative,
        number=1 if last is None else last.number + 1,
        at=at,
        by_name=by,
        registration=registration,
        design=content["design"],
        measure=outcome.measure.key,
        measure_definition=content["read"]["definition"],
        dataset_version=outcome.dataset_version,
        values_version=outcome.values_version,
        content=content,
        fingerprint=fingerprint,
    )
    detail = {"evaluation": made.number, "design": made.design}
    Event.record("agenda.evaluated", initiative, at=at, by=by, detail=detail)
    return made


def _beside_the_plan(plan: Mapping[str, Any], outcome: Outcome, answer: Answer) -> dict[str, Any]:
    planned = _plan(plan, outcome)
    return {
        "deviations": [asdict(one) for one in _deviations(planned, plan, outcome=outcome, answer=answer)],
        "missing": list(outcome.missing),
        "late": _is_late(planned, date.fromisoformat(plan["on"])),
        "plan": planned.hash,
    }


def _plan(plan: Mapping[str, Any], outcome: Outcome) -> Plan:
    """Return the registration as the engine's plan; without named controls, all others were meant."""
    meant = (*outcome.controls, *outcome.left_out)
    return Plan(
        outcome=plan["measure"],
        treated={unit: day for unit, day in starts_of(plan).items() if unit},
        controls=tuple(sorted(str(unit) for unit in plan.get("controls", ()) or meant)),
        since=date.fromisoformat(plan["since"]),
        until=date.fromisoformat(plan["until"]),
        per=outcome.record.grain,
        design=METHODS.get(plan["method"], Design.TRACKED),
        stop=plan["stop"],
    )


def _deviations(planned: Plan, plan: Mapping[str, Any], *, outcome: Outcome, answer: Answer) -> tuple[Deviation, ...]:
    """Return where the run differs from the plan: groups without values, another design, values still missing."""
    known = plan["method"] in METHODS
    design = answer.choice.design if known else planned.design
    read = replace(
        planned,
        treated={unit: day for unit, day in planned.treated.items() if unit in outcome.panel.units},
        controls=outcome.controls,
        since=outcome.since,
        until=outcome.until,
        design=design,
    )
    return deviations(planned, read)


def _is_late(planned: Plan, on: date) -> bool:
    try:
        check_before_data(planned, on=on)
    except RegisteredTooLate:
        return True
    return False
