"""Proofs: long trials of what must never happen. Small counts with every test run, full ones by `make prove`.

A proof asks `proof.count(small=..., full=...)` how often to try and tells `proof.found(...)` what came out; with full
counts every figure is written to docs/proofs.md.
"""

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from proving import Proof

PAGE = Path(__file__).resolve().parents[2] / "docs" / "proofs.md"
HEADER = """# Proofs

Long trials of what must never happen, written by `make prove`; every test run repeats them with smaller counts. Each is
a test in `tests/proofs`, whose first sentence is given here.

Run on {day} with Python {python} and {cores} cores, {seconds:,.0f} seconds in all.

| what was tried | what came out |
|---|---|
"""
FIGURES = pytest.StashKey[dict[str, str]]()


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Iterator[Proof]:
    """Yield this proof's count and its place on the page."""
    one = Proof(full=bool(request.config.getoption("--full-proofs")))
    yield one
    what = " ".join((request.function.__doc__ or request.node.name).strip().split("\n\n")[0].split())
    figures = request.config.stash.setdefault(FIGURES, {})
    figures[what] = "; ".join(filter(None, [figures.get(what), one.outcome]))  # one proof may run in several modes


def pytest_sessionstart(session: pytest.Session) -> None:
    """Note when the run began."""
    session.config.stash[STARTED] = datetime.now(UTC)


STARTED = pytest.StashKey[datetime]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the page, when full counts were asked for and every proof held."""
    figures = session.config.stash.get(FIGURES, {})
    if not session.config.getoption("--full-proofs") or exitstatus != 0 or not figures:
        return
    now = datetime.now(UTC)
    began = session.config.stash[STARTED]
    header = HEADER.format(
        day=now.date(), python=platform.python_version(), cores=os.cpu_count(), seconds=(now - began).total_seconds()
    )
    PAGE.write_text(
        header + "".join(f"| {what} | {outcome} |\n" for what, outcome in figures.items()), encoding="utf-8"
    )
