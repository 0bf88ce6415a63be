"""Five years of service requests: season, week, trend, and the planted effects of `truth.py`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cupola.demo import truth
from cupola.demo.draws import Floats, Stream, Whole
from cupola.demo.files import Layout, write_rows
from cupola.demo.wards import STREETS, Addresses


@dataclass(frozen=True)
class Kind:
    """A type of request. `share`: of all requests; `days`: mean to close; `season`: one factor a month, averaging 1."""

    name: str
    department: str
    share: float
    days: float
    target_days: int
    season: tuple[float, ...]


KINDS = (
    Kind("Missed collection", "Sanitation", 0.17, 2.5, 3, truth.EVEN),
    Kind("Pothole", "Public Works", 0.16, 9.0, 10, truth.SPRING),
    Kind("Bulk pickup", "Sanitation", 0.12, 6.0, 7, truth.EVEN),
    Kind("Illegal dumping", "Sanitation", 0.09, 5.0, 5, truth.SUMMER),
    Kind("Street light out", "Public Works", 0.08, 7.0, 7, truth.WINTER),
    Kind("Tree debris", "Parks", 0.07, 8.0, 10, truth.SUMMER),
    Kind("Water leak", "Water", 0.07, 3.0, 2, truth.WINTER),
    Kind("Graffiti", "Sanitation", 0.06, 5.0, 5, truth.EVEN),
    Kind("Overgrown lot", "Code Enforcement", 0.06, 18.0, 21, truth.SUMMER),
    Kind("Noise complaint", "Code Enforcement", 0.05, 3.0, 5, truth.SUMMER),
    Kind("Sidewalk damage", "Public Works", 0.04, 24.0, 30, truth.EVEN),
    Kind("Traffic signal", "Public Works", 0.03, 2.0, 1, truth.EVEN),
)
CHANNELS = ("Phone", "Online form", "Mobile app", "Walk-in")
_OTHER_CHANNELS = (0.55, 0.0, 0.17, 0.10)  # in proportion to each other
WARD_PACE = (1.00, 1.08, 0.94, 1.12, 1.02, 0.90, 1.05, 0.97, 1.10, 0.92)  # days to close, times the mean
_HOURS = (2, 1, 1, 1, 1, 2, 6, 14, 30, 36, 36, 32, 28, 30, 30, 28, 26, 22, 18, 16, 12, 9, 6, 4)
_DAY = 1440  # minutes
_OPENS, _SHUTS = 480, 1020  # working hours of the crews, 8:00 to 17:00
_KNOWN_UNTIL = 15  # days after the last one; what is not closed by then is open
_NEVER = 0.008
_SPRING_FORWARD = ("2021-03-14", "2022-03-13", "2023-03-12", "2024-03-10", "2025-03-09")

_PUBLISHED = (
    "Request ID",
    "Opened",
    "Closed",
    "Status",
    "Type",
    "Department",
    "Channel",
    "Ward",
    "Address",
    "Longitude",
    "Latitude",
    "Target days",
)
LAYOUTS = {
    2021: Layout(_PUBLISHED, delimiter=";", encoding="cp1252", newline="\r\n"),
    2022: Layout(_PUBLISHED),
    2023: Layout(_PUBLISHED, title=("Dunmarrow 311 service requests 2023", "")),
    2024: Layout(_PUBLISHED),
    2025: Layout(
        (
            "request_number",
            "opened_at",
            "closed_at",
            "status",
            "request_type",
            "department",
            "channel",
            "ward",
            "address",
            "longitude",
            "latitude",
            "target_days",
        )
    ),
}


@dataclass(frozen=True)
class Requests:
    """One element per request, in order of opening. Minutes count from the first day's midnight; -1 is open."""

    kind: Whole
    opened: Whole
    closed: Whole
    channel: Whole
    place: Whole


def make(seed: int, *, scale: float, places: Addresses) -> Requests:
    """Return the requests, with every effect planted."""
    kind, opened = _arrivals(seed, scale)
    count = len(kind)
    day = opened // _DAY
    place = Stream(seed, "request places").whole(count, 0, len(places.ward))
    channel = _channels(Stream(seed, "request channels"), day)
    days = _days_to_close(Stream(seed, "request days"), kind, ward=places.ward[place], day=day)
    closed = _closings(Stream(seed, "request closings"), opened, days)
    closed = _mistyped(Stream(seed, "typing errors"), kind, closed)
    came = _came(Stream(seed, "potholes that never came"), kind, ward=places.ward[place], day=day)
    return Requests(*(column[came] for column in (kind, opened, closed, channel, place)))


