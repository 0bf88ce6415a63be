"""The folder applied to the records, and the records written back as a folder."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from cupola import folder as folders
from cupola.web.accounts.actions.keepers import keeper_of, keepers
from cupola.web.accounts.models import Applied, Event


def record_states() -> dict[tuple[str, str], folders.RecordState]:
    """Return what stands in the records, by kind and key, with what a folder last applied to each."""
    applied = {(row.kind, row.key): row for row in Applied.objects.all()}
    states = {}
    for keeper in keepers():
        for key, (fields, retired) in sorted(keeper.records().items()):
            stamp = applied.get((keeper.kind, key))
            states[keeper.kind, key] = folders.RecordState(
                fields=fields,
                applied=None if stamp is None or not stamp.hash else stamp.fields,
                born_in_folder=stamp is not None and stamp.born_in_folder,
                retired=retired,
            )
    return states


@transaction.atomic
def apply_folder(folder: folders.Folder, *, by: str, take: str | None = None, dry_run: bool = False) -> folders.Plan:
    """Bring the records in line with `folder` and return the plan; with `dry_run` only return it.

    Raises folder.EditedTwice, with the plan, when folder and records both changed and `take` does not decide.
    """
    plan = folders.plan(folder.documents, record_states(), take=take)
    if dry_run:
        return plan
    plan.check()
    at = datetime.now(UTC)
    for step in plan.steps:
        if step in plan.changes:
            carry_out(step, at=at, by=by)
        remember(step, at=at)
    return plan


def carry_out(step: folders.Step, *, at: datetime, by: str) -> None:
    """Make one change of a plan and write it into the audit log."""
    keeper = keeper_of(step.kind)
    if step.action == "retire":
        record = keeper.retire(step.key, at=at)
    else:
        assert step.fields is not None, step
        record = keeper.put(step.key, dict(step.fields), at=at)
    detail = {"where": step.where, "changes": [change.as_json() for change in step.changes]}
    Event.record(f"folder.{step.action}", record, at=at, by=by, detail=detail)


def remember(step: folders.Step, *, at: datetime) -> None:
    """Keep what a folder last applied to a record, so that later edits on either side can be told apart."""
    known = Applied.objects.filter(kind=step.kind, key=step.key).first()
    row = known or Applied(kind=step.kind, key=step.key)
    row.fields, row.hash = dict(step.applied or {}), digest(step.applied)
    row.born_in_folder, row.applied_at = step.born_in_folder, at
    row.save()


def digest(fields: Mapping[str, Any] | None) -> str:
    """Return a hash of canonical fields; empty when a folder applied nothing."""
    return "" if fields is None else hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def export_folder(path: Path, *, take: str | None = None) -> folders.Written:
    """Write the records into the folder at `path`; the folder then applies to nothing.

    Nothing is marked as exported: a record counts as such once a folder that says the same is applied, so an
    older copy of the folder can never undo what staff changed. Raises folder.FolderEdited when the folder holds
    edits that were never applied and `take` is not "records".
    """
    return folders.write(record_states(), path, take_records=take == "records")
