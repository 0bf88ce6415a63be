"""The format of a lake on disk: a number, so that an older program leaves a newer lake alone."""

import json
from pathlib import Path

from cupola.errors import Conflict, InvalidInput
from cupola.lake.faults import UnusablePath, disk_errors

FORMAT = 1
NAME = "format.json"
_SPECIAL = "*?[]{}#%"


class LakeTooNew(Conflict):
    """A newer Cupola made this lake."""

    def __init__(self, *, root: Path, found: int) -> None:
        self.root, self.found = root, found
        super().__init__(
            f"{root}: made by a newer Cupola (lake format {found}; this one knows {FORMAT}). Update Cupola to open it."
        )


class BadFormatFile(InvalidInput):
    """The file that names the format cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f'{path}: not a format file. It should read {{"format": {FORMAT}}}; restore it or write it so.'
        )


def check_root(root: Path) -> None:
    """Check that a lake can stand at this path. Raises UnusablePath."""
    for character in _SPECIAL:
        if character in str(root):
            raise UnusablePath(root=root, character=character)


def check_format(root: Path, found: int) -> None:
    """Check that this program can read a lake of that format. Raises LakeTooNew."""
    if found > FORMAT:
        raise LakeTooNew(root=root, found=found)


def check_lake(root: Path) -> None:
    """Check that the lake at `root`, if there is one, can be read by this program. Raises LakeTooNew, BadFormatFile."""
    path = root / NAME
    if not path.exists():
        return
    try:
        found = int(json.loads(path.read_text())["format"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadFormatFile(path) from error
    check_format(root, found)


def mark(root: Path) -> None:
    """Write the format of a new lake, unless it is there. Raises ReadOnlyHome, DiskFull."""
    path = root / NAME
    if path.exists():
        return
    with disk_errors(root):
        root.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"format": FORMAT}) + "\n")
        fresh.rename(path)
