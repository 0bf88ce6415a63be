"""What a profile measures, what it hides, and that it survives being kept."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from load_world import Harbour, column, landing

from cupola.contracts import Contract, Duplicates
from cupola.lake.profile import Bin, NoProfile, Profile, ValueCount, read_profile, store_profile
from cupola.lake.profiling import measure
from cupola.lake.reading import Engine, Input

COLUMNS = (
    column("kind", "text"),
    column("size", "integer"),
    column("cost", "money"),
    column("on_day", "date"),
    column("seen", "instant"),
    column("open", "boolean"),
    column("shape", "geometry"),
)
ROWS = [
    ("roof", "1", "$2.00", "2024-01-31", "2024-01-31T10:00:00Z", "y", "POINT (1 2)"),
    ("roof", "2", "", "2024-01-01", "", "n", ""),
    ("porch", "9", "4.00", "2024-03-05", "2024-03-05T00:00:00Z", "y", ""),
]


@pytest.fixture
def harbour(tmp_path: Path) -> Harbour:
    return Harbour(tmp_path / "lake")


def profiled(harbour: Harbour, rows: Any = ROWS, **facts: Any) -> Profile:
    contract = Contract(**{"columns": COLUMNS, "duplicates": Duplicates.KEYLESS, **facts})
    harbour.load(contract, landing([one.name for one in contract.columns], rows))
    version = harbour.table.version()
    files = tuple(file.path for file in harbour.table.files(version))
    source = Input(files=files, fields=harbour.table.fields(version))
    return measure(source, contract, dataset="permits", version=version.number, engine=Engine(threads=1))


def test_a_text_column_has_its_most_frequent_values(harbour: Harbour) -> None:
    kind = profiled(harbour).column("kind")
    assert (kind.nulls, kind.distinct, kind.distinct_exact) == (0, 2, True)
    assert kind.top == (ValueCount("roof", 2), ValueCount("porch", 1))
    assert (kind.shortest, kind.longest) == (4, 5)


@pytest.mark.parametrize(("values", "kept"), [(100, 100), (101, 20)])
def test_all_values_of_a_text_with_few_are_kept(harbour: Harbour, values: int, kept: int) -> None:
    rows = [[f"kind {at % values}", *ROWS[0][1:]] for at in range(202)]
    kind = profiled(harbour, rows).column("kind")
    assert (kind.distinct, len(kind.top)) == (values, kept)


def test_a_number_has_extremes_mean_quantiles_and_steps(harbour: Harbour) -> None:
    size = profiled(harbour).column("size")
    assert (size.minimum, size.maximum, size.mean) == (1, 9, 4.0)
    assert dict(size.quantiles)[0.5] == 2
    assert sum(step.count for step in size.histogram) == 3
    assert (size.histogram[0].low, size.histogram[-1].high) == (1, 9)


def test_a_date_is_counted_by_month_and_an_instant_in_utc(harbour: Harbour) -> None:
    profile = profiled(harbour)
    assert profile.column("on_day").histogram == (
        Bin(date(2024, 1, 1), date(2024, 1, 31), 2),
        Bin(date(2024, 3, 1), date(2024, 3, 31), 1),
    )
    assert profile.column("seen").minimum == datetime.fromisoformat("2024-01-31T10:00:00+00:00")


def test_many_years_are_counted_by_year(harbour: Harbour) -> None:
    rows = [("1990-05-05",), ("2024-05-05",), ("2024-06-05",)]
    day = profiled(harbour, rows, columns=(column("on_day", "date"),)).column("on_day")
    assert [(step.low.year, step.high, step.count) for step in day.histogram] == [
        (1990, date(1990, 12, 31), 1),
        (2024, date(2024, 12, 31), 2),
    ]


def test_money_is_exact_and_a_shape_gives_only_its_nulls(harbour: Harbour) -> None:
    profile = profiled(harbour)
    cost, shape = profile.column("cost"), profile.column("shape")
    assert (cost.nulls, cost.minimum, cost.maximum) == (1, Decimal("2.00"), Decimal("4.00"))
    assert (shape.nulls, shape.top, shape.hidden) == (2, (), False)


def test_a_restricted_dataset_shows_types_and_nulls_and_nothing_else(harbour: Harbour) -> None:
    profile = profiled(harbour, restricted=True)
    assert all(one.hidden and one.minimum is None and not one.top and not one.histogram for one in profile.columns)
    assert [one.nulls for one in profile.columns] == [0, 0, 1, 0, 1, 0, 2]
    assert "roof" not in str(profile.to_json())


def test_a_sensitive_column_is_hidden_among_others(harbour: Harbour) -> None:
    columns = (column("kind", "text", sensitive=True), *COLUMNS[1:])
    profile = profiled(harbour, columns=columns)
    assert (profile.column("kind").top, profile.column("kind").hidden) == ((), True)
    assert profile.column("size").maximum == 9


@pytest.mark.slow
def test_a_key_has_as_many_values_as_rows(harbour: Harbour) -> None:
    rows = [(str(number),) for number in range(30_000)]
    columns = (column("n", "integer"),)
    n = profiled(harbour, rows, columns=columns, key=("n",), duplicates=Duplicates.STOP).column("n")
    assert (n.distinct, n.distinct_exact) == (30_000, True)


@pytest.mark.slow
def test_frequent_values_among_many_are_counted_exactly(harbour: Harbour) -> None:
    rows = [(str(number),) for number in range(25_000)] + [("common",)] * 4_000
    text = profiled(harbour, rows, columns=(column("t", "text"),)).column("t")
    assert text.top[0] == ValueCount("common", 4_000)
    assert not text.distinct_exact
    assert 20_000 < text.distinct < 30_000


def test_an_empty_column_has_a_profile(harbour: Harbour) -> None:
    rows = [("a", ""), ("b", "")]
    size = profiled(harbour, rows, columns=(column("k", "text"), column("size", "integer"))).column("size")
    assert (size.nulls, size.distinct, size.minimum, size.histogram) == (2, 0, None, ())


def test_a_kept_profile_is_read_back_as_it_was(harbour: Harbour, tmp_path: Path) -> None:
    profile = profiled(harbour)
    store_profile(tmp_path, profile)
    assert read_profile(tmp_path, "permits", 1) == profile


def test_a_version_without_a_profile_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoProfile, match="permits: version 4 has no profile"):
        read_profile(tmp_path, "permits", 4)
