"""What changes the agenda."""

from cupola.web.agenda.actions.editing import (
    LineUnknown,
    MayNotChangeAgenda,
    NamesNothing,
    add_step,
    change_record,
    undo,
)
from cupola.web.agenda.actions.evaluating import Evaluated, NotRegistered, evaluate, evaluate_all
from cupola.web.agenda.actions.importing import TakenGrants, take_grants
from cupola.web.agenda.actions.keeper import AgendaKeeper, HeldRecord, store

__all__ = [
    "AgendaKeeper",
    "Evaluated",
    "HeldRecord",
    "LineUnknown",
    "MayNotChangeAgenda",
    "NamesNothing",
    "NotRegistered",
    "TakenGrants",
    "add_step",
    "change_record",
    "evaluate",
    "evaluate_all",
    "store",
    "take_grants",
    "undo",
]
