"""What an announcement lets through the gate, and from when."""

from datetime import UTC, datetime

import pytest
from tests.factories import make_city, make_dataset

from cupola.web.data import queries

pytestmark = pytest.mark.django_db
EVE, DAY = datetime(2026, 12, 1, 5, 59, tzinfo=UTC), datetime(2026, 12, 1, 6, 0, tzinfo=UTC)  # midnight in Chicago
CHANGES = [
    {"column": "ward", "becomes": "district", "announced": "2026-11-01", "until": "2026-12-01"},
    {"column": "age", "removed": True, "announced": "2026-11-01", "until": "2026-12-01"},
    {"column": "cost", "type": "money", "announced": "2026-11-01", "until": "2026-12-01"},
]


def test_a_rename_may_come_once_announced_and_an_end_or_another_type_only_on_its_day() -> None:
    make_city()
    dataset = make_dataset(changes=CHANGES)
    before, after = ({(one.column, one.kind) for one in queries.accepted(dataset, at=at)} for at in (EVE, DAY))
    assert before == {("district", "renamed_column")}
    assert after == {*before, ("age", "removed_column"), ("cost", "retyped_column")}
