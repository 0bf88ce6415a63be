"""`review`: the meetings that look at measures, the packet of the next one, and how well they are kept up."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cupola.cli.home import HomeOption, JsonOption, open_home, person
from cupola.cli.output import console, print_json, print_table
from cupola.errors import InvalidInput
from cupola.periods import parse_day

app = typer.Typer(no_args_is_help=True, help="Reviews: list, packet, health.")

KeyArgument = Annotated[str, typer.Argument(help="Key of the review.")]


@app.command(name="list", epilog="Example: cupola review list")
def list_all(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the reviews with their next meeting and what is open."""
    open_home(home)
    from cupola.web.performance.models import Review
    from cupola.web.performance.queries import reviews

    today = reviews.city_day(datetime.now(UTC))
    rows = []
    for one in Review.objects.all():
        found, next_day = reviews.health(one, today=today), reviews.next_day(one, today=today)
        row = {"review": one.key, "title": one.title, "next": next_day.isoformat() if next_day else ""}
        rows.append({**row, "held": f"{found.held} of {found.planned}", "open": found.open, "overdue": found.overdue})
    if as_json:
        print_json(rows)
        return
    header = ("Review", "Title", "Next", "Held", "Open", "Overdue")
    print_table(
        "Reviews", header, [[row[name.lower()] for name in header] for row in rows], numbers=("Open", "Overdue")
    )


@app.command(epilog="Example: cupola review packet permits --pdf packet.pdf")
def packet(
    key: KeyArgument,
    on: Annotated[str, typer.Option("--on", help="Day of the meeting; the next one when left out.")] = "",
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Also write it as PDF to this file.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the packet of a meeting from the newest versions; commitments that the data shows are closed with it."""
    open_home(home)
    from cupola.web.performance.actions.reviewing import prepare
    from cupola.web.performance.actions.sending import address_of
    from cupola.web.performance.queries import reviews
    from cupola.web.performance.queries.packetwords import packet_page, text_of
    from cupola.web.performance.queries.papers import paper

    now = datetime.now(UTC)
    review = reviews.find_review(key)
    day = parse_day(on) if on else reviews.next_day(review, today=reviews.city_day(now))
    if day is None:
        raise InvalidInput(f"{key} has ended. Name the day of a meeting with --on.")
    meeting = prepare(review, day, now=now, by=person())
    page = packet_page(meeting, today=reviews.city_day(now))
    assert page is not None
    if pdf is not None:
        pdf.write_bytes(paper(page, address=address_of(meeting)))
    if as_json:
        print_json({"review": key, "on": day.isoformat(), **meeting.packet})
        return
    console.print(text_of(page, address=address_of(meeting)), soft_wrap=True, markup=False, highlight=False)


@app.command(epilog="Example: cupola review health permits")
def health(key: KeyArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Say how well a review is kept up: meetings kept, age of what is open. Exit code 1 when something is overdue."""
    open_home(home)
    from cupola.web.performance.queries import reviews

    found = reviews.health(reviews.find_review(key), today=reviews.city_day(datetime.now(UTC)))
    facts: dict[str, Any] = {**asdict(found), "kept_share": found.kept_share}
    if as_json:
        print_json(facts)
    else:
        print_table(key, ("What", "Value"), [[name.replace("_", " "), value] for name, value in facts.items()])
    raise typer.Exit(1 if found.overdue or found.missed else 0)
