"""The rows of a dataset that is counted from another one whose rows nobody may see. Decision 0021."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cupola import lake as lakes
from cupola import privacy, sources
from cupola.contracts import Column, ColumnType
from cupola.errors import Conflict, InvalidInput
from cupola.folder import AggregatesFields, DatasetRecord
from cupola.folder.kinds.aggregates import SUPPRESSION
from cupola.web.data import queries
from cupola.web.data.models import Dataset

PATIENCE = lakes.Limits(seconds=300)


class NothingToCount(InvalidInput):
    """The dataset to count is not there, or was never loaded."""

    def __init__(self, of: str) -> None:
        self.of = of
        super().__init__(f"aggregates: {of} has no version to count. Load it first.")


class NeedsNoProtection(InvalidInput):
    """The dataset to count is public."""

    def __init__(self, of: str) -> None:
        self.of = of
        super().__init__(
            f"aggregates: everybody may see the rows of {of}, so nothing is protected by counting them. "
            f"Classify {of}, or take this dataset out."
        )


class CountedTwice(Conflict):
    """Two protected tables of the same rows, laid over each other, would tell what each of them hides."""

    def __init__(self, *, of: str, other: str) -> None:
        self.of, self.other = of, other
        super().__init__(
            f"aggregates: {other} counts {of} already, and two tables of the same rows tell together what each of "
            f"them hides. Put all dimensions into one table, or retire {other} and recall its versions."
        )


class OtherRules(Conflict):
    """Versions counted by other dimensions or rules are public."""

    def __init__(self, *, key: str, versions: list[int]) -> None:
        self.key, self.versions = key, versions
        listed = ", ".join(map(str, versions))
        super().__init__(
            f"aggregates: {key} was counted by other dimensions or rules before, and version {listed} is public. Two "
            f"tables of the same rows tell together what each of them hides. Recall those versions "
            f"(`cupola data recall {key}`), or write the rules as they were."
        )


def aggregated(dataset: Dataset, record: DatasetRecord, *, state: Mapping[str, str]) -> sources.Fetched:
    """Count the other dataset and return the protected table as a source. `state`: of the last load.

    Raises NothingToCount, NeedsNoProtection, CountedTwice, OtherRules, and what `privacy.tabulate` raises.
    """
    block = record.aggregates
    assert block is not None
    held = _version_to_count(dataset, block)
    rules = fingerprint(block)
    same = state.get("rules", rules) == rules
    public = [release.version for release in queries.lake().registry.releases(dataset.key)]
    if public and not same:
        raise OtherRules(key=dataset.key, versions=public)
    last = _last_table(dataset, record) if same else None
    now = {"rules": rules, "of": f"{held.dataset} {held.number} {held.snapshot_id}"}
    rows = last if last is not None and state.get("of") == now["of"] else _counted(held, block, last)
    path = queries.home() / "cache" / dataset.key / "table.parquet"
    content = _write(rows, _names(block), to=path)
    return sources.Fetched(
        spec=sources.SourceSpec(file=path.name, format="parquet"),
        path=path,
        fingerprint=content,
        bytes=path.stat().st_size,
        unchanged=False,
        state=now,
        format="parquet",
        source=f"{held.dataset}, version {held.number}",
    )


def fingerprint(block: AggregatesFields) -> str:
    """Return a hash of what decides which cells there are and what is hidden."""
    facts = block.model_dump(mode="json", exclude={"count"})
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:24]


def _version_to_count(dataset: Dataset, block: AggregatesFields) -> lakes.Version:
    of = Dataset.objects.filter(key=block.of).first()
    newest = of.shown_version() if of is not None else None
    if of is None or newest is None:
        raise NothingToCount(block.of)
    if of.shows_rows:
        raise NeedsNoProtection(block.of)
    registry = queries.lake().registry
    for other in Dataset.objects.exclude(key=dataset.key):
        counts = (other.definition.get("aggregates") or {}).get("of")
        if counts == block.of and (other.retired_on is None or registry.releases(other.key)):
            raise CountedTwice(of=block.of, other=other.key)
    return queries.lake().version(block.of, number=newest.number)


def _last_table(dataset: Dataset, record: DatasetRecord) -> list[dict[str, Any]] | None:
    """Return the rows of the newest version, None where there is none or its columns were others."""
    lake, block = queries.lake(), record.aggregates
    assert block is not None
    held = lake.versions(dataset.key)
    if not held:
        return None
    names = {field.name for field in lake.table(dataset.key).fields(held[-1])}
    if not names.issuperset(_names(block)):
        return None
    found: list[dict[str, Any]] = lake.query(lakes.parse("SELECT * FROM data"), inputs={"data": held[-1]}).to_pylist()
    return found


def _counted(held: lakes.Version, block: AggregatesFields, last: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    contract = queries.lake().contract(held)
    columns = {one.name: one for one in contract.columns}
    columns |= {tag.column: Column(name=tag.column, type=ColumnType.TEXT) for tag in contract.tags}
    dimensions, averages = block.dimensions_of(columns), block.averages_of(columns)
    names, means = [one.name for one in dimensions], [one.name for one in averages]
    before = None if last is None else privacy.Before.of(last, dimensions=names, count=block.count, averages=means)
    tree = privacy.groups_query(dimensions, averages)
    answer = queries.lake().query(tree, inputs={"data": held}, limits=PATIENCE)
    rules = privacy.Rules(threshold=block.threshold, base=block.round)
    groups = privacy.read_groups(answer, dimensions, averages)
    table = privacy.tabulate(groups, dimensions, averages, rules=rules, before=before)
    return [
        {
            **{name: value or privacy.ALL for name, value in zip(names, row.values, strict=True)},
            block.count: row.rows,
            **dict(zip(means, row.averages, strict=True)),
            SUPPRESSION: row.suppression,
        }
        for row in table.rows
    ]


def _names(block: AggregatesFields) -> tuple[str, ...]:
    dimensions, averages = (one.name for one in block.dimensions), (one.name for one in block.averages)
    return (*dimensions, block.count, *averages, SUPPRESSION)


def _write(rows: list[dict[str, Any]], names: tuple[str, ...], *, to: Path) -> str:
    """Write the table as text, as every source is read; return the hash of its content."""
    texts = {name: [None if row[name] is None else _text(row[name]) for row in rows] for name in names}
    to.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({name: pa.array(values, pa.string()) for name, values in texts.items()}), to)
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.12g}"
