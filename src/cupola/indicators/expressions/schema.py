"""What expressions are about: kinds of values, and the columns of a dataset with theirs."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from sqlglot import exp

from cupola.contracts import VINTAGE, Column, ColumnType, Contract
from cupola.indicators.expressions.errors import ExpressionRefused


class Sort(StrEnum):
    """What kind of value an expression gives."""

    INTEGER = "whole number"
    DECIMAL = "exact number"
    FLOAT = "number"
    TEXT = "text"
    TRUTH = "true or false"
    DATE = "date"
    TIMESTAMP = "timestamp"
    INSTANT = "instant"
    NOTHING = "null"

    @property
    def said(self) -> str:
        """What a sentence calls a value of it."""
        if self in {Sort.TRUTH, Sort.NOTHING}:
            return str(self)
        return f"{'an' if self[0] in 'aeiou' else 'a'} {self}"


NUMBERS = frozenset({Sort.INTEGER, Sort.DECIMAL, Sort.FLOAT})
TIMES = frozenset({Sort.TIMESTAMP, Sort.INSTANT})
_SORTS = {
    ColumnType.TEXT: Sort.TEXT,
    ColumnType.CODE: Sort.TEXT,
    ColumnType.URL: Sort.TEXT,
    ColumnType.INTEGER: Sort.INTEGER,
    ColumnType.DECIMAL: Sort.DECIMAL,
    ColumnType.MONEY: Sort.DECIMAL,
    ColumnType.PERCENT: Sort.DECIMAL,
    ColumnType.FLOAT: Sort.FLOAT,
    ColumnType.DURATION: Sort.FLOAT,
    ColumnType.BOOLEAN: Sort.TRUTH,
    ColumnType.DATE: Sort.DATE,
    ColumnType.TIMESTAMP: Sort.TIMESTAMP,
    ColumnType.INSTANT: Sort.INSTANT,
}


@dataclass(frozen=True)
class Schema:
    """The columns an expression may read: their sorts, the values allowed in codes, and the city's time zone."""

    dataset: str
    sorts: Mapping[str, Sort]
    allowed: Mapping[str, tuple[str, ...]]
    zone: str = "UTC"
    vintaged: bool = False

    @classmethod
    def of(cls, dataset: str, contract: Contract) -> Self:
        """Return what a contract offers: its columns but for shapes, its tags, and `vintage` where it has that."""
        columns = {one.name: one for one in contract.columns if one.type in _SORTS}
        columns |= {tag.column: Column(tag.column, ColumnType.TEXT) for tag in contract.tags}
        if contract.vintaged:
            columns[VINTAGE] = Column(VINTAGE, ColumnType.DATE)
        return cls(
            dataset,
            {name: _SORTS[one.type] for name, one in columns.items()},
            {name: tuple(value for value, _ in one.allowed) for name, one in columns.items() if one.allowed},
            contract.zone,
            contract.vintaged,
        )

    def sort(self, name: str) -> Sort:
        """Return the sort of a column. Raises ExpressionRefused."""
        if name not in self.sorts:
            close = difflib.get_close_matches(name, self.sorts, n=1)
            remedy = f"did you mean '{close[0]}'?" if close else f"its columns are {', '.join(list(self.sorts)[:20])}"
            raise ExpressionRefused(f"'{name}' is not a column of '{self.dataset}'", remedy=remedy, text=name)
        return self.sorts[name]


@dataclass(frozen=True)
class Scalar:
    """A part of an expression: its tree, and what it gives."""

    tree: exp.Expr
    sort: Sort
