"""All writes of planning."""

from cupola.web.planning.actions.keeper import KINDS, PlanningKeeper
from cupola.web.planning.actions.memos import keep_memo
from cupola.web.planning.actions.settling import (
    SETTLE,
    MayNotSettle,
    NothingSettled,
    Settling,
    TwoOfficesAtOnce,
    map_department,
    record_counsel,
    settle_account,
    settle_title,
)

__all__ = [
    "KINDS",
    "SETTLE",
    "MayNotSettle",
    "NothingSettled",
    "PlanningKeeper",
    "Settling",
    "TwoOfficesAtOnce",
    "keep_memo",
    "map_department",
    "record_counsel",
    "settle_account",
    "settle_title",
]
