"""Records of performance: measures, their values' history and exceptions, and the reviews that look at them."""

from cupola.web.performance.models.computing import Computation, Doubt, DoubtKind, Restatement
from cupola.web.performance.models.measures import Measure
from cupola.web.performance.models.reviews import Commitment, Followup, Meeting, MeetingState, Proof, Question, Review
from cupola.web.performance.models.typed import TypedValue

__all__ = [
    "Commitment",
    "Computation",
    "Doubt",
    "DoubtKind",
    "Followup",
    "Measure",
    "Meeting",
    "MeetingState",
    "Proof",
    "Question",
    "Restatement",
    "Review",
    "TypedValue",
]
