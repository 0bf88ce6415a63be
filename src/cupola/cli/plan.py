"""`plan`: posts, money and the memo of this home, read from its rosters and budgets."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cupola.cli import scenarios, staffing
from cupola.cli.home import HomeOption, JsonOption, open_home, person
from cupola.cli.output import console, print_json, print_table
from cupola.errors import NotFound

app = typer.Typer(no_args_is_help=True, help="Plans: posts, money, memo, scenario, solve, explain.")
staffing.register(app)
scenarios.register(app)

KeyArgument = Annotated[str, typer.Argument(help="Key of the roster or budget in the city folder.")]
PeriodOption = Annotated[str, typer.Option("--period", help="Which list or year. Default: the newest.")]


@app.command(epilog="Example: cupola plan posts employees --period 2020-10-01")
def posts(key: KeyArgument, period: PeriodOption = "", home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Say who does technology, data and innovation by a roster: by department, at what cost."""
    open_home(home)
    from cupola.orgchart.rosters import Family
    from cupola.web.planning.models import Roster
    from cupola.web.planning.queries.overview import overview
    from cupola.web.planning.queries.reading import read_roster
    from cupola.web.planning.queries.words import told_words

    read = read_roster(_record(Roster, key))
    found = overview(read, _period(read.periods, period))
    header = ["department", *(str(one) for one in Family), "posts", "cost", "all posts"]
    rows = [
        [one.name, *(one.posts[each] for each in Family), one.sum.posts, _units(one.cost_cents), one.everybody]
        for one in found.departments
    ]
    if as_json:
        document = [dict(zip(header, row, strict=True)) for row in rows]
        told = [told_words(one) for each in found.told for one in each.changes]
        print_json({"period": found.period, "departments": document, "reorganised": told})
        return
    title = f"{read.name}, {found.period}: {found.now.sum.posts:,} of {found.now.everybody:,} posts"
    print_table(title, header, rows, numbers=header[1:])
    if found.queued_titles:
        console.print(f"{found.queued_titles} titles with {found.now.sum.queued} posts wait for a person.")


@app.command(epilog="Example: cupola plan money appropriations --period 2026")
def money(key: KeyArgument, period: PeriodOption = "", home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Say what technology costs by a budget: what it buys, in which departments."""
    open_home(home)
    from cupola.web.planning.models import Budget
    from cupola.web.planning.queries.reading import GRANTS, read_budget
    from cupola.web.planning.queries.spending import accounts, money_of, speaks_of_it

    read = read_budget(_record(Budget, key))
    found = money_of(read, _period(read.periods, period))
    header = ["department", "account", "buys", "amount"]
    grants = read.record.definition.get("stage") == GRANTS  # of which the name tells, not what they buy
    rows = [
        [one.department, one.name, one.purpose, _units(one.cents)]
        for one in accounts(read, found.year, technology=not grants)
        if not grants or speaks_of_it(one.name)
    ]
    if as_json:
        print_json({"year": found.year, "accounts": [dict(zip(header, row, strict=True)) for row in rows]})
        return
    said = f"{len(rows)} grants named for it" if grants else f"{_units(found.technology_cents)} in technology accounts"
    title = f"{read.name}, {found.year}: {said}"
    print_table(title, header, rows, numbers=("amount",))


@app.command(epilog="Example: cupola plan memo --out memo.html")
def memo(
    out: Annotated[Path, typer.Option(help="Where it goes; a .docx of the same name is put beside it.")] = Path(
        "memo.html"
    ),
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    home: HomeOption = None,
) -> None:
    """Write the discussion memo of this home as one HTML file and as a document.

    It is kept: `cupola verify` computes every number it says again.
    """
    open_home(home)
    from django.utils import translation

    from cupola.web.planning.actions import keep_memo

    made = write_memo(out, language)
    with translation.override(language):
        kept = keep_memo(made, at=datetime.now(UTC), by=person())
    console.print(f"Kept as memo {kept.number}; cupola verify computes its {kept.numbers:,} numbers again.")


def write_memo(out: Path, language: str, *, body: Path | None = None, stays: bool = True) -> Any:
    """Write the memo of the open home as one HTML file and as a document, and return it. Raises NothingToSay.

    `body`: also without a page around it. `stays`: the home does, and so the pages the memo links to.
    """
    from django.conf import settings
    from django.utils import translation

    from cupola.web.planning.queries.memo import memo as made_memo
    from cupola.web.planning.queries.memo import write_docx
    from cupola.web.planning.views.memo import memo_body, memo_file

    with translation.override(language):
        made = made_memo(on=datetime.now(UTC).date())
        out.write_text(memo_file(made, root=settings.ADDRESS if stays else ""), encoding="utf-8")
        if body:
            body.write_text(memo_body(made), encoding="utf-8")
        out.with_suffix(".docx").write_bytes(write_docx(made))
    console.print(f"Written: [bold]{out}[/] and [bold]{out.with_suffix('.docx')}[/]")
    return made


def _record(model: Any, key: str) -> Any:
    """Return the record. Raises NotFound with the keys there are."""
    record = model.objects.filter(key=key, retired_on=None).first()
    if record is None:
        known = ", ".join(model.objects.filter(retired_on=None).values_list("key", flat=True)) or "none"
        raise NotFound(f"There is no {model._meta.verbose_name} {key}. There are: {known}.")
    return record


def _period(periods: tuple[str, ...], asked: str) -> str:
    """Return the period asked for, the newest where none is. Raises NotFound."""
    fitting = [one for one in periods if one.startswith(asked)]
    if not fitting:
        raise NotFound(f"Nothing stands there for {asked}. There are: {', '.join(periods) or 'none'}.")
    return fitting[-1]


def _units(cents: int | None) -> str:
    return "" if cents is None else f"{cents / 100:,.2f}"
