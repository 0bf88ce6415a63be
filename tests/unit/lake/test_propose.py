"""Which contract is proposed for a source, looking at every value."""

from collections.abc import Sequence

import pytest
from load_world import landing

from cupola.contracts import Column, ColumnType
from cupola.lake.propose import NothingToPropose, Proposal, propose
from cupola.lake.reading import Engine


def proposal(**columns: Sequence[str]) -> Proposal:
    rows = list(zip(*columns.values(), strict=True))
    return propose(landing(tuple(columns), rows), engine=Engine(threads=1), zone="America/Chicago")


def guess(values: Sequence[str]) -> tuple[Column, str]:
    found = proposal(x=values)
    return found.contract.columns[0], " ".join(found.notes)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "20", ""], "integer"),
        (["1.5", "2.25", "-3"], "decimal"),
        (["1.123456", "2"], "float"),
        (["$1,234.00", "(12.50)", "-"], "money"),
        (["12.5 %", "3%"], "percent"),
        (["Y", "N", "Y"], "boolean"),
        (["2024-01-31", "2024-02-01"], "date"),
        (["2024-01-31 10:00", "2024-02-01"], "timestamp"),
        (["2024-01-31T10:00:00Z", "2024-02-01T00:00:00Z"], "instant"),
        (["POINT (1 2)", "(41.8, -87.6)"], "point"),
        (["POLYGON ((0 0, 1 0, 1 1, 0 0))"], "geometry"),
        (["https://example.org", "http://example.org/a"], "url"),
        (["1E5", "2E6"], "text"),
        (["9223372036854775808", "1"], "text"),
        (["", " "], "text"),
    ],
)
def test_the_narrowest_safe_type_is_proposed(values: list[str], kind: str) -> None:
    assert guess(values)[0].type is ColumnType(kind)


def test_leading_zeros_stay_text() -> None:
    column, notes = guess(["00123", "60601"])
    assert column.type is ColumnType.TEXT
    assert "x: 1 values begin with a zero; kept as text so that it stays" in notes


@pytest.mark.slow
def test_one_house_number_with_a_letter_after_many_whole_ones_makes_a_text() -> None:
    column, notes = guess([*(str(number) for number in range(60_000)), "12A"])
    assert column.type is ColumnType.TEXT
    assert "x: mostly whole numbers, but also values such as '12A'; kept as text" in notes


def test_dates_that_may_be_either_way_round_stay_text() -> None:
    column, notes = guess(["01/02/2024", "03/04/2024"])
    assert column.type is ColumnType.TEXT
    assert "may be month first or day first" in notes


@pytest.mark.parametrize(
    ("values", "kind", "pattern"),
    [
        (["01/02/2024", "01/31/2024"], "date", "%m/%d/%Y"),
        (["01/02/2024", "31/01/2024"], "date", "%d/%m/%Y"),
        (["01/02/2024 10:00:00 AM", "01/31/2024 01:00:00 PM"], "timestamp", "%m/%d/%Y %I:%M:%S %p"),
    ],
)
def test_one_day_past_12_settles_the_order(values: list[str], kind: str, pattern: str) -> None:
    column, _ = guess(values)
    assert (column.type, column.formats) == (ColumnType(kind), (pattern,))


def test_words_for_missing_values_are_found() -> None:
    column, notes = guess(["1", "N/A", "3"])
    assert (column.type, column.null_tokens) == (ColumnType.INTEGER, ("", "N/A"))
    assert "N/A read as missing" in notes


def test_few_values_that_repeat_make_a_code() -> None:
    column, _ = guess(["OPEN", "DONE", "DONE"] * 20)
    assert (column.type, column.allowed) == (ColumnType.CODE, (("DONE", ""), ("OPEN", "")))


def test_a_column_that_differs_in_every_row_is_the_key_and_the_first_date_the_time() -> None:
    found = proposal(id=["a1", "b2", "c3"], made=["2024-01-01"] * 3, ended=["2024-01-02"] * 3).contract
    assert (found.key, found.time_column, found.column("id").required) == (("id",), "made", True)


def test_names_become_plain_and_keep_what_was_published() -> None:
    found = propose(landing(("Permit #", "permitDate", "2024", "permit #"), [("1", "b", "c", "d")]))
    assert [(one.name, one.origins) for one in found.contract.columns] == [
        ("permit", ("Permit #",)),
        ("permit_date", ("permitDate",)),
        ("n_2024", ("2024",)),
        ("permit_2", ("permit #",)),
    ]


def test_a_source_without_rows_is_refused() -> None:
    with pytest.raises(NothingToPropose, match=r"file\.csv: has no rows"):
        propose(landing(("a",), []))
