"""`structure`: how governments organise themselves, asked, compared, checked, imported and exported."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cupola.cli.home import HomeOption, JsonOption, open_home, person
from cupola.cli.output import console, print_json, print_table
from cupola.errors import InvalidInput
from cupola.periods import NotADate, PartialDate

app = typer.Typer(no_args_is_help=True, help="Structure: models, show, check, compare, diff, import, export, branch.")

KeyArgument = Annotated[str, typer.Argument(help="A structure: the city's own, one of the library, or a template.")]
OnOption = Annotated[str, typer.Option("--on", help="Day, month or year. Default: today.")]


@app.command(epilog="Example: cupola structure models --role cdo-data --under cio --on 2016-12-15")
def models(
    role: Annotated[str, typer.Option(help="Say where the posts of this role sat on the day.")] = "",
    under: Annotated[str, typer.Option(help="With --role: only lines to a post of this role.")] = "",
    on: OnOption = "",
    closed: Annotated[bool, typer.Option("--closed", help="Offices closed within two years of a new mayor.")] = False,
    budgeted: Annotated[bool, typer.Option("--budgeted", help="How long grants took to become budget.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the governments and templates, or ask all of them one question."""
    places = tuple(governments(home).values())
    if closed:
        header, rows = _closed(places)
    elif budgeted:
        header, rows = _budgeted(places)
    elif role:
        header, rows = _seats(places, role, under, on=day(on))
    else:
        header, rows = _listed(places)
    show(header, rows, as_json=as_json)


Answer = tuple[list[str], list[list[Any]]]


def _closed(places: Any) -> Answer:
    from cupola.orgchart.timeline import closed_after_change

    header = ["government", "office", "closed", "chief executive since", "within two years"]
    found = closed_after_change(places)
    return header, [[x.jurisdiction, x.office, x.event.on, x.administration.since, x.answer] for x in found]


def _budgeted(places: Any) -> Answer:
    from cupola.orgchart.timeline import conversions

    header = ["government", "office", "award", "budget", "fewest days", "most days"]
    found = conversions(places)
    return header, [[x.jurisdiction, x.office, x.awarded.on, x.converted.on, x.fewest_days, x.most_days] for x in found]


def _seats(places: Any, role: str, under: str, *, on: date) -> Answer:
    from cupola.orgchart import timeline

    found = timeline.under(places, role, under, on=on) if under else timeline.places(places, role, on=on)
    header = ["government", "post", "reports to" if under else "where", "on that day", "status", "sources"]
    return header, [[x.jurisdiction, x.post, said(x.fact.value), x.answer, *_known(x.fact)] for x in found]


def _listed(places: Any) -> Answer:
    from cupola.folder.library import templates

    found = (*places, *templates().values())
    header = ["key", "name", "kind", "events", "offices and posts"]
    return header, [[x.key, x.name, x.kind, len(x.history.events), len(x.history.subjects)] for x in found]


def _known(fact: Any) -> list[str]:
    return [str(fact.status), ", ".join(fact.sources)]


