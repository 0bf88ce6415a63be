"""What changes the agenda."""

from cupola.web.agenda.actions.editing import (
    LineUnknown,
    MayNotChangeAgenda,
    NamesNothing,
    add_step,
    change_record,
    undo,
)
from cupola.web.agenda.actions.keeper import AgendaKeeper, ClaimIsEvidenced, HeldRecord, StepsOnlyAdded, store

__all__ = [
    "AgendaKeeper",
    "ClaimIsEvidenced",
    "HeldRecord",
    "LineUnknown",
    "MayNotChangeAgenda",
    "NamesNothing",
    "StepsOnlyAdded",
    "add_step",
    "change_record",
    "store",
    "undo",
]
