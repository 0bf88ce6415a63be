"""The rules of the UK government's organogram files, in our words: what each cell of a post may hold.

Source: the published template and its checker (github.com/datagovuk/organograms), read as a specification.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

SENIOR = (
    "Post Unique Reference",
    "Name",
    "Grade (or equivalent)",
    "Job Title",
    "Job/Team Function",
    "Parent Department",
    "Organisation",
    "Unit",
    "Contact Phone",
    "Contact E-mail",
    "Reports to Senior Post",
    "Salary Cost of Reports (£)",
    "FTE",
    "Actual Pay Floor (£)",
    "Actual Pay Ceiling (£)",
    "Total Pay (£)",
    "Professional/Occupational Group",
    "Notes",
    "Valid?",
)
JUNIOR = (
    "Parent Department",
    "Organisation",
    "Unit",
    "Reporting Senior Post",
    "Grade",
    "Payscale Minimum (£)",
    "Payscale Maximum (£)",
    "Generic Job Title",
    "Number of Posts in FTE",
    "Professional/Occupational Group",
)
GRADES = ("SCS4", "SCS3", "SCS2", "SCS1A", "SCS1", "OF-9", "OF-8", "OF-7", "OF-6")
PROFESSIONS = (
    "Communications",
    "Economics",
    "Finance",
    "Human Resources",
    "Information Technology",
    "Internal Audit",
    "Knowledge and Information Management (KIM)",
    "Law",
    "Medicine",
    "Military",
    "Operational Delivery",
    "Operational Research",
    "Other",
    "Planning",
    "Policy",
    "Procurement",
    "Programme and Project Management (PPM)",
    "Property and asset management",
    "Psychology",
    "Science and Engineering",
    "Social Research",
    "Statisticians",
    "Tax Professionals",
    "Veterinarian",
)
TOP = "XX"
NOT_IN_POST = "0"
VACANT, ELIMINATED = "Vacant", "Eliminated"
_OPEN_PAY = ("", "0", "N/A", "N/D")
_KEPT = ("", "N/A", "N/D")
_REFERENCE = re.compile(r"[0-9A-Za-z-]+")
_FTE = re.compile(r"\d+(\.\d{1,2})?", re.ASCII)
_WHOLE = re.compile(r"-?\d+", re.ASCII)

Row = Mapping[str, str]


@dataclass(frozen=True)
class Broken:
    """One rule broken in one cell. `rule`: its short name; `says`: what is wrong and what to write."""

    column: str
    rule: str
    says: str


def senior_cells(row: Row) -> Iterator[Broken]:
    """Yield the rules that the cells of one senior post break, its reporting line apart."""
    for check in _SENIOR_CHECKS:
        yield from check(row)


def junior_cells(row: Row) -> Iterator[Broken]:
    """Yield the rules that the cells of one group of junior posts break, its boss apart."""
    if not row["Reporting Senior Post"]:
        yield Broken(
            "Reporting Senior Post", "boss-missing", "Junior posts report to a senior post: write its reference."
        )
    fte = row["Number of Posts in FTE"]
    if not _FTE.fullmatch(fte) or float(fte) <= 0:
        yield Broken(
            "Number of Posts in FTE",
            "fte-positive",
            "Write how many full-time posts these are, above zero, with two decimals at most.",
        )
    for column in ("Payscale Minimum (£)", "Payscale Maximum (£)"):
        yield from _whole_or_kept(column, row[column])
    yield from _profession(row)


def _not_in_post(row: Row) -> bool:
    return row["Post Unique Reference"] == NOT_IN_POST


def _empty_post(row: Row) -> bool:
    return row["Name"].casefold() in {VACANT.casefold(), ELIMINATED.casefold()}


def _reference(row: Row) -> Iterator[Broken]:
    column = "Post Unique Reference"
    reference = row[column]
    if not reference:
        yield Broken(column, "reference-missing", "Every post needs a reference of its own.")
    elif re.search(r"\s", reference):
        yield Broken(column, "reference-space", "Write the reference without spaces.")
    elif TOP in reference.upper():
        yield Broken(column, "reference-xx", "XX stands for the top and cannot be part of a reference.")
    elif not _REFERENCE.fullmatch(reference):
        yield Broken(column, "reference-symbol", "Write letters, digits and dashes only.")


def _name(row: Row) -> Iterator[Broken]:
    name, pay = row["Name"], row["Total Pay (£)"]
    if _not_in_post(row):
        if name != "N/D":
            yield Broken("Name", "name-not-in-post", "Somebody paid but not in post, reference 0, is named N/D.")
    elif not name:
        yield Broken("Name", "name-missing", "Write a name, N/D, Vacant or Eliminated.")
    elif name == "N/A" and pay != "0":
        yield Broken("Name", "name-na", "N/A is only for somebody who is paid nothing.")
    elif name == "N/D" and pay not in _OPEN_PAY:
        yield Broken("Name", "name-nd", "Whoever's pay is disclosed is named.")


def _grade(row: Row) -> Iterator[Broken]:
    grade = row["Grade (or equivalent)"]
    if grade not in GRADES:
        rule = "grade-unknown" if grade else "grade-missing"
        yield Broken("Grade (or equivalent)", rule, f"Write one of {', '.join(GRADES)}.")


def _only_not_in_post(column: str, word: str, rule: str) -> Callable[[Row], Iterator[Broken]]:
    """Return a check of a cell that holds a word exactly when somebody is paid and not in post."""

    def check(row: Row) -> Iterator[Broken]:
        value = row[column]
        if not value and not _not_in_post(row):
            yield Broken(column, f"{rule}-missing", "It cannot be blank.")
        elif _not_in_post(row) and value.casefold() != word.casefold():
            yield Broken(column, f"{rule}-not-in-post", f"For somebody not in post, reference 0, write {word}.")
        elif not _not_in_post(row) and value.casefold() == word.casefold():
            yield Broken(column, f"{rule}-in-post", f"{word} is only for somebody not in post, reference 0.")

    return check


def _disclosed(row: Row) -> Iterator[Broken]:
    for column, rule in (("Organisation", "organisation"), ("Unit", "unit")):
        if row[column] in {"", "N/D"} and not (column == "Unit" and _not_in_post(row)):
            yield Broken(column, f"{rule}-disclosed", "It must be disclosed: write its name.")


def _contact(column: str, rule: str) -> Callable[[Row], Iterator[Broken]]:
    def check(row: Row) -> Iterator[Broken]:
        value, nobody = row[column], _not_in_post(row) or _empty_post(row)
        if not value:
            yield Broken(column, f"{rule}-missing", "It cannot be blank: write it, or N/A where nobody is in post.")
        elif nobody and value != "N/A":
            yield Broken(column, f"{rule}-of-nobody", "Nobody is in post: write N/A.")
        elif not nobody and value == "N/A":
            yield Broken(column, f"{rule}-of-somebody", "N/A is only for a post that nobody holds.")

    return check


def _boss(row: Row) -> Iterator[Broken]:
    if not row["Reports to Senior Post"]:
        yield Broken("Reports to Senior Post", "boss-missing", "Write the reference above it, or XX at the top.")


def _pay(row: Row) -> Iterator[Broken]:
    for column in ("Salary Cost of Reports (£)", "Actual Pay Floor (£)", "Actual Pay Ceiling (£)"):
        yield from _whole_or_kept(column, row[column])


def _whole_or_kept(column: str, value: str) -> Iterator[Broken]:
    if value not in _KEPT and not _WHOLE.fullmatch(value):
        yield Broken(column, "pay-whole", "Write whole pounds, N/A or N/D.")


def _profession(row: Row) -> Iterator[Broken]:
    value = row["Professional/Occupational Group"]
    if value and value.casefold() not in {one.casefold() for one in PROFESSIONS}:
        yield Broken("Professional/Occupational Group", "profession-unknown", "Write one of the professions, or Other.")


def _unit_in_post(row: Row) -> Iterator[Broken]:
    value = row["Unit"]
    if _not_in_post(row) and value != "N/A":
        yield Broken("Unit", "unit-not-in-post", "For somebody not in post, reference 0, write N/A.")
    elif not _not_in_post(row) and value == "N/A":
        yield Broken("Unit", "unit-in-post", "N/A is only for somebody not in post, reference 0.")


_SENIOR_CHECKS: tuple[Callable[[Row], Iterator[Broken]], ...] = (
    _reference,
    _name,
    _grade,
    _only_not_in_post("Job Title", "Not in post", "title"),
    _only_not_in_post("Job/Team Function", "N/A", "function"),
    _disclosed,
    _unit_in_post,
    _contact("Contact Phone", "phone"),
    _contact("Contact E-mail", "mail"),
    _boss,
    _pay,
    _profession,
)
