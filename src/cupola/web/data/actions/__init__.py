"""Everything that writes datasets, versions, load reports and findings."""

from cupola.web.data.actions.everything import refresh_all
from cupola.web.data.actions.keeper import DatasetKeeper
from cupola.web.data.actions.publishing import publish, reconcile
from cupola.web.data.actions.refreshing import Refresh, Refreshed, refresh

__all__ = ["DatasetKeeper", "Refresh", "Refreshed", "publish", "reconcile", "refresh", "refresh_all"]
