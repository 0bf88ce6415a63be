"""What the gate measures of a version, and what a dataset is measured against."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pyarrow as pa
from sqlglot import exp

from cupola import lake as lakes
from cupola import privacy
from cupola.contracts import Column, ColumnType, Contract, announcements
from cupola.privacy import ADVICE, Accepted, Facts, Hit, Kind, Remedied, Thresholds
from cupola.sentences import Sentence
from cupola.web.data.models import Dataset
from cupola.web.data.queries.lake import city_zone, lake
from cupola.web.data.queries.records import sensitive_columns

BANDS = {ColumnType.DATE: 1, ColumnType.TIMESTAMP: 1, ColumnType.TEXT: 3, ColumnType.CODE: 1}
_NUMBERS = {ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.MONEY, ColumnType.PERCENT, ColumnType.DURATION}


def thresholds(dataset: Dataset) -> Thresholds:
    """Return what the dataset's folder says it is measured against."""
    block = dataset.definition.get("privacy", {})
    names = ("threshold", "diversity", "rows_may_fall", "rows_may_grow")
    said = {name: block[name] for name in names if name in block}
    quasi, secrets = (tuple(block.get(name, ())) for name in ("quasi_identifiers", "secrets"))
    return Thresholds(quasi_identifiers=quasi, secrets=secrets, **said)


def accepted(dataset: Dataset, *, at: datetime) -> tuple[Accepted, ...]:
    """Return what persons accept at `at`: in the folder, on the gate page, and by having announced a change."""
    written = dataset.definition.get("privacy", {}).get("accepted", ())
    by_folder = [
        Accepted(one.get("column", ""), one["kind"], one.get("at_most"), one.get("at_least"), one.get("version"))
        for one in written
    ]
    by_page = [
        Accepted(one.column, one.kind, one.at_most, one.at_least, one.version.number if one.version else None)
        for one in dataset.acceptances.filter(withdrawn_at=None).select_related("version")
    ]
    return (*by_folder, *by_page, *_announced(dataset, at=at))


def _announced(dataset: Dataset, *, at: datetime) -> list[Accepted]:
    """Return the announced changes that may come: a rename at once, for the old name goes on answering until its day;
    another type, or the end of a column, only when the day has come.
    """
    found = []
    for one in announcements(dataset.definition):
        if one.becomes:
            found.append(Accepted(one.becomes, "renamed_column"))
        elif at >= one.ends_at(city_zone()):
            found.append(Accepted(one.column, "removed_column" if one.removed else "retyped_column"))
    return found


def rules_fingerprint(dataset: Dataset, *, before: lakes.Version | None) -> str:
    """Return a hash of what is looked for, where, and compared to what; while it stays, what was measured counts."""
    rules = thresholds(dataset)
    compared = before.number if before else 0
    looked_for = [privacy.SCAN, compared, sorted(sensitive_columns(dataset)), rules.quasi_identifiers, rules.secrets]
    return hashlib.sha256(json.dumps([*looked_for, rules.threshold]).encode()).hexdigest()


def measure(dataset: Dataset, held: lakes.Version, before: lakes.Version | None, *, now: datetime) -> Facts:
    """Measure what the public would see of a version: rows, columns, personal details, crowds, times.

    `before`: the version that is public, whose rows are compared by key. Every row counts, of all vintages.
    """
    contract, fields = lake().contract(held), lake().table(held.dataset).fields(held)
    shown = _shown(fields, contract, hidden=sensitive_columns(dataset))
    names = [column.name for column, _field in shown]
    counts = _ask(privacy.filled_query(names), held).to_pylist()[0]
    columns = tuple(
        privacy.ColumnFacts(column.name, one.id, str(column.type), int(counts[f"c{at}"]))
        for at, (column, one) in enumerate(shown)
    )
    facts = Facts(
        version=held.number,
        rows=int(counts["n"]),
        columns=columns,
        extra=_extra(held),
        hits=tuple(hit for column, _field in shown for hit in _scan(column, held)),
        times=_times(contract, held, before, shown=names, now=now),
    )
    return _with_crowds(facts, held, shown=[column for column, _field in shown], rules=thresholds(dataset))


