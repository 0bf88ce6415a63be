"""Finding out how a delimited text file is written: delimiter, quotes, escape, line ends, titles and header.

Detection looks at the first megabyte and at lines spread over the rest of the file; what it concludes is then checked
against every line by the reader. A field of DialectOverrides that is not None is taken as given.
"""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from cupola.contracts import Dialect
from cupola.sources.delimited_records import Damage, restore_controls
from cupola.sources.dialect_header import find_header, join_names
from cupola.sources.dialect_scores import Reading, rank_dialects, read_sample
from cupola.sources.encoding import HEAD_BYTES, ByteFacts, TextEncoding, TextUnreadable
from cupola.sources.names import unique_names

_SPREAD_WINDOWS = 4
_WINDOW_BYTES = 1 << 16
_LEAST_REGULAR = 0.45
_MOST_HEAD_LINES = 4000
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*')
_NAMED = {"\t": "tab", " ": "space", "\x1f": "none (one column)"}


@dataclass(frozen=True)
class DialectOverrides:
    """What a dataset says about its file. None: detect."""

    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    encoding: str | None = None
    newline: str | None = None
    skip_lines: int | None = None
    header_rows: int | None = None


@dataclass(frozen=True)
class Detection:
    """`columns`: unique names. `header`: the header's last record, empty when there is none."""

    dialect: Dialect
    columns: tuple[str, ...]
    header: tuple[str, ...]
    notes: tuple[str, ...]


def detect_dialect(
    path: Path, facts: ByteFacts, encoding: TextEncoding, *, overrides: DialectOverrides, source: str
) -> Detection:
    """Return how `path` is written. Raises TextUnreadable when no dialect makes its lines agree."""
    text = _head_text(facts, encoding)
    newline = overrides.newline or _find_newline(text)
    lines = _split_lines(text, newline, whole=facts.size <= HEAD_BYTES)[:_MOST_HEAD_LINES]
    given = {field.name: getattr(overrides, field.name) for field in fields(overrides)}
    given = {name: value for name, value in given.items() if value is not None}
    separator = _SEPARATOR_LINE.fullmatch(lines[0])
    if separator and "skip_lines" not in given:
        given |= {"skip_lines": 1, "delimiter": given.get("delimiter", separator[1])}
    base = replace(Dialect(), **{**given, "newline": newline, "encoding": encoding.name})
    if "quote" in given and "escape" not in given:
        base = replace(base, escape=base.quote)
    head = lines[base.skip_lines :]
    _check_lines(head, base, source=source)
    spread = _spread_lines(path, facts, encoding, newline=newline)
    best = _choose(head, spread, base, fixed=frozenset(given), source=source)
    return _with_header(best, given, skipped=base.skip_lines, lines=lines)


def _head_text(facts: ByteFacts, encoding: TextEncoding) -> str:
    errors = encoding.errors if encoding.errors != "strict" else "replace"
    text = codecs.getincrementaldecoder(encoding.codec)(errors).decode(facts.head)
    text = text.removeprefix("\ufeff")
    return restore_controls(text) if facts.hidden else text


def _find_newline(text: str) -> str:
    pairs = text.count("\r\n")
    feeds, returns = text.count("\n"), text.count("\r") - pairs
    if returns > 5 * feeds:
        return "\r"
    return "\r\n" if 2 * pairs > feeds else "\n"


def _split_lines(text: str, newline: str, *, whole: bool) -> list[str]:
    end = newline[-1]
    parts = text.split(end)
    last = parts.pop()
    lines = [part + end for part in parts]
    return [*lines, last] if last and (whole or not lines) else lines


