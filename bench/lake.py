"""The lake against plain DuckDB: every step in a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import generate, steps
from bench.table import show


@dataclass(frozen=True)
class Spent:
    """What a step took in a process of its own: CPU and wall time without imports, peak memory, what it printed."""

    cpu: float
    wall: float
    peak_mb: float
    said: str


def run(step: str, folder: Path, rows: int) -> Spent:
    """Run one step in a process of its own and measure that process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.steps", step, str(folder), str(rows)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    *said, spent = process.stdout.read().splitlines() or [""]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{step} failed with exit code {process.returncode}")
    facts = json.loads(spent)
    return Spent(facts["cpu"], facts["wall"], usage.ru_maxrss / 1024, "".join(said))


def measure(folder: Path, rows: int, *, repeats: int, commits: bool) -> None:
    """Measure every step on `rows` rows, the peers in turn with ours."""
    if not (folder / "changed.csv").exists():
        generate.write_both(folder / "plain.csv", folder / "planted.csv", rows=rows)
        generate.write_more(folder / "more.csv", rows=rows, share=0.01)
        generate.write_changed(folder / "changed.csv", rows=rows, share=0.01)
    copies, loads = [], []
    for _ in range(repeats):
        copies.append(run("copy", folder, rows))
        loads.append(run("first_load", folder, rows))
    base, load = (sorted(spent, key=lambda one: one.cpu)[repeats // 2] for spent in (copies, loads))
    show("plain typed COPY", f"{base.cpu:.1f} s CPU, {base.peak_mb:.0f} MB", "the peer", met=True)
    ratio = load.cpu / base.cpu
    show("load: quarantine, key check, commit", f"{load.cpu:.1f} s CPU = {ratio:.2f} x", "<= 1.5 x", met=ratio <= 1.5)
    whole = run("publish", folder, rows)
    ratio = whole.cpu / base.cpu
    show("publish: load, profile, serving copy", f"{whole.cpu:.1f} s CPU = {ratio:.2f} x", "<= 3.5 x", met=ratio <= 3.5)
    later = [(what, run(step, folder, rows)) for what, step in (("row file", "row_file"), ("downloads", "downloads"))]
    for what, spent in later:
        figure = f"{spent.cpu:.1f} s CPU = {spent.cpu / base.cpu:.2f} x"
        show(f"once it is public: {what}", figure, "no limit", met=True)
    peak = max(spent.peak_mb for spent in (load, whole, *(spent for _, spent in later)))
    show("peak memory of all of these", f"{peak:.0f} MB", "< 1024 MB", met=peak < 1024)
    changes(folder, rows)
    if commits:
        many(folder, rows)


def changes(folder: Path, rows: int) -> None:
    """Measure append, upsert and reading an old version."""
    added = run("append", folder, rows)
    show("append 1 %", f"{added.wall:.2f} s", "<= 2 s", met=added.wall <= 2)
    files = steps.touched(folder)
    (folder / "touched.json").write_text(json.dumps([str(path) for path in files]))
    plain = run("rewrite", folder, rows)
    merged = run("upsert", folder, rows)
    ratio = merged.cpu / plain.cpu
    what = f"upsert 1 % ({len(files)} files touched; plain rewrite {plain.cpu:.1f} s)"
    show(what, f"{merged.cpu:.1f} s CPU = {ratio:.2f} x", "<= 1.25 x", met=ratio <= 1.25)
    old = run("open_old", folder, rows)
    show("open version 1 and read 100 rows", f"{old.wall:.2f} s", "no limit", met=True)


def many(folder: Path, rows: int) -> None:
    """Measure the same after 1,000 commits."""
    commit = json.loads(run("thousand", folder, rows).said)
    early, late = commit["early"], commit["median"]
    show(f"one small load after 1,000 (at first {early:.2f} s)", f"{late:.2f} s", "<= 1.5 s", met=late <= 1.5)
    opened = json.loads(run("open_timed", folder, rows).said)
    figure = f"{opened['cold'] * 1000:.0f} ms, again {opened['warm'] * 1000:.0f} ms"
    show("open version 1 of 1,000", figure, "<= 150 ms", met=opened["cold"] <= 0.15)
