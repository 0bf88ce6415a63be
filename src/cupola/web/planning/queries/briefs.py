"""The short memo from files that were dropped into a page: what `cupola brief` writes, and nothing is kept."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol

from django.utils.translation import get_language

SECONDS = 600.0
_AT_WORK = Lock()  # a brief takes the memory of one load: this process makes one at a time
# what the command adds for those who type it; the page has fields for the same
_FOR_COMMANDS = re.compile(r" (Name them yourself|Write the year before each), as in .*\Z", re.DOTALL)
_UNSAFE = re.compile(r"[^\w.()+ -]")


class Upload(Protocol):
    """A file as a browser sends it."""

    name: str | None

    def chunks(self) -> Iterable[bytes]:
        """Yield its content."""


@dataclass(frozen=True)
class Dropped:
    """One file, whether it is a `roster` or a `budget`, and the year it speaks for, empty where its name tells."""

    kind: str
    upload: Upload
    year: str = ""


@dataclass(frozen=True)
class Brief:
    """A memo made: its HTML for a page, as one file of its own, and as DOCX; `said`: what was left out."""

    body: str
    file: bytes
    document: bytes
    said: str = ""


@dataclass(frozen=True)
class NoBrief:
    """No memo, and in one sentence what it needs, in English."""

    why: str


class Busy(Exception):
    """Another brief is being made."""


def brief(
    files: Sequence[Dropped], *, city: str, columns: Mapping[str, Mapping[str, str]], seconds: float = SECONDS
) -> Brief | NoBrief:
    """Return the memo of some files, made by `cupola brief` in a home of its own that is thrown away. Raises Busy.

    `columns`: by `roster` and `budget`, the column of each role that somebody named.
    """
    if not _AT_WORK.acquire(blocking=False):
        raise Busy
    try:
        with tempfile.TemporaryDirectory(prefix="cupola-brief-") as scratch:
            return _made(Path(scratch), _words(Path(scratch), files, city=city, columns=columns), seconds)
    finally:
        _AT_WORK.release()


def _words(
    scratch: Path, files: Sequence[Dropped], *, city: str, columns: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Write the files below `scratch` and return the words of the command."""
    words = ["brief", f"--language={get_language() or 'en'}", *([f"--city={city}"] if city else [])]
    words += [f"--out={scratch / 'brief.html'}", f"--body={scratch / 'body.html'}"]
    for place, one in enumerate(files):
        folder = scratch / f"file-{place}"
        folder.mkdir()
        name = _UNSAFE.sub("_", Path(one.upload.name or "").name)[-100:].lstrip("-. ")
        path = folder / (name or "file")
        with path.open("wb") as target:
            target.writelines(one.upload.chunks())
        words.append(f"--{one.kind}={f'{one.year}=' if one.year else ''}{path}")
    for kind, roles in columns.items():
        words += [f"--{kind}-column={role}={name}" for role, name in roles.items() if name]
    return words


def _made(scratch: Path, words: Sequence[str], seconds: float) -> Brief | NoBrief:
    # nothing of this home goes along: neither its records nor its keys
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("CUPOLA_") or name == "CUPOLA_ASSETS"
    }
    environment |= {"TMPDIR": str(scratch), "CUPOLA_MAP_ROWS": "0", "COLUMNS": "10000", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "cupola", *words]
    try:
        done = subprocess.run(
            command, cwd=scratch, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return NoBrief(f"These files take more than {seconds / 60:.0f} minutes; give fewer rows or fewer years.")
    if done.returncode:
        return NoBrief(_sentence(done.stderr, scratch))
    said = "\n".join(line for line in done.stdout.splitlines() if "are not counted" in line)
    file, document = scratch / "brief.html", scratch / "brief.docx"
    return Brief((scratch / "body.html").read_text(encoding="utf-8"), file.read_bytes(), document.read_bytes(), said)


def _sentence(printed: str, scratch: Path) -> str:
    """Return the sentence a command ended with, without where files lay on this machine."""
    _before, sign, after = printed.partition("Error: ")
    if not sign:
        return "These files could not be read, and the reason is not known; try the command: cupola brief."
    plain = re.sub(rf"{re.escape(str(scratch))}/(file-\d+/)?", "", " ".join(after.split()))
    return _FOR_COMMANDS.sub("", plain)
