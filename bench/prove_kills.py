"""Kill loads and upserts at random moments and see that the previous or the new version answers, whole.

usage: python bench/prove_kills.py COUNT [--rows N] [--seed N]

Each round starts a process that loads into the same lake, ends it with SIGKILL somewhere between its first and its
last step, and reads the lake with a fresh eye: the rows must be exactly those before or exactly those after, every
older version must hold what it held, and the next run must succeed. Exit code 1 when one does not.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from cupola.contracts import ROW, Column, ColumnType, Contract, Landing
from cupola.lake import Lake, LoadRequest

DATASET = "requests"
CONTRACT = Contract(
    columns=(
        Column("number", ColumnType.INTEGER, required=True),
        Column("status", ColumnType.TEXT),
        Column("cost", ColumnType.MONEY),
    ),
    key=("number",),
)
Rows = dict[int, str]


@dataclass(frozen=True)
class Work:
    """One load: 'replace' or 'upsert' of rows made from `seed`; `rows`: how many a replace brings, about."""

    mode: str
    seed: int
    rows: int

    def source(self) -> Rows:
        """Return number -> status of the source; an upsert brings a tenth of the rows, some of them new."""
        choose = random.Random(self.seed)
        if self.mode == "replace":
            return {number: f"state {choose.randrange(3)}" for number in range(self.rows) if choose.random() < 0.95}
        return {choose.randrange(int(self.rows * 1.2)): f"state {choose.randrange(3)}" for _ in range(self.rows // 10)}

    def after(self, before: Rows) -> Rows:
        """Return what the lake holds once it is done."""
        return self.source() if self.mode == "replace" else {**before, **self.source()}


def landing(rows: Rows, seed: int) -> Landing:
    """Return the rows as a source hands them over: text."""

    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pydict(
            {
                "number": [str(number) for number in rows],
                "status": list(rows.values()),
                "cost": [f"{number % 1000}.50" for number in rows],
                ROW: pa.array(range(1, len(rows) + 1), pa.int64()),
            }
        )

    return Landing(source=f"seed {seed}", columns=("number", "status", "cost"), batches=batches)


def load(root: Path, work: Work) -> None:
    """Load one source into the lake."""
    request = LoadRequest(
        dataset=DATASET,
        landings=(landing(work.source(), work.seed),),
        contract=CONTRACT,
        mode="upsert" if work.mode == "upsert" else "replace",
        fingerprint=str(work.seed),
        now=datetime.now(UTC),
    )
    Lake(root).load(request)


def held(root: Path, number: int | None = None) -> Rows:
    """Return what a version holds, read by a lake that knows nothing of the killed process."""
    lake = Lake(root)
    tree = exp.select("number", "status").from_("data")
    table = lake.query(tree, inputs={"data": lake.version(DATASET, number=number)})
    found = dict(zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True))
    if len(found) != len(table):
        raise AssertionError(f"{len(table) - len(found)} rows are there twice")
    return found


class Child:
    """A process that has everything imported and waits for the word to load."""

    def __init__(self, root: Path, work: Work) -> None:
        arguments = [sys.executable, __file__, "--child", str(root), work.mode, str(work.seed), str(work.rows)]
        self._process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def run(self, *, kill_after: float | None) -> float:
        """Load; end it after so many seconds, None: let it finish. Return how long it ran."""
        started = time.perf_counter()
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        try:
            code = self._process.wait(timeout=kill_after)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        else:
            if code:
                raise AssertionError(f"a run that was not killed failed with exit code {code}")
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        return time.perf_counter() - started


class Proof:
    """The rounds on one lake. `now`: what it must hold; `history`: what noted versions must go on holding."""

    def __init__(self, root: Path, *, rows: int, seed: int) -> None:
        self._root, self._rows, self._choose = root, rows, random.Random(seed)
        load(root, Work("replace", 0, rows))
        self._now = held(root)
        self._history = {1: self._now}
        self._seconds = 0.0
        self._finish(1)
        self.seen = {"killed": 0, "finished first": 0, "new version answers": 0, "previous answers": 0}

    def _finish(self, seed: int) -> None:
        """Let one run come to its end; it must put right whatever a kill before it left."""
        work = Work("upsert", seed, self._rows)
        self._seconds = Child(self._root, work).run(kill_after=None)
        self._now = work.after(self._now)
        if held(self._root) != self._now:
            raise AssertionError(f"run {seed}, not killed, did not do its work")

    def kill(self, number: int) -> None:
        """Kill one load at a random moment and look at what answers. Raises AssertionError."""
        work = Work(self._choose.choice(["replace", "upsert"]), number, self._rows)
        moment = self._choose.uniform(0, self._seconds * 1.1)
        spent = Child(self._root, work).run(kill_after=moment)
        found = held(self._root)
        if found not in (self._now, work.after(self._now)):
            raise AssertionError(f"kill {number}: {len(found):,} rows that are neither version")
        self.seen["killed" if spent >= moment else "finished first"] += 1
        self.seen["previous answers" if found == self._now else "new version answers"] += 1
        self._now = found
        self._history.setdefault(Lake(self._root).version(DATASET).number, found)
        if number % 10 == 0:
            self._finish(10_000 + number)
            self._check_history()

    def _check_history(self) -> None:
        for number, rows in self._history.items():
            if held(self._root, number) != rows:
                raise AssertionError(f"version {number} no longer holds what it held")

    def end(self) -> None:
        """Sweep what the killed left, and read everything once more. Raises AssertionError."""
        self._finish(20_000)
        lake = Lake(self._root)
        self.seen["orphan files swept"] = lake.sweep(now=datetime.now(UTC)).files
        self._check_history()
        problems = [problem for one in lake.verify() for problem in one.problems]
        if problems or held(self._root) != self._now:
            raise AssertionError(f"after the sweep: {'; '.join(problems) or 'the rows changed'}")
        self.seen["versions, all whole"] = len(lake.versions(DATASET))


def main() -> None:
    """Read the arguments and prove it."""
    if sys.argv[1:2] == ["--child"]:
        root, mode, seed, rows = sys.argv[2:6]
        print("ready", flush=True)
        sys.stdin.readline()
        load(Path(root), Work(mode, int(seed), int(rows)))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("count", type=int, help="how many kills")
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        try:
            proof = Proof(Path(folder) / "lake", rows=chosen.rows, seed=chosen.seed)
            for number in range(2, 2 + chosen.count):
                proof.kill(number)
            proof.end()
        except AssertionError as error:
            print(f"not whole: {error} (seed {chosen.seed})")
            sys.exit(1)
    told = ", ".join(f"{name}: {number}" for name, number in proof.seen.items())
    print(f"{chosen.count} kills in {time.perf_counter() - started:.0f} s. {told}")


if __name__ == "__main__":
    main()
