"""Messages people write, with and without personal details."""

import duckdb
import pytest

from cupola.privacy import Kind, message_query, message_table, read_message

QUERY = message_query().sql(dialect="duckdb")


def kinds_in(text: str) -> tuple[Kind, ...]:
    message = message_table(text)
    assert message.num_rows
    return read_message(duckdb.connect().execute(QUERY).to_arrow_table())


@pytest.mark.parametrize(
    "text",
    [
        "The column issued_on is a day late for every permit of 2021-07-15. Please look at ward 14.",
        "Since version 12 the number of rows is 1,204,311 and the share is 0.0412; before it was 0.0411.",
        "El total por distrito no coincide con el informe anual de 2023, página 12.",
        "I need the Street Trees of the Parks Department for a map of shade. Fire Station list too.",
    ],
)
def test_plain_reports_pass(text: str) -> None:
    assert kinds_in(text) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Wrong owner. Call me at (312) 555-0142 after six.", Kind.PHONE),
        ("Please write to\njane.roe@example.org\nabout it.", Kind.EMAIL),
        ("My number 219-09-9999 is in the file!", Kind.SOCIAL_SECURITY),
        ("The row says that Maria Gonzalez lives there, and she does not.", Kind.PERSON_NAME),
        ("La fila dice que María González vive ahí.", Kind.PERSON_NAME),
        ("The violation at 1450 North Halsted Street is my house.", Kind.STREET_ADDRESS),
        ("He was born on 12 March 1981.", Kind.BIRTH_DATE),
    ],
)
def test_personal_details_are_seen(text: str, kind: Kind) -> None:
    assert kind in kinds_in(text)


def test_an_empty_message_holds_nothing() -> None:
    assert kinds_in("") == ()
