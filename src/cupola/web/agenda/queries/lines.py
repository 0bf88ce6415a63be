"""Lines of budget books, from a dataset of the city that has the columns such books have."""

from typing import Any

from sqlglot import exp

from cupola.savings import cents
from cupola.savings.incubation import BookLine
from cupola.web.data.models import Dataset
from cupola.web.data.queries import lake

WANTED = ("fiscal_year", "grant", "previous_year", "anticipated", "carryover", "year_total")
CODES = ("fund_code", "appropriation_authority")


def book_lines(key: str, code: str) -> tuple[BookLine, ...]:
    """Return the lines of a released dataset of budget books that carry a code, and one empty line for every book.

    The dataset has the columns WANTED and CODES, as `examples/chicago` has them. Nothing where it is not released, not
    loaded, or has other columns.
    """
    found = Dataset.objects.filter(key=key, released=True, retired_on=None).first()
    if found is None or not found.shows_rows:
        return ()
    names = {column["name"] for column in found.definition.get("columns", ())}
    version = found.versions.filter(released_at__isnull=False, recalled_at=None).order_by("-number").first()
    if version is None or not {*WANTED, *CODES} <= names:
        return ()
    held = lake().version(key, number=version.number)
    rows = lake().query(
        exp.select(*(exp.column(name) for name in (*WANTED, *CODES))).from_("data"), inputs={"data": held}
    )
    every = [_line(row) for row in rows.to_pylist()]
    books = tuple(BookLine(year, (), "") for year in sorted({line.year for line in every}))
    return (*(line for line in every if code in line.codes), *books)


def _line(row: dict[str, Any]) -> BookLine:
    amounts = [None if row[name] is None else cents(row[name]) for name in WANTED[2:]]
    return BookLine(int(row["fiscal_year"]), tuple(str(row[name]) for name in CODES), str(row["grant"]), *amounts)
