"""What the audit log says of itself, and of who saw what."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.db import models

from cupola.errors import NotAllowed
from cupola.web.accounts.models import Event, User
from cupola.web.accounts.queries import Wanted, the_city

SEE = "accounts.see_audit_log"


class MayNotSeeAuditLog(NotAllowed):
    """Only auditors read the audit log."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not read the audit log. An administrator can make someone an auditor.")


def record_audit_export(wanted: Wanted, *, lines: int, by: User | str) -> None:
    """Note that the log was exported, and which part. Raises MayNotSeeAuditLog."""
    if isinstance(by, User) and not by.has_perm(SEE):
        raise MayNotSeeAuditLog(by.get_username())
    asked = {name: str(value) for name, value in asdict(wanted).items() if value}
    target = the_city() or User(username="(no city yet)")
    Event.record("accounts.audit_exported", target, at=datetime.now(UTC), by=by, detail={**asked, "lines": lines})


def record_read(
    what: str, record: models.Model, *, at: datetime, by: Any, detail: dict[str, Any] | None = None
) -> None:
    """Note that a person read of `record` what is not public; of what everyone may see nothing is noted.

    what: `rows`, `quarantine`, `restricted`, as in the event `data.rows_read`.
    """
    if isinstance(by, User) and by.is_authenticated:
        Event.record(f"data.{what}_read", record, at=at, by=by, detail=detail)
