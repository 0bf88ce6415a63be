"""Write docs/reference from the code: commands, settings, kinds of the city folder, roles, errors.

Usage: python tools/reference.py [--check]. With --check nothing is written and stale pages are named.
"""

import importlib
import inspect
import os
import pkgutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from the code: change it there. -->\n\n"

# Settings are read at import and keep their key in a home: give them one that goes away.
HOME = tempfile.TemporaryDirectory()
for variable in [name for name in os.environ if name.startswith("CUPOLA_")]:
    del os.environ[variable]
os.environ.update(CUPOLA_HOME=HOME.name, DJANGO_SETTINGS_MODULE="cupola.web.settings", COLUMNS="120", NO_COLOR="1")

import django  # noqa: E402
import typer  # noqa: E402
from typer.core import TyperArgument, TyperCommand, TyperGroup  # noqa: E402

django.setup()

import cupola  # noqa: E402
from cupola import folder, soql  # noqa: E402
from cupola.cli.app import app  # noqa: E402
from cupola.errors import CupolaError  # noqa: E402
from cupola.web.accounts.models import Role  # noqa: E402
from cupola.web.accounts.queries import ACTIONS  # noqa: E402
from cupola.web.identity import SAML, Attributes, GroupRole, OpenIDConnect  # noqa: E402
from cupola.web.settings import Environment  # noqa: E402


def first_paragraphs(text: str | None) -> str:
    """Return a docstring as Markdown, without the marks of its help."""
    return inspect.cleandoc(text or "").replace("\b\n", "").replace("\f", "").strip()


def cell(text: str) -> str:
    """Return text that is safe in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def commands(command: Any, path: str) -> Iterator[tuple[str, TyperCommand]]:
    """Yield every command that does something, depth first, with its full name."""
    if isinstance(command, TyperGroup):
        for name in sorted(command.commands):
            yield from commands(command.commands[name], f"{path} {name}")
    else:
        yield path, command


def argument_name(argument: TyperArgument) -> str:
    """Return how an argument is written in a command line."""
    return argument.metavar or str(argument.name).upper()


def option_row(parameter: Any, context: typer.Context) -> str:
    """Return one row of a command's table."""
    if isinstance(parameter, TyperArgument):
        optional = "" if parameter.required else " (may be left out)"
        return f"| `{argument_name(parameter)}` | {cell(parameter.help or '')}{optional} |"
    record = parameter.get_help_record(context)
    assert record is not None, parameter.name
    return f"| `{cell(record[0].strip())}` | {cell(record[1])} |"


def command_page() -> str:
    """Return the page of every command."""
    root = typer.main.get_command(app)
    parts = ["# Commands\n\n", NOTE, first_paragraphs(root.help), "\n\n", first_paragraphs(root.epilog), "\n"]
    for name, command in commands(root, "cupola"):
        context = typer.Context(command, info_name=name)
        arguments = [one for one in command.get_params(context) if isinstance(one, TyperArgument)]
        usage = " ".join([*map(argument_name, arguments), "[options]"])
        parts.append(f"\n## `{name}`\n\n{first_paragraphs(command.help)}\n\n```\n{name} {usage}\n```\n\n")
        shown = [one for one in command.get_params(context) if not getattr(one, "hidden", False) and one.name != "help"]
        rows = [option_row(parameter, context) for parameter in shown]
        if rows:
            parts.append("| argument or option | what it does |\n|---|---|\n" + "\n".join(rows) + "\n")
        if command.epilog:
            lead, _, line = first_paragraphs(command.epilog).partition(": ")
            parts.append(f"\n{lead}: `{line}`\n")
    return "".join(parts)


def settings_page() -> str:
    """Return the page of every CUPOLA_* variable the web floor reads."""
    intro = (
        "Set them in the environment of the process. A value that cannot be used stops Cupola at start with a message\n"
        "that names it. Where none is set, Cupola runs on one machine, in one folder.\n"
    )
    parts = ["# Settings\n\n", NOTE, intro]
    for name, field in sorted(Environment.model_fields.items()):
        default = field.get_default(call_default_factory=True)
        text = ",".join(default) if isinstance(default, list) else str(default)
        shown = f"`{text.replace(str(ROOT / 'src'), 'src')}`" if text else "nothing"
        what = first_paragraphs(field.description)
        parts.append(f"\n## `CUPOLA_{name.upper()}`\n\n{what}\n\nDefault: {shown}\n")
    return "".join(parts)


