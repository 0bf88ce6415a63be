"""Which parts of a file a client asks for (RFC 9110, section 14): what cannot be read is ignored."""

import re

MOST = 50  # parts in one answer; who wants more gets the whole
_RANGE = re.compile(r"(\d*)\s*-\s*(\d*)")
_DIGITS = 18

Parts = list[tuple[int, int]]


def parts_of(header: str, size: int) -> Parts | None:
    """Return the parts asked for as (first byte, byte after the last), in order and joined where they meet.

    None where the header says nothing that can be read: then the whole is sent. An empty list: none of the parts is
    in the file.
    """
    unit, equals, text = header.partition("=")
    if not equals or unit.strip().lower() != "bytes":
        return None
    asked = [piece.strip() for piece in text.split(",") if piece.strip()]
    found = [_part(piece, size) for piece in asked]
    if not found or len(found) > MOST or any(part is None for part in found):
        return None
    return _joined(sorted(part for part in found if part is not None and part[0] < part[1]))


def _part(text: str, size: int) -> tuple[int, int] | None:
    """Return one part, empty where it lies outside the file; None where it cannot be read."""
    match = _RANGE.fullmatch(text)
    if match is None or text.strip() == "-" or any(len(number) > _DIGITS for number in match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return (max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return (int(first), min(size, int(last) + 1) if last else size)


def _joined(parts: Parts) -> Parts:
    joined: Parts = []
    for first, after in parts:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], after))
        else:
            joined.append((first, after))
    return joined


def header_of(parts: Parts) -> str:
    """Return the header that asks for these parts."""
    return "bytes=" + ", ".join(f"{first}-{after - 1}" for first, after in parts)
