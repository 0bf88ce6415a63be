"""The kinds `award` and `claim`: money that was given, and what is said to be saved."""

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
    one,
    refer,
)
from cupola.folder.kinds.record import Fields, Kind, Reference, items_of, text_of
from cupola.folder.kinds.values import Count, Currency, Day, FilledText, Several, Share, Slug, Text, Truth
from cupola.folder.problems import Finding, show
from cupola.savings import Counts, Method, Recurrence, Status
from cupola.savings import Kind as SavingKind

GIVERS = ("philanthropy", "federal", "state", "county", "private", "university", "city")
REVIEWS = ("gift", "conflict", "legal", "procurement")
AMENDMENTS = ("amount", "extension", "no_cost_extension", "scope")
COSTS = ("achieve", "running", "disposal")


class SponsorFields(Fields):
    """Who holds the money for the city, where it never enters the city's books."""

    name: FilledText = Field(description="Its name.", examples=["City Foundation"])
    fee: Share | None = Field(None, description="Share it keeps.", examples=[0.05])


class AcceptanceFields(Fields):
    """By which act the city took the money."""

    on: Day = Field(description="When.", examples=["2021-06-15"])
    by: FilledText = Field(description="Who.", examples=["City council"])
    act: Text = Field("", description="Number of the act.", examples=["Ordinance 2021-118"])


class ReviewFields(Fields):
    """A review before the money was taken: of the gift, of conflicts, of the law."""

    type_: one("a kind of review", REVIEWS) = Field(alias="type", description="Of what.", examples=["conflict"])  # type: ignore[valid-type]
    on: Day = Field(description="When.", examples=["2021-05-20"])
    by: FilledText = Field(description="Who.", examples=["Ethics office"])
    outcome: FilledText = Field(description="What came out.", examples=["No interest of a member of the council."])


class MatchFields(Fields):
    """What the city adds."""

    amount: Amount = Field(description="How much.", examples=[300000])
    in_kind: Truth = Field(False, description="In kind, not in cash.", examples=[True])
    source: Text = Field("", description="From which fund or whom.", examples=["General Fund"])


class AmendmentFields(Fields):
    """A change of the award."""

    type_: one("a kind of amendment", AMENDMENTS) = Field(  # type: ignore[valid-type]
        alias="type", description="What changed.", examples=["no_cost_extension"]
    )
    on: Day = Field(description="When.", examples=["2024-05-01"])
    amount: Amount | None = Field(None, description="The new total, where the amount changed.")
    until: Day | None = Field(None, description="The new end, where that changed.", examples=["2024-12-31"])
    reason: Text = Field("", description="Why.")


class DueFields(Fields):
    """What the funder is to get, and by when."""

    what: FilledText = Field(description="A deliverable or a report.", examples=["Yearly report 2023"])
    due: Day = Field(description="By when.", examples=["2024-09-30"])
    done: Day | None = Field(None, description="When it was sent.")
    is_report: Truth = Field(False, description="It is a report.", examples=[True])


class SpentFields(Fields):
    """What was spent of an award in a fiscal year."""

    year: Count = Field(description="Fiscal year.", examples=[2024])
    amount: Amount = Field(description="How much.", examples=[640000])


class PaidFields(Fields):
    """A post the award pays."""

    post: FilledText = Field(description="Key of the post.", examples=["p-inn2"])
    cost: Amount = Field(description="Its loaded yearly cost: salary, fringe, indirect.", examples=[131000])
    share: Share = Field(1.0, description="The award's share of it.", examples=[1.0])
    since: Day | None = Field(None, description="Since when.")
    until: Day | None = Field(None, description="First day on which the award no longer paid it.")
    converted: Day | None = Field(None, description="When it became a budgeted post.", examples=["2025-01-01"])


