"""The kinds `scenario` and `counsel`: a chart and what it would become, and what counsel says that takes."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from cupola.folder.kinds.record import Fields, Kind, Record, Reference, items_of, text_of
from cupola.folder.kinds.values import Count, Day, FilledText, OneOrMore, Partial, Says, Several, Slug, Text, one_of
from cupola.folder.problems import Finding
from cupola.orgchart.edits import EditKind
from cupola.orgchart.scenarios import Instrument

MOST_YEARS = 10


def _choice(noun: str, choices: tuple[str, ...]) -> Any:
    return Annotated[str, one_of(noun, choices), Says(" \\| ".join(f"`{text}`" for text in choices if text))]


def _edits() -> Any:
    item: Any = _choice("an edit", tuple(EditKind))
    return Annotated[tuple[item, ...], OneOrMore]


class NeedFields(Fields):
    """One instrument an edit needs."""

    instrument: _choice("an instrument", tuple(Instrument)) = Field(  # type: ignore[valid-type]
        description="By what the edit is made.", examples=["ordinance"]
    )
    decides: Text = Field("", description="Who decides.", examples=["The city council"])
    lead_days: Count | None = Field(None, description="Days from the decision until it holds.", examples=[90])
    source: Text = Field("", description="The law, rule or agreement that says so.", examples=["Municipal Code 2-24"])


class CounselRecord(Record):
    """What the city's lawyers answered, on a day, that edits of a chart need here."""

    title: FilledText = Field(description="What was asked.", examples=["What does merging two departments take?"])
    edits: _edits() = Field(description="Edits it is about.", examples=[["merged"]])  # type: ignore[valid-type]
    of: _choice("what an edit is of", ("", "office", "post")) = Field(  # type: ignore[valid-type]
        "", description="Edits of offices or of posts; left out: of both.", examples=["office"]
    )
    subjects: Annotated[tuple[Slug, ...], OneOrMore] = Field(
        (), description="Only these offices or posts, by key; left out: all.", examples=[["doit"]]
    )
    needs: Annotated[tuple[NeedFields, ...], Several] = Field(
        (), description="The instruments, in the order they are used; left out: nothing is needed."
    )
    says: Text = Field("", description="The answer in words.", examples=["The code names both departments."])
    by: FilledText = Field(description="Who answered.", examples=["Law department"])
    on: Day = Field(description="The day of the answer.", examples=["2026-11-20"])


class ScenarioStartFields(Fields):
    """From which budget year something is as the scenario has it."""

    subject: Slug = Field(description="Key of the office or post.", examples=["chief-data-officer"])
    year: Count = Field(description="The budget year.", examples=[2028])


class ScenarioPayFields(Fields):
    """What a post costs in a year."""

    post: Slug = Field(description="Key of the post.", examples=["chief-data-officer"])
    amount: Count = Field(description="Cost of a year with benefits.", examples=[210000])
    source: FilledText = Field(description="Where the amount is from.", examples=["Salary ordinance, grade 21"])


class OneOffFields(Fields):
    """A cost that comes once."""

    says: FilledText = Field(description="What it is for.", examples=["Moving two server rooms"])
    amount: Count = Field(description="In the city's currency.", examples=[400000])
    year: Count = Field(description="The budget year.", examples=[2027])
    fund: Text = Field("", description="Who pays.", examples=["general_fund"])
    source: FilledText = Field(description="Where the amount is from.", examples=["Quote of 3 March 2026"])


class ScenarioRecord(Record):
    """A chart and a template, a branch, another government or another day to compare it with."""

    title: FilledText = Field(description="What it is about.", examples=["Technology as a department of its own"])
    question: Text = Field("", description="What is asked.", examples=["What would it take?"])
    answer: Text = Field("", description="The answer, in words.")
    of: Slug = Field(description="Key of the structure it starts from.", examples=["chicago"])
    of_on: Partial | None = Field(None, description="On which day. Left out: today.", examples=["2019-12-31"])
    to: Slug = Field(description="Key of a template, a branch or a government.", examples=["three-themes"])
    to_on: Partial | None = Field(None, description="On which day. Left out: as the other.", examples=["2020-12-31"])
    decided: Day | None = Field(
        None, description="The day it is decided. Left out: the chart's.", examples=["2027-01-15"]
    )
    years: Count = Field(3, description="How many budget years it is looked at.", examples=[5])
    starts: Annotated[tuple[ScenarioStartFields, ...], Several] = Field((), description="What begins later, and when.")
    pay: Annotated[tuple[ScenarioPayFields, ...], Several] = Field((), description="What posts cost.")
    one_off: Annotated[tuple[OneOffFields, ...], Several] = Field((), description="What it costs once.")
    plan: Slug | None = Field(None, description="Key of the staffing plan that leads there.", examples=["the-merger"])
    facts: Annotated[tuple[FilledText, ...], Several] = Field((), description="What a source says, with the source.")
    assumed: Annotated[tuple[FilledText, ...], Several] = Field((), description="What nobody says, chosen here.")


class Counsel(Kind):
    """The kind `counsel`."""

    name = "counsel"
    model = CounselRecord
    folder = "counsel"
    says = "An answer of the city's lawyers about what edits of the chart need. One file each, in `counsel/`."


class Scenario(Kind):
    """The kind `scenario`."""

    name = "scenario"
    model = ScenarioRecord
    folder = "plans"
    says = "A chart and what it would become: edits, instruments, cost by fund and year. One file each, in `plans/`."

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield the staffing plan."""
        if text_of(data, "plan"):
            yield Reference(("plan",), "plan", text_of(data, "plan"))

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield too many years, and what is said twice of one office or post."""
        years = getattr(data.get("years"), "value", data.get("years"))
        if isinstance(years, int) and not 1 <= years <= MOST_YEARS:
            yield Finding(("years",), str(years), f"{years} years cannot be looked at", f"write 1 to {MOST_YEARS}")
        for group, name in (("starts", "subject"), ("pay", "post")):
            seen: set[str] = set()
            for path, item in items_of(data, group):
                key = text_of(item, name)
                if key and key in seen:
                    yield Finding((*path, name), key, f"'{key}' is there twice", "keep one of the two")
                seen.add(key)
