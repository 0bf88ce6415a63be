"""All writes of planning."""

from cupola.web.planning.actions.keeper import ReadingKeeper
from cupola.web.planning.actions.settling import (
    SETTLE,
    MayNotSettle,
    NothingSettled,
    Settling,
    settle_account,
    settle_title,
)

__all__ = [
    "SETTLE",
    "MayNotSettle",
    "NothingSettled",
    "ReadingKeeper",
    "Settling",
    "settle_account",
    "settle_title",
]
