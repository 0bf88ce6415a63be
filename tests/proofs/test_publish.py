"""A process that dies between two steps of a publish."""

import json
import os
import shutil
import signal
import subprocess
from collections import Counter
from pathlib import Path

import dying
import generations
import pytest
from proving import Proof
from tests import commands
from tests.servers import empty_home

CITY = """kind: city
key: springvale
name: City of Springvale
time_zone: America/Chicago
---
kind: dataset
key: potholes
title: Potholes
description: Potholes of a city.
row: one pothole
classification: public
released: true
approval: {by: Ada, on: 2026-11-01}
refresh: daily
sources:
  - file: potholes.csv
columns:
  number: {type: integer, required: true}
  generation: {type: integer}
row_key: [number]
"""
ROWS = 10_000  # as many as make a row file


def write_rows(folder: Path, generation: int) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "city.yaml").write_text(CITY)
    (folder / "potholes.csv").write_text("number,generation\n" + "".join(f"{n},{generation}\n" for n in range(ROWS)))


def cupola(home: Path, *arguments: str, die_at: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "CUPOLA_HOME"}
    words = (home, die_at, *arguments, "--home", home)
    return commands.run(*words, environment=environment, script=dying.__file__)


def run(home: Path, folder: Path, *, die_at: int = 0) -> subprocess.CompletedProcess[str]:
    return cupola(home, "run", str(folder), "--force", die_at=die_at)


def generation_of(home: Path) -> int:
    """Return the generation the newest version answers with; fails when it is torn."""
    sql = "SELECT min(generation) AS first, max(generation) AS last, count(*) AS number FROM data"
    asked = cupola(home, "data", "query", "potholes", sql, "--json")
    assert asked.returncode == 0, asked.stdout + asked.stderr
    (row,) = json.loads(asked.stdout)["rows"]
    assert (row["first"], row["number"]) == (row["last"], ROWS)
    return int(row["first"])


@pytest.mark.slow
def test_a_publish_that_dies_between_two_steps_is_healed_by_the_next_run(proof: Proof, tmp_path: Path) -> None:
    """kill -9 between two steps of a publish: the version before or the new one answers, whole; the next run heals"""
    folder, home, kept = tmp_path / "city", tmp_path / "home", tmp_path / "kept"
    write_rows(folder, 1)
    shutil.copytree(empty_home(), home)
    began = run(home, folder)
    assert began.returncode == 0, began.stdout + began.stderr
    shutil.copytree(home, kept)  # put back at the same path each time: a lake knows its place
    write_rows(folder, 2)
    whole = run(home, folder)
    assert whole.returncode == 0, whole.stdout + whole.stderr
    steps = int(whole.stderr.rsplit("steps: ", 1)[1])
    tries = min(proof.count(small=4, full=steps), steps)
    outcomes: Counter[str] = Counter()
    for number in range(tries):
        step = 1 + number * steps // tries
        shutil.rmtree(home)
        shutil.copytree(kept, home)
        assert run(home, folder, die_at=step).returncode == -signal.SIGKILL
        outcomes["before the commit" if generation_of(home) == 1 else "after it"] += 1
        again = run(home, folder)
        assert again.returncode == 0, f"step {step}: {again.stdout}{again.stderr}"
        assert generation_of(home) == 2
        checked = cupola(home, "doctor")
        assert checked.returncode == 0, f"step {step}: {checked.stdout}{checked.stderr}"
    said = generations.describe(outcomes)
    proof.found(f"{tries} of {steps} steps: died {said}; every next run succeeded, and doctor found nothing wrong")
