"""Folder and records edited at random by two sides: nothing anyone wrote is ever lost in silence."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cupola import folder
from cupola.folder import Document, Plan, RecordState

IDENTITY = ("dataset", "permits")
CITY = {"key": "springfield", "name": "Springfield", "time_zone": "America/Chicago"}
titles = st.sampled_from(["A", "B", "C"])


def fields(title: str) -> dict[str, Any]:
    """Return canonical fields of the one dataset."""
    columns = {"ward": {"type": "text"}}
    least = {"key": "permits", "title": title, "sources": [{"file": "permits.csv"}], "columns": columns}
    return folder.parse("dataset", least).fields()


class TwoSides(RuleBasedStateMachine):
    """A folder, the records, and what each side wrote that the other has not seen."""

    def __init__(self) -> None:
        super().__init__()
        self.folder: dict[str, Any] | None = None
        self.state: RecordState | None = None
        self.staff_wrote = False  # since folder and records last agreed

    def planned(self, *, take: str | None = None) -> Plan:
        documents = []
        if self.folder is not None:
            documents = [Document(*IDENTITY, folder.parse("dataset", self.folder))]
        return folder.plan(documents, {} if self.state is None else {IDENTITY: self.state}, take=take)

    @rule(title=titles)
    def edit_the_folder(self, title: str) -> None:
        self.folder = fields(title)

    @rule()
    def take_it_out_of_the_folder(self) -> None:
        self.folder = None

    @rule(title=titles)
    def edit_the_records(self, title: str) -> None:
        before = self.state or RecordState({}, applied=None)
        if before.retired or before.fields != fields(title):
            self.staff_wrote = True
        self.state = RecordState(fields(title), before.applied, before.born_in_folder)
        if self.state.fields == self.state.applied:
            self.staff_wrote = False  # they put it back as the folder had it, so nothing of theirs can be lost

    @rule()
    def retire_the_record(self) -> None:
        if self.state is not None and not self.state.retired:
            self.staff_wrote = True
            self.state = RecordState(self.state.fields, self.state.applied, self.state.born_in_folder, retired=True)

    def carry_out(self, plan: Plan) -> None:
        for step in plan.steps:
            held = self.state.fields if self.state is not None else {}
            retired = self.state is not None and self.state.retired
            if step.action in {"create", "update", "revive"}:
                assert step.fields is not None
                held, retired = step.fields, False
            retired = retired or step.action == "retire"
            self.state = RecordState(held, step.applied, step.born_in_folder, retired)

    @rule()
    def apply(self) -> None:
        plan = self.planned()
        if plan.conflicts:
            return
        before = self.state
        self.carry_out(plan)
        if self.staff_wrote and before is not None and self.state is not None:
            assert (self.state.fields, self.state.retired) == (before.fields, before.retired)
        self.check_agreed()
        assert self.planned().is_empty

    @rule(take=st.sampled_from(["folder", "records"]))
    def decide(self, take: str) -> None:
        plan = self.planned(take=take)
        assert plan.conflicts == ()
        self.carry_out(plan)
        self.check_agreed()
        if take == "records" and self.state is not None:
            self.staff_wrote = self.staff_wrote or self.in_records() != self.folder
        elif plan.changes:
            self.staff_wrote = False
        assert self.planned().is_empty

    @rule()
    def export(self) -> None:
        """Write the records over the folder, as an export does, and see that it then applies to nothing."""
        states = {("city", "springfield"): RecordState(CITY)}
        if self.state is not None:
            states[IDENTITY] = self.state
        with TemporaryDirectory() as path:
            folder.write(states, Path(path))
            found = folder.read(Path(path)).datasets
        self.folder = found[0].fields() if found else None
        assert self.planned().changes == self.planned().pending_exports == self.planned().conflicts == ()

    def in_records(self) -> Any:
        return None if self.state is None or self.state.retired else self.state.fields

    def check_agreed(self) -> None:
        if self.in_records() == self.folder:
            self.staff_wrote = False

    @invariant()
    def what_staff_made_is_never_retired_by_a_folder(self) -> None:
        if self.state is not None and not self.state.born_in_folder:
            assert all(step.action != "retire" for step in self.planned().steps)


@pytest.mark.slow
class TestTwoSides(TwoSides.TestCase):
    settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
