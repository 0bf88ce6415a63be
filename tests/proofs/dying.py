"""Run `cupola` and die by SIGKILL at the n-th step that touches the home: `python dying.py HOME N argument ...`.

A step is a file of the home opened for writing, renamed, linked or removed, a folder made, or a database opened. With N
0 nothing dies, and the number of steps is written to standard error.
"""

import os
import signal
import sys
from typing import Any

STEPS = {"os.rename", "os.remove", "os.mkdir", "os.link", "os.truncate", "sqlite3.connect"}


def main() -> None:
    """Count, and die when it is time."""
    home, last, *arguments = sys.argv[1:]
    seen = 0

    def count(event: str, values: tuple[Any, ...]) -> None:
        nonlocal seen
        writes = event == "open" and isinstance(values[2], int) and values[2] & (os.O_WRONLY | os.O_RDWR)
        if (writes or event in STEPS) and str(values[0]).startswith(home):
            seen += 1
            if seen == int(last):
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    sys.argv = ["cupola", *arguments]
    from cupola.cli import main as run  # noqa: PLC0415 - the hook must be there first

    try:
        run()
    finally:
        if last == "0":
            sys.stderr.write(f"\nsteps: {seen}\n")


if __name__ == "__main__":
    main()
