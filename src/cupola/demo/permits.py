"""Five years of building permits, with days from application to issue."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from cupola.demo import truth
from cupola.demo.draws import Stream
from cupola.demo.files import Layout, dollars, write_rows
from cupola.demo.wards import Addresses


@dataclass(frozen=True)
class PermitKind:
    """A kind of permit. `days`: mean from application to issue; `cost`: mean reported cost in dollars."""

    name: str
    share: float
    days: float
    cost: int


KINDS = (
    PermitKind("Residential repair", 0.46, 21.0, 14_000),
    PermitKind("Residential addition", 0.14, 48.0, 85_000),
    PermitKind("New residential building", 0.06, 95.0, 410_000),
    PermitKind("Commercial alteration", 0.14, 62.0, 160_000),
    PermitKind("New commercial building", 0.02, 140.0, 2_600_000),
    PermitKind("Sign", 0.08, 15.0, 4_500),
    PermitKind("Demolition", 0.05, 33.0, 22_000),
    PermitKind("Solar panels", 0.05, 26.0, 19_000),
)
LAYOUT = Layout(
    ("PERMIT NO", "TYPE", "APPLIED", "ISSUED", "STATUS", "REPORTED COST", "ADDRESS", "WARD", "LON", "LAT"),
    delimiter="\t",
)
_REFUSED = 0.03


def write(folder: Path, *, seed: int, scale: float, places: Addresses) -> None:
    """Write the permits, in the order of application; a permit not issued by the end of the data is pending."""
    count = max(1, round(truth.PERMITS * scale))
    chance = Stream(seed, "permits")
    span = truth.LAST.toordinal() - truth.FIRST.toordinal() + 1
    applied = np.sort(chance.whole(count, 0, span)).tolist()
    kind = chance.pick(count, [item.share for item in KINDS]).tolist()
    pace, size = chance.skewed(count).tolist(), chance.skewed(count).tolist()
    place, refused = chance.whole(count, 0, len(places.ward)).tolist(), (chance.uniform(count) < _REFUSED).tolist()
    rows = []
    for number in range(count):
        facts, where = KINDS[kind[number]], place[number]
        day = date.fromordinal(truth.FIRST.toordinal() + applied[number])
        issued = date.fromordinal(day.toordinal() + max(0, round(facts.days * pace[number] * _factor(facts, day))))
        status = "Refused" if refused[number] else "Pending" if issued > truth.LAST else "Issued"
        rows.append(
            (
                f"BP{day.year % 100}{number + 1:06d}",
                facts.name,
                day.isoformat(),
                issued.isoformat() if status == "Issued" else "",
                status,
                dollars(round(facts.cost * size[number]) // 100 * 100),
                places.text[where],
                str(int(places.ward[where]) + 1),
                f"{places.longitude[where]:.6f}",
                f"{places.latitude[where]:.6f}",
            )
        )
    write_rows(folder / "permits.tsv", LAYOUT, rows)


def _factor(kind: PermitKind, applied: date) -> float:
    effect = truth.SELF_CERTIFICATION
    return effect.factor if kind.name == effect.kind and applied >= effect.since else 1.0
