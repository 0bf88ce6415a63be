"""Quality promises measured on the rows of a version."""

from datetime import date
from pathlib import Path

import pytest
from load_world import Harbour, column, landing

from cupola.contracts import Contract, Duplicates, Promise
from cupola.lake import Lake
from cupola.lake.reading import QueryFailed

CONTRACT = Contract(
    columns=(column("kind", "text"), column("size", "integer"), column("seen", "timestamp"), column("on_day", "date")),
    duplicates=Duplicates.KEYLESS,
)
ROWS = [
    ("roof", "1", "2024-03-05T23:30:00", "2024-03-05"),
    ("roof", "9", "2024-01-01T00:00:00", "2024-03-06"),
    ("porch", "", "", ""),
    ("", "1", "2024-01-02T00:00:00", "2024-01-01"),
]
TODAY = date(2024, 3, 5)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    root: Path = tmp_path_factory.mktemp("promises") / "lake"
    Harbour(root).load(CONTRACT, landing([one.name for one in CONTRACT.columns], ROWS))
    return Lake(root, threads=1)


@pytest.mark.parametrize(
    ("promise", "kept", "broken"),
    [
        (Promise("complete", ("kind",), at_least="0.75"), True, 1),
        (Promise("complete", ("kind",), at_least="0.76"), False, 1),
        (Promise("unique", ("kind",)), False, 1),
        (Promise("unique", ("kind", "size")), True, 0),
        (Promise("allowed", ("kind",), values=("roof", "porch")), True, 0),
        (Promise("allowed", ("size",), values=("1",)), False, 1),
        (Promise("range", ("size",), at_least="1", at_most="9"), True, 0),
        (Promise("range", ("size",), at_least="2"), False, 2),
        (Promise("range", ("seen",), at_most="today"), True, 0),
        (Promise("range", ("on_day",), at_least="2024-01-01", at_most="today"), False, 1),
        (Promise("rows", at_least="5"), False, 4),
        (Promise("rows", at_least="4", at_most="4"), True, 4),
        (Promise("complete", ("gone",), at_least="0"), False, 4),
    ],
)
def test_a_promise_is_counted(lake: Lake, promise: Promise, kept: bool, broken: int) -> None:
    (found,) = lake.measure_promises(lake.version("permits"), [promise], today=TODAY)
    assert (found.kept, found.broken) == (kept, broken)


def test_all_are_measured_in_one_pass_and_in_order(lake: Lake) -> None:
    promised = [
        Promise("rows", at_least="1"),
        Promise("unique", ("gone",)),
        Promise("complete", ("kind",), at_least="1"),
    ]
    found = lake.measure_promises(lake.version("permits"), promised, today=TODAY)
    assert [(one.promise.that, one.kept) for one in found] == [("rows", True), ("unique", False), ("complete", False)]
    assert found[2].share == 0.75
    assert lake.measure_promises(lake.version("permits"), [Promise("interval", at_most="7")], today=TODAY) == ()


def test_a_limit_that_is_no_number_is_said(lake: Lake) -> None:
    with pytest.raises(QueryFailed):
        lake.measure_promises(lake.version("permits"), [Promise("range", ("size",), at_least="many")], today=TODAY)
