"""What applying a folder would do to the records: three-way, so that no edit overwrites another in silence.

Of every record three states are compared: the folder's, the records', and what a folder last applied. Where only one
of the first two moved away from the third, that one counts; where both did, and differ, a person decides.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from cupola.errors import Conflict, InvalidInput
from cupola.folder.differences import Change, changes
from cupola.folder.kinds import KINDS
from cupola.folder.kinds.record import Document
from cupola.folder.problems import listed
from cupola.folder.validation import validate

Identity = tuple[str, str]  # kind and key
Action = Literal["create", "update", "revive", "retire", "settle", "keep", "conflict"]
_CHANGING: tuple[Action, ...] = ("create", "update", "revive", "retire")
_VERBS: dict[Action, str] = {
    "create": "create",
    "update": "change",
    "revive": "revive",
    "retire": "retire",
    "keep": "keep",
    "conflict": "conflict",
}


@dataclass(frozen=True)
class RecordState:
    """A record as it stands. `applied`: what a folder last applied to it, None when none did.

    `born_in_folder`: a folder made it, so a folder may retire it.
    """

    fields: Mapping[str, Any]
    applied: Mapping[str, Any] | None = None
    born_in_folder: bool = False
    retired: bool = False


@dataclass(frozen=True)
class Step:
    """What happens to one record.

    `create`, `update`, `revive`: store `fields`. `retire`: retire it. `settle`: folder and record say the same, only
    `applied` is stored. `keep`: the record stays as it is and the folder is behind (*export pending*).
    `conflict`: nothing may be applied. After a step, `applied` is what the folder last applied (None: nothing), and
    `born_in_folder` says who made the record.
    """

    action: Action
    kind: str
    key: str
    reason: str = ""
    fields: Mapping[str, Any] | None = None
    applied: Mapping[str, Any] | None = None
    born_in_folder: bool = False
    changes: tuple[Change, ...] = ()
    record_changes: tuple[Change, ...] = ()
    where: str = ""

    def lines(self) -> Iterator[str]:
        """Yield the step as people read it."""
        where = f" ({self.where})" if self.where else ""
        reason = f": {self.reason}" if self.reason else ""
        yield f"{_VERBS[self.action]} {self.kind} {self.key}{where}{reason}"
        folder, records = ("in the folder   ", "in the records  ") if self.action == "conflict" else ("", "")
        if self.action != "create":
            yield from (f"    {folder}{change}" for change in self.changes)
        yield from (f"    {records}{change}" for change in self.record_changes)

    def as_json(self) -> dict[str, Any]:
        """Return the step for machines."""
        return {
            "action": self.action,
            "kind": self.kind,
            "key": self.key,
            "reason": self.reason,
            "where": self.where,
            "changes": [change.as_json() for change in self.changes],
            "record_changes": [change.as_json() for change in self.record_changes],
        }


class EditedTwice(Conflict):
    """The folder and the records were both changed. `plan` shows where; nothing was applied."""

    def __init__(self, plan: "Plan") -> None:
        self.plan = plan
        lines = [line for step in plan.conflicts for line in step.lines()]
        super().__init__("\n".join(["The folder cannot be applied; nothing was changed.", *lines]))


class UnknownSide(InvalidInput):
    """Neither the folder nor the records were told to win."""

    def __init__(self, take: str) -> None:
        self.take = take
        super().__init__(f"take {take!r}: write 'folder' or 'records', whichever counts where both changed.")


class OtherCity(Conflict):
    """The records belong to another city than the folder."""

    def __init__(self, kind: str, *, folder: str, records: str) -> None:
        self.folder, self.records = folder, records
        super().__init__(
            f"The records belong to the {kind} {records!r}, the folder to {folder!r}. "
            f"Use a home of its own for it, or write 'key: {records}' if it is the same {kind}."
        )


@dataclass(frozen=True)
class Plan:
    """Every step, in the order of the folder, records that it lacks last. `unchanged` counts what needs no step."""

    steps: tuple[Step, ...]
    unchanged: int = 0

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that change a record."""
        return tuple(step for step in self.steps if step.action in _CHANGING)

    @property
    def conflicts(self) -> tuple[Step, ...]:
        """The records that a person must decide about."""
        return tuple(step for step in self.steps if step.action == "conflict")

    @property
    def pending_exports(self) -> tuple[Step, ...]:
        """The records that the folder does not know as they are."""
        return tuple(step for step in self.steps if step.action == "keep")

    @property
    def is_empty(self) -> bool:
        """Whether applying it changes no record."""
        return not self.changes and not self.conflicts

    def check(self) -> None:
        """Raise EditedTwice when there are conflicts."""
        if self.conflicts:
            raise EditedTwice(self)

    def lines(self) -> list[str]:
        """Return the plan as people read it, a summary last."""
        shown = [line for step in self.steps if step.action != "settle" for line in step.lines()]
        return [*shown, self.summary()]

    def summary(self) -> str:
        """Return the plan in one line."""
        counts = {action: sum(step.action == action for step in self.steps) for action in _VERBS}
        parts = [f"{count} to {_VERBS[action]}" for action, count in counts.items() if count and action in _CHANGING]
        parts = parts or ["nothing to change"]
        if counts["conflict"]:
            parts.append(f"{counts['conflict']} in conflict")
        if counts["keep"]:
            parts.append(f"{counts['keep']} export pending")
        settled = sum(step.action == "settle" for step in self.steps)
        if self.unchanged + settled:
            parts.append(f"{self.unchanged + settled} unchanged")
        return f"{'; '.join(parts)}."[:1].upper() + f"{'; '.join(parts)}."[1:]

    def as_json(self) -> dict[str, Any]:
        """Return the plan for machines."""
        return {
            "steps": [step.as_json() for step in self.steps if step.action != "settle"],
            "unchanged": self.unchanged + sum(step.action == "settle" for step in self.steps),
            "summary": self.summary(),
        }


