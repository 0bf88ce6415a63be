"""Whole queries, from parameters to rows."""

import pytest
from tests.unit.soql.conftest import BUILDINGS, Ask

from cupola.soql import SoqlError


def test_a_filtered_page_shows_what_was_asked(ask: Ask) -> None:
    assert ask(select="name, ward", where="ward = 11", order="name") == [("Cargo Depot", 11), ("City Car Park", 11)]


def test_groups_are_counted(ask: Ask) -> None:
    assert ask(select="ward, count(*)", group="ward", order="ward") == [(11, 2), (42, 2), (None, 1)]


def test_a_pipe_reads_what_the_stage_before_gives(ask: Ask) -> None:
    asked = "SELECT height ORDER BY height DESC NULL LAST LIMIT 2 |> SELECT avg(height) AS mean"
    assert ask(asked) == [(39.375,)]


def test_a_column_that_is_not_there_is_named(ask: Ask) -> None:
    with pytest.raises(SoqlError, match=r"No such column: hight\. Did you mean `height`\?") as caught:
        ask(where="hight > 3")
    assert caught.value.code == "query.soql.no-such-column"
    assert "hight" not in BUILDINGS.by_name
