"""A process that dies while it writes."""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import generations
import pytest
from generations import State, after, load_source, read_state, write_source
from proving import Proof
from tests import commands


def start(root: Path, source: Path, *, mode: str) -> commands.Command:
    """Start one load in a process of its own; returns when it is about to begin."""
    out, err = root.parent / "out", root.parent / "err"
    out.unlink(missing_ok=True)
    command = commands.start(root, source, mode, environment=os.environ, out=out, err=err, script=generations.__file__)
    until = time.monotonic() + 60
    while not (out.exists() and out.read_text() == "ready\n"):
        assert command.poll() is None, err.read_text()
        assert time.monotonic() < until
        time.sleep(0.001)
    return command


def seconds_of(root: Path, source: Path, *, mode: str) -> float:
    """Return how long one load takes when nobody kills it."""
    process = start(root, source, mode=mode)
    began = time.perf_counter()
    assert process.wait() == 0
    return time.perf_counter() - began


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["replace", "upsert"])
def test_a_load_killed_at_any_moment_leaves_the_version_before_or_the_next_one(
    mode: str, proof: Proof, tmp_path: Path
) -> None:
    """kill -9 at a random moment of a load: the version before or the next one answers, whole; the next run succeeds"""
    tries = proof.count(small=10, full=100)
    chance = random.Random(20261122)
    root = tmp_path / "lake"
    load_source(root, write_source(tmp_path / "0.csv", mode="replace", generation=0), mode="replace")
    source = write_source(tmp_path / "1.csv", mode=mode, generation=1)
    usual = seconds_of(root, source, mode=mode)
    state: State = read_state(root)
    outcomes: Counter[str] = Counter()
    for generation in range(2, tries + 2):
        source = write_source(tmp_path / "next.csv", mode=mode, generation=generation)
        process = start(root, source, mode=mode)
        time.sleep(chance.uniform(0, 1.1 * usual))
        process.send_signal(signal.SIGKILL)
        killed = process.wait() == -signal.SIGKILL

        wanted = after(state, mode=mode, generation=generation)
        found = read_state(root)
        assert found in (state, wanted)
        assert killed or found == wanted
        outcomes["killed before the commit" if found == state else "killed or done after it"] += 1

        report = load_source(root, source, mode=mode)
        assert report.outcome == ("loaded" if found == state else "unchanged")
        state = read_state(root)
        assert state == wanted
    proof.found(f"{mode}: {tries} kills; {generations.describe(outcomes)}; no torn version, every next run succeeded")
