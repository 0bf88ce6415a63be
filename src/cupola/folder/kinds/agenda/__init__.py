"""The kinds of the agenda and of the councils."""

from cupola.folder.kinds.agenda.councils import (
    Body,
    BodyRecord,
    Meeting,
    MeetingRecord,
    Recommendation,
    RecommendationRecord,
)
from cupola.folder.kinds.agenda.fields import KeptRecord
from cupola.folder.kinds.agenda.money import Award, AwardRecord, Claim, ClaimRecord
from cupola.folder.kinds.agenda.priorities import (
    Administration,
    AdministrationRecord,
    Engagement,
    EngagementRecord,
    Initiative,
    InitiativeRecord,
    Priority,
    PriorityRecord,
)
from cupola.folder.kinds.record import Kind

AGENDA_KINDS: tuple[Kind, ...] = (
    Administration(),
    Priority(),
    Initiative(),
    Engagement(),
    Award(),
    Claim(),
    Body(),
    Meeting(),
    Recommendation(),
)

__all__ = [
    "AGENDA_KINDS",
    "AdministrationRecord",
    "AwardRecord",
    "BodyRecord",
    "ClaimRecord",
    "EngagementRecord",
    "InitiativeRecord",
    "KeptRecord",
    "MeetingRecord",
    "PriorityRecord",
    "RecommendationRecord",
]
