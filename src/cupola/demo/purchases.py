"""Five years of purchases, from the requisition of a department to the award of the contract."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from cupola.demo import truth
from cupola.demo.draws import Stream
from cupola.demo.files import Layout, dollars, write_rows


@dataclass(frozen=True)
class Method:
    """A way to buy. `days`: mean from requisition to award; `cost`: mean amount in dollars."""

    name: str
    share: float
    days: float
    cost: int


METHODS = (
    Method("Small purchase", 0.62, 18.0, 9_000),
    Method("Competitive bid", 0.22, 94.0, 240_000),
    Method("Request for proposals", 0.10, 168.0, 520_000),
    Method("Cooperative contract", 0.06, 41.0, 130_000),
)
DEPARTMENTS = ("Public Works", "Sanitation", "Technology", "Police Department", "Parks", "Water")
LAYOUT = Layout(("Requisition", "Department", "Method", "Requested", "Awarded", "Amount", "Bidders"))


def write(folder: Path, *, seed: int, scale: float) -> None:
    """Write the purchases, in the order of requisition; what is not awarded by the end of the data has no award."""
    count = max(1, round(truth.PURCHASES * scale))
    chance = Stream(seed, "purchases")
    span = truth.LAST.toordinal() - truth.FIRST.toordinal() + 1
    asked = np.sort(chance.whole(count, 0, span)).tolist()
    method = chance.pick(count, [one.share for one in METHODS]).tolist()
    pace, size = chance.skewed(count).tolist(), chance.skewed(count).tolist()
    where, bidders = chance.whole(count, 0, len(DEPARTMENTS)).tolist(), chance.whole(count, 1, 8).tolist()
    rows = []
    for number in range(count):
        facts = METHODS[method[number]]
        day = date.fromordinal(truth.FIRST.toordinal() + asked[number])
        awarded = date.fromordinal(day.toordinal() + max(1, round(facts.days * pace[number] * _factor(facts, day))))
        rows.append(
            (
                f"R{day.year % 100}-{number + 1:05d}",
                DEPARTMENTS[where[number]],
                facts.name,
                day.isoformat(),
                awarded.isoformat() if awarded <= truth.LAST else "",
                dollars(round(facts.cost * size[number])),
                "1" if facts.name == "Small purchase" else str(bidders[number]),
            )
        )
    write_rows(folder / "purchases.csv", LAYOUT, rows)


def _factor(method: Method, asked: date) -> float:
    effect = truth.SIMPLE_PURCHASING
    return effect.factor if method.name == effect.method and asked >= effect.since else 1.0
