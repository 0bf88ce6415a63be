"""UK government organograms: a pair of CSV files, read, judged by every published rule, and written back normalised."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from cupola.errors import InvalidInput
from cupola.orgchart.facts import Fact, Line, Value
from cupola.orgchart.history import History
from cupola.orgchart.moments import Moment, Span
from cupola.orgchart.standards.organogramrules import (
    ELIMINATED,
    JUNIOR,
    NOT_IN_POST,
    SENIOR,
    TOP,
    VACANT,
    Broken,
    junior_cells,
    senior_cells,
)

PERSONAL = ("Name", "Contact Phone", "Contact E-mail", "Total Pay (£)")
_SHARED = tuple(  # what two holders of one post must have in common
    column
    for column in SENIOR
    if column not in {*PERSONAL, "Actual Pay Floor (£)", "Actual Pay Ceiling (£)", "Notes", "FTE", "Valid?"}
)
_MOST_LAYERS = 100
_NUMBERS = {
    "Salary Cost of Reports (£)",
    "Actual Pay Floor (£)",
    "Actual Pay Ceiling (£)",
    "Payscale Minimum (£)",
    "Payscale Maximum (£)",
}
_SAME = {"Grade": "Grade (or equivalent)"}  # files of 2011 and later ones differ
STRUCTURAL = frozenset({"top-missing", "boss-unknown", "boss-self", "boss-loop", "boss-deep"})


class NotAnOrganogram(InvalidInput):
    """The file lacks columns of an organogram."""

    def __init__(self, which: str, *, missing: Sequence[str]) -> None:
        self.which, self.missing = which, tuple(missing)
        super().__init__(f"The {which} file has no column {', '.join(missing)}. Give it the published headings.")


@dataclass(frozen=True)
class Fault:
    """One rule broken. `file`: `senior` or `junior`; `line`: the heading is line 1, and 0 means the whole file."""

    file: str
    line: int
    column: str
    rule: str
    value: str
    says: str

    def __str__(self) -> str:
        return f"{self.file} posts, line {self.line}, {self.column}: {self.value!r}. {self.says}"


@dataclass(frozen=True)
class Organogram:
    """Both files of one organisation on one day, cells stripped and numbers rounded, with every fault found.

    senior, junior: (line, row by column). The structure is broken when a fault is one of `STRUCTURAL`.
    """

    senior: tuple[tuple[int, Mapping[str, str]], ...]
    junior: tuple[tuple[int, Mapping[str, str]], ...]
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether every post hangs together up to the top."""
        return not any(fault.rule in STRUCTURAL and fault.file == "senior" for fault in self.faults)


def read_organogram(senior: str, junior: str | None = None) -> Organogram:
    """Read the texts of a senior and a junior CSV. Raises NotAnOrganogram."""
    posts = tuple(_rows(senior, SENIOR, which="senior"))
    groups = () if junior is None else tuple(_rows(junior, JUNIOR, which="junior"))
    faults = [_fault("senior", line, row, broken=broken) for line, row in posts for broken in senior_cells(row)]
    faults += _structure(posts)
    faults += [_fault("junior", line, row, broken=broken) for line, row in groups for broken in junior_cells(row)]
    faults += _juniors(posts, groups)
    return Organogram(posts, groups, tuple(sorted(faults, key=lambda fault: (fault.file != "senior", fault.line))))


def write_organogram(organogram: Organogram, *, personal: bool = False) -> tuple[str, str]:
    """Return the senior and the junior CSV, normalised: published columns, every cell quoted, total pay left blank.

    Without `personal`, names, phones and addresses of people are written as N/D.
    """
    seniors = []
    for _, row in organogram.senior:
        kept = {column: _withheld(value) for column, value in row.items() if column in PERSONAL}
        seniors.append({**row, **({} if personal else kept), "Total Pay (£)": ""})
    return _csv(seniors, SENIOR), _csv((row for _, row in organogram.junior), JUNIOR)


