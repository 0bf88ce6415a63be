"""`make bench`: print each figure beside its limit. `BENCH_ROWS` rows, 5,000,000 unless set."""

import argparse
import os
import tempfile
from pathlib import Path

from bench import lake, measures, planner, serving, structure


def main() -> None:
    """Generate, measure, clean up."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Cupola against its peers.")
    parser.add_argument("--part", choices=("lake", "serving", "structure", "planner", "measures", "all"), default="all")
    parser.add_argument("--rows", type=int, default=int(os.environ.get("BENCH_ROWS", "5000000")))
    parser.add_argument(
        "--repeats", type=int, default=3, help="of the two main rows of the lake; the median CPU counts"
    )
    parser.add_argument("--no-commits", action="store_true", help="leave out the 1,000 commits")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each row of the serving part is measured")
    parser.add_argument("--folder", type=Path, help="keep the generated files here, and use those that are there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cupola-bench-") as scratch:
        folder = (given.folder or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{given.rows:,} rows, 15 columns", flush=True)
        if given.part in {"lake", "all"}:
            lake.measure(folder, given.rows, repeats=given.repeats, commits=not given.no_commits)
        if given.part in {"serving", "all"}:
            serving.measure(folder, given.rows, seconds=given.seconds)
        if given.part in {"measures", "all"}:
            measures.measure(folder, given.rows, repeats=given.repeats)
        if given.part in {"structure", "all"}:
            structure.measure()
        if given.part in {"planner", "all"}:
            planner.measure()


if __name__ == "__main__":
    main()
