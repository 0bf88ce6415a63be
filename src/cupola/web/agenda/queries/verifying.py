"""Every published number computed again from the versions it is pinned to, and each link that no longer holds.

What is compared: of measures every value with its numerator, denominator and count; of evaluations each value read,
against the table of values and against the rows, then every number and word of the answer; of claims quantity,
interval and the cents of each year. Doubles are compared bit by bit. What agrees to nine significant digits and not
beyond is listed as `near`: other packages or another processor computed it, and no page shows more digits.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cupola.errors import CupolaError
from cupola.evaluation import Question, differing, told
from cupola.savings import Effect, check_append_only, read_claim
from cupola.web.agenda.models import Claim, Evaluation, Registration
from cupola.web.agenda.queries.bundles import computed
from cupola.web.agenda.queries.effects import begun, effect_of, evaluated_by
from cupola.web.agenda.queries.outcomes import places_of
from cupola.web.agenda.queries.recomputing import Recomputed
from cupola.web.agenda.queries.sealed import Broken, Run, compared, effect_from, fingerprint_of, hash_of
from cupola.web.data.queries import lake
from cupola.web.performance.models import TypedValue

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Verified:
    """What was computed again: numbers by kind, and every link that no longer holds, in the order of the chain.

    near: what agrees to nine significant digits only. digest: of every number computed again; the same in another home
    means that each of them is the same to the last bit.
    """

    values: int
    evaluations: int
    claims: int
    broken: tuple[Broken, ...]
    near: tuple[Broken, ...]
    digest: str


def verify(*, now: datetime, progress: Progress = lambda what, share: None) -> Verified:
    """Compute every published number again and compare to the last bit. Changes nothing."""
    progress("measures", 0.0)
    values = Recomputed()
    values.publish()
    progress("evaluations", 0.7)
    rows = list(Claim.objects.filter(retired_on=None))
    answers = {(one.initiative.key, one.number): _Answered(one, values) for one in _published(rows)}
    for one in answers.values():
        one.verify()
    progress("claims", 0.9)
    claims = [_Claimed(row, answers=answers, values=values) for row in rows]
    rest: list[_Answered | _Claimed] = [*answers.values(), *claims]
    found = [*values.broken, *(link for one in rest for link in one.broken)]
    facts = [values.digest, [one.again for one in answers.values()], [one.again for one in claims]]
    return Verified(
        values=values.count,
        evaluations=len(answers),
        claims=len(claims),
        broken=tuple(one for one in found if not one.near),
        near=tuple(one for one in found if one.near),
        digest=hash_of(facts),
    )


def _published(rows: list[Claim]) -> list[Evaluation]:
    """Return the evaluations a page shows: the newest of each initiative, and those a claim takes its quantity from."""
    wanted = {evaluated_by(row.definition) for row in rows}
    found = Evaluation.objects.order_by("initiative__key", "-number").select_related("initiative", "registration")
    newest: set[str] = set()
    kept = []
    for one in found:
        if one.initiative.key not in newest or (one.initiative.key, one.number) in wanted:
            kept.append(one)
        newest.add(one.initiative.key)
    return kept


class _Answered:
    """One evaluation, run again. again: its answer as it is computed now, None where it cannot be."""

    def __init__(self, evaluation: Evaluation, values: Recomputed) -> None:
        self.evaluation, self.values = evaluation, values
        self.number = f"evaluation {evaluation.initiative.key} {evaluation.number}"
        self.broken: list[Broken] = []
        self.again: dict[str, Any] | None = None

    @property
    def lost(self) -> bool:
        """Whether a link does not hold."""
        return any(not one.near for one in self.broken)

    def verify(self) -> None:
        """Run it again, and note each link that does not hold."""
        content = self.evaluation.content
        if "question" not in content:
            why = f"nothing to compute it from was kept then; run cupola evaluate {self.evaluation.initiative.key}"
            self.broken.append(Broken(self.number, "record", why))
            return
        self.broken += self._sealed(self.evaluation.registration, content)
        self.broken += self._read(content["read"], content["question"])
        try:
            self.again = told(Question.from_json(content["question"]).answered())
        except CupolaError as error:
            self.broken.append(Broken(self.number, "estimate", str(error)))
            return
        self.broken += compared(self.number, content, self.again)

    def _sealed(self, registration: Registration, content: Mapping[str, Any]) -> Iterator[Broken]:
        """Yield what was changed in the records: the registration, the question, who was treated when."""
        asked = content["question"]
        if hash_of(registration.content) != registration.hash:
            yield Broken(self.number, "registration", "what was fixed before the data was changed in the records")
        elif places_of(registration.content, units=asked["units"], periods=asked["periods"]) != asked["starts"]:
            yield Broken(self.number, "registration", "it began elsewhere or on other days than was registered")
        if fingerprint_of(registration.hash, asked, content["read"]) != self.evaluation.fingerprint:
            yield Broken(self.number, "record", "what it was asked was changed in the records")

    def _read(self, read: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[Broken]:
        """Yield each value that is not, to the last bit, in the version it was read from, or not in the rows."""
        sources = (("values", self.values.stored, "values"), ("dataset", self.values.cells, "rows"))
        for link, cells_of, what in sources:
            try:
                cells = cells_of(read)
            except CupolaError as error:
                yield Broken(self.number, link, str(error))
                continue
            version = read[f"{link}_version"]
            for (unit, day), kept in _cells(asked):
                found = cells.get((unit, date.fromisoformat(day)), 0.0)  # no row of a count is a count of 0
                if day in read["typed"]:
                    found = _typed(read["measure"], day)
                if found != kept:
                    cell = f"{read['measure']} {day} {read['dimension']}={unit}".removesuffix(" =")
                    why = f"{cell}: read {kept!r}, {what} of version {version} say {found!r}"
                    yield Broken(self.number, link, why)


def _cells(asked: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], float]]:
    for unit, row in zip(asked["units"], asked["outcome"], strict=True):
        for day, value in zip(asked["periods"], row, strict=True):
            yield (unit, day), value


def _typed(measure: str, day: str) -> float | None:
    found = TypedValue.objects.filter(measure__key=measure, period=day).order_by("-pk").first()
    return None if found is None else float(found.value)


class _Claimed:
    """One claim, computed again. again: its quantity and the cents of each year."""

    def __init__(self, row: Claim, *, answers: Mapping[Run, _Answered], values: Recomputed) -> None:
        self.row, self.values = row, values
        self.number = f"claim {row.key}"
        run = evaluated_by(row.definition)
        self._answer = answers.get(run) if run else None
        kept = None if self._answer is None else effect_of(self._answer.evaluation)
        again = self._from_again(kept)
        self.again = self._facts(again)
        self.broken = [*self._recorded(), *self._rests_on(run, kept=kept)]

    def _from_again(self, kept: Effect | None) -> Effect | None:
        """Return the effect as it is computed now."""
        if self._answer is None or kept is None or self._answer.again is None:
            return kept
        read = self._answer.evaluation.content["read"]
        return effect_from((kept.key, kept.number), self._answer.again, read=read)

    def _facts(self, effect: Effect | None) -> dict[str, Any]:
        since = begun(self.row.definition)
        return computed(self.row.definition, since.isoformat() if since else None, effect)

    def _recorded(self) -> Iterator[Broken]:
        """Yield where the record is not its history's newest line, or its history rewrote what was evidenced."""
        lines = list(self.row.history.order_by("history_date", "history_id"))
        if not lines or lines[-1].definition != self.row.definition:
            yield Broken(self.number, "record", "the record differs from the newest line of its history")
        for before, after in itertools.pairwise(lines):
            try:
                check_append_only(before.definition, after.definition)
            except CupolaError as error:
                yield Broken(self.number, "record", f"{after.history_date:%Y-%m-%d}: {error}")

    def _rests_on(self, run: Run | None, *, kept: Effect | None) -> Iterator[Broken]:
        """Yield what it rests on and no longer holds: its evaluation, or the measure and the version it names."""
        if run is not None:
            name = f"{run[0]} {run[1]}"
            if self._answer is None:
                yield Broken(self.number, "estimate", f"there is no evaluation {name}")
                return
            if self._answer.lost:
                yield Broken(self.number, "estimate", f"the evaluation {name} no longer holds")
            for one in differing(self._facts(kept), self.again):
                why = f"{one.place}: published {one.before!r}, computed again {one.after!r}"
                yield Broken(self.number, "quantity", why, not self._answer.lost)
            return
        proof = read_claim(self.row.definition).proof
        if proof.version:
            yield from _version(self.number, proof.version)
        if any(one.number.split(" ")[1] == proof.measure for one in self.values.broken if not one.near):
            yield Broken(self.number, "measure", f"values of {proof.measure} no longer hold")


def _version(number: str, said: str) -> Iterator[Broken]:
    dataset, _at, version = said.partition("@")
    try:
        lake().version(dataset, number=int(version))
    except (CupolaError, ValueError) as error:
        yield Broken(number, "dataset", str(error) if isinstance(error, CupolaError) else f"{said!r} names no version")
