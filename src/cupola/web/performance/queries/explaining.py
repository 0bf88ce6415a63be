"""A measure explained: how it is defined, what it was computed from, and the SQL that gives its values again."""

from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from cupola import indicators
from cupola.indicators import Checked
from cupola.web.data.queries import lake
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.measures import checked, described, fiscal_years


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
    found = checked(measure, held, years=fiscal_years())
    facts = {
        "measure": record.key,
        "title": record.title,
        "owner": record.owner,
        "dataset": f"{measure.dataset}, version {held.number}",
        **_said(found),
        "period": f"{record.grain} of {found.time}",
        "by": "; ".join(" and ".join(columns) for columns in record.by),
        "columns read": ", ".join(sorted(found.columns)),
        "definition": found.definition,
        "values version": str(computation.values_version or "") if computation is not None else "",
        "note": record.source_note,
    }
    return Explained(
        tuple((name, value) for name, value in facts.items() if value),
        _tree(found).sql(dialect="duckdb", pretty=True),
    )


def _said(found: Checked) -> dict[str, str]:
    """Return what a value is: an aggregate over rows, or the gap between groups of another measure."""
    gap = found.measure.gap
    if gap is None:
        return {"value": found.measure.value, "filter": found.measure.filter}
    value = "highest divided by lowest" if gap.ratio else "highest less lowest"
    fewest = f"groups of fewer than {gap.fewest} rows" if gap.fewest > 1 else ""
    return {"value": value, "gap of": f"{gap.measure}, by {gap.between}", "left out": fewest}


def _tree(found: Checked) -> exp.Select:
    if found.of is not None:
        return indicators.gap_tree(found)
    return next(iter(indicators.statements([found]))).tree
