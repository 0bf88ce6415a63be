"""An answer to take along: its address, the same from the public API, a file, a picture to embed, recipes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from sqlglot import exp

from cupola.contracts import VINTAGE
from cupola.web.data.queries.exploring.address import query_string
from cupola.web.data.queries.exploring.exploration import Exploration
from cupola.web.data.queries.exploring.fields import Kind, Subject
from cupola.web.data.queries.exploring.recipes import ROWS, Recipe, recipes, resource, shell, sql
from cupola.web.data.queries.exploring.results import Result
from cupola.web.data.queries.exploring.running import Asked
from cupola.web.data.queries.exploring.soqltext import Question

MOST_CITED = 50_000  # rows a citation may have
USUAL_LIMIT = 1000  # rows the public API gives unless told otherwise
Parameters = list[tuple[str, str]]


@dataclass(frozen=True)
class Sharing:
    """Addresses and texts of one answer. `rows_csv`: all matching rows, where the answer is a summary.

    `query`: the query alone, which a citation pins where it is `citable`.
    """

    page: str
    json: str
    csv: str
    rows_csv: str
    geojson: str
    picture: str
    embed: str
    query: str
    citable: bool
    recipes: tuple[Recipe, ...]


def sharing(at: Asked, asked: Exploration, subject: Subject, *, answer: Result, base: str) -> Sharing:
    """Return what can be taken along. `base`: scheme and host of the site."""
    lines = len(answer.summary.groups) if answer.summary else answer.matching
    given = [*answer.question.parameters(limit=enough(lines)), *edition(asked)]
    rows = [*_rows(answer.question, answer.matching), *edition(asked)]
    page = base + reverse("data:explore", args=[subject.key])
    picture = base + reverse("data:explore_picture", args=[subject.key])
    tail = f"?{query_string(asked)}" if query_string(asked) else ""
    parquet = f"{base}/downloads/{subject.key}/{subject.version}/{subject.key}.parquet"
    text = answer.question.text(limit=enough(lines))
    read = exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(parquet)]))
    table = exp.alias_(read, ROWS, table=True)
    text_sql = "" if at.draft else _sql(at, answer, lines=lines, table=table, pretty=True)
    placed = any(one.kind in {Kind.POINT, Kind.SHAPE} for one in subject.fields)
    title = subject.title.replace('"', "'")
    return Sharing(
        page=page + tail,
        json=resource(base, subject.key, "json", parameters=given),
        csv=resource(base, subject.key, "csv", parameters=given),
        rows_csv=resource(base, subject.key, "csv", parameters=rows) if answer.summary else "",
        geojson=resource(base, subject.key, "geojson", parameters=given) if placed and not answer.summary else "",
        picture=picture + tail if answer.picture else "",
        embed=f'<a href="{page}{tail}"><img src="{picture}{tail}" alt="{title}" width="720"></a>'.replace("&", "&amp;"),
        query=text,
        citable=lines <= MOST_CITED,
        recipes=recipes(base, subject.key, parameters=given, query=text, sql=text_sql),
    )


def edition(asked: Exploration) -> Parameters:
    """Return what an address of the public API says of version and edition."""
    pairs = [("vintage", asked.vintage), ("as_of", asked.as_of), ("version", str(asked.version or ""))]
    return [(name, value) for name, value in pairs if value]


def enough(lines: int) -> int:
    """Return a round limit that lets `lines` through; 0 where the usual one does."""
    limit = USUAL_LIMIT
    while limit < lines:
        limit *= 10
    return limit if limit > USUAL_LIMIT else 0


def _rows(question: Question, matching: int) -> Sequence[tuple[str, str]]:
    pairs = [("$where", question.where), ("$q", question.words), ("$limit", str(enough(matching) or ""))]
    return [(name, value) for name, value in pairs if value]


def _sql(at: Asked, answer: Result, *, lines: int, table: exp.Expr, pretty: bool = False) -> str:
    """Return the SQL over another table with the same columns; nothing where it needs more than those."""
    schema = at.service.schema(at.release)
    if answer.question.words or any(column.name == VINTAGE for column in schema.columns):
        return ""
    return sql(at.compiled(answer.question, limit=enough(lines)), table=table, pretty=pretty)


def command(at: Asked, answer: Result, shared: Sharing) -> str:
    """Return the one command that computes the answer again."""
    lines = len(answer.summary.groups) if answer.summary else answer.matching
    text = _sql(at, answer, lines=lines, table=exp.alias_(exp.to_table("data"), ROWS, table=True))
    if not text:
        return f'curl "{shared.json}"'
    return f"cupola data query {at.release.dataset} {shell(text)} --version {at.release.version}"
