"""A measure explained: how it is defined, what it was computed from, and the SQL that gives its values again."""

from dataclasses import dataclass
from typing import Any

from cupola import indicators
from cupola.web.data.queries import lake
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.measures import described, fiscal_years


@dataclass(frozen=True)
class Explained:
    """`facts`: names and values for people. `sql`: one SELECT over the dataset's rows, called `data`."""

    facts: tuple[tuple[str, str], ...]
    sql: str

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {**dict(self.facts), "sql": self.sql}


def explained(measure: Measure) -> Explained:
    """Explain a measure by the version it was computed from, or would be. Raises NoSuchVersion, MeasureRefused."""
    record, computation = described(measure), getattr(measure, "computation", None)
    number = computation.dataset_version if computation is not None else None
    held = lake().version(measure.dataset, number=number)
    checked = indicators.check(record.measure(), lake().contract(held), fiscal_years=fiscal_years())
    statement = next(iter(indicators.statements([checked])))
    facts = {
        "measure": record.key,
        "title": record.title,
        "owner": record.owner,
        "dataset": f"{measure.dataset}, version {held.number}",
        "value": record.value,
        "filter": record.filter,
        "period": f"{record.grain} of {checked.time}",
        "by": "; ".join(" and ".join(columns) for columns in record.by),
        "columns read": ", ".join(sorted(checked.columns)),
        "definition": checked.definition,
        "values version": str(computation.values_version or "") if computation is not None else "",
        "note": record.source_note,
    }
    return Explained(
        tuple((name, value) for name, value in facts.items() if value),
        statement.tree.sql(dialect="duckdb", pretty=True),
    )
