"""One claim frozen with everything it rests on, from the records."""

from dataclasses import asdict
from typing import Any

from cupola.errors import NotAllowed
from cupola.web.agenda.models import Evaluation, Initiative
from cupola.web.agenda.queries.bundles import computed, pack
from cupola.web.agenda.queries.effects import effect_of, evaluated_by
from cupola.web.agenda.queries.ledger import rules
from cupola.web.agenda.queries.records import find
from cupola.web.agenda.queries.sealed import ANSWERED, packages


class NotEvaluatedYet(NotAllowed):
    """The claim names an evaluation that is not there."""

    def __init__(self, key: str, run: str) -> None:
        self.key, self.run = key, run
        super().__init__(
            f"{key} takes its quantity from the evaluation {run}, which is not there. Run: cupola evaluate"
        )


def bundle_of(key: str) -> dict[str, bytes]:
    """Return the files of a claim's bundle, see `bundles`. Raises RecordUnknown, NotEvaluatedYet."""
    fields = dict(find("claim", key).definition)
    initiative = Initiative.objects.filter(key=fields["initiative"]).first()
    since = initiative.definition["since"] if initiative is not None else None
    content: dict[str, Any] = {
        "claim.json": {
            "claim": fields,
            "initiative_since": since,
            "rules": asdict(rules()),
            "cupola": packages()["cupola"],
        }
    }
    run, effect = evaluated_by(fields), None
    if run is not None:
        found = Evaluation.objects.filter(initiative__key=run[0], number=run[1]).select_related("registration").first()
        if found is None:
            raise NotEvaluatedYet(key, f"{run[0]} {run[1]}")
        effect = effect_of(found)
        content |= _evaluation(found)
    content["flows.json"] = computed(fields, since, effect)
    return pack(key, content)


def _evaluation(found: Evaluation) -> dict[str, Any]:
    sealed = found.content
    return {
        "question.json": {
            "initiative": found.initiative.key,
            "number": found.number,
            "question": sealed["question"],
            "read": sealed["read"],
            "fingerprint": found.fingerprint,
        },
        "registration.json": {"content": found.registration.content, "hash": found.registration.hash},
        "answer.json": {name: sealed[name] for name in (*ANSWERED, "packages")},
    }
