"""Everything that writes datasets, versions, load reports and findings."""

from cupola.web.data.actions.announcing import (
    AnnouncementUnclear,
    MayNotAnnounce,
    PlannedChange,
    RenameNeedsFolder,
    announce_change,
)
from cupola.web.data.actions.approving import DecisionUnclear, MayNotDecide, accept, approve
from cupola.web.data.actions.departments import DepartmentKeeper
from cupola.web.data.actions.duties import (
    DutiesEditedMeanwhile,
    DutyReasonMissing,
    Handover,
    MayNotEditDuties,
    NobodyHasIt,
    change_duties,
    duties_edition,
    hand_over,
    note_gaps,
    subject,
)
from cupola.web.data.actions.editing import (
    CannotUndo,
    EditedMeanwhile,
    EditReasonMissing,
    MayNotEdit,
    change_words,
    undo,
)
from cupola.web.data.actions.everything import refresh_all
from cupola.web.data.actions.gating import judge
from cupola.web.data.actions.keeper import DatasetKeeper
from cupola.web.data.actions.letters import (
    AnswerIncomplete,
    Decision,
    LetterHeld,
    MayNotAnswer,
    Sent,
    answer_feedback,
    answer_request,
    check_may_answer,
    decide_showing,
    receive_feedback,
    receive_request,
)
from cupola.web.data.actions.publishing import publish, reconcile
from cupola.web.data.actions.reading import note_reading
from cupola.web.data.actions.recalling import MayNotRecall, ReasonMissing, recall
from cupola.web.data.actions.refreshing import Refresh, Refreshed, refresh
from cupola.web.data.actions.sheets import SheetConflict, SheetInvalid, SheetPlan, apply_sheets, plan_sheets
from cupola.web.data.actions.tiling import make_tiles
from cupola.web.data.actions.watching import Looked, Watch, accept_columns, watch, watch_due, watched

__all__ = [
    "AnnouncementUnclear",
    "AnswerIncomplete",
    "CannotUndo",
    "DatasetKeeper",
    "Decision",
    "DecisionUnclear",
    "DepartmentKeeper",
    "DutiesEditedMeanwhile",
    "DutyReasonMissing",
    "EditReasonMissing",
    "EditedMeanwhile",
    "Handover",
    "LetterHeld",
    "Looked",
    "MayNotAnnounce",
    "MayNotAnswer",
    "MayNotDecide",
    "MayNotEdit",
    "MayNotEditDuties",
    "MayNotRecall",
    "NobodyHasIt",
    "PlannedChange",
    "ReasonMissing",
    "Refresh",
    "Refreshed",
    "RenameNeedsFolder",
    "Sent",
    "SheetConflict",
    "SheetInvalid",
    "SheetPlan",
    "Watch",
    "accept",
    "accept_columns",
    "announce_change",
    "answer_feedback",
    "answer_request",
    "apply_sheets",
    "approve",
    "change_duties",
    "change_words",
    "check_may_answer",
    "decide_showing",
    "duties_edition",
    "hand_over",
    "judge",
    "make_tiles",
    "note_gaps",
    "note_reading",
    "plan_sheets",
    "publish",
    "recall",
    "receive_feedback",
    "receive_request",
    "reconcile",
    "refresh",
    "refresh_all",
    "subject",
    "undo",
    "watch",
    "watch_due",
    "watched",
]