class AwardRecord(KeptRecord):
    """A funding award, with its whole life."""

    funder: FilledText = Field(description="Who gives it.", examples=["Hollis Foundation"])
    source: one("a kind of giver", GIVERS) = Field(description="What the giver is.", examples=["philanthropy"])  # type: ignore[valid-type]
    purpose: Text = Field("", description="What it is for.")
    initiatives: Keys = Field((), description="Keys of the initiatives it pays for.")
    office: Text = Field("", description="Key of the office that has it.")
    amount: Amount | None = Field(
        None, description="As first awarded; left out where nobody knows.", examples=[2700000]
    )
    currency: Currency = Field("USD", description="Of all amounts here.", examples=["USD"])
    awarded_on: Day | None = Field(None, description="Day of the award.", examples=["2021-05-01"])
    since: Day | None = Field(None, description="First day of the period.", examples=["2021-07-01"])
    until: Day | None = Field(None, description="First day after the period.", examples=["2024-07-01"])
    fund: Text = Field("", description="Code of the fund it is in.", examples=["500"])
    code: Text = Field("", description="Its code in the budget books.", examples=["0P71"])
    books: Text = Field("", description="Key of the dataset of budget books it is looked up in.", examples=["grants"])
    in_city_books: Truth = Field(True, description="The money enters the city's own books.", examples=[True])
    sponsor: SponsorFields | None = Field(None, description="Who holds it, where it does not.")
    acceptance: AcceptanceFields | None = Field(None, description="The act by which the city took it.")
    reviews: Annotated[tuple[ReviewFields, ...], Several, Alone] = Field((), description="Reviews before that.")
    restrictions: Texts = Field((), description="What it may not pay for.")
    match: MatchFields | None = Field(None, description="What the city adds.")
    indirect: Share | None = Field(None, description="Rate of indirect cost.", examples=[0.15])
    amendments: Annotated[tuple[AmendmentFields, ...], Several, Alone] = Field((), description="Changes, oldest first.")
    due: Annotated[tuple[DueFields, ...], Several, Alone] = Field((), description="Deliverables and reports.")
    spending: Annotated[tuple[SpentFields, ...], Several, Alone] = Field((), description="What was spent, by year.")
    posts: Annotated[tuple[PaidFields, ...], Several, Alone] = Field((), description="Posts it pays.")
    converts_to: Text = Field("", description="Fund that is to pay the posts afterwards.", examples=["100"])
    reserve: Amount = Field(0, description="What may bridge a gap.", examples=[100000])
    renewal: Share = Field(0.0, description="Chance that it goes on, as the office judges it.", examples=[0.2])
    funder_id: Text = Field("", description="The funder's identifier.", examples=["US-EIN-00-0000000"])
    original: Text = Field("", description="The grant as it was imported, 360Giving JSON in one line. Leave it.")


class EvaluatedFields(Fields):
    """That the quantity is computed from an evaluation: its effect, times what one whole unit of it is a year."""

    initiative: Slug = Field(description="Key of the initiative.", examples=["district-crews"])
    number: Count = Field(1, description="Which of its evaluations.", examples=[2])
    counts: one("a direction", Counts) = Field(  # type: ignore[valid-type]
        description="Whether it saves that the outcome falls, or that it rises.", examples=["fall"]
    )
    times: Amount | None = Field(
        None,
        description="What one whole unit of the effect is a year, in the claim's unit: of a relative effect the yearly "
        "quantity before; of a share what a share of 1 is. Left out: the value of the baseline.",
        examples=[14800],
    )
    because: Text = Field(
        "", description="Why the quantity follows the outcome.", examples=["Each call is one letter."]
    )


class QuantityFields(Fields):
    """How much changed in a full year: figures, or the evaluation they are computed from."""

    name: FilledText = Field(description="What is counted.", examples=["Letters printed"])
    unit: FilledText = Field(description="Of what.", examples=["letter"])
    value: Amount | None = Field(None, description="The estimate. A saving counts upward.", examples=[12000])
    low: Amount | None = Field(None, description="Lower bound of the interval.", examples=[9000])
    high: Amount | None = Field(None, description="Upper bound.", examples=[15000])
    level: Share = Field(0.8, description="What the interval covers.", examples=[0.8])
    evaluation: EvaluatedFields | None = Field(None, description="What it is computed from, in place of figures.")


