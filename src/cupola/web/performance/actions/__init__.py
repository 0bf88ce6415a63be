"""Writes of performance: measures from the folder, their values, and what is typed in their place."""

from cupola.web.performance.actions.computing import Computed, compute
from cupola.web.performance.actions.keeper import MeasureKeeper
from cupola.web.performance.actions.typing_in import (
    MayNotType,
    NothingTyped,
    TypedAlready,
    TypedIncomplete,
    Typing,
    type_in,
    withdraw,
)

__all__ = [
    "Computed",
    "MayNotType",
    "MeasureKeeper",
    "NothingTyped",
    "TypedAlready",
    "TypedIncomplete",
    "Typing",
    "compute",
    "type_in",
    "withdraw",
]
