"""What a plan decides: posts, hires, closures, moves, who pays; each named, so that limits can speak of them."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What is counted. All in posts (full-time equivalents) of one year, except SHORTAGE and SURPLUS: in units of a
    need.
    """

    POSTS = "posts"
    HIRED = "hired"
    CLOSED = "closed"
    MOVED = "moved"
    CHARGED = "charged"
    SHORT_TIME = "short_time"
    SHORTAGE = "shortage"
    SURPLUS = "surplus"


class Quantity(NamedTuple):
    """One number of a plan. key: of a class, of a move, or of a need; source: who pays, for CHARGED only."""

    kind: Kind
    key: str
    year: int
    source: str = ""


class Term(NamedTuple):
    """A quantity and what it is multiplied by."""

    quantity: Quantity
    factor: float = 1.0
