"""Everything that writes datasets, versions, load reports and findings."""

from cupola.web.data.actions.editing import (
    CannotUndo,
    EditedMeanwhile,
    EditReasonMissing,
    MayNotEdit,
    change_words,
    undo,
)
from cupola.web.data.actions.everything import refresh_all
from cupola.web.data.actions.keeper import DatasetKeeper
from cupola.web.data.actions.publishing import publish, reconcile
from cupola.web.data.actions.recalling import ReasonMissing, recall
from cupola.web.data.actions.refreshing import Refresh, Refreshed, refresh

__all__ = [
    "CannotUndo",
    "DatasetKeeper",
    "EditReasonMissing",
    "EditedMeanwhile",
    "MayNotEdit",
    "ReasonMissing",
    "Refresh",
    "Refreshed",
    "change_words",
    "publish",
    "recall",
    "reconcile",
    "refresh",
    "refresh_all",
    "undo",
]