def plan(documents: Iterable[Document], records: Mapping[Identity, RecordState], *, take: str | None = None) -> Plan:
    """Return what applying `documents` to `records` does.

    `take`: who wins where both changed, 'folder' or 'records'; None leaves such records in conflict.
    Raises OtherCity, UnknownSide.
    """
    if take not in {None, "folder", "records"}:
        raise UnknownSide(str(take))
    by_identity = {document.identity: document for document in documents}
    _check_same_city(by_identity, records)
    city_key = next((key for kind, key in by_identity if KINDS[kind].single), "")
    steps: list[Step] = []
    unchanged = 0
    for identity in [*by_identity, *(identity for identity in records if identity not in by_identity)]:
        document, state = by_identity.get(identity), records.get(identity)
        step = _step(identity, _Sides.of(identity[0], document, state))
        if step is None:
            unchanged += state is not None and not state.retired
            continue
        if step.action == "conflict" and take is not None:
            step = _decide(step, state, take)
        step = _keep_identifiers(step, state, city_key)
        where = f"{document.file}:{document.line}" if document is not None and document.file else ""
        steps.append(replace(step, where=where))
    return Plan(tuple(steps), unchanged=unchanged)


@dataclass(frozen=True)
class _Sides:
    """The three states of one record; None where it is absent or retired."""

    folder: Mapping[str, Any] | None
    records: Mapping[str, Any] | None
    applied: Mapping[str, Any] | None
    known: bool
    born_in_folder: bool

    @property
    def retired_by_staff(self) -> bool:
        """Whether staff retired what no folder ever made: a copy of an old export must not bring it back."""
        return self.known and self.records is None and self.applied is None and not self.born_in_folder

    @classmethod
    def of(cls, kind: str, document: Document | None, state: RecordState | None) -> "_Sides":
        folder = document.record.fields() if document is not None else None
        if state is None:
            return cls(folder, None, None, known=False, born_in_folder=False)
        current = None if state.retired else _canonical_beside(folder, kind, state.fields)
        applied = None if state.applied is None else _canonical_beside(folder, kind, state.applied)
        return cls(folder, current, applied, known=True, born_in_folder=state.born_in_folder)


