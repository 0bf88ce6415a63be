"""The records of the data room."""

from cupola.web.data.models.changes import Correction
from cupola.web.data.models.datasets import Classification, Dataset, Mode, Version
from cupola.web.data.models.duties import Department
from cupola.web.data.models.feedback import Feedback, FeedbackStatus, FeedbackStep
from cupola.web.data.models.gate import Acceptance, Approval, GateCheck, Verdict
from cupola.web.data.models.letters import Letter, Showing
from cupola.web.data.models.loads import Finding, LoadReport, Outcome, Severity
from cupola.web.data.models.promises import PromiseCheck
from cupola.web.data.models.requests import DataRequest, RequestStatus, RequestStep
from cupola.web.data.models.subscriptions import Channel, Delivery, Subscription
from cupola.web.data.models.watching import Portal, Sighting

__all__ = [
    "Acceptance",
    "Approval",
    "Channel",
    "Classification",
    "Correction",
    "DataRequest",
    "Dataset",
    "Delivery",
    "Department",
    "Feedback",
    "FeedbackStatus",
    "FeedbackStep",
    "Finding",
    "GateCheck",
    "Letter",
    "LoadReport",
    "Mode",
    "Outcome",
    "Portal",
    "PromiseCheck",
    "RequestStatus",
    "RequestStep",
    "Severity",
    "Showing",
    "Sighting",
    "Subscription",
    "Verdict",
    "Version",
]
