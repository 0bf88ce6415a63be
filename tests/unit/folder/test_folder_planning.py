from typing import Any

import pytest

from cupola import folder
from cupola.folder import Document, Plan, RecordState


def fields(title: str = "Permits", **more: Any) -> dict[str, Any]:
    """Return canonical fields of a dataset."""
    least = {
        "key": "permits",
        "title": title,
        "sources": [{"file": "permits.csv"}],
        "columns": [{"name": "ward", "type": "text"}],
    }
    return folder.parse("dataset", {**least, **more}).fields()


def plan_one(in_folder: dict[str, Any] | None, state: RecordState | None, *, take: Any = None) -> Plan:
    """Plan one dataset from what the folder and the records say."""
    documents = []
    if in_folder is not None:
        documents = [Document("dataset", "permits", folder.parse("dataset", in_folder), "datasets/permits.yaml", 1)]
    return folder.plan(documents, {} if state is None else {("dataset", "permits"): state}, take=take)


A, B, C = fields("A"), fields("B"), fields("C")


def test_a_new_document_is_created() -> None:
    plan = plan_one(A, None)
    (step,) = plan.steps
    assert (step.action, step.fields, step.applied, step.born_in_folder) == ("create", A, A, True)
    assert plan.lines() == ["create dataset permits (datasets/permits.yaml:1)", "1 to create."]


def test_the_same_on_all_sides_needs_no_step() -> None:
    plan = plan_one(A, RecordState(A, applied=A, born_in_folder=True))
    assert (plan.steps, plan.is_empty, plan.lines()) == ((), True, ["Nothing to change; 1 unchanged."])


def test_a_change_only_in_the_folder_is_applied() -> None:
    plan = plan_one(B, RecordState(A, applied=A, born_in_folder=True))
    (step,) = plan.changes
    assert (step.action, step.fields, step.applied, step.born_in_folder) == ("update", B, B, True)
    assert plan.lines() == [
        "change dataset permits (datasets/permits.yaml:1)",
        "    title: 'A' -> 'B'",
        "1 to change.",
    ]


def test_a_change_only_in_the_records_stays_and_waits_for_export() -> None:
    plan = plan_one(A, RecordState(B, applied=A, born_in_folder=True))
    (step,) = plan.pending_exports
    assert (step.action, step.applied, plan.is_empty) == ("keep", A, True)
    assert plan.lines() == [
        "keep dataset permits (datasets/permits.yaml:1): edited in the records, export pending",
        "    title: 'A' -> 'B'",
        "Nothing to change; 1 export pending.",
    ]


def test_a_change_in_both_is_a_conflict() -> None:
    plan = plan_one(B, RecordState(C, applied=A, born_in_folder=True))
    assert plan.lines() == [
        "conflict dataset permits (datasets/permits.yaml:1): changed in the folder and in the records; "
        "--take folder or --take records decides",
        "    in the folder   title: 'A' -> 'B'",
        "    in the records  title: 'A' -> 'C'",
        "Nothing to change; 1 in conflict.",
    ]
    assert not plan.is_empty
    with pytest.raises(folder.EditedTwice, match="nothing was changed") as caught:
        plan.check()
    assert caught.value.exit_code == 4


def test_changes_to_different_fields_are_a_conflict_too() -> None:
    plan = plan_one(fields("A", topic="x"), RecordState(fields("A", steward="y"), applied=A))
    assert len(plan.conflicts) == 1


def test_the_same_change_in_both_is_settled_in_silence() -> None:
    plan = plan_one(B, RecordState(B, applied=A, born_in_folder=True))
    (step,) = plan.steps
    assert (step.action, step.applied, plan.is_empty) == ("settle", B, True)
    assert plan.lines() == ["Nothing to change; 1 unchanged."]


def test_take_folder_overwrites_the_records() -> None:
    (step,) = plan_one(B, RecordState(C, applied=A, born_in_folder=True), take="folder").steps
    assert (step.action, step.fields, step.applied) == ("update", B, B)
    assert [str(change) for change in step.changes] == ["title: 'C' -> 'B'"]


def test_take_records_keeps_them_and_does_not_ask_again() -> None:
    (step,) = plan_one(B, RecordState(C, applied=A, born_in_folder=True), take="records").steps
    assert (step.action, step.fields, step.applied) == ("keep", None, B)
    again = plan_one(B, RecordState(C, applied=step.applied, born_in_folder=True))
    assert again.conflicts == ()
    assert len(again.pending_exports) == 1


def test_take_changes_nothing_where_there_is_no_conflict() -> None:
    assert plan_one(A, RecordState(B, applied=A), take="folder").steps[0].action == "keep"
    assert plan_one(B, RecordState(A, applied=A), take="records").steps[0].action == "update"


def test_a_record_and_a_document_made_apart_are_a_conflict() -> None:
    plan = plan_one(B, RecordState(A))
    assert plan.conflicts[0].lines().__next__().startswith("conflict dataset permits")
    assert [str(change) for change in plan.conflicts[0].changes] == ["title: 'A' -> 'B'"]


def test_a_record_and_a_document_made_apart_but_alike_are_settled() -> None:
    (step,) = plan_one(A, RecordState(A)).steps
    assert (step.action, step.applied, step.born_in_folder) == ("settle", A, False)


def test_a_record_of_the_folder_is_retired_with_its_document() -> None:
    plan = plan_one(None, RecordState(A, applied=A, born_in_folder=True))
    (step,) = plan.changes
    assert (step.action, step.applied) == ("retire", None)
    assert plan.lines() == ["retire dataset permits: no longer in the folder", "1 to retire."]


