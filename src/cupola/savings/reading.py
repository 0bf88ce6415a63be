"""A claim from the fields of its document, and back from nothing: amounts in currency become whole cents."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from cupola.periods import parse_day
from cupola.savings.claim import Baseline, Claim, Cost, Price, Proof, Quantity, Step
from cupola.savings.evaluated import ZERO, Counts, Effect, Evaluated
from cupola.savings.vocabulary import Kind, Method, Recurrence, Status


def read_claim(
    fields: Mapping[str, Any],
    *,
    initiative_since: date | None = None,
    effect: Effect | None = None,
    kept: Collection[str] = (),
) -> Claim:
    """Return the claim that the canonical fields of a `claim` document describe.

    effect: what the evaluation found that the quantity is computed from, where the document names one. kept: keys of
    the initiatives that are evaluated here.
    """
    price, costs = fields["price"], fields.get("costs")
    return Claim(
        key=fields["key"],
        initiative=fields.get("initiative", ""),
        kind=Kind(fields["type"]) if fields.get("type") else None,
        definition=fields.get("definition", ""),
        recurrence=Recurrence(fields.get("recurrence", Recurrence.ONE_OFF)),
        first_year=fields["first_year"],
        last_year=fields.get("last_year") or fields["first_year"],
        quantity=_quantity(fields, effect),
        price=Price(cents(price["amount"]), price.get("source", ""), price.get("year")),
        costs=_costs(costs, nothing=bool(fields.get("no_costs"))),
        fund=fields.get("fund", ""),
        line=fields.get("line", ""),
        decay=_decimal(fields.get("decay", 0)),
        deadweight=_decimal(fields.get("deadweight", 0)),
        displacement=_decimal(fields.get("displacement", 0)),
        shares=tuple((key, _decimal(share)) for key, share in fields.get("shares", {}).items()),
        posts_ended=tuple(fields.get("posts_ended", ())),
        disposes=fields.get("disposes", ""),
        announced_cents=cents(fields["announced"]) if fields.get("announced") is not None else None,
        baseline=_baseline(fields.get("baseline") or {}),
        proof=_proof(fields.get("proof") or {}, effect, kept=kept),
        decided_on=_day(fields.get("decided_on")),
        initiative_since=initiative_since,
        supersedes=fields.get("supersedes", ""),
        steps=tuple(read_step(step) for step in fields.get("steps", ())),
    )


def read_step(fields: Mapping[str, Any]) -> Step:
    """Return one step of a claim's course."""
    amount = fields.get("amount")
    on = _day(fields["on"])
    assert on is not None
    return Step(
        Status(fields["status"]),
        on,
        fields["by"],
        fields.get("evidence", ""),
        None if amount is None else cents(amount),
        fields.get("year"),
    )


def cents(amount: Any) -> int:
    """Return an amount of currency as whole cents.

    >>> cents(1234.565)
    123456
    """
    return int((_decimal(amount) * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def _costs(said: Any, *, nothing: bool) -> tuple[Cost, ...] | None:
    if not said:
        return () if nothing else None
    return tuple(
        Cost(cost["year"], cents(cost["amount"]), cost.get("what", ""), cost.get("kind", "achieve")) for cost in said
    )


def _baseline(said: Mapping[str, Any]) -> Baseline:
    return Baseline(_day(said.get("since")), _day(said.get("until")), _maybe(said.get("value")))


def evaluated_of(fields: Mapping[str, Any]) -> Evaluated | None:
    """Return how a claim's quantity follows from an evaluation; None where it is typed."""
    said = fields["quantity"].get("evaluation")
    if not said:
        return None
    before = (fields.get("baseline") or {}).get("value", 0)
    return Evaluated(
        said["initiative"],
        said.get("number", 1),
        Counts(said["counts"]),
        _decimal(said["times"] if said.get("times") is not None else before),
        said.get("because", ""),
    )


def _quantity(fields: Mapping[str, Any], effect: Effect | None) -> Quantity:
    said, evaluated = fields["quantity"], evaluated_of(fields)
    if evaluated is None:
        ends = (_maybe(said.get("low")), _maybe(said.get("high")))
        return Quantity(said["name"], said["unit"], _decimal(said["value"]), *ends, _decimal(said.get("level", "0.8")))
    if effect is None:
        return Quantity(said["name"], said["unit"], ZERO, evaluated=evaluated, known=False)
    value, low, high = evaluated.quantities(effect)
    return Quantity(said["name"], said["unit"], value, low, high, effect.level, evaluated)


def _proof(said: Mapping[str, Any], effect: Effect | None, *, kept: Collection[str]) -> Proof:
    """Return where the quantity comes from: what the evaluation read, or what the document says."""
    if effect is not None:
        return Proof(effect.measure, effect.version, effect.query, effect.method, effect.run, kept=True)
    texts = {name: str(said.get(name, "")) for name in ("measure", "version", "query", "run")}
    there = texts["run"].partition("/")[0] in kept
    return Proof(**texts, method=Method(said.get("method", Method.NONE)), kept=there)


def _day(text: Any) -> date | None:
    if not text:
        return None
    return text if isinstance(text, date) else parse_day(str(text))


def _maybe(number: Any) -> Decimal | None:
    return None if number is None else _decimal(number)


def _decimal(number: Any) -> Decimal:
    return Decimal(str(number))
