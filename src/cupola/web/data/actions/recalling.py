"""Taking a public version back for good: nowhere to be read any more, and whoever asks is told why."""

from datetime import datetime

from cupola.errors import InvalidInput, NotAllowed
from cupola.web.accounts.models import Event, User
from cupola.web.data import queries
from cupola.web.data.actions.publishing import publish
from cupola.web.data.actions.recording import record_recalls
from cupola.web.data.models import Dataset


class MayNotRecall(NotAllowed):
    """The person has no permission to take versions of this dataset back."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not take this dataset's versions back. Its publisher or a coordinator can.")


class ReasonMissing(InvalidInput):
    """A recall says why, in public."""

    def __init__(self) -> None:
        super().__init__("A recall needs a reason, which everyone who asks for the version will read. Write one.")


def recall(key: str, number: int, *, reason: str, at: datetime, by: User | str) -> None:
    """Take version `number` of a dataset back. Its rows stay in the lake, for staff and the law.

    The registry comes first, so that it is gone from the public at once; a crash after that is completed by the
    next `reconcile`. Raises DatasetUnknown, MayNotRecall, ReasonMissing, NotReleased when it was never public.
    """
    dataset = Dataset.objects.filter(key=key).first()
    if dataset is None:
        raise queries.DatasetUnknown(key)
    if isinstance(by, User) and not by.has_perm("data.recall_version", dataset):
        raise MayNotRecall(by.get_username())
    reason = " ".join(reason.split())
    if not reason:
        raise ReasonMissing
    queries.lake().recall(key, number, reason=reason, at=at)
    record_recalls(dataset)
    Event.record("data.recalled", dataset, at=at, by=by, reason=reason, detail={"version": number})
    publish(dataset, at=at)
