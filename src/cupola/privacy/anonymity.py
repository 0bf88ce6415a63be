"""How well rows hide in a crowd: k-anonymity and l-diversity over columns that together may point at one person.

k: the rows of the smallest group that shares all values of the quasi-identifiers (Sweeney 2002). l: the different
values of a sensitive column in the group that has the fewest (Machanavajjhala et al. 2007, in its distinct form).
An empty value is a value of its own: whoever looks for a person sees that it is empty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import sqlglot
from sqlglot import exp

from cupola.errors import InvalidInput

TABLE = "data"
THRESHOLD = 11  # groups smaller than this are small; the usual floor for health and school data in the United States


class NoQuasiIdentifiers(InvalidInput):
    """Anonymity was asked for over no column."""

    def __init__(self) -> None:
        super().__init__("Mark at least one column with `quasi_identifier: true`; k is counted over those together.")


@dataclass(frozen=True)
class Anonymity:
    """What was measured. `k` is 0 when there are no rows; `small_groups` and `small_rows` are those under `threshold`.

    `diversity`: per sensitive column, the fewest different values any group holds.
    """

    columns: tuple[str, ...]
    k: int
    threshold: int
    groups: int
    small_groups: int
    rows: int
    small_rows: int
    diversity: Mapping[str, int]


def anonymity_query(
    columns: Sequence[str],
    *,
    sensitive: Sequence[str] = (),
    threshold: int = THRESHOLD,
    instead: Mapping[str, str] | None = None,
) -> exp.Query:
    """Return one query over the table `data` that measures k and l. Raises NoQuasiIdentifiers.

    instead: SQL to group a column by in place of its own values, to see what banding or rounding it would give.
    """
    if not columns:
        raise NoQuasiIdentifiers
    replaced = instead or {}
    keys = ", ".join(f"{replaced.get(name, _name(name))} AS k{at}" for at, name in enumerate(columns))
    places = ", ".join(str(at + 1) for at in range(len(columns)))
    # an empty sensitive value counts as one more value
    kinds = "".join(
        f", count(DISTINCT {_name(name)}) + max(CAST({_name(name)} IS NULL AS INTEGER)) AS l{at}"
        for at, name in enumerate(sensitive)
    )
    fewest = "".join(f", coalesce(min(l{at}), 0) AS l{at}" for at in range(len(sensitive)))
    small = f"FILTER (WHERE n < {threshold:d})"
    tree = sqlglot.parse_one(
        f"SELECT coalesce(min(n), 0) AS k, count(*) AS groups, count(*) {small} AS small_groups,"
        f" coalesce(sum(n), 0) AS rows, coalesce(sum(n) {small}, 0) AS small_rows{fewest}"
        f" FROM (SELECT {keys}, count(*) AS n{kinds} FROM {TABLE} GROUP BY {places}) AS crowd",
        read="duckdb",
    )
    assert isinstance(tree, exp.Query)
    return tree


def read_anonymity(
    answer: pa.Table, columns: Sequence[str], *, sensitive: Sequence[str] = (), threshold: int = THRESHOLD
) -> Anonymity:
    """Return what the answer to `anonymity_query` says."""
    facts = answer.to_pylist()[0]
    return Anonymity(
        columns=tuple(columns),
        k=int(facts["k"]),
        threshold=threshold,
        groups=int(facts["groups"]),
        small_groups=int(facts["small_groups"]),
        rows=int(facts["rows"]),
        small_rows=int(facts["small_rows"]),
        diversity={name: int(facts[f"l{at}"]) for at, name in enumerate(sensitive)},
    )


def _name(column: str) -> str:
    return exp.column(column, quoted=True).sql(dialect="duckdb")