def modules() -> Iterator[str]:
    """Yield the dotted name of every module of ours, migrations and commands of Django left out."""
    for found in pkgutil.walk_packages(cupola.__path__, "cupola."):
        if ".migrations" not in found.name and not found.name.endswith(("__main__", ".asgi")):
            yield found.name


def kinds_of_error() -> list[type[CupolaError]]:
    """Return every class of error, the five kinds first, then theirs by name."""
    for name in modules():
        importlib.import_module(name)

    def below(kind: type[CupolaError]) -> Iterator[type[CupolaError]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    unique = {error for error in below(CupolaError) if error.__module__.startswith("cupola.")}
    return sorted(unique, key=lambda error: (error.__bases__[0] is not CupolaError, error.__name__, error.__module__))


def error_page() -> str:
    """Return the page of every error."""
    intro = "Every error says what is wrong and what to do. The exit code is that of the command line.\n"
    parts = ["# Errors\n\n", NOTE, intro]
    for error in kinds_of_error():
        kind = next((base.__name__ for base in error.__mro__[1:] if CupolaError in base.__bases__), "")
        of_kind = f" Kind: {kind}." if kind else ""
        parts.append(
            f"\n## `{error.__name__}`\n\n{first_paragraphs(error.__doc__)}\n\nExit code {error.exit_code}.{of_kind}\n"
        )
    return "".join(parts)


def roles_page() -> str:
    """Return the table of what each role may do."""
    intro = (
        "A role holds for the whole city, for the datasets of one department, or, from a duty, for one dataset.\n"
        "What is marked * needs a second factor, unless `CUPOLA_SECOND_FACTOR` says otherwise.\n\n"
    )
    names = [str(role.label) for role in Role]
    parts = [
        "# Roles\n\n",
        NOTE,
        intro,
        f"| may | permission | {' | '.join(names)} |\n|---|---|{'---|' * len(names)}\n",
    ]
    for action in ACTIONS:
        marks = ["yes" if role in action.roles else "" for role in Role]
        star = " *" if action.strong else ""
        parts.append(f"| {cell(str(action.says))}{star} | `{action.permission}` | {' | '.join(marks)} |\n")
    return "".join(parts)


def identity_page() -> str:
    """Return the page of every field of identity.yaml."""
    intro = "`identity.yaml` in the home names the city's directories; [how](../how-to/sign-in.md).\n"
    parts = ["# Identity providers\n\n", NOTE, intro]
    for kind in (OpenIDConnect, SAML, GroupRole, Attributes):
        head = "| field | what it is | where nothing is said |\n|---|---|---|\n"
        parts.append(f"\n## `{kind.__name__}`\n\n{first_paragraphs(kind.__doc__)}\n\n{head}")
        for name, field in kind.model_fields.items():
            default = "must be there" if field.is_required() else f"`{field.get_default(call_default_factory=True)!r}`"
            shown = default if field.is_required() or isinstance(field.default, str | bool) else "nothing"
            parts.append(f"| `{name}` | {cell(field.description or '')} | {shown} |\n")
    return "".join(parts)


def pages() -> dict[Path, str]:
    """Return every generated page with its text."""
    return {
        REFERENCE / "commands.md": command_page(),
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "city-folder.md": "# The city folder\n\n" + NOTE + folder.reference().strip() + "\n",
        REFERENCE / "errors.md": error_page(),
        REFERENCE / "identity.md": identity_page(),
        REFERENCE / "roles.md": roles_page(),
        REFERENCE / "soql.md": "# The query language\n\n" + NOTE + soql.reference().strip() + "\n",
    }


def main() -> None:
    """Write the pages, or with --check compare them."""
    wanted = pages()
    if "--check" in sys.argv[1:]:
        stale = [
            path.name for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
        sys.exit(f"stale: {', '.join(stale)}; run make docs" if stale else 0)
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
