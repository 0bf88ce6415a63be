"""The savings ledger read from records: claims as the engine takes them, their sums, and what is wrong with each."""

from dataclasses import dataclass
from decimal import Decimal

from cupola.periods import FiscalYears, parse_day
from cupola.savings import (
    GREEN_BOOK_RATE,
    Claim,
    Defect,
    Flow,
    Ledger,
    Rules,
    Worth,
    flows,
    ledger,
    read_claim,
    worth,
)
from cupola.web.accounts.queries import the_city
from cupola.web.agenda.queries.effects import effects, evaluated_by, evaluated_initiatives
from cupola.web.agenda.queries.records import records


@dataclass(frozen=True)
class LedgerRow:
    """A claim with what it comes to. net, bankable: cents over all years; worth: discounted to its first year."""

    claim: Claim
    name: str
    initiative: str
    flows: tuple[Flow, ...]
    net: int
    bankable: int
    worth: Worth
    defects: tuple[Defect, ...]

    @property
    def counts(self) -> bool:
        """Whether it counts."""
        return not any(defect.refused for defect in self.defects)


def fiscal_years() -> FiscalYears:
    """Return the city's fiscal calendar; calendar years before a city is known."""
    city = the_city()
    return FiscalYears.parse(city.definition.get("fiscal_year_start", "01-01") if city is not None else "01-01")


def claims(*, staff: bool = True) -> tuple[Claim, ...]:
    """Return every claim, with when its initiative began; for others than staff the released ones.

    A quantity that comes from an evaluation is computed from what is kept of it.
    """
    begun = {key: parse_day(fields["since"]) for key, fields in records("initiative").items()}
    documents = tuple(records("claim", staff=staff).values())
    found, kept = effects(documents), evaluated_initiatives()
    return tuple(
        read_claim(
            fields,
            initiative_since=begun.get(fields["initiative"]),
            effect=found.get(evaluated_by(fields) or ("", 0)),
            kept=kept,
        )
        for fields in documents
    )


def rules() -> Rules:
    """Return what the city's ledger asks of every claim; where it says nothing, the years its claims span."""
    city = the_city()
    said = (city.definition.get("savings_ledger") or {}) if city is not None else {}
    if said:
        return Rules(said["first_year"], said["last_year"], said.get("longest_years", 5))
    every = claims()
    first = min((claim.first_year for claim in every), default=0)
    return Rules(first, max((claim.last_year for claim in every), default=0))


def discount_rate() -> Decimal:
    """Return the yearly rate by which later money counts less."""
    city = the_city()
    said = (city.definition.get("savings_ledger") or {}) if city is not None else {}
    return Decimal(str(said.get("discount_rate", GREEN_BOOK_RATE)))


def the_ledger(*, staff: bool = True) -> Ledger:
    """Return the ledger of the claims the reader may see.

    Defects are found among all claims, so that a released one that counts another's quantity is not shown as sound.
    """
    whole = ledger(claims(), rules())
    if staff:
        return whole
    seen = {claim.key for claim in claims(staff=False)}
    public = ledger((claim for claim in whole.claims if claim.key in seen), rules())
    return Ledger(public.claims, tuple(one for one in whole.defects if one.claim in seen), public.cells)


def rows(*, staff: bool = True) -> tuple[LedgerRow, ...]:
    """Return the ledger's rows, by key."""
    found = the_ledger(staff=staff)
    names = {key: str(fields["name"]) for key, fields in records("claim").items()}
    initiatives = {key: str(fields["name"]) for key, fields in records("initiative").items()}
    rate = discount_rate()
    return tuple(
        _row(
            claim,
            names[claim.key],
            initiative=initiatives.get(claim.initiative, claim.initiative),
            defects=tuple(defect for defect in found.defects if defect.claim == claim.key),
            rate=rate,
        )
        for claim in found.claims
    )


def _row(claim: Claim, name: str, *, initiative: str, defects: tuple[Defect, ...], rate: Decimal) -> LedgerRow:
    years = flows(claim)
    first = years[0].year
    span = range(first, years[-1].year + 1)
    own = {flow.year: flow for flow in years}
    gains = [own[year].own if year in own else 0 for year in span]
    spent = [own[year].cost if year in own else 0 for year in span]
    return LedgerRow(
        claim=claim,
        name=name,
        initiative=initiative,
        flows=years,
        net=sum(flow.net for flow in years),
        bankable=sum(flow.bankable for flow in years),
        worth=worth(gains, spent, rate, first=0),
        defects=defects,
    )