def test_a_record_of_the_pages_is_never_retired_by_a_folder() -> None:
    for state in (RecordState(A), RecordState(A, applied=A), RecordState(B, applied=A)):
        (step,) = plan_one(None, state).steps
        assert (step.action, step.reason) == ("keep", "only in the records, export pending")


def test_a_record_edited_by_staff_is_not_retired_in_silence() -> None:
    state = RecordState(B, applied=A, born_in_folder=True)
    assert plan_one(None, state).steps[0].action == "conflict"
    assert plan_one(None, state, take="folder").steps[0].action == "retire"
    assert plan_one(None, state, take="records").steps[0].action == "keep"


def test_a_retired_record_that_returns_is_revived() -> None:
    (step,) = plan_one(B, RecordState(A, born_in_folder=True, retired=True)).steps
    assert (step.action, step.fields, step.applied, step.born_in_folder) == ("revive", B, B, True)


def test_an_old_export_does_not_bring_back_what_staff_made_and_retired() -> None:
    state = RecordState(A, retired=True)
    assert plan_one(A, state).steps[0].action == "conflict"
    assert plan_one(A, state, take="folder").steps[0].action == "revive"
    (step,) = plan_one(A, state, take="records").steps
    assert (step.action, step.applied) == ("keep", A)
    assert (
        plan_one(A, RecordState(A, applied=A, retired=True)).steps[0].reason == "retired in the records, export pending"
    )


def test_a_record_that_staff_retired_stays_retired() -> None:
    (step,) = plan_one(A, RecordState(A, applied=A, born_in_folder=True, retired=True)).steps
    assert (step.action, step.reason) == ("keep", "retired in the records, export pending")


def test_a_record_retired_by_staff_and_changed_in_the_folder_is_a_conflict() -> None:
    state = RecordState(A, applied=A, born_in_folder=True, retired=True)
    assert plan_one(B, state).steps[0].action == "conflict"
    assert plan_one(B, state, take="folder").steps[0].action == "revive"


def test_a_retired_record_without_a_document_is_nothing() -> None:
    plan = plan_one(None, RecordState(A, retired=True))
    assert (plan.steps, plan.unchanged) == ((), 0)
    (step,) = plan_one(None, RecordState(A, applied=A, retired=True)).steps
    assert (step.action, step.applied) == ("settle", None)


def test_fields_stored_by_an_older_version_count_as_what_they_mean() -> None:
    older = {**A, "refresh": "never", "columns": {"ward": {"type": "text", "required": False}}}
    assert plan_one(A, RecordState(older, applied=older)).steps == ()


def test_fields_that_no_longer_pass_are_compared_as_they_are() -> None:
    (step,) = plan_one(A, RecordState({**A, "gone": 1}, applied={**A, "gone": 1})).changes
    assert [str(change) for change in step.changes] == ["gone: 1 removed"]


def test_a_public_id_never_changes() -> None:
    old, new = fields("A", id="aaaa-2222"), fields("A", id="bbbb-3333")
    plan = plan_one(new, RecordState(old, applied=old), take="folder")
    assert [step.reason for step in plan.conflicts] == [
        "others link to it, so this never changes; write 'id: aaaa-2222'"
    ]


def test_only_the_folder_or_the_records_can_win() -> None:
    with pytest.raises(folder.UnknownSide, match="write 'folder' or 'records'"):
        plan_one(A, None, take="both")


def test_another_city_is_refused() -> None:
    city = folder.parse("city", {"key": "boston", "name": "Boston", "time_zone": "America/New_York"})
    records = {("city", "chicago"): RecordState({"key": "chicago"})}
    with pytest.raises(folder.OtherCity, match="'chicago', the folder to 'boston'"):
        folder.plan([Document("city", "boston", city)], records)


def test_changes_are_told_field_by_field() -> None:
    before = fields(
        columns={"ward": {"type": "text", "meaning": "a"}, "gone": {"type": "text"}, "x": {"type": "date"}},
        sources=[{"file": "a.csv"}],
        keywords=["one"],
        payroll=True,
    )
    after = fields(
        columns={"x": {"type": "date"}, "ward": {"type": "integer", "meaning": "b"}, "new": {"type": "text"}},
        sources=[{"file": "b.csv"}, {"url": "https://example.gov/c.csv"}],
        keywords=["one", "two"],
        max_bad_rows=5,
    )
    (step,) = plan_one(after, RecordState(before, applied=before)).changes
    assert [str(change) for change in step.changes] == [
        "keywords: ['one'] -> ['one', 'two']",
        "payroll: true removed",
        "sources[0].file: 'a.csv' -> 'b.csv'",
        "sources[1]: {url: 'https://example.gov/c.csv'} added",
        "columns.ward.type: 'text' -> 'integer'",
        "columns.ward.meaning: 'a' -> 'b'",
        "columns.gone: {type: 'text'} removed",
        "columns.new: {type: 'text'} added",
        "columns.order: ['ward', 'x'] -> ['x', 'ward']",
        "max_bad_rows: 5 added",
    ]


def test_a_plan_for_machines_holds_the_same() -> None:
    plan = plan_one(B, RecordState(A, applied=A, born_in_folder=True))
    assert plan.as_json() == {
        "steps": [
            {
                "action": "update",
                "kind": "dataset",
                "key": "permits",
                "reason": "",
                "where": "datasets/permits.yaml:1",
                "changes": [{"path": "title", "before": "A", "after": "B"}],
                "record_changes": [],
            }
        ],
        "unchanged": 0,
        "summary": "1 to change.",
    }
