"""Which delimiter, quote and escape explain a text best: the dialect under which its lines agree with each other.

After van den Burg, Nazabal and Sutton (2019), Wrangling messy CSV files by detecting row and type patterns: a dialect
scores by the regularity of its rows and by how many of its values look like values. Regularity leads here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cupola.contracts import Dialect
from cupola.sources.delimited_records import Damage, LineFeed, read_records, split_leniently
from cupola.sources.dialect_cells import plausibility

SAMPLE_RECORDS = 2000
_JUDGED_ROWS = 100
_PRIORS = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 1.0, "\x1f": 1.0, "\x01": 1.0, "^": 0.7, "~": 0.7, ":": 0.5, " ": 0.5}
_SINGLE_COLUMN = 0.12  # what a reading as one column scores: any regular reading with a delimiter beats it
NO_DELIMITER = "\x1f"  # the ASCII unit separator: stands for one column, for no text holds it
_MOST_DAMAGE = 0.02  # share of the rows; more than that, and the quotes may be escaped in another way
_HOPELESS = 20  # damaged rows, when they are most rows: no need to read on
_MOST_ODD = 8
_MOST_ODD_LINES = 400  # of the sample; the tokenizer for odd dialects is slow
_APOSTROPHE = 0.95  # the rarer quote must explain more
_LEAST_SHARE_OF_LINES = 0.2  # a delimiter is found on this share of the lines at least


@dataclass(frozen=True)
class Reading:
    """A sample read in one dialect. `records`: with damaged rows split leniently; `width`: of most rows."""

    dialect: Dialect
    records: tuple[list[str], ...]
    lines: tuple[int, ...]
    damages: tuple[Damage, ...]
    width: int
    score: float

    @property
    def regular(self) -> int:
        """How many records have the usual width."""
        return sum(len(record) == self.width for record in self.records)


def read_sample(lines: Sequence[str], dialect: Dialect) -> Reading:
    """Read `lines` in `dialect` and score the result."""
    feed = LineFeed(lines, restore=False)
    records: list[list[str]] = []
    numbers: list[int] = []
    damages: list[Damage] = []
    for record in read_records(feed, dialect):
        if isinstance(record, Damage):
            damages.append(record)
            numbers.append(record.line)
            records.append(split_leniently(record.text, dialect))
        elif record:
            numbers.append(feed.first)
            records.append(record)
        if len(records) >= SAMPLE_RECORDS or (len(damages) > _HOPELESS and len(damages) * 2 > len(records)):
            break
    width = _usual_width(records)
    reading = Reading(dialect, tuple(records), tuple(numbers), tuple(damages), width, 0.0)
    return replace(reading, score=_score(reading))


def _usual_width(records: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(record) for record in records if len(record) > 1 and any(record))
    if not widths:
        return 1
    # More columns lead among widths that are about as frequent: they lose least when it comes to a choice.
    best = max(widths.values())
    return max(width for width, count in widths.items() if count >= 0.9 * best)


def _score(reading: Reading) -> float:
    total = len(reading.records)
    if not total:
        return 0.0
    if reading.width == 1:
        return _SINGLE_COLUMN * (1 - len(reading.damages) / total)
    regular = [record for record in reading.records if len(record) == reading.width]
    start = next(place for place, record in enumerate(reading.records) if len(record) == reading.width)
    share, share_from_start = len(regular) / total, len(regular) / (total - start)
    sound = 1 - len(reading.damages) / total
    depth = 1 - 1 / reading.width**2
    judged = [value for record in regular[:: max(1, len(regular) // _JUDGED_ROWS)] for value in record if value]
    looks = sum(map(plausibility, judged)) / len(judged) if judged else 0.0
    prior = _PRIORS.get(reading.dialect.delimiter, 0.8) * (_APOSTROPHE if reading.dialect.quote == "'" else 1)
    if reading.dialect.quote and not reading.dialect.escape and _doubles(judged, reading.dialect.quote):
        prior *= 0.1
    return float(prior * share**0.5 * share_from_start * sound**2 * depth * looks**2)


def _doubles(values: Sequence[str], quote: str) -> bool:
    """Whether quotes inside values come in pairs, and so are escaped after all."""
    inner = [value for value in values if quote in value]
    return sum(quote * 2 in value for value in inner) * 2 > len(inner)


def rank_dialects(lines: Sequence[str], *, base: Dialect, fixed: frozenset[str]) -> list[Reading]:
    """Return readings of `lines`, best first. `fixed` names the fields of `base` that are not in question."""
    usual = [read_sample(lines, dialect) for dialect in _candidates(lines, base, fixed)]
    readings = sorted(usual, key=lambda reading: -reading.score)
    if "escape" not in fixed:
        few = lines[:_MOST_ODD_LINES]
        readings += [read_sample(few, dialect) for dialect in _odd_candidates(few, usual)]
    return sorted(readings, key=lambda reading: -reading.score)


def _candidates(lines: Sequence[str], base: Dialect, fixed: frozenset[str]) -> Iterator[Dialect]:
    delimiters = [base.delimiter] if "delimiter" in fixed else _delimiters(lines)
    for quote in [base.quote] if "quote" in fixed else _quotes(lines, delimiters):
        for delimiter in delimiters:
            if delimiter != quote:
                escape = base.escape if "escape" in fixed else quote
                yield replace(base, delimiter=delimiter, quote=quote, escape=escape)


def _odd_candidates(lines: Sequence[str], readings: Sequence[Reading]) -> Iterator[Dialect]:
    """Yield dialects with other escapes, for quotes that leave many rows damaged when they are read as doubled."""
    text = "".join(lines)
    damaged = [reading for reading in readings if len(reading.damages) > max(1, _MOST_DAMAGE * len(reading.records))]
    for reading in damaged[:_MOST_ODD]:
        quote = reading.dialect.quote
        if "\\" + quote in text:
            yield replace(reading.dialect, escape="\\")
        if quote:
            yield replace(reading.dialect, escape="")


def _delimiters(lines: Sequence[str]) -> list[str]:
    written = [line for line in lines if not line.isspace()]
    least = _LEAST_SHARE_OF_LINES * len(written)
    found = [delimiter for delimiter in _PRIORS if sum(delimiter in line for line in written) >= least]
    return found if NO_DELIMITER in found else [*found, NO_DELIMITER]


def _quotes(lines: Sequence[str], delimiters: Sequence[str]) -> list[str]:
    """Return the quotes in question; an apostrophe is one when it opens a value about as often as it closes one."""
    opened = closed = 0
    for line in lines:
        if "'" in line:
            opened += line.startswith("'")
            closed += line.rstrip().endswith("'")
            for delimiter in delimiters:
                opened += line.count(delimiter + "'")
                closed += line.count("'" + delimiter)
    return ['"', "'"] if min(opened, closed) * 2 > max(opened, closed) else ['"']