def write(folder: Path, requests: Requests, *, places: Addresses, seed: int, scale: float) -> None:
    """Write one file a year, each in the dialect of `LAYOUTS`."""
    year_of = np.array([date.fromordinal(_ordinal(day)).year for day in range(_span())])[requests.opened // _DAY]
    gaps = Stream(seed, "request gaps").uniform(len(year_of))
    for year, layout in LAYOUTS.items():
        chosen = np.flatnonzero(year_of == year)
        rows = list(_rows(requests, chosen, places=places, gaps=gaps, year=year))
        if year == truth.FIRST.year:
            _spoil(rows, count=max(1, round(truth.UNREADABLE_DATES * min(scale, 1.0))))
        write_rows(folder / f"service-requests-{year}.csv", layout, rows)


def _ordinal(day: int) -> int:
    return truth.FIRST.toordinal() + day


def _number(day: date) -> int:
    return day.toordinal() - truth.FIRST.toordinal()


def _span() -> int:
    return _number(truth.LAST) + 1


def _arrivals(seed: int, scale: float) -> tuple[Whole, Whole]:
    """Return the kind and the opening minute of every request, in order of opening."""
    weather = (1 + 0.1 * Stream(seed, "busy and quiet days").normal(_span())).tolist()
    kinds, days = [], []
    for number, kind in enumerate(KINDS):
        usual, weights = _levels(kind, weather)
        count = round(truth.REQUESTS * scale * kind.share * fsum(weights) / fsum(usual))
        kinds.append(np.full(count, number, dtype=np.int64))
        days.append(Stream(seed, f"arrivals of {kind.name}").pick(count, weights))
    kind_of, day = np.concatenate(kinds), np.concatenate(days)
    chance = Stream(seed, "request times")
    minute = chance.pick(len(day), _HOURS) * 60 + chance.whole(len(day), 0, 60)
    skipped = np.isin(day, [_number(date.fromisoformat(text)) for text in _SPRING_FORWARD]) & (minute // 60 == 2)
    opened = day * _DAY + minute + np.where(skipped, 60, 0)
    order = np.argsort(opened, kind="stable")
    return kind_of[order], opened[order]


def _levels(kind: Kind, weather: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return how busy each day is with one kind of request: without the storm and with it."""
    usual = [_level(day, kind) * weather[day] for day in range(_span())]
    return usual, [level * _storm(day, kind) for day, level in enumerate(usual)]


def _level(day: int, kind: Kind) -> float:
    on = date.fromordinal(_ordinal(day))
    return kind.season[on.month - 1] * truth.WEEKDAYS[on.weekday()] * (1 + truth.TREND_A_YEAR * day / 365.25)


def _storm(day: int, kind: Kind) -> float:
    first = _number(truth.STORM.first)
    hit = first <= day < first + truth.STORM.days and kind.name in truth.STORM.types
    return truth.STORM.factor if hit else 1.0


def _channels(chance: Stream, day: Whole) -> Whole:
    form = truth.ONLINE_FORM
    count = len(day)
    online = chance.uniform(count) < np.where(day >= _number(form.since), form.share_after, form.share_before)
    return np.where(online, CHANNELS.index("Online form"), chance.pick(count, _OTHER_CHANNELS))


def _days_to_close(chance: Stream, kind: Whole, *, ward: Whole, day: Whole) -> Floats:
    mean = np.array([item.days for item in KINDS])[kind] * np.array(WARD_PACE)[ward]
    days: Floats = mean * chance.skewed(len(kind))
    for effect in (truth.CREWS, truth.REMINDERS):
        types = [number for number, item in enumerate(KINDS) if item.name in effect.types]
        wards = [int(name) - 1 for name in effect.wards]
        touched = np.isin(kind, types) & np.isin(ward, wards) & (day >= _number(effect.since))
        days = np.where(touched, days * effect.factor, days)
    return days


def _came(chance: Stream, kind: Whole, *, ward: Whole, day: Whole) -> NDArray[np.bool_]:
    """Return which requests were made at all: some potholes never came where cracks were sealed."""
    effect = truth.SEALING
    types = [number for number, item in enumerate(KINDS) if item.name in effect.types]
    wards = [int(name) - 1 for name in effect.wards]
    touched = np.isin(kind, types) & np.isin(ward, wards) & (day >= _number(effect.since))
    return ~touched | (chance.uniform(len(kind)) < effect.factor)


def _closings(chance: Stream, opened: Whole, days: Floats) -> Whole:
    """Return the closing minute, moved on into working hours; -1 for what is still open."""
    closed = opened + np.floor(days * _DAY).astype(np.int64) + 1
    minute = closed % _DAY
    later = chance.whole(len(closed), 0, 120)
    early, late = minute < _OPENS, minute >= _SHUTS
    closed = np.where(early, closed - minute + _OPENS + later, closed)
    closed = np.where(late, closed - minute + _DAY + _OPENS + later, closed)
    unknown = (closed >= (_span() + _KNOWN_UNTIL) * _DAY) | (chance.uniform(len(closed)) < _NEVER)
    return np.where(unknown, -1, closed)


def _mistyped(chance: Stream, kind: Whole, closed: Whole) -> Whole:
    errors = truth.ENTRY_ERRORS
    first = _number(date(errors.year, errors.month, 1))
    after = _number(date(errors.year + errors.month // 12, errors.month % 12 + 1, 1))
    types = [number for number, item in enumerate(KINDS) if item.department == errors.department]
    touched = np.isin(kind, types) & (closed >= first * _DAY) & (closed < after * _DAY)
    wrong = touched & (chance.uniform(len(closed)) < errors.share)
    return np.where(wrong, closed - 365 * _DAY, closed)


def _rows(
    requests: Requests, chosen: Whole, *, places: Addresses, gaps: Floats, year: int
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of one year. One in a hundred has no coordinates, four in a thousand no ward."""
    times = _Times(american=year == truth.FIRST.year)
    place = requests.place[chosen]
    longitude, latitude = places.longitude[place].tolist(), places.latitude[place].tolist()
    columns = zip(
        requests.kind[chosen].tolist(),
        requests.opened[chosen].tolist(),
        requests.closed[chosen].tolist(),
        requests.channel[chosen].tolist(),
        place.tolist(),
        gaps[chosen].tolist(),
        strict=True,
    )
    wards = places.ward.tolist()
    for number, (kind, opened, closed, channel, where, gap) in enumerate(columns):
        facts = KINDS[kind]
        lost = gap < 0.01
        yield (
            f"{year % 100}-{number + 1:07d}",
            times.text(opened),
            times.text(closed),
            "Open" if closed < 0 else "Closed",
            facts.name,
            facts.department,
            CHANNELS[channel],
            "" if gap < 0.004 else str(wards[where] + 1),
            _address(places.text[where], gap, late=number > 0.6 * len(chosen) or year > 2022, year=year),
            "" if lost else f"{longitude[number]:.6f}",
            "" if lost else f"{latitude[number]:.6f}",
            str(facts.target_days),
        )


def _address(text: str, gap: float, *, late: bool, year: int) -> str:
    """Return an address; some are corners, whose comma needs the quotes that appear late in the file of 2022."""
    if gap > 0.98 and late and year > truth.FIRST.year:
        street = text.split(" ", 1)[1]
        return f"{street}, corner of {STREETS[(STREETS.index(street) + 7) % len(STREETS)]}"
    return text


def _spoil(rows: list[tuple[str, ...]], *, count: int) -> None:
    """Make the opening date of `count` rows, evenly spread, unreadable."""
    step = max(1, len(rows) // count)
    for number in range(min(count, len(rows))):
        row = rows[number * step]
        rows[number * step] = (row[0], "00/00/0000 00:00", *row[2:])


class _Times:
    """Minutes as text; days and times of day are spelled once each."""

    def __init__(self, *, american: bool) -> None:
        pattern = "%m/%d/%Y" if american else "%Y-%m-%d"
        self._first = -400
        self._days = [
            date.fromordinal(_ordinal(day)).strftime(pattern) for day in range(self._first, _span() + _KNOWN_UNTIL + 1)
        ]
        self._clock = [f" {minute // 60:02d}:{minute % 60:02d}" for minute in range(_DAY)]

    def text(self, minutes: int) -> str:
        """Return a date and time of day, empty for -1."""
        return "" if minutes == -1 else self._days[minutes // _DAY - self._first] + self._clock[minutes % _DAY]
