"""Which datasets a sheet is written for."""

from datetime import datetime

from cupola.web.data.models import Department
from cupola.web.data.queries.progress import inventory_lines
from cupola.web.data.queries.sheets.tables import Table, tables
from cupola.web.data.queries.stages import Stage

SHEET_ADVICE = (
    "Fill in the cells that are not shaded and give the file back: cupola data sheet --read FILE, or on the page of the"
    " inventory.",
    "Do not change the shaded cells, the headers or the hidden last column: they tell what each row is of.",
    "A row you leave as it is changes nothing, even if it was changed elsewhere meanwhile.",
)


def sheets_of(*, now: datetime, steward: str = "", department: str = "") -> tuple[Table, ...]:
    """Return the sheets of every dataset that is not retired, or of those of one steward or department."""
    lines = [one for one in inventory_lines(now=now) if one.standing.stage != Stage.RETIRED]
    chosen = [one for one in lines if steward in {"", one.steward} and department in {"", one.department}]
    departments = [one for one in Department.objects.filter(retired_on=None) if not steward]
    named = {department.casefold(), ""}
    kept = [one for one in departments if not department or one.name.casefold() in named]
    return tables(chosen, among=lines, departments=kept)