@app.command(name="show", epilog="Example: cupola structure show chicago --on 2012-05-01 --post chief-data-officer")
def show_one(
    key: KeyArgument,
    on: OnOption = "",
    post: Annotated[str, typer.Option(help="One office or post: all that is said of it, by every source.")] = "",
    recorded: Annotated[str, typer.Option(help="As it was recorded on this day, not as it is known now.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the chart of a day: offices, their posts, and where sources disagree."""
    from cupola.orgchart.facts import disagreements

    chart = find(key, home=home, recorded=recorded).history.on(day(on))
    if post:
        chart.kind(post)
        rows = [
            [held.fact.attribute, said(held.fact.value), held.answer, *_known(held.fact)]
            for held in chart.facts()
            if held.fact.subject == post
        ]
        show(["what", "value", "on that day", "status", "sources"], rows, as_json=as_json)
        return
    keys = (*chart.offices, *chart.posts)
    rows = [
        [
            one,
            chart.kind(one),
            said(chart.value(one, "name")),
            said(chart.value(one, "housed_in")),
            chart.boss(one),
            chart.exists(one),
        ]
        for one in keys
    ]
    show(["key", "kind", "name", "housed in", "reports to", "there"], rows, as_json=as_json)
    conflicts = disagreements(held.fact for held in chart.facts() if held.answer == "yes")
    if conflicts and not as_json:
        console.print("Sources disagree about " + ", ".join(f"{who} ({what})" for who, what in conflicts) + ".")


@app.command(epilog="Example: cupola structure check chicago --on 2018-12-31")
def check(key: KeyArgument, on: OnOption = "", home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Ask the checks of a structure; the exit code is 1 when one fails."""
    from cupola.orgchart import checks

    one = find(key, home=home)
    verdicts = checks.check(one, on=day(on), elections=elections_of(key, home=home))
    rows = [[check.question, verdicts[check.key].answer, verdicts[check.key].sentence] for check in checks.CHECKS]
    if as_json:
        print_json({each.key: _verdict(each, verdicts[each.key], one) for each in checks.CHECKS})
    else:
        show(["question", "answer", "why"], rows, as_json=False)
    raise typer.Exit(1 if any(said.answer == "fail" for said in verdicts.values()) else 0)


def _verdict(check: Any, verdict: Any, one: Any) -> dict[str, Any]:
    """Return a verdict as fields: also what was looked at, and the limits the check goes by, each with its source."""
    limits = {
        name: {"value": getattr(one.parameters, name), "source": one.parameters.source_of(name)}
        for name in check.limits
    }
    looked = {"subjects": list(verdict.subjects), "limits": limits}
    return {"answer": verdict.answer, "reason": verdict.sentence, "change": verdict.change, **looked}


@app.command(epilog="Example: cupola structure diff chicago --since 2019-12-31 --on 2024-12-31")
def diff(
    key: KeyArgument,
    since: Annotated[str, typer.Option(help="The earlier day.")],
    on: OnOption = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what changed in one structure between two days."""
    from cupola.orgchart.edits import diff as differences
    from cupola.orgchart.states import state_of
    from cupola.orgchart.telling import sentence_of

    history = find(key, home=home).history
    first, last = day(since), day(on)
    before, after = state_of(history.on(first)), state_of(history.on(last))
    edits = differences(before, after, events=history.between(first, last))
    told = [str(sentence_of(one, before, after, names=history.names)) for one in edits]
    if as_json:
        rows = [[one.kind, one.subject, words, list(one.events)] for one, words in zip(edits, told, strict=True)]
        show(["change", "of", "in words", "acts"], rows, as_json=True)
        return
    for one, words in zip(edits, told, strict=True):
        acts = f"  [{', '.join(one.events)}]" if one.events else ""
        console.print(escape(words + acts), soft_wrap=True)
    console.print(f"{len(edits)} changes from {first} to {last}.")


@app.command(epilog="Example: cupola structure compare chicago three-themes --on 2024-12-31")
def compare(
    key: KeyArgument,
    model: KeyArgument,
    on: OnOption = "",
    model_on: Annotated[str, typer.Option("--model-on", help="Day of the other one. Default: the same.")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the edits as CSV.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare with a template or another government, by role and function; name the edits that lead there."""
    from cupola.cli.structureedits import Compared

    found = Compared.of((find(key, home=home), day(on)), (find(model, home=home), day(model_on or on)))
    if as_json:
        print_json(found.as_json())
    elif as_csv:
        typer.echo(found.as_csv(), nl=False)
    else:
        show(found.match_header(), found.matches(), as_json=False)
        for line in found.lines():
            console.print(escape(line), soft_wrap=True)


@app.command(epilog="Example: cupola structure export chicago --as turtle > chicago.ttl")
def export(
    key: KeyArgument,
    form: Annotated[str, typer.Option("--as", help="popolo, turtle, json-ld or yaml.")] = "popolo",
    base: Annotated[
        str, typer.Option(help="For turtle and json-ld: the address its offices live under.")
    ] = "urn:structure:",
    home: HomeOption = None,
) -> None:
    """Write a structure in a published standard."""
    import json

    import yaml

    from cupola.orgchart.standards import popolo, w3c
    from cupola.orgchart.writing import write_jurisdiction

    one = find(key, home=home)
    if form == "popolo":
        print_json(popolo.write_popolo(one.history))
    elif form in {"turtle", "json-ld"}:
        typer.echo(w3c.write_org(one.history, base=base, form="turtle" if form == "turtle" else "json-ld"))
    elif form == "yaml":
        fields = json.loads(json.dumps({"kind": "structure", **write_jurisdiction(one)}))
        typer.echo(yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=120))
    else:
        raise InvalidInput(f"--as {form}: write popolo, turtle, json-ld or yaml.")


@app.command(
    name="import",
    epilog="Example: cupola structure import agency --organogram senior.csv --on 2016-09-30",
)
def import_(
    key: Annotated[str, typer.Argument(help="Key of the structure to make or bring up to date.")],
    file: Annotated[Path | None, typer.Argument(help="A Popolo, Turtle, JSON-LD, YAML, CSV or XLSX file.")] = None,
    organogram: Annotated[Path | None, typer.Option(help="Senior posts of a UK organogram, CSV.")] = None,
    junior: Annotated[Path | None, typer.Option(help="Its junior posts, CSV.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="For CSV and XLSX: which column is what, YAML.")] = None,
    on: OnOption = "",
    home: HomeOption = None,
) -> None:
    """Take a structure over from a file. Names and contacts of people are left out."""
    open_home(home, create=True)
    from cupola.web.structure import actions

    files = actions.Files(file, mapping, organogram, junior, on)
    taken = actions.take_file(key, files, at=datetime.now(UTC), by=person())
    for line in taken.findings:
        console.print(escape(line), soft_wrap=True)
    console.print(f"{taken.offices:,} offices and {taken.posts:,} posts under {key}.")
    raise typer.Exit(0 if taken.sound else 1)


@app.command(epilog="Example: cupola structure branch chicago two-cios")
def branch(
    key: KeyArgument, name: Annotated[str, typer.Argument(help="Key of the branch.")], home: HomeOption = None
) -> None:
    """Begin a branch of a structure, to try changes in."""
    open_home(home)
    from cupola.web.structure import actions

    made = actions.branch(key, name, at=datetime.now(UTC), by=person())
    console.print(
        f"{made.key} is a branch of {key}. Edit it in the pages; bring it back with: cupola structure merge {made.key}"
    )


@app.command(epilog="Example: cupola structure merge two-cios --dry-run")
def merge(
    key: KeyArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change and what clashes.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a branch back. Where both changed the same, nothing is decided: exit code 4, each clash by name."""
    open_home(home)
    from cupola.web.structure import actions

    found = actions.merge_branch(key, at=datetime.now(UTC), by=person(), dry_run=dry_run)
    show(["clash in", "about", "before", "in the branch", "now"], [list(one) for one in found.clashes], as_json=as_json)
    console.print(f"{len(found.changes)} offices, posts and acts change; {len(found.clashes)} clashes.")
    raise typer.Exit(4 if found.clashes else 0)


def day(text: str) -> date:
    """Return the day a text names, the last one of a month or a year, today for nothing. Raises InvalidInput."""
    if not text:
        return datetime.now(UTC).date()
    try:
        interval = PartialDate.parse(text).interval()
    except NotADate as error:
        raise InvalidInput(f"--on {text}: {error}") from error
    assert interval.until is not None
    return date.fromordinal(interval.until.toordinal() - 1)


def governments(home: Path | None) -> Any:
    """Return every government: those of the home where there is one, and the library's."""
    if not (home or Path(".cupola")).exists():
        from cupola.folder.library import jurisdictions

        return jurisdictions()
    open_home(home)
    from cupola.web.structure import queries

    return queries.jurisdictions_here()


def find(key: str, *, home: Path | None, recorded: str = "") -> Any:
    """Return one government or template. Raises NotFound."""
    if not recorded and not (home or Path(".cupola")).exists():
        from cupola.folder.library import find_model

        return find_model(key)
    open_home(home)
    from cupola.web.structure import queries

    at = datetime.combine(day(recorded), datetime.max.time(), tzinfo=UTC) if recorded else None
    return queries.jurisdiction(key, recorded_at=at)


def elections_of(key: str, *, home: Path | None) -> tuple[date, ...]:
    """Return the elections of the city's own structure, none for another government."""
    if not (home or Path(".cupola")).exists():
        return ()
    open_home(home)
    from cupola.web.structure import queries

    return queries.elections_of(key)


def said(value: Any) -> str:
    """Return a value as people read it."""
    from cupola.orgchart.telling import text_of

    return "" if value is None else text_of(value)


def show(header: list[str], rows: list[list[Any]], *, as_json: bool) -> None:
    """Print rows as a table, or as a list of objects."""
    if as_json:
        print_json([dict(zip(header, row, strict=True)) for row in rows])
    else:
        print_table("", header, [[str(cell) for cell in row] for row in rows])
