"""`cupola` in a process of its own, without the seconds a fresh interpreter spends on imports.

One process is kept that has imported the libraries and the engines, and nothing that reads a setting. Each command is a
fork of it with its own environment, folder and outputs. That `python -m cupola` starts too is a test of test_run.py.
"""

import atexit
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

LIBRARIES = ("allauth", "granian", "rich.progress", "rules", "simple_history", "typer.rich_utils", "whitenoise")
DJANGO = ("contrib.auth.hashers", "core.management.commands.migrate", "db.migrations.executor", "db.models", "forms")
ENGINES = ("evaluation", "folder", "lake", "orgchart", "privacy", "savings", "serving", "soql", "sources")
SETTINGS = ("web.identity",)  # the classes that check them: pydantic reads their source for docstrings, 0.2 s
IMPORTED = [*LIBRARIES, *(f"django.{name}" for name in DJANGO), *(f"cupola.{name}" for name in (*ENGINES, *SETTINGS))]
SECONDS = 300
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(IMPORTED)


@dataclass(frozen=True)
class Command:
    """A command at work, and the files it writes to."""

    process: BaseProcess
    words: tuple[str, ...]
    out: Path
    err: Path

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def poll(self) -> int | None:
        """Return its exit code, or None while it runs."""
        return self.process.exitcode

    def wait(self, seconds: float = SECONDS) -> int:
        """Wait for its end and return its exit code. Kills it and raises TimeoutExpired when it takes longer."""
        self.process.join(seconds)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
            raise subprocess.TimeoutExpired(list(self.words), seconds, self.out.read_bytes(), self.err.read_bytes())
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.process.exitcode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def start(
    *words: object, environment: Mapping[str, str], out: Path, err: Path, folder: Path | None = None, script: str = ""
) -> Command:
    """Start `cupola`, or the Python file `script`, with its words; both outputs may be one file."""
    said = tuple(map(str, words))
    given = (said, dict(environment), (str(out), str(err)), str(folder or Path.cwd()), script)
    process = FORKS.Process(target=_become, args=given)
    process.start()
    return Command(process, said, out, err)


def run(
    *words: object,
    environment: Mapping[str, str],
    seconds: float = SECONDS,
    folder: Path | None = None,
    script: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run `cupola`, or the Python file `script`, to its end; return its exit code and what it printed."""
    scratch = Path(tempfile.mkdtemp(prefix="command-", dir=os.environ["CUPOLA_HOME"]))
    command = start(
        *words, environment=environment, out=scratch / "out", err=scratch / "err", folder=folder, script=script
    )
    try:
        code = command.wait(seconds)
        return subprocess.CompletedProcess(list(command.words), code, command.out.read_text(), command.err.read_text())
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _become(
    words: Sequence[str], environment: Mapping[str, str], outputs: tuple[str, str], folder: str, script: str
) -> None:
    """In the fork: take on what a process of its own would have been started with, and run."""
    for path, number in ((os.devnull, 0), (outputs[0], 1), (outputs[1], 2)):
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    _look_for_modules(environment.get("PYTHONPATH", ""))
    sys.argv = [script or "cupola", *words]
    try:
        if script:
            sys.path.insert(0, str(Path(script).parent))
            runpy.run_path(script, run_name="__main__")
        else:
            runpy.run_module("cupola", run_name="__main__", alter_sys=True)
    finally:
        if "django.db" in sys.modules:
            sys.modules["django.db"].connections.close_all()  # an interpreter closes what is open when it ends
        atexit._run_exitfuncs()


def _look_for_modules(folders: str) -> None:
    """Do what an interpreter does at its start with PYTHONPATH."""
    sys.path[:0] = filter(None, folders.split(os.pathsep))
    sys.modules.pop("sitecustomize", None)
    if folders and find_spec("sitecustomize"):
        import_module("sitecustomize")
