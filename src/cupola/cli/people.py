"""`cupola people`: accounts and roles, without the pages; the first administrator is made here."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from cupola.cli.home import HomeOption, JsonOption, open_home, person
from cupola.cli.output import console, print_json

app = typer.Typer(no_args_is_help=True, help="Accounts and roles: who may sign in, and what they may do.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's user name.")]
RoleOption = Annotated[str, typer.Option("--role", help="A role; docs/reference/roles.md says what each may do.")]
Department = Annotated[str, typer.Option("--department", help="Only for this department's datasets.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit log.")]
Site = Annotated[str, typer.Option("--site", help="The address people reach these pages at, for links.")]


@app.command("list", epilog="Example: cupola people list")
def show(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List accounts, their roles and whether a second factor is set up."""
    open_home(home)
    from cupola.web.accounts.queries import people_facts

    facts = people_facts(at=datetime.now(UTC))
    if as_json:
        print_json(facts)
        return
    table = Table("name", "e-mail", "roles", "second factor", "last sign-in", "state")
    for fact in facts:
        table.add_row(*_row(fact))
    console.print(table)


def _row(fact: dict[str, Any]) -> tuple[str, ...]:
    factor, state = ("yes" if fact["second_factor"] else "no"), ("active" if fact["active"] else "blocked")
    return fact["name"], fact["email"], ", ".join(fact["roles"]), factor, (fact["signed_in_at"] or "never")[:16], state


@app.command(epilog="Example: cupola people add ada --email ada@example.gov --role administrator")
def add(
    name: Name,
    email: Annotated[str, typer.Option("--email", help="Where the link to set a password goes.")],
    role: Annotated[str, typer.Option("--role", help="A role to begin with.")] = "",
    department: Department = "",
    full_name: Annotated[str, typer.Option("--full-name", help="As in: Ada Lovelace.")] = "",
    site: Site = "",
    home: HomeOption = None,
) -> None:
    """Make an account and print the link with which its owner sets a password. The first is an administrator's."""
    open_home(home, create=True)
    from cupola.web.accounts.actions import RoleFor, add_person, give_role, password_link

    now = datetime.now(UTC)
    made = add_person(name, email=email, full_name=full_name, at=now, by=person())
    if role:
        give_role(made, RoleFor(role, department), at=now, by=person())
    console.print(f"{name} has an account. The password is set within 24 hours at:", soft_wrap=True)
    console.print(password_link(made, site=site, at=now, by=person()), soft_wrap=True)


@app.command(epilog="Example: cupola people link ada")
def link(name: Name, site: Site = "", home: HomeOption = None) -> None:
    """Print a new link with which the owner of an account sets a password. Links made before stop working once used."""
    open_home(home)
    from cupola.web.accounts.actions import find_person, password_link

    console.print(password_link(find_person(name), site=site, at=datetime.now(UTC), by=person()), soft_wrap=True)


@app.command(epilog="Example: cupola people role ada --role steward --department Buildings")
def role(
    name: Name, role: RoleOption, department: Department = "", reason: Reason = "", home: HomeOption = None
) -> None:
    """Give a role, for the whole city or one department."""
    open_home(home)
    from cupola.web.accounts.actions import RoleFor, find_person, give_role

    given = give_role(find_person(name), RoleFor(role, department), reason=reason, at=datetime.now(UTC), by=person())
    console.print(f"{name} is {_said(role, department)}" + ("." if given else " already."))


@app.command(epilog="Example: cupola people unrole ada --role steward --department Buildings")
def unrole(
    name: Name, role: RoleOption, department: Department = "", reason: Reason = "", home: HomeOption = None
) -> None:
    """Take a role away."""
    open_home(home)
    from cupola.web.accounts.actions import RoleFor, find_person, take_role

    taken = take_role(find_person(name), RoleFor(role, department), reason=reason, at=datetime.now(UTC), by=person())
    console.print(
        f"{name} is no longer {_said(role, department)}." if taken else f"{name} was not {_said(role, department)}."
    )


def _said(role: str, department: str) -> str:
    return f"{role} of {department}" if department else f"{role} of the city"


@app.command(epilog="Example: cupola people block ada --reason 'Left the city.'")
def block(name: Name, reason: Reason = "", home: HomeOption = None) -> None:
    """Let someone sign in no more, and end their sessions at once."""
    open_home(home)
    from cupola.web.accounts.actions import block_person, find_person

    block_person(find_person(name), reason=reason, at=datetime.now(UTC), by=person())
    console.print(f"{name} cannot sign in any more.")


@app.command(epilog="Example: cupola people unblock ada")
def unblock(name: Name, reason: Reason = "", home: HomeOption = None) -> None:
    """Let someone sign in again."""
    open_home(home)
    from cupola.web.accounts.actions import find_person, unblock_person

    unblock_person(find_person(name), reason=reason, at=datetime.now(UTC), by=person())
    console.print(f"{name} can sign in again.")


@app.command(epilog="Example: cupola people reset-second-factor ada --reason 'Lost the phone; seen in person.'")
def reset_second_factor(name: Name, reason: Reason = "", home: HomeOption = None) -> None:
    """Remove the second factor of someone who lost it, and end their sessions."""
    open_home(home)
    from cupola.web.accounts.actions import find_person
    from cupola.web.accounts.actions import reset_second_factor as reset

    reset(find_person(name), reason=reason, at=datetime.now(UTC), by=person())
    console.print(f"{name} sets up a new second factor at the next sign-in.")