def _canonical_beside(folder: Mapping[str, Any] | None, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return folder if folder is not None and fields == folder else canonical(kind, fields)  # most records did not change


def canonical(kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return fields as this version of Cupola writes them; as they are where they no longer pass."""
    record, _ = validate(KINDS[kind], fields)
    return fields if record is None else record.fields()


def _step(identity: Identity, sides: _Sides) -> Step | None:
    kind, key = identity
    base = Step("settle", kind, key, applied=sides.folder, born_in_folder=sides.born_in_folder)
    if sides.folder == sides.records:
        return None if sides.applied == sides.folder else base
    if sides.applied == sides.records and not sides.retired_by_staff:
        return _folder_changed(base, sides)
    if sides.applied == sides.folder:
        return _records_changed(base, sides)
    if sides.folder is None and not sides.born_in_folder:
        return _records_changed(base, sides)
    return replace(
        base,
        action="conflict",
        reason="changed in the folder and in the records; --take folder or --take records decides",
        fields=sides.folder,
        changes=_told(sides, sides.folder),
        record_changes=_told(sides, sides.records),
    )


def _folder_changed(base: Step, sides: _Sides) -> Step:
    if sides.folder is None:
        if not sides.born_in_folder:
            return _records_changed(base, sides)
        return replace(base, action="retire", reason="no longer in the folder", applied=None)
    differences = changes(sides.records, sides.folder)
    if sides.records is not None:
        return replace(base, action="update", fields=sides.folder, changes=differences)
    if sides.known:
        return replace(base, action="revive", reason="back in the folder", fields=sides.folder)
    return replace(base, action="create", fields=sides.folder, changes=differences, born_in_folder=True)


def _records_changed(base: Step, sides: _Sides) -> Step:
    kept = replace(base, action="keep", applied=sides.applied)
    if sides.records is None:
        return replace(kept, reason="retired in the records, export pending")
    if sides.folder is None:
        return replace(kept, reason="only in the records, export pending")
    differences = changes(sides.folder, sides.records)
    return replace(kept, reason="edited in the records, export pending", record_changes=differences)


def _told(sides: _Sides, after: Mapping[str, Any] | None) -> tuple[Change, ...]:
    if after is None:
        return (Change("the record", "present", None),)
    if sides.applied is not None:
        return changes(sides.applied, after)
    return changes(sides.records, after)  # no folder ever applied it: all that is known is how the two differ


def _decide(step: Step, state: RecordState | None, take: str) -> Step:
    if take == "records":
        reason = "both changed; the records' version stays, export pending"
        return replace(step, action="keep", reason=reason, fields=None)
    if step.fields is None:
        return replace(step, action="retire", reason="no longer in the folder, the edits in the records are given up")
    back = state is None or state.retired
    differences = () if back or state is None else changes(canonical(step.kind, state.fields), step.fields)
    reason = "both changed; the folder's version is taken"
    action: Action = "revive" if back else "update"
    return replace(step, action=action, reason=reason, changes=differences, record_changes=())


def _keep_identifiers(step: Step, state: RecordState | None, city_key: str) -> Step:
    """Turn a step that would break what others link to into a conflict that `take` cannot wave through."""
    if step.fields is None or state is None:
        return step
    kind = KINDS[step.kind]
    before, _ = validate(kind, state.fields)
    after, _ = validate(kind, step.fields)
    if before is None or after is None:
        return step
    new = kind.permanent(after, city_key)
    broken = [f"'{name}: {value}'" for name, value in kind.permanent(before, city_key).items() if new[name] != value]
    if not broken:
        return step
    reason = f"others link to it, so this never changes; write {listed(broken)}"
    return replace(step, action="conflict", reason=reason, fields=None, record_changes=())


def _check_same_city(documents: Mapping[Identity, Document], records: Mapping[Identity, RecordState]) -> None:
    for kind, key in documents:
        if not KINDS[kind].single:
            continue
        others = [other for other_kind, other in records if other_kind == kind and other != key]
        if others and (kind, key) not in records:
            raise OtherCity(kind, folder=key, records=listed(others))
