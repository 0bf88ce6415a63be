"""The kinds `roster` and `budget`: datasets read as posts and as money, and what people settled about their names."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from cupola.folder.kinds.city import Population
from cupola.folder.kinds.record import Fields, Kind, Record, Reference, is_nothing, items_of, text_of
from cupola.folder.kinds.values import (
    Day,
    FilledText,
    OneOrMore,
    Partial,
    Says,
    Several,
    Share,
    Slug,
    Text,
    Truth,
    one_of,
)
from cupola.folder.problems import FieldPath, Finding, did_you_mean, listed
from cupola.orgchart.rosters import BudgetColumns, RosterColumns
from cupola.orgchart.titles import Group, Level

_ROSTER_ROLES = tuple(RosterColumns.__dataclass_fields__)
_BUDGET_ROLES = tuple(BudgetColumns.__dataclass_fields__)


def _choice(noun: str, choices: type[Any] | tuple[str, ...]) -> Any:
    texts = tuple(str(choice) for choice in choices)
    return Annotated[str, one_of(noun, texts), Says(" \\| ".join(f"`{text}`" for text in texts))]


def _functions() -> Any:
    item: Any = _choice("a function", Group)
    return Annotated[tuple[item, ...], OneOrMore]


class RosterColumnFields(Fields):
    """Which column of the dataset means what. What is left out is told from the columns' names."""

    department: Text = Field("", description="The department a post belongs to.", examples=["department"])
    title: Text = Field("", description="The title of the post.", examples=["title"])
    unit: Text = Field("", description="The division within the department.", examples=["division"])
    annual: Text = Field("", description="Pay of a year.", examples=["annual_salary"])
    hourly: Text = Field("", description="Pay of an hour.", examples=["hourly_rate"])
    hours: Text = Field("", description="Usual hours a week.", examples=["typical_hours"])
    basis: Text = Field("", description="Full or part time; values begin with F or P.", examples=["full_or_part_time"])
    fte: Text = Field("", description="Full-time equivalents.", examples=["fte"])
    posts: Text = Field("", description="How many posts a row stands for.", examples=["total"])
    earned: Text = Field("", description="What was paid out in the year.", examples=["total_gross"])
    fund: Text = Field("", description="The fund that pays.", examples=["fund"])
    period: Text = Field("", description="The year or day a row speaks for.", examples=["fiscal_year"])


class BudgetColumnFields(Fields):
    """Which column of the dataset means what. What is left out is told from the columns' names."""

    department: Text = Field("", description="The department.", examples=["department"])
    account: Text = Field("", description="What the money is for.", examples=["account"])
    amount: Text = Field("", description="The amount.", examples=["amount"])
    fund: Text = Field("", description="The fund it comes from.", examples=["fund"])
    program: Text = Field("", description="The program within the department.", examples=["program"])
    period: Text = Field("", description="The budget year.", examples=["fiscal_year"])


class WhereFields(Fields):
    """Rows that count."""

    column: FilledText = Field(description="A column.", examples=["fund"])
    values: Annotated[tuple[FilledText, ...], OneOrMore] = Field(
        description="Its values that count.", examples=[["Total"]]
    )


class OfficeNameFields(Fields):
    """A department of the dataset that is an office of the chart."""

    name: FilledText = Field(description="The department, as the dataset writes it.", examples=["DoIT"])
    office: Slug = Field(
        description="Key of the office in the city's structure.", examples=["department-of-technology"]
    )
    since: Partial | None = Field(None, description="From when the name means this office.", examples=["2011"])
    until: Partial | None = Field(None, description="Until when.", examples=["2020-01-01"])
    note: Text = Field("", description="What a reader should know.", examples=["Merged into another department."])
    reason: Text = Field("", description="Why it is this office.", examples=["The budget calls it so."])
    by: Text = Field("", description="Who decided.", examples=["Ada Lovelace"])
    on: Day | None = Field(None, description="When.", examples=["2026-11-20"])


class SettledTitleFields(Fields):
    """What a person decided a title is about."""

    title: FilledText = Field(description="The title, as the dataset writes it.", examples=["DIR OF SYSTEMS"])
    department: Text = Field("", description="Only in this department. Left out: in all.", examples=["POLICE"])
    functions: _functions() = Field(  # type: ignore[valid-type]
        description="What its holder does.", examples=[["applications"]]
    )
    level: _choice("a level", ("", *Level)) = Field(  # type: ignore[valid-type]
        "", description="How high it stands; left out, as its words say.", examples=["director"]
    )
    reason: Text = Field("", description="Why.", examples=["Runs the payroll system."])
    by: Text = Field("", description="Who decided.", examples=["Ada Lovelace"])
    on: Day | None = Field(None, description="When.", examples=["2026-11-20"])


class SettledAccountFields(Fields):
    """What a person decided an account buys."""

    account: FilledText = Field(description="The account, as the dataset writes it.", examples=["Reserve Balance"])
    purpose: Slug = Field(description="What it buys, in one word.", examples=["software"])
    technology: Truth = Field(False, description="Whether it is technology.", examples=[True])
    reason: Text = Field("", description="Why.", examples=["Pays for the permit system."])
    by: Text = Field("", description="Who decided.", examples=["Ada Lovelace"])
    on: Day | None = Field(None, description="When.", examples=["2026-11-20"])


