"""Rows that were public and changed: which columns, how many, from which version to which."""

from collections.abc import Callable

import pytest
from tests.factories import make_city, make_dataset

from cupola.web.data.models import Correction, Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]
FIRST = "permit_number,issued_on,status\nP-1,2019-03-01,open\nP-2,2020-01-01,closed\nP-3,2020-01-01,open\n"
SECOND = "permit_number,issued_on,status\nP-1,2019-03-02,done\nP-2,2020-01-01,lost\nP-4,2021-01-01,open\n"


def test_a_correction_counts_columns_and_rows(load: Load) -> None:
    make_city()
    permits = load(make_dataset(row_key=["permit_number"]), FIRST)
    assert not Correction.objects.exists()
    load(permits, SECOND)
    one = Correction.objects.get()
    assert (one.version.number, one.before, one.rows_changed, one.rows_removed) == (2, 1, 2, 1)
    assert one.columns == {"issued_on": 1, "status": 2}


def test_new_rows_are_no_correction_and_rows_without_a_key_are_not_compared(load: Load) -> None:
    make_city()
    permits = load(make_dataset(row_key=["permit_number"]), FIRST)
    load(permits, FIRST + "P-9,2021-01-01,open\n")
    trees = load(make_dataset("trees"), FIRST)
    load(trees, SECOND)
    assert not Correction.objects.exists()


def test_what_no_page_shows_is_not_named(load: Load) -> None:
    make_city()
    columns = [
        {"name": "permit_number", "type": "text"}, {"name": "issued_on", "type": "date", "sensitive": True},
        {"name": "status", "type": "text"},
    ]  # fmt: skip
    permits = load(make_dataset(row_key=["permit_number"], columns=columns), FIRST)
    load(permits, SECOND)
    assert Correction.objects.get().columns == {"status": 2}
