"""The kinds `administration`, `priority`, `initiative` and `engagement`: what was promised, tried and decided."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from cupola.folder.kinds.agenda.fields import (
    Alone,
    Amount,
    KeptRecord,
    Keys,
    Texts,
    check_order,
    check_span,
    day_of,
    one,
    refer,
)
from cupola.folder.kinds.record import Fields, Kind, Reference, items_of, text_of
from cupola.folder.kinds.values import Count, Day, FilledText, Several, Slug, Text
from cupola.folder.problems import Finding, show

STAGES = ("explore", "pilot", "evaluate", "scale", "run", "stopped")
INITIATIVES = (
    "experiment", "digital_service", "procurement_reform", "challenge", "workshop", "consulting", "fellowship",
    "partnership", "data_project",
)  # fmt: skip
ENGAGEMENTS = ("workshop", "consulting", "challenge", "fellowship", "partnership", "training")
DIRECTIONS = ("up", "down", "either")


class TransitionFields(Fields):
    """The time in which one administration hands over to the next."""

    since: Day = Field(description="First day.", examples=["2025-11-05"])
    until: Day = Field(description="First day on which it is over.", examples=["2026-01-05"])


class AdministrationRecord(KeptRecord):
    """Who leads the city, and since when."""

    leader: FilledText = Field(description="Title, and the name of the elected official.", examples=["Mayor A. Doe"])
    since: Day = Field(description="First day in office.", examples=["2022-01-03"])
    until: Day | None = Field(None, description="First day on which it was over.", examples=["2026-01-05"])
    transition: TransitionFields | None = Field(None, description="When it took over.")


class AimFields(Fields):
    """The value a priority is to reach."""

    value: Amount = Field(description="The value, in the measure's unit.", examples=[0.9])
    on: Day = Field(description="By when.", examples=["2027-06-30"])


class PriorityRecord(KeptRecord):
    """What an administration wants to change. It is archived with its administration."""

    administration: Slug = Field(description="Key of the administration.", examples=["second-term"])
    since: Day = Field(description="Since when.", examples=["2022-03-01"])
    until: Day | None = Field(None, description="First day on which it no longer was one.")
    owner: Text = Field("", description="Key of the office that answers for it.", examples=["office-of-innovation"])
    outcome: FilledText = Field(description="What is to change, for whom.", examples=["Repairs come sooner."])
    measure: Text = Field("", description="Key of the measure that tells.", examples=["days-to-repair"])
    target: AimFields | None = Field(None, description="The value to reach.")


class StageFields(Fields):
    """One dated decision on an initiative."""

    stage: one("a stage", STAGES) = Field(description="What it became.", examples=["pilot"])  # type: ignore[valid-type]
    on: Day = Field(description="When.", examples=["2024-04-01"])
    by: FilledText = Field(description="Office or post that decided it.", examples=["Chief Innovation Officer"])
    reason: FilledText = Field(description="Why.", examples=["The estimate excludes no effect."])
    evidence: Text = Field("", description="On what ground: an estimate, a memo.", examples=["estimate faster-crews"])


class RegistrationFields(Fields):
    """What is fixed before the data: outcome, groups, window, method, stop rule. Later changes show as deviations."""

    on: Day = Field(description="Day on which it was fixed.", examples=["2024-03-15"])
    measure: FilledText = Field(description="Key of the measure.", examples=["days-to-repair"])
    question: FilledText = Field(description="What the data is to tell.", examples=["Do the new crews repair sooner?"])
    direction: one("a direction", DIRECTIONS) = Field(  # type: ignore[valid-type]
        "either", description="Which way the outcome should go.", examples=["down"]
    )
    dimension: Text = Field("", description="Column whose values are the groups.", examples=["ward"])
    treated: Texts = Field((), description="Groups that get it.", examples=[["2", "5", "7"]])
    starts: dict[str, Day] = Field(
        default_factory=dict,
        description="First day of each group, where they begin at different times; `began` is the earliest.",
        examples=[{"2": "2024-04-01", "5": "2024-07-01"}],
    )
    drawn: Text = Field(
        "",
        description="How chance decided which groups get it; a trial asks for it.",
        examples=["Lots drawn before the council on 4 March 2024"],
    )
    controls: Texts = Field((), description="Groups it is held against.", examples=[["1", "3", "4"]])
    since: Day = Field(description="First day of the data looked at.", examples=["2022-01-01"])
    began: Day = Field(description="First day on which it acts.", examples=["2024-04-01"])
    until: Day = Field(description="First day after the data looked at.", examples=["2025-04-01"])
    method: FilledText = Field(description="How it is estimated.", examples=["difference_in_differences"])
    stop: FilledText = Field(description="When it is stopped, and when the answer is final.")
    covariates: Texts = Field((), description="What is adjusted for.")


class TrackedFields(Fields):
    """What is counted where no effect can be claimed. That is a normal result."""

    reach: Count | None = Field(None, description="People or teams reached.", examples=[140])
    decisions: Texts = Field((), description="Decisions that were taken or changed.")
    follow_up: Texts = Field((), description="What was done with it afterwards.")


class CommitmentFields(Fields):
    """What was promised to somebody and is not done yet."""

    what: FilledText = Field(description="What.", examples=["Publish the results"])
    to: FilledText = Field(description="To whom.", examples=["City council"])
    due: Day = Field(description="By when.", examples=["2026-03-31"])
    done: Day | None = Field(None, description="When it was done.")


class ContractFields(Fields):
    """A contract an initiative depends on."""

    name: FilledText = Field(description="With whom, for what.", examples=["Form builder, yearly licence"])
    until: Day = Field(description="First day on which it is over.", examples=["2026-07-01"])
    amount: Amount | None = Field(None, description="Yearly amount.", examples=[48000])


class SpentFields(Fields):
    """What was spent in a fiscal year, from which fund."""

    year: Count = Field(description="Fiscal year.", examples=[2025])
    fund: FilledText = Field(description="Code of the fund.", examples=["100"])
    amount: Amount = Field(description="How much.", examples=[85000])
    award: Text = Field("", description="Key of the award that paid it.", examples=["aw-2201"])


class InitiativeRecord(KeptRecord):
    """Something that is tried: what, for which priority, by whom, judged by what, and what was decided."""

    priorities: Keys = Field((), description="Keys of the priorities it serves.", examples=[["faster-repairs"]])
    type_: one("a kind of initiative", INITIATIVES) = Field(  # type: ignore[valid-type]
        alias="type", description="What it is.", examples=["experiment"]
    )
    owner: FilledText = Field(description="Key of the office that answers for it.", examples=["office-of-innovation"])
    partners: Texts = Field((), description="Keys of offices that work along by a dotted line.")
    aim: FilledText = Field(description="What it is to change, in one sentence.")
    success: FilledText = Field(description="By what it is judged.", examples=["Median days fall by a fifth."])
    since: Day = Field(description="First day.", examples=["2024-03-01"])
    until: Day | None = Field(None, description="First day on which it was over.")
    places: Texts = Field((), description="Where it acts.", examples=[["Ward 2", "Ward 5"]])
    stages: Annotated[tuple[StageFields, ...], Several, Alone] = Field((), description="Dated decisions, oldest first.")
    registration: RegistrationFields | None = Field(None, description="What is fixed before the data.")
    tracked: TrackedFields | None = Field(None, description="What is counted where no effect is claimed.")
    spending: Annotated[tuple[SpentFields, ...], Several, Alone] = Field((), description="What was spent.")
    commitments: Annotated[tuple[CommitmentFields, ...], Several, Alone] = Field((), description="Open promises.")
    contracts: Annotated[tuple[ContractFields, ...], Several, Alone] = Field((), description="Contracts it needs.")


class HiredFields(Fields):
    """Fellows or guests who became staff."""

    on: Day = Field(description="When.", examples=["2024-07-01"])
    office: FilledText = Field(description="Key of the office that hired them.", examples=["department-of-technology"])
    count: Count = Field(1, description="How many.", examples=[3])
    fund: Text = Field("", description="Code of the fund that pays them.", examples=["100"])


class EngagementRecord(KeptRecord):
    """A workshop, a challenge, consulting, a fellowship or a partnership: who came, and what came of it."""

    type_: one("a kind of engagement", ENGAGEMENTS) = Field(  # type: ignore[valid-type]
        alias="type", description="What it is.", examples=["fellowship"]
    )
    initiatives: Keys = Field((), description="Keys of the initiatives it serves.", examples=[["online-forms"]])
    office: FilledText = Field(description="Key of the office that holds it.", examples=["office-of-innovation"])
    partner: Text = Field("", description="With whom.", examples=["State university"])
    since: Day = Field(description="First day.", examples=["2023-09-01"])
    until: Day | None = Field(None, description="First day on which it was over.")
    cohort: Text = Field("", description="Which round.", examples=["2023"])
    participants: Count | None = Field(None, description="How many took part.", examples=[8])
    tracked: TrackedFields | None = Field(None, description="What came of it.")
    hired: Annotated[tuple[HiredFields, ...], Several, Alone] = Field((), description="Who became staff, later.")


class Administration(Kind):
    """The kind `administration`."""

    name = "administration"
    model = AdministrationRecord
    folder = "agenda/administrations"
    says = "Who leads the city, and since when. In `agenda/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield spans that end before they begin."""
        yield from check_span(data)
        yield from check_span(data.get("transition"), ("transition",))