class PriceFields(Fields):
    """What one unit costs."""

    amount: Amount = Field(description="Price of one unit.", examples=[0.85])
    source: Text = Field("", description="Where it is from.", examples=["Contract with the print shop, 2025"])
    year: Count | None = Field(None, description="Fiscal year of the price.", examples=[2025])


class CostFields(Fields):
    """What it took."""

    year: Count = Field(description="Fiscal year.", examples=[2025])
    amount: Amount = Field(description="How much.", examples=[2000])
    what: Text = Field("", description="For what.", examples=["Migration"])
    kind: one("a kind of cost", COSTS) = Field("achieve", description="What kind.", examples=["disposal"])  # type: ignore[valid-type]


class BaselineFields(Fields):
    """What it was before."""

    since: Day | None = Field(None, description="First day.", examples=["2022-07-01"])
    until: Day | None = Field(None, description="First day after it.", examples=["2023-07-01"])
    value: Amount | None = Field(None, description="The value then, a year.", examples=[30000])


class ProofFields(Fields):
    """Where the quantity comes from."""

    measure: Text = Field("", description="Key of the measure.", examples=["letters-printed"])
    version: Text = Field("", description="Dataset and version it was read with.", examples=["print-jobs@4"])
    query: Text = Field("", description="Hash of the query.", examples=["sha256:ab12"])
    method: one("a method", Method) = Field("none", description="What it was compared with.", examples=["trial"])  # type: ignore[valid-type]
    run: Text = Field("", description="Key of the evaluation run.", examples=["online-forms-1"])


class StepFields(Fields):
    """That the claim became something."""

    status: one("a status", Status) = Field(description="What.", examples=["verified"])  # type: ignore[valid-type]
    on: Day = Field(description="When.", examples=["2025-10-01"])
    by: FilledText = Field(description="Office or post.", examples=["Budget office"])
    evidence: Text = Field("", description="On what ground.", examples=["Memo of 1 October 2025"])
    amount: Amount | None = Field(None, description="What was budgeted or realised.", examples=[9100])
    year: Count | None = Field(None, description="For which fiscal year.", examples=[2026])


class ClaimRecord(KeptRecord):
    """One row of the savings ledger. What is evidenced never changes: a new claim supersedes it."""

    initiative: Slug = Field(description="Key of the initiative.", examples=["online-forms"])
    type_: one("a kind of saving", SavingKind) | None = Field(  # type: ignore[valid-type]
        None, alias="type", description="What kind of saving it is.", examples=["cashable"]
    )
    definition: Text = Field("", description="What counts as saved.", examples=["Printing no longer paid"])
    recurrence: one("a recurrence", Recurrence) = Field(  # type: ignore[valid-type]
        "one_off", description="Whether it comes every year.", examples=["recurring"]
    )
    first_year: Count = Field(description="First fiscal year.", examples=[2025])
    last_year: Count | None = Field(None, description="Last fiscal year; left out: the first.", examples=[2027])
    quantity: QuantityFields = Field(description="How much changed in a full year.")
    price: PriceFields = Field(description="What one unit costs.")
    costs: Annotated[tuple[CostFields, ...], Several, Alone] = Field((), description="What it took.")
    no_costs: Truth = Field(False, description="It took nothing.", examples=[True])
    decay: Share = Field(0.0, description="Share lost each year.", examples=[0.1])
    deadweight: Share = Field(0.0, description="Share that would have come anyway.", examples=[0.2])
    displacement: Share = Field(0.0, description="Share that only moved elsewhere.", examples=[0.05])
    shares: dict[Slug, Amount] = Field(default_factory=dict, description="Shares of several claims, by key.")
    fund: Text = Field("", description="Code of the fund.", examples=["100"])
    line: Text = Field("", description="Budget line that gets smaller.", examples=["31-contractual-services"])
    posts_ended: Texts = Field((), description="Keys of posts whose money ended.")
    disposes: Text = Field("", description="What is given up.", examples=["the old server room"])
    announced: Amount | None = Field(None, description="What was announced, over all years.")
    decided_on: Day | None = Field(None, description="When the activity was first decided.")
    baseline: BaselineFields | None = Field(None, description="What it was before.")
    proof: ProofFields | None = Field(None, description="Where the quantity comes from.")
    supersedes: Text = Field("", description="Key of the claim it replaces.")
    steps: Annotated[tuple[StepFields, ...], Several, Alone] = Field((), description="How far it has come.")


