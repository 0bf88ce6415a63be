"""`savings`, `award`, `council`, `records` and `book`: from a promise to a budget line."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli.home import HomeOption, JsonOption, open_home, person
from cupola.cli.output import console, print_json, print_table
from cupola.errors import InvalidInput, NotFound
from cupola.periods import parse_day

savings = typer.Typer(no_args_is_help=True, help="Savings: list, verify.")
award = typer.Typer(no_args_is_help=True, help="Funding awards: list, report, runway, import, export.")
council = typer.Typer(no_args_is_help=True, help="Councils: list, deadline, export.")
records = typer.Typer(no_args_is_help=True, help="Records: export.")

ToOption = Annotated[Path | None, typer.Option("--to", help="Write to this file and not to the screen.")]
OnOption = Annotated[str, typer.Option("--on", help="As seen from this day. Default: today.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.add_typer(savings, name="savings")
    app.add_typer(award, name="award")
    app.add_typer(council, name="council")
    app.add_typer(records, name="records")
    app.command(epilog="Example: cupola book --to transition.md")(book)


@savings.command(name="list", epilog="Example: cupola savings list")
def list_savings(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the claims: standing, fund, years, what can be banked, and what stands against each."""
    open_home(home)
    from cupola.web.agenda.queries import ledger

    rows = ledger.rows()
    header = ["claim", "type", "status", "fund", "years", "net", "bankable", "counts", "defects"]
    lines = [
        [
            row.claim.key,
            str(row.claim.kind or ""),
            str(row.claim.status),
            row.claim.fund,
            f"{row.claim.first_year}-{row.claim.last_year}",
            f"{row.net / 100:,.2f}",
            f"{row.bankable / 100:,.2f}",
            row.counts,
            ", ".join(str(one.kind) for one in row.defects),
        ]
        for row in rows
    ]
    _show(header, lines, as_json=as_json, numbers=("net", "bankable"))


