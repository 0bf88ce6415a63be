"""Where the table starts: titles before it, then no header, one header row, or several that read as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from cupola.sources.dialect_cells import EMPTY, TEXT, filled, kind, looks_blank

_JUDGED_ROWS = 200
_TYPED_SHARE = 0.8
_MOST_HEADER_ROWS = 3


@dataclass(frozen=True)
class Header:
    """`start`: place of the first header record (or of the first row); `rows`: how many records it takes."""

    start: int
    rows: int
    names: tuple[str, ...]


def find_header(records: Sequence[list[str]], width: int) -> Header:
    """Return the header of a table of `width` columns, given the first records of its file."""
    titles = _skip_titles(records, width)
    start = titles if _is_short_header(records, titles, width) else _next_of_width(records, titles, width)
    first = records[start]
    body = [record for record in records[start + 1 :] if len(record) == width and not looks_blank(record)]
    if len(first) == width and not _is_header(first, body[:_JUDGED_ROWS]):
        return Header(titles, 0, ("",) * width)
    rows = _count_rows(records, start, width)
    return Header(start, rows, join_names(records[start : start + rows], width))


def join_names(header: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Return one name for each column; a name that spans columns goes before each name below it."""
    names = [" ".join(name.split()) for name in header[0]] + [""] * (width - len(header[0]))
    for record in header[1:]:
        below = [" ".join(name.split()) for name in record]
        above = ""
        for place in range(min(width, len(below))):
            above = names[place] or above
            if below[place]:
                names[place] = f"{above} {below[place]}".strip()
    return tuple(names[:width])


def _skip_titles(records: Sequence[list[str]], width: int) -> int:
    """Return the place of the first record that is no title.

    A title has another shape than the rows, one that does not come again, or fewer than two values.
    """
    fills = sorted(filled(record) for record in records if len(record) == width and not looks_blank(record))
    usual = fills[len(fills) // 2] if fills else 0
    shapes = {len(record) for record in records[len(records) // 2 :]}
    for place, record in enumerate(records):
        if _is_short_header(records, place, width):
            return place
        if len(record) != width:
            if len(record) > 1 and len(record) in shapes:
                return place
            continue
        if filled(record) > 1 or usual <= 1:
            return place
    return _next_of_width(records, 0, width)


def _next_of_width(records: Sequence[list[str]], place: int, width: int) -> int:
    return next((at for at in range(place, len(records)) if len(records[at]) == width), 0)


def _is_short_header(records: Sequence[list[str]], place: int, width: int) -> bool:
    """Names for all but the last columns, right above rows whose last values are unnamed."""
    names = records[place]
    if not (1 < len(names) < width) or place + 1 >= len(records) or len(records[place + 1]) != width:
        return False
    if len(names) * 2 < width or not all(name and kind(name) == TEXT for name in names):
        return False
    below = [record for record in records[place + 1 :] if len(record) == width][:_JUDGED_ROWS]
    if len(below) > 1 and _is_header(below[0], below[1:]):
        return False  # the next line is the header, and this one a title
    return _is_header(names + [""] * (width - len(names)), below)


def _is_header(first: list[str], body: Sequence[list[str]]) -> bool:
    kinds = [kind(value) for value in first]
    body = [record for record in body if record[: len(first)] != first]
    if not body:
        return all(found in (TEXT, EMPTY) for found in kinds)
    votes = 0.0
    for place, found in enumerate(kinds):
        if found == EMPTY:
            continue
        votes += _vote(first[place], found, [record[place] for record in body if place < len(record) and record[place]])
    return votes > 0 or (votes == 0 and TEXT in kinds and len(set(first)) == len(first))


def _vote(name: str, found: str, values: list[str]) -> float:
    """Return how much the value above a column speaks for being its name: positive for, negative against."""
    if not values:
        return 0.0
    typed = usual_kind(values)
    if found == TEXT:
        if typed not in (TEXT, ""):
            return 1.0
        return -0.5 if name in values else _vote_by_length(name, values)
    if typed == TEXT:
        return 0.1  # a date or a number above text: a period in a heading
    return -1.0 if typed == found else -0.2


def _vote_by_length(name: str, values: list[str]) -> float:
    lengths = {len(value) for value in values}
    return 0.5 if len(values) > 2 and len(lengths) == 1 and len(name) not in lengths else 0.1


def usual_kind(values: Sequence[str]) -> str:
    """Return the kind most of `values` have, or nothing when they differ."""
    kinds = [kind(value) for value in values]
    best = max(set(kinds), key=kinds.count, default="")
    return best if kinds and kinds.count(best) >= _TYPED_SHARE * len(kinds) else ""


def _count_rows(records: Sequence[list[str]], start: int, width: int) -> int:
    """Return how many records the header takes: more than one when the next ones name what the first left open."""
    first = records[start]
    if "" not in first or len(first) != width:
        return 1
    for rows in range(2, _MOST_HEADER_ROWS + 1):
        if start + rows > len(records):
            break
        candidate = records[start + rows - 1]
        if not candidate or looks_blank(candidate):
            continue
        body = [record for record in records[start + rows :] if len(record) == width][:_JUDGED_ROWS]
        return rows if len(candidate) == width and _continues(first, candidate, body) else 1
    return 1


def _continues(first: Sequence[str], candidate: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    named = [place for place, value in enumerate(candidate) if value]
    gaps = [place for place, value in enumerate(first) if not value]
    if any(kind(candidate[place]) != TEXT for place in named) or not any(place in gaps for place in named):
        return False
    columns = ([record[place] for record in body if record[place]] for place in named)
    return any(usual_kind(values) not in (TEXT, "") for values in columns)