def history_of(organogram: Organogram, *, since: Moment, source: str) -> History:
    """Return the posts as a history that begins on the file's day. Names and contacts of people are not taken over.

    Junior posts become one post per row, with their full-time equivalents. Eliminated posts are left out, and of a job
    share the first row stands for the post.
    """
    subjects: dict[str, str] = {}
    facts: list[Fact] = []
    span = Span(since)
    for row in _live(organogram.senior):
        key = _post_key(row["Post Unique Reference"])
        if row["Post Unique Reference"] == NOT_IN_POST or key in subjects:
            continue
        office = _office(row, subjects, facts, span=span, source=source)
        subjects[key] = "post"
        said: dict[str, Value] = {"exists": True, "name": row["Job Title"], "works_in": office}
        said |= {"grade": row["Grade (or equivalent)"], "filled": row["Name"] != VACANT}
        if row["Reports to Senior Post"].upper() != TOP:
            said["reports_to"] = Line(_post_key(row["Reports to Senior Post"]))
        said |= _numbers(row, fte="FTE", cost="Actual Pay Floor (£)")
        facts += [Fact(key, name, value, span, sources=(source,)) for name, value in said.items()]
    for number, (_, row) in enumerate(organogram.junior, 1):
        key = f"junior-{number}"
        office = _office(row, subjects, facts, span=span, source=source)
        subjects[key] = "post"
        said = {"exists": True, "name": row["Generic Job Title"], "works_in": office, "grade": row["Grade"]}
        said |= {"reports_to": Line(_post_key(row["Reporting Senior Post"]))}
        said |= _numbers(row, fte="Number of Posts in FTE", cost="Payscale Minimum (£)")
        facts += [Fact(key, name, value, span, sources=(source,)) for name, value in said.items()]
    here = [fact for fact in facts if not isinstance(fact.value, Line) or fact.value.to in subjects]
    return History(subjects, tuple(here))


