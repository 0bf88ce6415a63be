"""Records of performance: measures, what was computed of them, and what people typed in their place."""

from cupola.web.performance.models.computing import Computation, Doubt, DoubtKind, Restatement
from cupola.web.performance.models.measures import Measure
from cupola.web.performance.models.typed import TypedValue

__all__ = ["Computation", "Doubt", "DoubtKind", "Measure", "Restatement", "TypedValue"]
