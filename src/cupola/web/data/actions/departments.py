"""Departments as records: created, changed and retired by a folder or by staff, always through here."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.folder import DepartmentRecord, parse
from cupola.web.data.models import Department


class DepartmentKeeper:
    """Keeps the `department` records."""

    kind = "department"

    def records(self) -> dict[str, tuple[dict[str, Any], bool]]:
        """Return key -> (fields, retired) of every department."""
        return {one.key: (one.definition, one.retired_on is not None) for one in Department.objects.all()}

    @transaction.atomic
    def put(self, key: str, fields: dict[str, Any], *, at: datetime) -> Department:
        """Create, change or revive the department. Raises FolderInvalid."""
        record = parse("department", fields)
        assert isinstance(record, DepartmentRecord)
        department = Department.objects.filter(key=key).first() or Department(key=key)
        department._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        department.retired_on = None
        department.take_definition(record.fields())
        department.full_clean()
        department.save()
        return department

    @transaction.atomic
    def retire(self, key: str, *, at: datetime) -> Department:
        """Retire the department: its datasets no longer inherit from it; its history stays."""
        department = Department.objects.get(key=key)
        department._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        department.retired_on = at.date()
        department.save()
        return department
