"""Writes of performance: measures from the folder, their values, and what is typed in their place."""

from cupola.web.performance.actions.computing import Computed, compute
from cupola.web.performance.actions.keeper import MeasureKeeper

__all__ = ["Computed", "MeasureKeeper", "compute"]
