"""One grant through the budget books: joined on its code, wherever a year's book put it, under whatever name.

Budget books rename grants, swap columns and leave years out. A grant is followed by its fund code alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Said(StrEnum):
    """What a year's book says of a grant."""

    NEW = "new money"
    CARRIED = "carry-over only"
    BLANK = "named without an amount"
    ABSENT = "not in the book"


@dataclass(frozen=True)
class BookLine:
    """A line of one year's book, in cents; None is blank. codes: every code the line carries, in any column."""

    year: int
    codes: tuple[str, ...]
    name: str
    previous: int | None = None
    anticipated: int | None = None
    carryover: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class BookYear:
    """One year of a grant. renamed: the name differs from the year before in which it stood.

    implied_spent: what must have been spent in the year, by the next book: the total less what that one carries over.
    None where the next book is missing, or names new money (it cannot be told apart).
    """

    year: int
    said: Said
    name: str = ""
    anticipated: int | None = None
    carryover: int | None = None
    total: int | None = None
    renamed: bool = False
    implied_spent: int | None = None


@dataclass(frozen=True)
class GrantStory:
    """A grant over the books. last_new: last year with new money; last_money: last year with any."""

    code: str
    years: tuple[BookYear, ...]
    new_money: int
    last_new: int | None
    last_money: int | None
    names: tuple[str, ...]


def follow(code: str, lines: Iterable[BookLine], *, books: Iterable[int]) -> GrantStory:
    """Return what the books of the years `books` say of the grant with `code`.

    Lines of one year with that code are added up. New money is summed over all books.
    """
    found: dict[int, list[BookLine]] = {}
    for line in lines:
        if code in line.codes:
            found.setdefault(line.year, []).append(line)
    years: list[BookYear] = []
    name = ""
    for year in sorted(set(books)):
        here = found.get(year, [])
        years.append(_year(year, here, before=name))
        name = years[-1].name or name
    years = [_spent(one, years[at + 1] if at + 1 < len(years) else None) for at, one in enumerate(years)]
    names = tuple(dict.fromkeys(one.name for one in years if one.name))
    news = [one.year for one in years if one.said is Said.NEW]
    money = [one.year for one in years if one.said in {Said.NEW, Said.CARRIED}]
    new_money = sum(one.anticipated or 0 for one in years)
    return GrantStory(code, tuple(years), new_money, max(news, default=None), max(money, default=None), names)


def _year(year: int, lines: list[BookLine], *, before: str) -> BookYear:
    if not lines:
        return BookYear(year, Said.ABSENT)
    new, carried = _sum(line.anticipated for line in lines), _sum(line.carryover for line in lines)
    said = Said.NEW if new else Said.CARRIED if carried else Said.BLANK
    name = lines[0].name
    total = _sum(line.total for line in lines)
    return BookYear(year, said, name, new, carried, total, bool(before) and name != before)


def _spent(one: BookYear, following: BookYear | None) -> BookYear:
    if following is None or following.said is not Said.CARRIED or one.total is None:
        return one
    spent = one.total - (following.carryover or 0)
    return BookYear(one.year, one.said, one.name, one.anticipated, one.carryover, one.total, one.renamed, spent)


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
