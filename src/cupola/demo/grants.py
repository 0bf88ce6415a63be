"""Grants to the city: awards with a beginning and an end, two of them known in every detail."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cupola.demo import truth
from cupola.demo.draws import Stream
from cupola.demo.files import write_json

_KNOWN_ON = truth.LAST
_SPONSORS = (
    ("Hollis Foundation", "philanthropy"),
    ("Lakes Community Trust", "philanthropy"),
    ("Northern Digital Fund", "philanthropy"),
    ("State Office of Resilience", "state"),
    ("State Health Agency", "state"),
    ("Federal Housing Program", "federal"),
    ("Federal Transportation Program", "federal"),
    ("Federal Public Safety Program", "federal"),
)
_PURPOSES = (
    ("81", "Public Health", "Maternal health visits", 620_000),
    ("81", "Public Health", "Lead paint removal", 940_000),
    ("86", "Planning and Housing", "Affordable housing loans", 2_400_000),
    ("61", "Public Works", "Safe crossings near schools", 1_300_000),
    ("51", "Police Department", "Crisis response training", 380_000),
    ("52", "Fire Department", "Breathing apparatus", 510_000),
    ("82", "Human Services", "Shelter beds", 760_000),
    ("71", "Parks", "Street trees", 290_000),
    ("72", "Library", "Reading rooms", 150_000),
    ("31", "Department of Technology", "Free wireless network", 430_000),
    ("63", "Water", "Service line replacement", 3_100_000),
)
_COUNT = 46


@dataclass(frozen=True)
class Award:
    """One award. Amounts in dollars; `spent` until the end of the data."""

    key: str
    department_code: str
    department: str
    title: str
    sponsor: str
    source: str
    amount: int
    starts_on: date
    ends_on: date
    extended_from: date | None
    spent: int


def make(seed: int) -> tuple[Award, ...]:
    """Return every award, in the order of their keys."""
    chance = Stream(seed, "awards")
    purpose, sponsor = (
        chance.whole(_COUNT, 0, len(_PURPOSES)).tolist(),
        chance.whole(_COUNT, 0, len(_SPONSORS)).tolist(),
    )
    starts, months = chance.whole(_COUNT, -365, 1700).tolist(), chance.whole(_COUNT, 1, 5).tolist()
    size = (chance.uniform(_COUNT) + 0.5).tolist()
    awards = list(_PLANTED)
    for number in range(_COUNT):
        code, department, title, amount = _PURPOSES[purpose[number]]
        first = date.fromordinal(truth.FIRST.toordinal() + starts[number])
        last = date.fromordinal(first.toordinal() + 365 * months[number])
        whole = round(amount * size[number]) // 1000 * 1000
        awards.append(
            Award(
                f"AW-{first.year % 100}{number + 20:02d}",
                code,
                department,
                title,
                *_SPONSORS[sponsor[number]],
                whole,
                first,
                last,
                None,
                _spent(whole, first, last),
            )
        )
    return tuple(sorted(awards, key=lambda award: award.key))


def write(folder: Path, awards: tuple[Award, ...]) -> None:
    """Write the awards as one document: departments, each with its awards."""
    departments: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for award in awards:
        departments.setdefault((award.department_code, award.department), []).append(_entry(award))
    document = {
        "metadata": {"city": truth.CITY, "as_of": _KNOWN_ON.isoformat(), "currency": "USD"},
        "departments": [
            {"code": code, "name": name, "awards": entries} for (code, name), entries in sorted(departments.items())
        ],
    }
    write_json(folder / "grants.json", document)


def _entry(award: Award) -> dict[str, Any]:
    return {
        "award": award.key,
        "title": award.title,
        "sponsor": {"name": award.sponsor, "kind": award.source},
        "amount": award.amount,
        "starts_on": award.starts_on.isoformat(),
        "ends_on": award.ends_on.isoformat(),
        "extended_from": award.extended_from.isoformat() if award.extended_from else None,
        "spent": award.spent,
        "status": "ended" if award.ends_on <= _KNOWN_ON else "running",
    }


def _spent(amount: int, first: date, last: date) -> int:
    """Return what is spent evenly until the end of the data."""
    gone = min(max((_KNOWN_ON - first).days, 0), (last - first).days)
    return amount * gone // (last - first).days


_PLANTED = (
    Award(
        truth.INNOVATION_AWARD,
        "01",
        "Mayor's Office",
        "Innovation office",
        "Hollis Foundation",
        "philanthropy",
        2_700_000,
        date(2021, 7, 1),
        truth.INNOVATION_ENDS,
        date(2024, 6, 30),
        2_700_000,
    ),
    Award(
        truth.DATA_AWARD,
        "31",
        "Department of Technology",
        "City data team",
        "Northern Digital Fund",
        "philanthropy",
        1_920_000,
        date(2022, 7, 1),
        truth.DATA_ENDS,
        None,
        _spent(1_920_000, date(2022, 7, 1), truth.DATA_ENDS),
    ),
    Award(
        "AW-2107",
        "81",
        "Public Health",
        "Community clinics",
        "State Health Agency",
        "state",
        21_000_000,
        date(2020, 7, 1),
        date(2027, 6, 30),
        None,
        _spent(21_000_000, date(2020, 7, 1), date(2027, 6, 30)),
    ),
)
