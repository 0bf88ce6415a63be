"""Everything that writes datasets, versions, load reports and findings."""

from cupola.web.data.actions.everything import refresh_all
from cupola.web.data.actions.keeper import DatasetKeeper
from cupola.web.data.actions.publishing import publish, reconcile
from cupola.web.data.actions.recalling import ReasonMissing, recall
from cupola.web.data.actions.refreshing import Refresh, Refreshed, refresh

__all__ = [
    "DatasetKeeper",
    "ReasonMissing",
    "Refresh",
    "Refreshed",
    "publish",
    "recall",
    "reconcile",
    "refresh",
    "refresh_all",
]