def _rows(text: str, columns: Sequence[str], *, which: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    head = [_SAME.get(name.strip(), name.strip()) if which == "senior" else name.strip() for name in next(reader, [])]
    places = {column: head.index(column) for column in columns if column in head}
    missing = [column for column in columns if column not in places and column not in {"Total Pay (£)", "Valid?"}]
    if missing:
        raise NotAnOrganogram(which, missing=missing)
    for cells in reader:
        found = {column: cells[place].strip() if place < len(cells) else "" for column, place in places.items()}
        row = {column: found.get(column, "") for column in columns}
        if any(row.values()):
            yield reader.line_num, {column: _normal(column, value) for column, value in row.items()}


def _normal(column: str, value: str) -> str:
    """Return a number rounded to the whole, a count with two decimals, a reference without a spreadsheet's `.0`."""
    number = _number(value)
    if number is None:
        return value
    if column in _NUMBERS:
        return str(number.quantize(Decimal(1), ROUND_HALF_UP))
    if column in {"FTE", "Number of Posts in FTE"} and number == number.quantize(Decimal("0.01")):
        return f"{number:.2f}"
    if column in {"Post Unique Reference", "Reports to Senior Post", "Reporting Senior Post"} and value.endswith(".0"):
        return value[:-2]
    return value


def _number(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _live(posts: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[Mapping[str, str]]:
    return (row for _, row in posts if row["Name"] != ELIMINATED)


def _structure(posts: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Fault]:
    """Yield what keeps the senior posts from hanging together."""
    live = [(line, row) for line, row in posts if row["Name"] != ELIMINATED]
    column = "Reports to Senior Post"
    bosses: dict[str, str] = {}
    seen: dict[str, Mapping[str, str]] = {}
    for line, row in live:
        reference = row["Post Unique Reference"]
        if reference in seen and reference != NOT_IN_POST and any(row[one] != seen[reference][one] for one in _SHARED):
            says = "Two posts share it and differ in more than who holds them. Give one another reference."
            yield Fault("senior", line, "Post Unique Reference", "reference-twice", reference, says)
        seen.setdefault(reference, row)
        bosses.setdefault(reference, row[column])
    if not any(boss.upper() == TOP for boss in bosses.values()):
        yield Fault("senior", 0, column, "top-missing", "", "No post reports to XX: mark the top post.")
    for line, row in live:
        reference, boss = row["Post Unique Reference"], row[column]
        if boss and boss.upper() != TOP and boss not in bosses:
            yield Fault("senior", line, column, "boss-unknown", boss, "No post has this reference.")
        elif boss and boss == reference and reference != NOT_IN_POST:
            yield Fault("senior", line, column, "boss-self", boss, "A post cannot report to itself.")
        else:
            yield from _climb(line, reference, bosses)


def _climb(line: int, reference: str, bosses: Mapping[str, str]) -> Iterator[Fault]:
    seen = {reference}
    boss = bosses.get(reference, "")
    while boss and boss.upper() != TOP and boss in bosses:
        if boss in seen:
            if boss == reference:  # told once for each post of the loop, not for those below it
                yield Fault(
                    "senior", line, "Reports to Senior Post", "boss-loop", reference, "It reports to itself in a loop."
                )
            return
        seen.add(boss)
        boss = bosses[boss]
    if len(seen) > _MOST_LAYERS:
        yield Fault("senior", line, "Reports to Senior Post", "boss-deep", reference, "The top is over 100 steps away.")


def _juniors(
    posts: Sequence[tuple[int, Mapping[str, str]]], groups: Sequence[tuple[int, Mapping[str, str]]]
) -> Iterator[Fault]:
    live = {row["Post Unique Reference"] for row in _live(posts)}
    gone = {row["Post Unique Reference"] for _, row in posts} - live
    for line, row in groups:
        boss = row["Reporting Senior Post"]
        if boss in gone:
            yield Fault("junior", line, "Reporting Senior Post", "boss-eliminated", boss, "That post is eliminated.")
        elif boss and boss not in live:
            yield Fault(
                "junior", line, "Reporting Senior Post", "boss-unknown", boss, "No senior post has this reference."
            )


def _fault(file: str, line: int, row: Mapping[str, str], *, broken: Broken) -> Fault:
    personal = file == "senior" and broken.column in PERSONAL and row[broken.column] not in {"", "N/A", "N/D"}
    return Fault(file, line, broken.column, broken.rule, "…" if personal else row[broken.column], broken.says)


def _withheld(value: str) -> str:
    return value if value in {"", "N/A", "N/D", VACANT, ELIMINATED} else "N/D"


def _csv(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow("" if column == "Total Pay (£)" else column for column in columns)
    for row in rows:
        writer.writerow(row[column] for column in columns)
    return out.getvalue()


def _post_key(reference: str) -> str:
    return f"post-{reference.casefold()}"


def _office(row: Mapping[str, str], subjects: dict[str, str], facts: list[Fact], *, span: Span, source: str) -> str:
    """Return the key of a row's unit, adding it and what it is part of where they are new."""
    names = [row["Parent Department"], row["Organisation"], row["Unit"]]
    path: list[str] = []
    above = ""
    for name in names:
        if not name or name in {"N/A", "N/D"} or (path and path[-1] == name):
            continue
        path.append(name)
        key = "office-" + " / ".join(path).casefold()
        if key not in subjects:
            subjects[key] = "office"
            said: dict[str, Value] = {"exists": True, "name": name, **({"part_of": above} if above else {})}
            facts += [Fact(key, what, value, span=span, sources=(source,)) for what, value in said.items()]
        above = key
    return above


def _numbers(row: Mapping[str, str], *, fte: str, cost: str) -> dict[str, Value]:
    found = {"fte": _number(row[fte]), "cost": _number(row[cost])}
    return {name: value for name, value in found.items() if value is not None}


def counts(organogram: Organogram) -> Counter[str]:
    """Return how often each rule is broken."""
    return Counter(fault.rule for fault in organogram.faults)
