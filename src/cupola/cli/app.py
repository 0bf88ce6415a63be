"""The command tree, and the one place where kinds of error become exit codes."""

import sys

import typer
from django.core.exceptions import ImproperlyConfigured
from rich.markup import escape

from cupola.cli import (
    agenda,
    audit,
    brief,
    data,
    evaluate,
    folder,
    measure,
    people,
    plan,
    proving,
    review,
    serving,
    structure,
    upkeep,
)
from cupola.cli.output import errors
from cupola.errors import CupolaError, InvalidInput

app = typer.Typer(
    name="cupola",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The working system of a city's technology, data and innovation leadership.",
    epilog="Exit codes: 0 done, 1 finished with findings a person must see, 2 wrong use or invalid input, "
    "3 not found, 4 conflict or not allowed, 5 source unreachable.",
)
folder.register(app)
serving.register(app)
upkeep.register(app)
agenda.register(app)
proving.register(app)
app.command(epilog="Example: cupola brief --roster employees.csv --budget budget.csv")(brief.brief)
app.command(epilog="Example: cupola evaluate district-crews")(evaluate.evaluate)
app.add_typer(data.app, name="data")
app.add_typer(structure.app, name="structure")
app.add_typer(measure.app, name="measure")
app.add_typer(review.app, name="review")
app.add_typer(plan.app, name="plan")
app.add_typer(people.app, name="people")
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run the command line; a known error prints its message and exits with its kind's code."""
    try:
        app()
    except CupolaError as error:
        errors.print("[bold red]Error:[/]", escape(str(error)), soft_wrap=True)
        sys.exit(error.exit_code)
    except ImproperlyConfigured as error:  # a setting or identity.yaml
        errors.print("[bold red]Error:[/]", escape(str(error)), soft_wrap=True)
        sys.exit(InvalidInput("").exit_code)
    except KeyboardInterrupt:
        errors.print("Stopped. What was committed stays; nothing half-done is shown.")
        sys.exit(130)
