from datetime import timedelta

import pytest
from tests.factories import NOON

from cupola.web.data.queries.freshness import freshness, refresh_days


@pytest.mark.parametrize(
    ("refresh", "days"),
    [("daily", 1), ("weekly", 7), ("monthly", 31), ("quarterly", 92), ("yearly", 366), ("every 14 days", 14)],
)
def test_a_promise_is_a_number_of_days(refresh: str, days: int) -> None:
    assert refresh_days(refresh) == days


def test_never_is_never_due() -> None:
    assert refresh_days("never") is None


@pytest.mark.parametrize(
    ("refresh", "age", "word", "detail"),
    [
        ("daily", timedelta(hours=30), "Up to date", "Promised every day. Last checked 1 day ago."),
        ("daily", timedelta(hours=49), "Late", "Promised every day. Last checked 2 days ago."),
        ("monthly", timedelta(minutes=5), "Up to date", "Promised every month. Last checked less than an hour ago."),
        ("every 14 days", timedelta(days=90), "Late", "Promised every 14 days. Last checked 3 months ago."),
        ("never", timedelta(days=900), "Complete", "No more updates are promised. Last checked 2 years ago."),
    ],
)
def test_freshness_is_said_in_words(refresh: str, age: timedelta, word: str, detail: str) -> None:
    found = freshness(refresh, checked_at=NOON - age, now=NOON)
    assert (found.word, found.detail) == (word, detail)


def test_what_was_never_loaded_is_neither_fresh_nor_late() -> None:
    assert freshness("daily", checked_at=None, now=NOON).word == "Not loaded yet"
