"""A message a person wrote: which personal details does it hold? The same detectors as for columns, on one text."""

import re

import pyarrow as pa
import sqlglot
from sqlglot import exp

from cupola.privacy.detectors import TESTS, V
from cupola.privacy.kinds import Kind

MESSAGE = "message"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\wÀ-ÿ'-]+"
_NAMED = re.compile(rf"{_CAPITAL}(?:,? (?:[A-Z]\.|{_CAPITAL})){{1,3}}")
_MOST_RUNS = 200
# every message is free text, and a plate is told from any other code only in a column of its own
_KINDS = tuple(kind for kind in TESTS if kind not in {Kind.FREE_TEXT, Kind.PLATE})


def message_table(text: str) -> pa.Table:
    """Return a message as the table `message`: `v`, the text on one line, and then each run of words with a capital.

    A name is known only as a text of its own, so runs (`is_run`) are looked at for names, and the text for the rest.
    """
    plain = " ".join(text.split())
    runs = _NAMED.findall(plain)[:_MOST_RUNS]
    return pa.table({V: [plain, *runs], "is_run": [False, *(True for _ in runs)]})


def message_query() -> exp.Query:
    """Return the query over the table `message` that tests it for each kind."""
    tests = ", ".join(
        f"coalesce(bool_or(is_run = {str(kind is Kind.PERSON_NAME).lower()} AND {TESTS[kind]}), false) AS {kind.value}"
        for kind in _KINDS
    )
    tree = sqlglot.parse_one(f"SELECT {tests} FROM {MESSAGE}", read="duckdb")
    assert isinstance(tree, exp.Query)
    return tree


def read_message(answer: pa.Table) -> tuple[Kind, ...]:
    """Return the kinds of personal detail the query's answer found."""
    found = answer.to_pylist()[0]
    return tuple(kind for kind in _KINDS if found[kind.value])
