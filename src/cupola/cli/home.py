"""Opening a home: the one directory that holds records, lake and files."""

import getpass
import os
from pathlib import Path
from typing import Annotated

import typer

from cupola.errors import NotAllowed, NotFound

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", envvar="CUPOLA_HOME", help="Directory with the records and the lake. Default: ./.cupola"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document for machines.")]


def open_home(home: Path | None, *, create: bool = False) -> Path:
    """Make `home` the home of this process and bring its records up to date; return its path.

    Raises NotFound when it does not exist and `create` is false, NotAllowed when it cannot be written.
    """
    path = (home or Path(".cupola")).resolve()
    if not path.exists() and not create:
        raise NotFound(f"There is no Cupola home at {path}. Start one with: cupola run FOLDER --home {path}")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotAllowed(f"The home {path} cannot be made: {error.strerror}. Choose another with --home.") from error
    os.environ["CUPOLA_HOME"] = str(path)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cupola.web.settings")
    import django

    django.setup()
    from cupola.web.accounts.actions import prepare_records

    prepare_records()
    return path


def person() -> str:
    """Return who is at the keyboard, for the audit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "command line"


def remember_folder(home: Path, folder: Path) -> None:
    """Note which city folder this home was last run with, for commands that are not told."""
    (home / "folder").write_text(f"{folder.resolve()}\n", encoding="utf-8")


def last_folder(home: Path) -> Path | None:
    """Return the city folder this home was last run with."""
    note = home / "folder"
    return Path(note.read_text(encoding="utf-8").strip()) if note.exists() else None
