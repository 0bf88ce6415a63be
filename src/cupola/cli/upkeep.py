"""`doctor`, `backup` and `restore`: keeping a home healthy."""

import shutil
import time
from pathlib import Path
from typing import Annotated

import typer

from cupola.cli.home import HomeOption, JsonOption, open_home
from cupola.cli.output import console, print_json
from cupola.errors import Conflict, NotFound


def register(app: typer.Typer) -> None:
    """Add the upkeep commands to `app`."""
    app.command(epilog="Example: cupola doctor --fix")(doctor)
    app.command(epilog="Example: cupola backup /backups/2026-11-22")(backup)
    app.command(epilog="Example: cupola purge /backups/2026-11-*")(purge)
    app.command(epilog="Example: cupola restore /backups/2026-11-22 --home ~/cupola")(restore)


def doctor(
    home: HomeOption = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Heal what can be healed: records, registry, orphan files.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the home: records, lake, every version, serving copies, disk. Exit code 1 when something is wrong."""
    path = open_home(home)
    from cupola.cli.checks import examine, heal

    healed = heal(path) if fix else []
    checks = examine(path)
    if as_json:
        print_json({"home": str(path), "healed": healed, "checks": [check.as_json() for check in checks]})
    else:
        for line in healed:
            console.print(f"healed  {line}")
        for check in checks:
            console.print(
                f"{'ok     ' if check.ok else '[bold red]wrong[/]  '} {check.name}: {check.sentence}", soft_wrap=True
            )
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)


def backup(to: Annotated[Path, typer.Argument(help="A new directory for the copy.")], home: HomeOption = None) -> None:
    """Copy the whole home consistently, also while it serves and loads."""
    path = open_home(home)
    if to.exists() and any(to.iterdir()):
        raise Conflict(f"{to} already holds something. Name a new or an empty directory.")
    from cupola.cli.copies import copy_records
    from cupola.web.data import queries

    to.mkdir(parents=True, exist_ok=True)
    # records last: a version they name is then always among the lake's files already copied or copied again on restore
    queries.lake().backup(to / "lake")
    copy_records(path, to)
    for name in ("media", "city.yaml"):
        if (path / name).is_dir():
            shutil.copytree(path / name, to / name)
        elif (path / name).exists():
            shutil.copy2(path / name, to / name)
    console.print(f"Copied {path} to {to}. Bring it back with: cupola restore {to} --home NEW")


def purge(
    backups: Annotated[list[Path], typer.Argument(help="Directories made by cupola backup.")],
    home: HomeOption = None,
    older_than: Annotated[int, typer.Option("--older-than", help="Only backups made at least so many days ago.")] = 0,
) -> None:
    """Take what was recalled since out of backups of this home, and mark it recalled there.

    Run it every day from the same place as the backups, so that recalled rows leave them on the schedule that
    CUPOLA_RECALL_DAYS states in public.
    """
    open_home(home)
    from cupola import lake as lakes
    from cupola.web.data import queries

    before = time.time() - older_than * 86400
    for backup in backups:
        if not (backup / "lake" / lakes.CONTENTS).exists():
            raise NotFound(f"{backup} is not a backup: it has no lake/{lakes.CONTENTS}. Name what cupola backup made.")
        if (backup / "lake" / lakes.CONTENTS).stat().st_mtime > before:
            console.print(f"{backup}: made less than {older_than} days ago, left as it is", soft_wrap=True)
            continue
        done = queries.lake().purge(backup / "lake")
        said = f"{done.files} files ({done.bytes:,} bytes) taken out" if done.files else "nothing to take out"
        marked = f"; marked as recalled: {', '.join(done.versions)}" if done.versions else ""
        console.print(f"{backup}: {said}{marked}", soft_wrap=True)


def restore(
    source: Annotated[Path, typer.Argument(help="A directory made by cupola backup.")],
    home: HomeOption = None,
) -> None:
    """Make a new home from a backup, at any path, and prove it: every version is read and compared."""
    path = (home or Path(".cupola")).resolve()
    if not (source / "lake").is_dir() or not (source / "records.db").exists():
        raise NotFound(f"{source} is not a backup: it has no lake/ or no records.db. Name the directory backup wrote.")
    if path.exists() and any(path.iterdir()):
        raise Conflict(f"{path} already holds something. Name a new or an empty directory with --home.")
    from cupola import lake as lakes

    path.mkdir(parents=True, exist_ok=True)
    lakes.restore(source / "lake", path / "lake")
    for file in source.iterdir():
        if file.name != "lake":
            (shutil.copytree if file.is_dir() else shutil.copy2)(file, path / file.name)
    open_home(path)
    from cupola.cli.checks import examine, heal

    heal(path)  # serving copies are caches: a backup leaves them out
    wrong = [check for check in examine(path) if not check.ok]
    for check in wrong:
        console.print(f"[bold red]wrong[/]   {check.name}: {check.sentence}")
    if wrong:
        raise typer.Exit(1)
    console.print(f"Restored to {path}; every version answers as it did.")