def _shown(
    fields: Sequence[lakes.StoredField], contract: Contract, *, hidden: frozenset[str]
) -> list[tuple[Column, lakes.StoredField]]:
    known = {column.name: column for column in contract.columns}
    tags = {tag.column: Column(tag.column, ColumnType.TEXT) for tag in contract.tags}
    columns = {**known, **tags}
    return [(columns[one.name], one) for one in fields if one.name in columns and one.name not in hidden]


def _ask(tree: exp.Query, held: lakes.Version, **others: lakes.Version) -> pa.Table:
    return lake().query(tree, inputs={"data": held, **others}, all_vintages=True)


def _scan(column: Column, held: lakes.Version) -> tuple[Hit, ...]:
    tree = privacy.scan_query(column)
    return () if tree is None else privacy.read_scan(column, _ask(tree, held))


def _extra(held: lakes.Version) -> tuple[str, ...]:
    """Return the columns the load's report says its sources have and the contract does not."""
    said = [one["message"] for one in held.report.get("findings", ()) if one["kind"] == "extra_columns"]
    return tuple(sorted({name for message in said for name in message.partition("not loaded: ")[2].split(", ")}))


def _times(
    contract: Contract, held: lakes.Version, before: lakes.Version | None, *, shown: Sequence[str], now: datetime
) -> privacy.Times | None:
    name = contract.time_column
    if not name or name not in shown:
        return None
    answer = _ask(privacy.times_query(name, now=now), held)
    moved = None
    if before is not None and contract.key and not contract.vintaged and before.number != held.number:
        moved = _moved(contract, held, before)
    return privacy.read_times(name, answer, moved)


def _moved(contract: Contract, held: lakes.Version, before: lakes.Version) -> pa.Table | None:
    """Compare the time of rows of the same key, whatever the columns were called then."""
    now = {one.name: one for one in lake().table(held.dataset).fields(held)}
    then = {one.id: one for one in lake().table(held.dataset).fields(before)}
    pairs = [(now[name], then.get(now[name].id)) for name in (*contract.key, contract.time_column)]
    if any(old is None or old.type != new.type for new, old in pairs):
        return None
    names = [(new.name, old.name) for new, old in pairs if old is not None]
    return _ask(privacy.moved_query(names[:-1], names[-1]), held, before=before)


def _with_crowds(facts: Facts, held: lakes.Version, *, shown: Sequence[Column], rules: Thresholds) -> Facts:
    by_name = {column.name: column for column in shown}
    quasi = [name for name in rules.quasi_identifiers if name in by_name]
    secrets = [name for name in rules.secrets if name in by_name]
    if not quasi:
        return facts

    def asked(instead: dict[str, str], *, secret: Sequence[str] = ()) -> privacy.Anonymity:
        tree = privacy.anonymity_query(quasi, sensitive=secret, threshold=rules.threshold, instead=instead)
        return privacy.read_anonymity(_ask(tree, held), quasi, sensitive=secret, threshold=rules.threshold)

    known = asked({}, secret=secrets)
    remedied = []
    if known.k < rules.threshold:
        for name in quasi:
            for remedy, step, sql in _treatments(by_name[name]):
                would = asked({name: sql})
                remedied.append(Remedied(name, remedy, step, would.k, would.small_rows))
    return replace(facts, anonymity=known, remedied=tuple(remedied))


def _treatments(column: Column) -> list[tuple[privacy.Remedy, float, str]]:
    """Return what could be done to a quasi-identifier of its type, mildest first."""
    if column.type in _NUMBERS:
        tried = [(privacy.Remedy.BAND, 10.0)]
    elif column.type is ColumnType.FLOAT:
        tried = [(privacy.Remedy.ROUND, 3.0)]
    else:
        tried = [(privacy.Remedy.COARSEN, float(BANDS[column.type]))] if column.type in BANDS else []
    tried.append((privacy.Remedy.DROP, 0.0))
    return [(remedy, step, privacy.applied(remedy, column, step=step)) for remedy, step in tried]


def details_words() -> dict[str, Sentence]:
    """Return what each kind of personal detail is called."""
    return {kind.value: ADVICE[kind].words for kind in Kind}
