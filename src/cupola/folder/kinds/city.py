"""The kind `city`: what the whole folder is about."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from cupola.folder.kinds.agenda import AGENDA_KINDS
from cupola.folder.kinds.agenda.fields import RetentionFields
from cupola.folder.kinds.record import Fields, Kind, Record, texts_of
from cupola.folder.kinds.values import (
    Count,
    Currency,
    Day,
    FilledText,
    Language,
    MonthDay,
    Partial,
    Several,
    Share,
    Text,
    Url,
    Zone,
)
from cupola.folder.problems import Finding, did_you_mean, listed, show
from cupola.periods import FiscalYears, NotADate, parse_day

SCHEDULED = tuple(kind.name for kind in AGENDA_KINDS)


class Population(Fields):
    """How many people live in the city, when, and who counted."""

    value: Count = Field(description="Number of residents.", examples=[2746388])
    on: Partial = Field(description="The day, month or year it speaks for.", examples=["2020-04-01"])
    source: FilledText = Field(description="Who counted or estimated it.", examples=["2020 decennial census"])


class PayData(Fields):
    """Why pay data is public in this city."""

    basis: FilledText = Field(
        description="The law that makes pay data public, cited in words.",
        examples=["Illinois Freedom of Information Act, 5 ILCS 140/2.5"],
    )
    url: Url | None = Field(None, description="Where the law can be read.", examples=["https://www.ilga.gov/"])


class SavingsLedger(Fields):
    """What the savings ledger asks of every claim alike."""

    first_year: Count = Field(description="First fiscal year it covers.", examples=[2024])
    last_year: Count = Field(description="Last fiscal year it covers.", examples=[2030])
    longest_years: Count = Field(5, description="Most years a recurring saving is counted for.", examples=[5])
    discount_rate: Share = Field(0.035, description="Yearly rate by which later money counts less.", examples=[0.03])


class BudgetCalendar(Fields):
    """By when a position of the next budget must be asked for."""

    filing_days: Count = Field(
        description="Days before the fiscal year by which position requests are filed.", examples=[150]
    )
    filed: dict[FilledText, Day] = Field(
        default_factory=dict, description="The day itself, for the fiscal years where it is known."
    )
    civil_service_days: Count = Field(
        0, description="Days from a request to a post that can be filled.", examples=[120]
    )


class CityRecord(Record):
    """The city: its government, calendar, currency and languages."""

    name: FilledText = Field(description="Name as people write it.", examples=["Chicago"])
    form_of_government: Text = Field("", description="Form of government.", examples=["mayor-council"])
    executive_title: Text = Field("Mayor", description="Title of the chief executive.", examples=["City Manager"])
    elections: Annotated[tuple[Day, ...], Several] = Field(
        (), description="Days of the chief executive's elections, past and coming.", examples=[["2023-02-28"]]
    )
    inaugurations: Annotated[tuple[Day, ...], Several] = Field(
        (), description="Days on which a chief executive takes office.", examples=[["2023-05-15"]]
    )
    time_zone: Zone = Field(description="Time zone of every local time in the data.", examples=["America/Chicago"])
    fiscal_year_start: MonthDay = Field("01-01", description="First day of the fiscal year.", examples=["07-01"])
    currency: Currency = Field("USD", description="Currency of every amount of money.", examples=["USD"])
    languages: Annotated[tuple[Language, ...], Several] = Field(
        ("en",), description="Languages the city publishes in, the main one first.", examples=[["en", "es"]]
    )
    population: Population | None = Field(None, description="How many people live there.")
    pay_data: PayData | None = Field(None, description="Legal basis of publishing pay data.")
    savings_ledger: SavingsLedger | None = Field(None, description="What the savings ledger asks of every claim.")
    budget_calendar: BudgetCalendar | None = Field(None, description="When positions must be asked for.")
    records_schedule: dict[FilledText, RetentionFields] = Field(
        default_factory=dict, description="How long the city keeps its records of the agenda, by kind of document."
    )
    website: Url | None = Field(None, description="The city's own site.", examples=["https://www.chicago.gov"])
    contact: Text = Field(
        "", description="Where questions about its data go, as an e-mail address.", examples=["opendata@example.gov"]
    )
    license: Text = Field("", description="Terms of every dataset that names none.", examples=["CC0 1.0"])

    def fiscal_years(self) -> FiscalYears:
        """Return the fiscal calendar."""
        return FiscalYears.parse(self.fiscal_year_start)


class City(Kind):
    """The kind `city`."""

    name = "city"
    model = CityRecord
    single = True
    says = "The city itself. One per folder, in `city.yaml`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield mistakes in the calendar (days listed twice, an inauguration before any election) and the schedule."""
        schedule = data.get("records_schedule")
        for kind in schedule if isinstance(schedule, Mapping) else ():
            if str(kind) not in SCHEDULED:
                remedy = did_you_mean(str(kind), SCHEDULED, otherwise=f"the kinds are {listed(SCHEDULED)}")
                yield Finding(
                    ("records_schedule", str(kind)), str(kind), f"{show(str(kind))} is no kind of record", remedy
                )
        elections = _days(data, "elections")
        inaugurations = _days(data, "inaugurations")
        for days in (elections, inaugurations):
            yield from _twice(days)
        first = min((day for _, day in elections), default=None)
        for path, day in inaugurations:
            if first is not None and day <= first:
                message = f"'{day}' is not after an election: the first one listed is on {first}"
                yield Finding(path, str(day), message, "list the election that led to it under 'elections:'")


def _days(data: Mapping[str, Any], name: str) -> list[tuple[tuple[str | int, ...], date]]:
    found = []
    for path, text in texts_of(data, name):
        try:
            found.append((path, parse_day(text)))
        except NotADate:
            continue  # the field's own type reports it
    return found


def _twice(days: list[tuple[tuple[str | int, ...], date]]) -> Iterator[Finding]:
    seen: set[date] = set()
    for path, day in days:
        if day in seen:
            yield Finding(path, str(day), f"'{day}' is listed twice", "keep one of the two")
        seen.add(day)
