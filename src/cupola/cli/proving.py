"""`verify` and `bundle`: every published number computed again, here or on a machine without these records."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli.home import HomeOption, JsonOption, open_home
from cupola.cli.output import console, print_json, show_progress
from cupola.errors import Conflict, NotFound

BundleOption = Annotated[
    Path | None, typer.Option("--bundle", help="Only this bundle of a claim; needs no home.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command(epilog="Example: cupola verify --bundle desk-phones.zip")(verify)
    app.command(epilog="Example: cupola bundle desk-phones --to desk-phones.zip")(bundle)


def verify(file: BundleOption = None, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Compute every published number again from its pinned versions; the exit code is 1 when a link does not hold.

    Doubles are compared bit by bit. The digest is of every number computed again: the same in another home means that
    each of them is the same to the last bit.
    """
    if file is not None:
        raise typer.Exit(_verify_bundle(file, as_json=as_json))
    open_home(home)
    from cupola.web.agenda.queries import verifying
    from cupola.web.planning.queries.keeping import memos_again

    with show_progress(quiet=as_json) as steps:
        found = verifying.verify(now=datetime.now(UTC), progress=steps.update)
        memos = memos_again()
    broken = (*found.broken, *memos.broken)
    if as_json:
        counts = {"values": found.values, "evaluations": found.evaluations, "claims": found.claims}
        counts |= {"memos": memos.memos, "memo_numbers": memos.numbers, "memo_numbers_moved": memos.moved}
        print_json({**counts, "digest": found.digest, "broken": _plain(broken), "near": _plain(found.near)})
    else:
        _tell(broken, found.near)
        console.print(
            f"{found.values:,} values, {found.evaluations} evaluations and {found.claims} claims computed again;"
            f" {len(found.broken)} links do not hold."
        )
        if memos.memos:
            rest = f"; {memos.moved:,} rest on records that have changed since" if memos.moved else ""
            console.print(
                f"{memos.numbers:,} numbers of {memos.memos} kept memos computed again{rest};"
                f" {len(memos.broken)} do not hold."
            )
        console.print(f"Every number computed again: sha256:{found.digest}", soft_wrap=True)
    raise typer.Exit(1 if broken else 0)


def bundle(
    key: Annotated[str, typer.Argument(help="Key of the claim.")],
    to: Annotated[Path | None, typer.Option("--to", help="Write to this file. Default: KEY.zip.")] = None,
    home: HomeOption = None,
) -> None:
    """Freeze one claim with everything it rests on, so that anyone computes it again on another machine."""
    open_home(home)
    from cupola.web.agenda.queries.bundling import bundle_of

    target = to or Path(f"{key}.zip")
    if target.exists():
        raise Conflict(f"{target} is there already. Name another file with --to.")
    files = bundle_of(key)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), content)
    console.print(f"{target}: {', '.join(sorted(files))}. Anywhere: cupola verify --bundle {target}", soft_wrap=True)


def _verify_bundle(file: Path, *, as_json: bool) -> int:
    from cupola.web.agenda.queries.bundles import NotABundle, Unpacked

    if not file.is_file():
        raise NotFound(f"There is no file {file}. Make a bundle with: cupola bundle KEY")
    try:
        with zipfile.ZipFile(file) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise NotABundle(f"{file} is no zip file") from error
    found = Unpacked(files)
    broken = [one for one in found.broken if not one.near]
    if as_json:
        near = [one for one in found.broken if one.near]
        answer = {"answer": found.answer, "claim": found.claim}
        print_json({**answer, "broken": _plain(broken), "near": _plain(near)})
        return 1 if broken else 0
    if found.answer is not None and found.answer["result"] is not None:
        estimate = found.answer["result"]["estimate"]
        names = ("effect", "low", "high", "low_80", "high_80")
        console.print(", ".join(f"{name} {estimate[name]!r}" for name in names), soft_wrap=True)
    quantity = found.claim["quantity"]
    interval = "" if quantity["low"] is None else f" ({quantity['low']} to {quantity['high']})"
    console.print(f"{quantity['value']} {quantity['unit']} a year{interval}", soft_wrap=True)
    for flow in found.claim["flows"]:
        amounts = ", ".join(f"{name} {flow[name] / 100:,.2f}" for name in ("gross", "own", "cost", "net", "bankable"))
        console.print(f"{flow['year']}: {amounts}", soft_wrap=True)
    _tell(broken, [one for one in found.broken if one.near])
    console.print(
        "It comes to the same, to the last digit." if not found.broken else f"{len(broken)} parts do not hold."
    )
    return 1 if broken else 0


def _tell(broken: Any, near: Any) -> None:
    for one in broken:
        console.print(escape(f"{one.number}: {one.link} does not hold: {one.why}"), soft_wrap=True)
    for one in near:
        console.print(escape(f"{one.number}: {one.link} holds to nine digits only: {one.why}"), soft_wrap=True)


def _plain(found: Any) -> list[dict[str, str]]:
    return [{"number": one.number, "link": one.link, "why": one.why} for one in found]
