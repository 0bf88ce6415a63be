"""The files of a frozen claim, written and computed again: without records, without a home, on any machine.

`claim.json` has the claim's document, when its initiative began and what the ledger asks; `flows.json` its quantity,
interval and the cents of each year. Where the quantity comes from an evaluation: `values.csv` (every value that was
read, one row per group and period), `question.json` (design, season, seed, who was treated since when, and how the
measure is defined), `registration.json` (what was fixed before the data), `answer.json` (what came out). `README.md`
says how to compute it again, `manifest.json` has the SHA-256 of each.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from cupola.errors import CupolaError, InvalidInput
from cupola.evaluation import Question, differing, told
from cupola.periods import parse_day
from cupola.savings import Effect, flows, read_claim
from cupola.web.agenda.queries.sealed import Broken, compared, effect_from, fingerprint_of, hash_of

MANIFEST = "manifest.json"
HEADER = ("measure", "group", "period", "value")
README = """# {claim}

One savings claim with everything it rests on, frozen. Compute it again, on any machine that has Cupola {version}
(its README says how to install it):

    cupola verify --bundle {claim}.zip

It needs no home and no network. Values are groups and periods of a measure; there is no row about a person in here.
"""


class NotABundle(InvalidInput):
    """The file is not a bundle of a claim."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This is no bundle of a claim: {why}. Make one with: cupola bundle KEY")


def pack(key: str, content: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of a bundle. content: JSON values by file name; `question.json` with its outcome."""
    told = dict(content)
    files: dict[str, bytes] = {}
    if "question.json" in told:
        question = dict(told["question.json"]["question"])
        files["values.csv"] = _table(told["question.json"]["read"]["measure"], question, question.pop("outcome"))
        told["question.json"] = {**told["question.json"], "question": question}
    files |= {name: _bytes(one) for name, one in told.items()}
    version = told["claim.json"]["cupola"]
    files["README.md"] = README.format(claim=key, version=version).encode()
    sums = {name: hashlib.sha256(one).hexdigest() for name, one in sorted(files.items())}
    files[MANIFEST] = _bytes({"claim": key, "files": sums})
    return files


def computed(claim: Mapping[str, Any], since: str | None, effect: Effect | None) -> dict[str, Any]:
    """Return what a claim comes to as JSON values: quantity and interval as decimals, each year in cents."""
    found = read_claim(claim, initiative_since=parse_day(since) if since else None, effect=effect)
    quantity = found.quantity
    ends = [None if one is None else str(one) for one in (quantity.low, quantity.high)]
    facts = {"value": str(quantity.value), "low": ends[0], "high": ends[1], "level": str(quantity.level)}
    return {"quantity": {**facts, "unit": quantity.unit}, "flows": [asdict(flow) for flow in flows(found)]}


class Unpacked:
    """A bundle computed again. broken: what does not hold; answer, claim: what it comes to now."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Compute it. Raises NotABundle."""
        if MANIFEST not in files or "claim.json" not in files:
            raise NotABundle("it has no manifest")
        self._files = files
        try:
            manifest = self._read(MANIFEST)
            self.number = f"claim {manifest['claim']}"
            self.broken = list(self._changed(manifest["files"]))
            self.answer: dict[str, Any] | None = None
            effect = self._evaluated() if "question.json" in files else None
            said = self._read("claim.json")
            self.claim = computed(said["claim"], said["initiative_since"], effect)
            self.broken += self._compared()
        except (KeyError, TypeError, ValueError, CupolaError) as error:
            raise error if isinstance(error, NotABundle) else NotABundle(f"{error}") from error

    def _changed(self, sums: Mapping[str, str]) -> Iterator[Broken]:
        for name, wanted in sums.items():
            if hashlib.sha256(self._files.get(name, b"")).hexdigest() != wanted:
                yield Broken(self.number, name, "the file is not the one that was frozen")

    def _evaluated(self) -> Effect:
        """Run the evaluation again and return what it finds now."""
        asked, registration, kept = (self._read(f"{name}.json") for name in ("question", "registration", "answer"))
        if hash_of(registration["content"]) != registration["hash"]:
            self.broken.append(Broken(self.number, "registration", "it is not the one that was fixed"))
        question = {**asked["question"], "outcome": self._outcome(asked["question"])}
        if fingerprint_of(registration["hash"], question, asked["read"]) != asked["fingerprint"]:
            self.broken.append(Broken(self.number, "question", "it is not the one that was sealed"))
        self.answer = told(Question.from_json(question).answered())
        self.broken += compared(self.number, kept, self.answer)
        return effect_from((asked["initiative"], asked["number"]), self.answer, read=asked["read"])

    def _outcome(self, question: Mapping[str, Any]) -> list[list[float]]:
        rows = csv.DictReader(io.StringIO(self._files["values.csv"].decode()))
        values = {(row["group"], row["period"]): float(row["value"]) for row in rows}
        return [[values[unit, period] for period in question["periods"]] for unit in question["units"]]

    def _compared(self) -> Iterator[Broken]:
        for one in differing(self._read("flows.json"), self.claim):
            why = f"{one.place}: frozen {one.before!r}, computed again {one.after!r}"
            yield Broken(self.number, one.place.partition("[")[0].partition(".")[0], why)

    def _read(self, name: str) -> Any:
        try:
            return json.loads(self._files[name])
        except KeyError as error:
            raise NotABundle(f"{name} is missing") from error
        except ValueError as error:
            raise NotABundle(f"{name} is not JSON: {error}") from error


def _table(measure: str, question: Mapping[str, Any], outcome: list[list[float]]) -> bytes:
    """Write the values that were read, one row per group and period; a double comes back as it was."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for unit, row in zip(question["units"], outcome, strict=True):
        writer.writerows(
            (measure, unit, period, repr(one)) for period, one in zip(question["periods"], row, strict=True)
        )
    return text.getvalue().encode()


def _bytes(content: Any) -> bytes:
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