class Priority(Kind):
    """The kind `priority`."""

    name = "priority"
    model = PriorityRecord
    folder = "agenda/priorities"
    says = "What an administration wants to change, and by which measure one would see it. In `agenda/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield spans that end before they begin, and targets without a measure."""
        yield from check_span(data)
        if data.get("target") and not text_of(data, "measure"):
            yield Finding(("measure",), None, "a target is set and no measure is named", "write 'measure: its-key'")

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield the administration and the measure."""
        yield from refer(data, "administration", "administration")
        yield from refer(data, "measure", "measure")


class Initiative(Kind):
    """The kind `initiative`."""

    name = "initiative"
    model = InitiativeRecord
    folder = "agenda/initiatives"
    says = "Something that is tried: an experiment, a service, a reform, a challenge, a fellowship. In `agenda/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield wrong spans, decisions out of order, and a registration that does not hold together."""
        yield from check_span(data)
        yield from check_order(data, "stages")
        said = data.get("registration")
        if isinstance(said, Mapping):
            yield from check_span(said, ("registration",), since="since", until="began")
            yield from check_span(said, ("registration",), since="began", until="until")
            yield from _starts(said)
            both = sorted({*_texts(said, "treated")} & {*_texts(said, "controls")})
            for name in both:
                message = f"{show(name)} is both treated and a control"
                yield Finding(("registration", "controls"), name, message, "take it out of one of the two")
        for path, stage in items_of(data, "stages")[:-1]:
            if text_of(stage, "stage") == "stopped":
                message = "it was stopped, and more was decided after that"
                yield Finding((*path, "stage"), "stopped", message, "begin a new initiative for what came after")

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield priorities and the registered measure."""
        yield from refer(data, "priorities", "priority")
        said = data.get("registration")
        if isinstance(said, Mapping) and text_of(said, "measure"):
            yield Reference(("registration", "measure"), "measure", text_of(said, "measure"))


class Engagement(Kind):
    """The kind `engagement`."""

    name = "engagement"
    model = EngagementRecord
    folder = "agenda/engagements"
    says = "A workshop, a challenge, consulting, a fellowship or a partnership, and what came of it. In `agenda/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield spans that end before they begin."""
        yield from check_span(data)

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield the initiatives."""
        yield from refer(data, "initiatives", "initiative")


def _starts(said: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield starts of groups that are not treated, an earliest one that is not `began`, and trials nobody drew."""
    starts = said.get("starts")
    starts = {str(name): day for name, day in starts.items()} if isinstance(starts, Mapping) else {}
    treated = _texts(said, "treated")
    for name in starts:
        if name not in treated:
            message = f"{show(name)} begins and is not treated"
            yield Finding(("registration", "starts"), name, message, "name it under 'treated', or take it out")
    days = [day_of(starts, name) or day_of(said, "began") for name in {*starts, *treated}]
    if starts and all(days) and min(days) != day_of(said, "began"):
        message = f"the first group begins on {min(days)}"
        yield Finding(("registration", "began"), day_of(said, "began"), message, f"write 'began: {min(days)}'")
    if text_of(said, "method") == "trial" and not text_of(said, "drawn"):
        message = "a trial is one where chance decided, and nothing says how"
        yield Finding(("registration", "drawn"), None, message, "write 'drawn: how lots were drawn', or another method")


def _texts(data: Mapping[str, Any], name: str) -> list[str]:
    value = data.get(name)
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)] if value else []
