"""Every published number computed again from the versions it is pinned to, and each link that no longer holds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cupola import indicators
from cupola.errors import CupolaError
from cupola.evaluation import answer_panel
from cupola.indicators import Checked
from cupola.lake import Version
from cupola.savings import Method, read_claim
from cupola.web.agenda.models import Claim, Evaluation, Registration
from cupola.web.agenda.queries.outcomes import outcome_of
from cupola.web.agenda.queries.sealing import DESIGNS, hash_of, result_json
from cupola.web.data.queries import lake
from cupola.web.performance.models import Measure
from cupola.web.performance.queries import current_measures, described, fiscal_years
from cupola.web.performance.queries.engines import answer
from cupola.web.performance.queries.values import stored_values

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Broken:
    """A link of the chain that no longer holds.

    number: which published number, as `measure KEY PERIOD GROUP`, `evaluation KEY N`, `claim KEY`. link: which part of
    its chain: `definition`, `dataset`, `value`, `registration`, `values`, `estimate`, `record`, `measure`.
    """

    number: str
    link: str
    why: str


@dataclass(frozen=True)
class Verified:
    """What was computed again: numbers by kind, and every link that no longer holds, in the order of the chain."""

    values: int
    evaluations: int
    claims: int
    broken: tuple[Broken, ...]


def verify(*, now: datetime, progress: Progress = lambda what, share: None) -> Verified:
    """Compute every published number again and compare to the last digit. Changes nothing."""
    progress("measures", 0.0)
    values, measures = _measures(progress)
    progress("evaluations", 0.7)
    found = list(Evaluation.objects.order_by("initiative__key", "-number").select_related("initiative", "registration"))
    newest = {one.initiative.key: one for one in reversed(found)}
    evaluations = [broken for one in newest.values() for broken in _evaluation(one, measures, now=now)]
    progress("claims", 0.9)
    rows = list(Claim.objects.filter(retired_on=None))
    lost = {broken.number.split(" ")[1] for broken in evaluations}
    claims = [broken for row in rows for broken in _claim(row, measures, newest=newest, lost=lost)]
    return Verified(values, len(newest), len(rows), (*measures, *evaluations, *claims))


@dataclass
class _Work:
    record: Measure
    checked: Checked
    held: Version


def _measures(progress: Progress) -> tuple[int, list[Broken]]:
    """Compute the values of every measure again, those of one version of one dataset together."""
    groups: dict[tuple[str, int, str], list[_Work]] = {}
    broken: list[Broken] = []
    for record in current_measures():
        work = _prepared(record, broken)
        if work is not None:
            groups.setdefault((work.held.dataset, work.held.number, work.checked.time), []).append(work)
    count = 0
    for at, group in enumerate(groups.values()):
        progress("measures", 0.7 * at / len(groups))
        for work, rows in zip(group, _computed(group), strict=True):
            count += len(rows)
            stored = stored_values([work.record.key], by=None).select(rows.column_names)
            broken += [_cell(work.record.key, one) for one in indicators.changes(stored, rows)]
    return count, broken


def _prepared(record: Measure, broken: list[Broken]) -> _Work | None:
    """Return a measure with the version its values are from; None, with the link noted, where it is lost."""
    last = getattr(record, "computation", None)
    if last is None or not last.values_version or last.dataset_version is None:
        return None
    number = f"measure {record.key}"
    try:
        held = lake().version(record.dataset, number=last.dataset_version)
        checked = indicators.check(described(record).measure(), lake().contract(held), fiscal_years=fiscal_years())
    except CupolaError as error:
        broken.append(Broken(number, "dataset", str(error)))
        return None
    if checked.definition != last.definition:
        broken.append(Broken(number, "definition", "it was defined otherwise when its values were computed"))
        return None
    return _Work(record, checked, held)


def _computed(group: Sequence[_Work]) -> list[pa.Table]:
    held = group[0].held
    tables = [
        indicators.value_rows(statement, answer(statement, held), versions={held.dataset: held.number})
        for statement in indicators.statements([work.checked for work in group], periods=None)
    ]
    whole = pa.concat_tables(tables)
    keys = whole.column("measure")
    return [whole.filter(pc.equal(keys, work.record.key)) for work in group]


def _cell(key: str, change: Any) -> Broken:
    group = " ".join(f"{name}={member}" for name, member in dict(change.group).items())
    number = f"measure {key} {change.period} {group}".strip()
    return Broken(number, "value", f"published {change.before}, computed again {change.after}")


def _evaluation(one: Evaluation, measures: Iterable[Broken], *, now: datetime) -> Iterator[Broken]:
    """Yield what no longer holds of an evaluation: its registration, the values it read, its result."""
    number = f"evaluation {one.initiative.key} {one.number}"
    registration: Registration = one.registration
    if hash_of(registration.content) != registration.hash:
        yield Broken(number, "registration", "what was fixed before the data was changed in the records")
        return
    lost = [broken for broken in measures if broken.number.split(" ")[1] == one.measure]
    try:
        outcome = outcome_of(registration.content, now=now)
    except CupolaError as error:
        yield Broken(number, "values", str(error))
        return
    fingerprint = sha256(f"{registration.hash} {outcome.fingerprint}".encode()).hexdigest()
    if fingerprint != one.fingerprint:
        yield Broken(number, "values", f"the values of {one.measure} are no longer those it read")
        return
    wanted = DESIGNS.get(registration.content["method"])
    found = answer_panel(outcome.panel, per_year=outcome.per_year, ratio=outcome.ratio, wanted=wanted)
    kept = one.content["result"]
    if result_json(found.result, (kept or {}).get("inputs", ())) != kept:
        yield Broken(number, "estimate", "the same values give another result now")
    elif lost:
        yield Broken(number, "measure", f"{len(lost)} values of {one.measure} no longer hold")


def _claim(
    row: Claim, measures: Iterable[Broken], *, newest: dict[str, Evaluation], lost: set[str]
) -> Iterator[Broken]:
    """Yield what no longer holds of a claim: its record, the version it read, its measure, its estimate."""
    number = f"claim {row.key}"
    last = row.history.order_by("-history_date", "-history_id").first()
    if last is None or last.definition != row.definition:
        yield Broken(number, "record", "the record differs from the newest line of its history")
    proof = read_claim(row.definition).proof
    if proof.version:
        yield from _version(number, proof.version)
    if any(broken.number.split(" ")[1] == proof.measure for broken in measures):
        yield Broken(number, "measure", f"values of {proof.measure} no longer hold")
    if proof.run and proof.method is not Method.INVOICES:
        run = proof.run.partition("/")[0]
        if run in lost:
            yield Broken(number, "estimate", f"the evaluation of {run} no longer holds")
        elif run not in newest:
            yield Broken(number, "estimate", f"no evaluation of {run} is kept")


def _version(number: str, said: str) -> Iterator[Broken]:
    dataset, _at, version = said.partition("@")
    try:
        lake().version(dataset, number=int(version))
    except (CupolaError, ValueError) as error:
        yield Broken(number, "dataset", str(error) if isinstance(error, CupolaError) else f"{said!r} names no version")
