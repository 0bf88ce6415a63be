"""What stops a version, judged from facts alone."""

import json
from dataclasses import replace

import pytest

from cupola.privacy import Accepted, Anonymity, ColumnFacts, Facts, Hit, Kind, Stop, Thresholds, Times, stops

NUMBER = ColumnFacts("number", 1, "text", 1000)
V1 = Facts(version=1, rows=1000, columns=(NUMBER, ColumnFacts("note", 2, "text", 900)))
HIT = Hit("note", Kind.PHONE, values=7, rows=9, all_values=900, all_rows=900, samples=("999-999-9999",))


def judged(now: Facts, before: Facts | None = V1, **given: object) -> list[tuple[str, str]]:
    found = stops(now, before, rules=Thresholds(quasi_identifiers=("age",)), **given)  # type: ignore[arg-type]
    return [(one.kind, one.column) for one in found]


def crowd(k: int) -> Facts:
    known = Anonymity(("age",), k, 11, groups=9, small_groups=1, rows=1000, small_rows=k, diversity={})
    return replace(V1, version=2, anonymity=known)


def times(*days: float, **facts: int) -> Times:
    return Times("on", days, **{"future": 0, **facts})


def test_the_same_facts_stop_nothing() -> None:
    assert judged(replace(V1, version=2)) == []
    assert judged(V1, None) == []


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (Accepted("note", "phone"), []),
        (Accepted("note", "phone", at_most=7), []),
        (Accepted("note", "phone", at_most=6), [("phone", "note")]),
        (Accepted("note", "phone", version=2), []),
        (Accepted("note", "phone", version=1), [("phone", "note")]),
        (Accepted("number", "phone"), [("phone", "note")]),
        (Accepted("note", "email"), [("phone", "note")]),
    ],
)
def test_what_was_accepted_covers_no_more_than_was_looked_at(
    accepted: Accepted, expected: list[tuple[str, str]]
) -> None:
    assert judged(replace(V1, version=2, hits=(HIT,)), accepted=[accepted]) == expected


def test_a_small_k_stops_and_so_does_one_that_fell_to_less_than_half() -> None:
    assert judged(crowd(10), crowd(10)) == [("small_groups", "")]
    assert judged(crowd(10), crowd(10), accepted=[Accepted("", "small_groups", at_least=10)]) == []
    assert judged(crowd(9), crowd(10), accepted=[Accepted("", "small_groups", at_least=10)]) == [("small_groups", "")]
    assert judged(crowd(40), crowd(81)) == [("fewer_alike", "")]
    assert judged(crowd(41), crowd(81)) == []


def test_columns_are_told_by_their_ids() -> None:
    renamed, emptied = ColumnFacts("remark", 2, "text", 900), ColumnFacts("note", 2, "text", 0)
    retyped, new = ColumnFacts("note", 3, "text", 900), ColumnFacts("more", 4, "text", 5)
    assert judged(replace(V1, columns=(NUMBER, renamed))) == [("renamed_column", "remark")]
    assert judged(replace(V1, columns=(NUMBER, emptied))) == [("emptied_column", "note")]
    assert judged(replace(V1, columns=(NUMBER, retyped))) == [("retyped_column", "note")]
    assert judged(replace(V1, columns=(NUMBER,))) == [("removed_column", "note")]
    assert judged(replace(V1, columns=(*V1.columns, new))) == [("new_column", "more")]
    assert judged(replace(V1, columns=(*V1.columns, new)), hidden_before=frozenset({"more"})) == [
        ("shown_column", "more")
    ]


@pytest.mark.parametrize(("rows", "stopped"), [(800, False), (799, True), (2000, False), (2001, True), (0, True)])
def test_rows_may_grow_twofold_and_lose_a_fifth(rows: int, *, stopped: bool) -> None:
    assert judged(replace(V1, rows=rows)) == ([("row_count", "")] if stopped else [])


def test_without_a_key_times_may_move_as_far_as_time_passed() -> None:
    before = replace(V1, times=times(0, 100, 200, 300, 400, 500, 1000))
    later = replace(V1, times=times(30, 130, 230, 330, 430, 530, 1030))
    assert judged(later, before, days_between=30.0) == []
    assert judged(later, before, days_between=1.0) == [("shifted_dates", "on")]
    assert judged(before, later, days_between=30.0) == [("shifted_dates", "on")]


def test_with_a_key_one_row_in_twenty_may_be_corrected() -> None:
    assert judged(replace(V1, times=times(0, shared=1000, moved=50))) == []
    assert judged(replace(V1, times=times(0, shared=1000, moved=51))) == [("shifted_dates", "on")]


def test_a_reason_is_read_back_in_its_sentences_and_an_older_one_in_english() -> None:
    (stop,) = stops(replace(V1, version=2, hits=(HIT,)), V1, rules=Thresholds())
    kept = json.loads(json.dumps(stop.to_json()))
    assert Stop.from_json(kept) == stop
    assert kept["found"] == (
        "note holds telephone numbers: 7 of 900 different values (under 1 %), 9 rows, as in 999-999-9999."
    )
    assert kept["what_to_do"][0] == ("What helps: drop it ('note: sensitive: true', or leave it out of the contract).")
    kept.pop("sentences")
    assert Stop.from_json(kept).message == stop.message


def test_facts_are_read_back_as_they_were_written() -> None:
    facts = replace(crowd(3), hits=(HIT,), times=times(1.0, 2.0), extra=("ssn",))
    assert Facts.from_json(facts.to_json()) == facts