@savings.command(name="verify", epilog="Example: cupola savings verify")
def verify_savings(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Say what is wrong with each claim and what to do; the exit code is 1 when a claim cannot count."""
    open_home(home)
    from cupola.web.agenda.queries import ledger

    defects = ledger.the_ledger().defects
    if as_json:
        print_json(
            [
                {
                    "claim": one.claim,
                    "kind": str(one.kind),
                    "field": one.field,
                    "says": str(one.message),
                    "do": str(one.remedy),
                }
                for one in defects
            ]
        )
    else:
        for one in defects:
            console.print(escape(f"{'refused' if one.refused else 'note   '}  {one} [{one.kind}]"), soft_wrap=True)
        console.print(f"{len(defects)} findings.")
    raise typer.Exit(1 if any(one.refused for one in defects) else 0)


@award.command(name="list", epilog="Example: cupola award list")
def list_awards(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the awards, the one that ends next first."""
    open_home(home)
    from cupola.web.agenda.queries import awards

    lines = [
        [
            one.key,
            one.name,
            one.fields["funder"],
            "" if one.amount is None else f"{one.amount / 100:,.2f}",
            f"{one.spent / 100:,.2f}",
            str(one.until or ""),
        ]
        for one in awards.standings()
    ]
    _show(["award", "name", "funder", "amount", "spent", "until"], lines, as_json=as_json, numbers=("amount", "spent"))


@award.command(epilog="Example: cupola award report aw-2303 --to report.md")
def report(
    key: Annotated[str, typer.Argument(help="Key of the award.")], to: ToOption = None, home: HomeOption = None
) -> None:
    """Draft the report to the funder: money, what was tried, what counts as saved, what is still due."""
    open_home(home)
    from cupola.web.agenda.queries import papers

    _write(papers.award_report(key, today=_today()), to)


@award.command(epilog="Example: cupola award runway --on 2026-01-15")
def runway(
    key: Annotated[str, typer.Argument(help="Key of the award. Default: every one that pays posts.")] = "",
    on: OnOption = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say when an award ends, what its posts then cost, what savings carry, and by when to file."""
    open_home(home)
    from cupola.web.agenda.queries import awards
    from cupola.web.agenda.queries.records import find

    if key:
        find("award", key)
    found = [one for one in awards.outcomes(today=_day(on)) if not key or one.award.key == key]
    if as_json:
        print_json([_runway(one, line) for one in found for line in one.outlooks])
        return
    for one in found:
        posts = "1 post" if len(one.posts) == 1 else f"{len(one.posts)} posts"
        filed = "" if one.filing is None else f" Positions are asked for by {one.filing.by}."
        console.print(
            f"{one.award.key}: from {one.runway.cliff} on {posts} that cost {one.cost / 100:,.2f} a year are not paid. "
            f"All stay in {one.chances.carries_all:.0%} of {one.chances.draws:,} draws.{filed}",
            soft_wrap=True,
        )
        header = ["if comes", "savings a year", "gap a year", "posts carried"]
        lines = [
            [f"{line.scenario:.0%}", f"{line.savings_cents / 100:,.2f}", f"{line.gap_cents / 100:,.2f}", line.posts]
            for line in one.outlooks
        ]
        print_table("", header, lines, numbers=tuple(header))
    if not found:
        console.print("No award pays a post beyond that day.")


def _runway(one: Any, line: Any) -> dict[str, Any]:
    """Return one outlook of an award's posts for machines, amounts in currency."""
    return {
        "award": one.award.key,
        "cliff": str(one.runway.cliff),
        "posts": len(one.posts),
        "cost_a_year": one.cost / 100,
        "share_of_savings": float(line.scenario),
        "savings_a_year": line.savings_cents / 100,
        "gap_a_year": line.gap_cents / 100,
        "posts_carried": line.posts,
        "all_stay": one.chances.carries_all,
        "file_by": None if one.filing is None else str(one.filing.by),
    }


@award.command(name="export", epilog="Example: cupola award export --to grants.json")
def export_awards(to: ToOption = None, home: HomeOption = None) -> None:
    """Write the awards as a 360Giving package, and name those that lack what the standard requires."""
    open_home(home)
    from cupola.cli.output import errors
    from cupola.web.agenda.queries import grants360
    from cupola.web.agenda.queries.records import records as recorded
    from cupola.web.agenda.views.machines import recipient

    every = recorded("award")
    found = grants360.package(every.values(), city=recipient())
    for key, fields in every.items():
        if grants360.lacking(fields):
            errors.print(f"{key} is left out: it has no {', '.join(grants360.lacking(fields))}.")
    _write(json.dumps(found, indent=2, ensure_ascii=False) + "\n", to)


@award.command(name="import", epilog="Example: cupola award import grants.json")
def import_awards(
    file: Annotated[Path, typer.Argument(help="A 360Giving JSON package.")], home: HomeOption = None
) -> None:
    """Take awards over from a 360Giving file; what it says beyond our fields comes out again unchanged."""
    open_home(home, create=True)
    from cupola.web.agenda.actions import take_grants

    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{file} cannot be read as JSON: {error}.") from error
    taken = take_grants(document, at=datetime.now(UTC), by=person())
    console.print(f"{taken.made:,} awards taken over, {taken.same:,} were here already.")


@council.command(name="list", epilog="Example: cupola council list")
def list_councils(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the councils: members, quorum, vacancies, and the next notice to post."""
    open_home(home)
    from zoneinfo import ZoneInfo

    from cupola.web.agenda.queries.councils import council_page
    from cupola.web.agenda.queries.records import records as recorded
    from cupola.web.data.queries import city_zone

    now, zone = datetime.now(UTC), ZoneInfo(city_zone())
    pages = [council_page(one, staff=True, now=now, zone=zone) for one in recorded("body").values()]
    lines = [
        [
            page.fields["key"],
            f"{page.standing.members}/{page.standing.seats}",
            page.standing.quorum,
            len(page.standing.vacancies),
            page.upcoming.fields["starts"] if page.upcoming else "",
            f"{page.upcoming.latest:%Y-%m-%d %H:%M}" if page.upcoming and page.upcoming.latest else "",
        ]
        for page in pages
    ]
    _show(["council", "members", "quorum", "vacant", "next meeting", "notice by"], lines, as_json=as_json)


@council.command(epilog="Example: cupola council deadline texas 2026-06-15T18:00 --zone America/Chicago")
def deadline(
    place: Annotated[str, typer.Argument(help="Whose rule: california, texas, illinois, ...")],
    starts: Annotated[str, typer.Argument(help="When the meeting begins, local time, as 2026-06-15T18:00.")],
    zone: Annotated[str, typer.Option(help="Time zone.")],
    meeting: Annotated[str, typer.Option(help="regular, special or emergency.")] = "regular",
    holiday: Annotated[list[str] | None, typer.Option(help="A day that does not count; may be repeated.")] = None,
) -> None:
    """Say by when the notice of a meeting must be posted, and by which law."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from cupola.councils import MeetingKind, latest_posting, rule_for

    try:
        begins, kind, where = datetime.fromisoformat(starts), MeetingKind(meeting), ZoneInfo(zone)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise InvalidInput(f"{error}. Write 2026-06-15T18:00, regular, America/Chicago, or the like.") from error
    rule = rule_for(place, kind, on=begins.date())
    latest = latest_posting(begins, rule, zone=where, holidays={parse_day(day) for day in holiday or []})
    console.print(f"Post it by {latest:%Y-%m-%d %H:%M %Z} ({rule.source}). {rule.note}".rstrip())


@council.command(name="export", epilog="Example: cupola council export --to councils.json")
def export_councils(
    to: ToOption = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Also what is not released.")] = False,
    home: HomeOption = None,
) -> None:
    """Write the councils, seats, meetings and votes as Popolo."""
    open_home(home)
    from cupola.web.agenda.queries.popolo import write_popolo

    _write(json.dumps(write_popolo(staff=drafts), indent=2, ensure_ascii=False) + "\n", to)


@records.command(name="export", epilog="Example: cupola records export --kind award --to request-114.json")
def export_records(
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    key: Annotated[str, typer.Option(help="Only this record.")] = "",
    since: Annotated[str, typer.Option(help="Only what changed on this day or later.")] = "",
    to: ToOption = None,
    home: HomeOption = None,
) -> None:
    """Gather records with their whole history, retention and legal holds, for a public-records request."""
    open_home(home)
    from cupola.web.agenda.models import MODELS
    from cupola.web.agenda.queries import papers

    unknown = [one for one in kind or [] if one not in MODELS]
    if unknown:
        raise InvalidInput(f"{unknown[0]} is no kind of record here. Write one of {', '.join(MODELS)}.")
    found = papers.records_export(today=_today(), kinds=kind or (), key=key, since=parse_day(since) if since else None)
    if key and not found:
        raise NotFound(f"No record has the key {key}. The pages under /staff/agenda/ list every record.")
    _write(json.dumps(found, indent=2, ensure_ascii=False) + "\n", to)


def book(to: ToOption = None, on: OnOption = "", home: HomeOption = None) -> None:
    """Write the transition book: posts, vacancies, awards, what is due, councils, initiatives, archived priorities."""
    open_home(home)
    from cupola.web.agenda.queries import handover

    _write(handover.transition_book(today=_day(on), posts=_posts(_day(on))), to)


def _posts(on: date) -> list[tuple[str, bool, str]]:
    """Return the posts of the city's own structure on a day: title, filled, office."""
    from cupola.web.accounts.queries import the_city
    from cupola.web.structure import queries

    city = the_city()
    try:
        chart = queries.jurisdiction(city.key if city is not None else "").history.on(on)
    except NotFound:
        return []
    return [
        (
            str(chart.value(post, "name") or post),
            chart.value(post, "filled") is not False,
            str(chart.value(post, "works_in") or ""),
        )
        for post in chart.posts
    ]


def _show(header: list[str], rows: list[list[Any]], *, as_json: bool, numbers: tuple[str, ...] = ()) -> None:
    if as_json:
        print_json([dict(zip(header, row, strict=True)) for row in rows])
    else:
        print_table("", header, rows, numbers=numbers)


def _write(text: str, to: Path | None) -> None:
    if to is None:
        typer.echo(text, nl=False)
        return
    to.write_text(text, encoding="utf-8")
    console.print(f"Written to {to}.")


def _day(text: str) -> date:
    return parse_day(text) if text else _today()


def _today() -> date:
    return datetime.now(UTC).date()
