"""What a folder says of data nobody may see: how it is counted, and which role of staff reads what."""

from typing import Any

import pytest

from cupola.folder import FolderInvalid, parse

ROSTER: dict[str, Any] = {
    "key": "roster",
    "title": "Roster",
    "classification": "restricted",
    "sources": [{"file": "roster.csv"}],
    "columns": {"department": {"type": "text"}, "pay": {"type": "money"}},
}
TABLE: dict[str, Any] = {
    "key": "headcount",
    "title": "Headcount",
    "classification": "public",
    "aggregates": {
        "of": "roster",
        "dimensions": [
            {"name": "department"},
            {"name": "kind", "column": "title", "groups": [{"name": "Police", "values": ["POLICE*"]}]},
            {"name": "band", "column": "pay", "band": 25000},
        ],
        "count": "people",
        "averages": [{"name": "mean_pay", "column": "pay", "round": 1000}],
    },
    "columns": {
        "department": {"type": "text"},
        "kind": {"type": "text"},
        "band": {"type": "text"},
        "people": {"type": "integer"},
        "mean_pay": {"type": "money"},
        "suppression": {"type": "text"},
    },
}


def mistakes(fields: dict[str, Any]) -> str:
    with pytest.raises(FolderInvalid) as caught:
        parse("dataset", fields)
    return str(caught.value)


def block(**changes: Any) -> dict[str, Any]:
    return {**TABLE, "aggregates": {**TABLE["aggregates"], **changes}}


def test_what_is_written_comes_back_unchanged() -> None:
    rules = [{"role": "steward", "except": ["pay"], "where": "department = 'FIRE'"}]
    for fields in (TABLE, {**ROSTER, "access": rules}):
        canonical = parse("dataset", fields).fields()
        assert parse("dataset", canonical).fields() == canonical
    assert canonical["access"] == rules


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (block(round=2), "aggregates.round: rounding to 2 shows when fewer than 11 come or go"),
        (block(threshold=2), "2 protects nobody"),
        (block(dimensions=[]), "there are no dimensions"),
        (block(dimensions=[{"name": "band", "band": 5, "yearly": True}]), "band, yearly cannot go together"),
        (block(dimensions=[{"name": "band", "band": 0}]), "0 is not a number above 0"),
        ({**TABLE, "sources": [{"file": "a.csv"}]}, "'sources' means nothing beside 'aggregates'"),
        ({**TABLE, "columns": {**TABLE["columns"], "peple": {"type": "text"}}}, "did you mean 'people'"),
        ({**TABLE, "columns": {**TABLE["columns"], "people": {"type": "text"}}}, "write 'type: integer'"),
        (block(of="headcount"), "it cannot count itself"),
    ],
)
def test_mistakes_of_a_table_say_what_to_write(fields: dict[str, Any], said: str) -> None:
    assert said in mistakes(fields)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"role": "stewerd"}, "did you mean 'steward'"),
        ({"role": "steward", "columns": ["pya"]}, "access[0].columns[0]: 'pya' is not a column; did you mean 'pay'?"),
        ({"role": "steward", "columns": ["pay"], "except": ["department"]}, "cannot go together"),
        ({"role": "steward", "where": "depatment = 'x'"}, "Did you mean `department`?"),
        ({"role": "steward", "where": "count(*) > 3"}, "An aggregate cannot stand in WHERE"),
        ({"role": "steward", "where": "pay > 1) or (1 = 1"}, "the condition cannot be read"),
    ],
)
def test_mistakes_of_a_rule_say_what_to_write(rule: dict[str, Any], said: str) -> None:
    assert said in mistakes({**ROSTER, "access": [rule]})


def test_a_public_dataset_needs_no_rules() -> None:
    assert "everybody may read a public dataset" in mistakes(
        {**ROSTER, "classification": "public", "access": [{"role": "steward"}]}
    )