def _spread_lines(path: Path, facts: ByteFacts, encoding: TextEncoding, *, newline: str) -> list[str]:
    """Return lines from the middle and the end of a large plain file."""
    if facts.size <= HEAD_BYTES or path.suffix in (".gz", ".zst"):
        return []
    lines: list[str] = []
    with path.open("rb") as stream:
        for window in range(1, _SPREAD_WINDOWS + 1):
            stream.seek((facts.size - _WINDOW_BYTES) * window // _SPREAD_WINDOWS // 4 * 4)
            text = stream.read(_WINDOW_BYTES).decode(encoding.codec, "replace")
            lines += _split_lines(text, newline, whole=False)[1:]
    return lines


def _check_lines(lines: Sequence[str], base: Dialect, *, source: str) -> None:
    if not any(line.strip() for line in lines):
        problem = f"nothing is left after {base.skip_lines} skipped lines"
        raise TextUnreadable(source, line=base.skip_lines + 1, problem=problem, remedy="Lower `skip_lines:`.")


def _choose(
    head: Sequence[str], spread: Sequence[str], base: Dialect, *, fixed: frozenset[str], source: str
) -> Reading:
    ranked = rank_dialects([*head, *spread], base=base, fixed=fixed)
    best = read_sample(head, ranked[0].dialect)
    if "delimiter" not in fixed:
        _check_regular(best, ranked, skipped=base.skip_lines, source=source)
        best = _with_space(best, head)
    return best


def _check_regular(best: Reading, ranked: Sequence[Reading], *, skipped: int, source: str) -> None:
    """Raise TextUnreadable when the lines do not agree on their number of fields."""
    suspect = best if best.width > 1 else next((other for other in ranked if _splits_most(other)), best)
    total = len(suspect.records)
    if best.width == 1 and 2 * len(suspect.damages) > total:
        damage = suspect.damages[0]
        remedy = "Correct the file, or say its `quote:` and `escape:`."
        raise TextUnreadable(source, line=skipped + damage.line, problem=damage.reason, remedy=remedy)
    if suspect.width == 1 or suspect.regular >= _LEAST_REGULAR * total:
        return
    place = next(place for place, record in enumerate(suspect.records) if len(record) != suspect.width)
    raise TextUnreadable(
        source,
        line=skipped + suspect.lines[place],
        problem=f"the lines do not agree on a number of fields; the best reading (delimiter "
        f"{_name(suspect.dialect.delimiter)}) gives {suspect.width} on {suspect.regular} of {total} lines, "
        f"and {len(suspect.records[place])} here",
        remedy="Say the `delimiter:`, `quote:` or `skip_lines:` of the file, or correct it.",
    )


def _splits_most(reading: Reading) -> bool:
    split = sum(len(record) > 1 for record in reading.records)
    return reading.dialect.delimiter in ",;\t|" and split > 0.7 * len(reading.records)


def _with_space(best: Reading, head: Sequence[str]) -> Reading:
    """Take a blank that follows every delimiter as part of the delimiter."""
    rows = [record[1:] for record in best.records if len(record) == best.width > 1]
    values = [value for row in rows for value in row]
    if best.dialect.delimiter == " " or not values or not all(value.startswith(" ") for value in values):
        return best
    wider = read_sample(head, replace(best.dialect, delimiter=best.dialect.delimiter + " "))
    return wider if wider.width == best.width and wider.regular >= best.regular else best


def _with_header(best: Reading, given: dict[str, object], *, skipped: int, lines: Sequence[str]) -> Detection:
    records = list(best.records)
    if "skip_lines" in given or "header_rows" in given:
        start, rows = _given_start(best, given)
        names = join_names(records[start : start + rows], best.width) if rows else ("",) * best.width
    else:
        header = find_header(records, best.width)
        start, rows, names = header.start, header.rows, header.names
    first_line = best.lines[start] if start < len(records) else 1
    dialect = replace(best.dialect, skip_lines=skipped + first_line - 1, header_rows=rows)
    last = tuple(records[start + rows - 1]) if rows else ()
    notes = _describe(dialect, lines) + _header_damage(best.damages, first_line, skipped)
    if rows and len(last) < best.width:
        notes += (f"The header has {len(last)} names for {best.width} columns; the last ones were numbered.",)
    return Detection(dialect, unique_names(names), last, notes)


def _given_start(best: Reading, given: dict[str, object]) -> tuple[int, int]:
    """Return where the table starts and its header rows when the dataset says one of them, or both."""
    header = find_header(list(best.records), best.width)
    start = 0 if "skip_lines" in given else header.start
    rows = given.get("header_rows")
    if isinstance(rows, int):
        return start, rows
    return start, header.rows if header.start == start else 1


def _header_damage(damages: Sequence[Damage], line: int, skipped: int) -> tuple[str, ...]:
    return tuple(
        f"The header on line {skipped + line} was read in spite of damage: {damage.reason}."
        for damage in damages
        if damage.line == line
    )


def _describe(dialect: Dialect, lines: Sequence[str]) -> tuple[str, ...]:
    end = {"\n": "\\n", "\r\n": "\\r\\n", "\r": "\\r"}[dialect.newline]
    escape = {"": "none", dialect.quote: "doubled"}.get(dialect.escape, dialect.escape)
    notes = [
        f"Delimiter {_name(dialect.delimiter)}, quote {dialect.quote or 'none'} ({escape}), "
        f"encoding {dialect.encoding}, line end {end}, header rows {dialect.header_rows}."
    ]
    for number, line in enumerate(lines[: dialect.skip_lines], 1):
        if line.strip():
            notes.append(f"Line {number} comes before the table: {line.strip()[:200]}")
    return tuple(notes)


def _name(delimiter: str) -> str:
    return _NAMED.get(delimiter, f"'{delimiter}'")
