"""Sheets that people filled in, read back: what would change, what is wrong, what changed here meanwhile."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cupola.errors import Conflict, InvalidInput
from cupola.folder import FolderInvalid, parse
from cupola.sources import Sheet
from cupola.web.accounts.models import User
from cupola.web.data import queries
from cupola.web.data.actions.duties import change_duties
from cupola.web.data.actions.editing import write_words
from cupola.web.data.models import Dataset, Department
from cupola.web.data.queries import sheets
from cupola.web.data.queries.sheets import Edit, Given, Regrouped, SheetProblem

_INDEX = re.compile(r"duties\[(\d+)\](?:\.(\w+))?")
Subject = Dataset | Department


class SheetInvalid(InvalidInput):
    """The sheets have mistakes. `problems` holds all of them, in their order."""

    def __init__(self, problems: Iterable[SheetProblem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} {'mistake' if count == 1 else 'mistakes'}; nothing was changed."
        super().__init__("\n".join([head, *(str(problem) for problem in self.problems)]))


class SheetConflict(Conflict):
    """Rows were changed in the sheet, and here as well since the sheet was written."""

    def __init__(self, conflicts: Iterable[SheetProblem]) -> None:
        self.conflicts = tuple(conflicts)
        count = len(self.conflicts)
        head = f"{count} {'row was' if count == 1 else 'rows were'} changed here meanwhile; nothing was changed."
        super().__init__("\n".join([head, *(str(problem) for problem in self.conflicts)]))


@dataclass(frozen=True)
class SheetChange:
    """One cell that would change something, or the duties of one record. `row` is 0 for a change of several rows."""

    sheet: str
    row: int
    of: str
    column: str
    before: str
    after: str

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        return f"{self.sheet}{row}: {self.of}: {self.column}: {self.before!r} -> {self.after!r}"


@dataclass
class SheetPlan:
    """What giving sheets back would do. `words`: path -> value by key of the dataset; `duties`: the new lists.

    `same`: rows as they are here; `kept`: rows that only changed here; `unread`: sheets and headers nobody reads.
    """

    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    duties: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    changes: list[SheetChange] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)
    conflicts: list[SheetProblem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    same: int = 0
    kept: int = 0

    def check(self) -> None:
        """Raise SheetInvalid for mistakes, SheetConflict for rows changed on both sides."""
        if self.problems:
            raise SheetInvalid(self.problems)
        if self.conflicts:
            raise SheetConflict(self.conflicts)

    def as_json(self) -> dict[str, Any]:
        """Return the plan for machines."""
        told = {name: [vars(one) for one in getattr(self, name)] for name in ("changes", "problems", "conflicts")}
        return {**told, "same": self.same, "kept": self.kept, "unread": self.unread}


def plan_sheets(given: Iterable[Sheet], *, at: datetime, by: User | str) -> SheetPlan:
    """Return what giving sheets back would change; nothing is written.

    `by`: a user, who must be allowed to change each dataset the sheets change, or the name of whoever runs a command.
    """
    lines = [line for line in queries.inventory_lines(now=at) if line.dataset.retired_on is None]
    departments = {one.key: one for one in Department.objects.filter(retired_on=None)}
    tables = {one.name: one for one in sheets.tables(lines, among=lines, departments=departments.values())}
    datasets = {line.dataset.key: line.dataset for line in lines}
    reading = sheets.read_back(given, tables.values())
    plan = SheetPlan(problems=list(reading.problems), unread=reading.unread)
    planning = _Planning(plan, datasets, departments, by)
    for name in (sheets.DATASETS, sheets.COLUMNS, sheets.FIELDS):
        compared = sheets.compare(reading.rows.get(name, ()), tables[name])
        planning.count(compared)
        for edit in compared.edits:
            planning.take(name, edit)
    compared = sheets.Compared()
    for group in sheets.compare_groups(reading.rows.get(sheets.DUTIES, ()), planning.duties_here(), compared):
        planning.take_duties(group)
    planning.count(compared)
    planning.check_words()
    return plan


def apply_sheets(plan: SheetPlan, *, reason: str, at: datetime, by: User | str) -> int:
    """Write what a plan says, all or, where it has mistakes or conflicts, nothing; return how many records changed.

    Raises SheetInvalid, SheetConflict, EditReasonMissing.
    """
    plan.check()
    given: dict[str, Any] = {"reason": reason, "at": at, "by": by}
    changed = {("dataset", key) for key, words in plan.words.items() if write_words(key, words, **given)}
    for (kind, key), duties in plan.duties.items():
        record = _subject(kind, key)
        if change_duties(record, duties, **given):
            changed.add((kind, key))
    return len(changed)


def _subject(kind: str, key: str) -> Subject:
    return Dataset.objects.get(key=key) if kind == "dataset" else Department.objects.get(key=key)


@dataclass
class _Planning:
    """Turns edits of rows into words and duties of records. `asked`: the row each written path came from."""

    plan: SheetPlan
    datasets: Mapping[str, Dataset]
    departments: Mapping[str, Department]
    by: User | str
    asked: dict[tuple[str, str], Given] = field(default_factory=dict)

    def count(self, compared: sheets.Compared) -> None:
        """Take over what a comparison counted."""
        self.plan.same += compared.same
        self.plan.kept += compared.kept
        self.plan.problems += compared.problems
        self.plan.conflicts += compared.conflicts

    def may(self, record: Subject, permission: str, given: Given) -> bool:
        """Whether whoever gives the sheet may change this record; if not, that is a problem."""
        if isinstance(self.by, str) or self.by.has_perm(permission, record):
            return True
        remedy = "take the change back, or ask its steward"
        self.plan.problems.append(given.problem(given.table.of[-1], f"you may not change {record.key}", remedy))
        return False

    def take(self, name: str, edit: Edit) -> None:
        """Take one row's edit into the plan."""
        given = edit.given
        if name == sheets.FIELDS:
            self._fill(given)
            return
        dataset = self.datasets[given.of[0]]
        if not self.may(dataset, "data.edit_words", given):
            return
        paths = sheets.dataset_paths() if name == sheets.DATASETS else sheets.column_paths(given.of[1])
        for header, text in edit.after.items():
            self._write((dataset.key, paths[header]), text, given)
            told = SheetChange(name, given.number, " ".join(given.of), header, edit.before[header], text)
            self.plan.changes.append(told)

    def _fill(self, given: Given) -> None:
        """Give the meaning of a global field to each of its columns that has none, here and in the sheets."""
        meaning, name = given.words[sheets.GIVEN_MEANING], given.of[0]
        path = f"columns.{name}.meaning"
        for key, dataset in self.datasets.items():
            column = next((one for one in dataset.definition.get("columns", []) if one["name"] == name), None)
            free = column is not None and not column.get("meaning") and path not in self.plan.words.get(key, {})
            if free and self.may(dataset, "data.edit_words", given):
                self._write((key, path), meaning, given)
                told = SheetChange(sheets.FIELDS, given.number, f"{key} {name}", "meaning", "", meaning)
                self.plan.changes.append(told)

    def _write(self, place: tuple[str, str], text: str, given: Given) -> None:
        key, path = place
        self.plan.words.setdefault(key, {})[path] = sheets.words_of(text, path)
        self.asked[place] = given

    def duties_here(self) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Return the duties of every record as rows."""
        records: list[tuple[str, Subject]] = [("dataset", one) for one in self.datasets.values()]
        records += [("department", one) for one in self.departments.values()]
        return {(kind, record.key): sheets.duty_words(record) for kind, record in records}

    def take_duties(self, group: Regrouped) -> None:
        """Take the new duties of one record into the plan, checked as a folder's are."""
        kind, key = group.of
        record: Subject = self.datasets[key] if kind == "dataset" else self.departments[key]
        if not self.may(record, "data.edit_duties", group.given[0]):
            return
        duties = [{name: text for name, text in given.words.items() if text} for given in group.given]
        try:
            parse(kind, {**record.definition, "duties": duties})
        except FolderInvalid as invalid:
            self._tell_duties(invalid, group.given)
            return
        self.plan.duties[kind, key] = duties
        before, after = (_told(rows) for rows in (record.definition.get("duties", []), duties))
        self.plan.changes.append(SheetChange(sheets.DUTIES, 0, key, "duties", before, after))

    def _tell_duties(self, invalid: FolderInvalid, given: Sequence[Given]) -> None:
        for problem in invalid.problems:
            place = _INDEX.match(problem.field)
            row = given[int(place[1])] if place else given[0]
            self.plan.problems.append(row.problem((place[2] if place else "") or "", problem.message, problem.remedy))

    def check_words(self) -> None:
        """Check every dataset as it would be; mistakes name the row and header they came from."""
        for key, words in self.plan.words.items():
            try:
                parse("dataset", queries.with_words(self.datasets[key].definition, words))
            except FolderInvalid as invalid:
                for problem in invalid.problems:
                    path = next((one for one in words if problem.field.startswith(one)), next(iter(words)))
                    given = self.asked[key, path]
                    told = given.problem(sheets.header_of(path), problem.message, problem.remedy)
                    self.plan.problems.append(told)


def _told(duties: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(f"{one['duty']} {one['who']} {one.get('since', '')}-{one.get('until', '')}" for one in duties)