class Award(Kind):
    """The kind `award`."""

    name = "award"
    model = AwardRecord
    folder = "agenda/awards"
    says = "Money given to the city for a purpose, with its whole life. In `agenda/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield wrong spans, amendments out of order or that change nothing, and money nobody holds."""
        yield from check_span(data)
        yield from check_order(data, "amendments")
        for path, change in items_of(data, "amendments"):
            wanted = "amount" if text_of(change, "type") == "amount" else "until"
            if text_of(change, "type") != "scope" and wanted not in change:
                message = f"it is of type {text_of(change, 'type')!r} and names no {wanted}"
                yield Finding((*path, wanted), None, message, f"write '{wanted}:' with what it became")
        for path, post in items_of(data, "posts"):
            yield from check_span(post, path)
        outside = getattr(data.get("in_city_books"), "value", data.get("in_city_books")) is False
        if outside and not data.get("sponsor"):
            message = "the money is not in the city's books and no sponsor is named"
            yield Finding(("sponsor",), None, message, "write 'sponsor: {name: ...}', or take 'in_city_books' out")

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield the initiatives, and the dataset of budget books."""
        yield from refer(data, "initiatives", "initiative")
        yield from refer(data, "books", "dataset")


class Claim(Kind):
    """The kind `claim`."""

    name = "claim"
    model = ClaimRecord
    folder = "agenda/savings"
    says = "One row of the savings ledger: what is said to be saved, counted how, checked by whom. In `agenda/`."

    def check(self, data: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield what cannot be; what merely does not count is a finding of the ledger, not of the folder."""
        yield from check_order(data, "steps")
        yield from check_span(data.get("baseline"), ("baseline",))
        yield from _quantity(data)
        if data.get("costs") and getattr(data.get("no_costs"), "value", data.get("no_costs")) is True:
            yield Finding(("no_costs",), True, "costs are listed, too", "take one of the two out")
        key = text_of(data, "key")
        if key and text_of(data, "supersedes") == key:
            yield Finding(("supersedes",), key, f"{show(key)} cannot replace itself", "name the claim it replaces")

    def references(self, data: Mapping[str, Any]) -> Iterator[Reference]:
        """Yield the initiative and the claim it replaces."""
        yield from refer(data, "initiative", "initiative")
        yield from refer(data, "supersedes", "claim")
        said = _mapping(_mapping(data.get("quantity")).get("evaluation"))
        if text_of(said, "initiative"):
            yield Reference(("quantity", "evaluation", "initiative"), "initiative", text_of(said, "initiative"))


def _quantity(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield quantities that are neither typed nor computed, or both, or computed from nothing."""
    quantity = _mapping(data.get("quantity"))
    said = _mapping(quantity.get("evaluation"))
    typed = [name for name in ("value", "low", "high") if name in quantity]
    if not quantity:
        return
    if not said and "value" not in quantity:
        yield Finding(("quantity", "value"), None, "it is missing", "write 'value', or 'evaluation' to compute it")
    if said and typed:
        message = f"{show(typed[0])} is typed beside the evaluation it is computed from"
        yield Finding(("quantity", typed[0]), None, message, "take one of the two out")
    if said and "times" not in said and "value" not in _mapping(data.get("baseline")):
        message = "nothing says what one whole unit of the effect is a year"
        yield Finding(("quantity", "evaluation", "times"), None, message, "write 'times', or 'value' under 'baseline'")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
