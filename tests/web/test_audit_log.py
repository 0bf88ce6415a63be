"""The audit log: only added to, whoever tries; read and taken out by auditors; it says who saw what."""

import json
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.factories import NOON, make_dataset, make_grant, make_staff

from cupola.errors import NotAllowed
from cupola.web.accounts.actions import record_read
from cupola.web.accounts.models import Event
from cupola.web.accounts.models.guards import guard, is_guarded, on_postgresql, unguard
from cupola.web.accounts.queries import integrity

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> list[Event]:
    """Return three events, in a log that is guarded."""
    guard(connection)
    dataset = make_dataset()
    return [
        Event.record(f"data.{what}", dataset, at=NOON, by="ada", detail={"a": 1}) for what in ("one", "two", "three")
    ]


@pytest.fixture
def auditor(client: Client) -> Client:
    person = make_staff("vera")
    make_grant(person, "auditor")
    client.force_login(person)
    return client


@pytest.mark.parametrize("statement", ["UPDATE accounts_event SET by_name = 'eve'", "DELETE FROM accounts_event"])
def test_the_database_refuses_what_goes_round_the_program(log: list[Event], statement: str) -> None:
    assert is_guarded(connection)
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Event.objects.values_list("by_name", flat=True)) == ["ada"] * 3


def test_the_program_refuses_too(log: list[Event]) -> None:
    with pytest.raises(NotAllowed):
        log[0].save()
    with pytest.raises(NotAllowed):
        Event.objects.bulk_create([Event(at=NOON, action="x", target_kind="y", target_key="z")])


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE accounts_event SET reason = 'nothing' WHERE action = 'data.two'", 1),
        ("UPDATE accounts_event SET detail = '{}' WHERE action = 'data.one'", 0),
        ("DELETE FROM accounts_event WHERE action = 'data.two'", 2),
        ("UPDATE accounts_event SET seal = '' WHERE action = 'data.three'", 2),
    ],
)
def test_a_line_changed_or_removed_shows(log: list[Event], statement: str, broken: int) -> None:
    assert integrity().ok
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    guard(connection)
    assert integrity().broken == log[broken].pk
    assert not integrity().ok


def test_lines_from_before_the_seals_may_stand_first_only(log: list[Event]) -> None:
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_event")
        old = "INSERT INTO accounts_event (at, by_name, action, target_kind, target_key, reason, detail, seal)"
        cursor.execute(f"{old} VALUES ('2026-01-01', '', 'old', 'dataset', 'permits', '', '{{}}', '')")
    Event.record("data.new", make_dataset("other"), at=NOON, by="ada")
    guard(connection)
    assert integrity().ok


def test_postgresql_refuses_too(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("DROP SCHEMA IF EXISTS cupola_guards CASCADE; CREATE SCHEMA cupola_guards")
        server.execute("SET search_path TO cupola_guards")
        server.execute("CREATE TABLE accounts_event (by_name text); INSERT INTO accounts_event VALUES ('ada')")
        for _twice in range(2):
            server.execute(on_postgresql("accounts_event", Event.says))
        for tried in (
            "UPDATE accounts_event SET by_name = 'eve'",
            "DELETE FROM accounts_event",
            "TRUNCATE accounts_event",
        ):
            with pytest.raises(psycopg.errors.RaiseException, match="only ever added to"):
                server.execute(tried)
        assert server.execute("SELECT by_name FROM accounts_event").fetchall() == [("ada",)]
        server.execute("DROP SCHEMA cupola_guards CASCADE")


def test_an_auditor_filters_by_the_address_and_sees_who_saw_what(auditor: Client, log: list[Event]) -> None:
    reader, dataset = make_staff("bob"), make_dataset("pay")
    record_read("restricted", dataset, at=NOON, by=reader, detail={"rows": 12})
    page = auditor.get("/accounts/audit/?reads=on&record=pay").content.decode()
    assert "data.restricted_read" in page
    assert "bob" in page
    assert "<code>data.one</code>" not in page
    assert "1 entries" in page
    none = auditor.get("/accounts/audit/?since=2027-01-01").content.decode()
    assert "Nothing in the log fits." in none
    assert auditor.get("/accounts/audit/?since=yesterday").status_code == 400
    assert "are as they were written" in auditor.get("/accounts/audit/?verify=1").content.decode()


def test_exports_hold_what_was_asked_for_and_are_written_down(auditor: Client, log: list[Event]) -> None:
    Event.record("data.four", make_dataset("other"), at=NOON, by="=HYPERLINK(1)")
    text = b"".join(auditor.get("/accounts/audit.csv?action=data").streaming_content).decode()  # type: ignore[attr-defined]
    lines = text.splitlines()
    assert lines[0] == "at,who,action,kind,record,reason,detail,seal"
    assert len(lines) == 5
    assert ",'=HYPERLINK(1)," in lines[4]
    answer: Any = auditor.get("/accounts/audit.jsonl?action=data.one")
    (line,) = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert (line["who"], line["record"], line["detail"]) == ("ada", "permits", {"a": 1})
    exported = Event.objects.filter(action="accounts.audit_exported")
    assert [event.detail["lines"] for event in exported.order_by("pk")] == [4, 1]
    assert exported[0].by_name == "vera"
    assert integrity().ok