class GovernmentFields(Fields):
    """The government a dataset is of, where it is another city's."""

    name: FilledText = Field(description="Its name.", examples=["Boston"])
    population: Population | None = Field(None, description="How many people live there.")


class BenefitsFields(Fields):
    """What a post costs beyond its pay."""

    share: Share = Field(description="As a share of pay.", examples=[0.42])
    source: FilledText = Field(description="Where the share is from.", examples=["Budget overview, page 30"])


class RosterRecord(Record):
    """A roster: which dataset, what its columns mean, and what was settled about its titles."""

    dataset: Slug = Field(description="The dataset with one row for a post or person.", examples=["employees"])
    government: GovernmentFields | None = Field(None, description="Another city's. Left out: this city's.")
    pay: _choice("a kind of pay", ("rate", "budgeted", "earned")) = Field(  # type: ignore[valid-type]
        "rate", description="What the pay is: a rate, a budgeted salary, or what was earned.", examples=["budgeted"]
    )
    columns: RosterColumnFields | None = Field(None, description="Which column means what.")
    where: Annotated[tuple[WhereFields, ...], Several] = Field((), description="Only these rows count.")
    benefits: BenefitsFields | None = Field(None, description="What a post costs beyond its pay.")
    offices: Annotated[tuple[OfficeNameFields, ...], Several] = Field((), description="Departments that are offices.")
    titles: Annotated[tuple[SettledTitleFields, ...], Several] = Field((), description="Titles people settled.")
    notes: Annotated[tuple[FilledText, ...], Several] = Field((), description="What a reader should know.")


class BudgetRecord(Record):
    """A budget: which dataset, what its columns mean, and what was settled about its accounts."""

    dataset: Slug = Field(description="The dataset with one row for an account.", examples=["budget-accounts"])
    government: GovernmentFields | None = Field(None, description="Another city's. Left out: this city's.")
    stage: _choice("a stage", ("adopted", "recommended", "spent", "grants")) = Field(  # type: ignore[valid-type]
        "adopted",
        description="What the amounts are; `grants`: money others give, one account for a grant.",
        examples=["recommended"],
    )
    columns: BudgetColumnFields | None = Field(None, description="Which column means what.")
    where: Annotated[tuple[WhereFields, ...], Several] = Field((), description="Only these rows count.")
    offices: Annotated[tuple[OfficeNameFields, ...], Several] = Field((), description="Departments that are offices.")
    accounts: Annotated[tuple[SettledAccountFields, ...], Several] = Field((), description="Accounts people settled.")
    notes: Annotated[tuple[FilledText, ...], Several] = Field((), description="What a reader should know.")


class _OfDataset(Kind):
    """What both kinds share: they name a dataset and columns of it."""

    folder = "plans"
    roles: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield the dataset and every column that is named."""
        dataset = text_of(data, "dataset")
        if not dataset:
            return
        yield Reference(("dataset",), "dataset", dataset)
        columns = data.get("columns")
        for role in self.roles if isinstance(columns, Mapping) else ():
            column = text_of(columns, role)
            if column and column != "vintage":
                path: FieldPath = ("columns", role)
                yield Reference(path, "dataset", dataset, column_path=path, column=column)
        for path, item in items_of(data, "where"):
            if text_of(item, "column"):
                full = (*path, "column")
                yield Reference(full, "dataset", dataset, column_path=full, column=text_of(item, "column"))

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield roles that do not exist, and names settled twice."""
        columns = data.get("columns")
        for name in columns if isinstance(columns, Mapping) else ():
            if name not in self.roles:
                remedy = did_you_mean(str(name), self.roles, otherwise=f"write one of {listed(self.roles, most=20)}")
                yield Finding(("columns", str(name)), str(name), f"'{name}' is not a column a {self.name} has", remedy)
        yield from _twice(data, "offices", ("name", "since"))
        yield from _twice(data, "titles", ("title", "department"))
        yield from _twice(data, "accounts", ("account",))


class Roster(_OfDataset):
    """The kind `roster`."""

    name = "roster"
    model = RosterRecord
    roles = _ROSTER_ROLES
    says = "A dataset read as posts: its departments, titles and pay. One file each, in `plans/`."


class Budget(_OfDataset):
    """The kind `budget`."""

    name = "budget"
    model = BudgetRecord
    roles = _BUDGET_ROLES
    says = "A dataset read as a budget: its departments, accounts and amounts. One file each, in `plans/`."


def _twice(data: Mapping[str, Any], group: str, names: tuple[str, ...]) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for path, item in items_of(data, group):
        key = tuple(text_of(item, name).casefold() for name in names)
        if key in seen and not is_nothing(item.get(names[0])):
            said = text_of(item, names[0])
            yield Finding((*path, names[0]), said, f"'{said}' is settled twice", "keep one of the two")
        seen.add(key)
