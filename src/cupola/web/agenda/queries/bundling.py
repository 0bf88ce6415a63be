"""One claim frozen with everything it rests on, so that another machine computes it again without this one's records.

A bundle is a set of files: `claim.json` (document, when its initiative began, the ledger's rules), `flows.json` (what
it comes to), and where its quantity was evaluated `registration.json`, `panel.json` (the values that were read) and
`result.json`. `manifest.json` has the SHA-256 of each.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from cupola.errors import CupolaError, InvalidInput
from cupola.evaluation import Panel, answer_panel
from cupola.periods import parse_day
from cupola.savings import flows, read_claim
from cupola.web.agenda.models import Evaluation, Initiative
from cupola.web.agenda.queries.ledger import rules
from cupola.web.agenda.queries.outcomes import outcome_of
from cupola.web.agenda.queries.records import find
from cupola.web.agenda.queries.sealing import DESIGNS, hash_of, result_json
from cupola.web.agenda.queries.verifying import Broken

MANIFEST = "manifest.json"


class NotABundle(InvalidInput):
    """The file is not a bundle of a claim."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This is no bundle of a claim: {why}. Make one with: cupola bundle KEY")


def bundle_of(key: str, *, now: datetime) -> dict[str, bytes]:
    """Return the files of a claim's bundle. Raises RecordUnknown."""
    fields = dict(find("claim", key).definition)
    initiative = Initiative.objects.filter(key=fields["initiative"]).first()
    since = initiative.definition["since"] if initiative is not None else None
    found: dict[str, Any] = {
        "claim.json": {"claim": fields, "initiative_since": since, "rules": asdict(rules())},
        "flows.json": _flows(fields, since),
    }
    run = (fields.get("proof") or {}).get("run", "").partition("/")[0]
    last = Evaluation.objects.filter(initiative__key=run).order_by("-number").select_related("registration").first()
    if last is not None:
        content = last.registration.content
        outcome = outcome_of(content, now=now)
        panel = outcome.panel
        found["registration.json"] = {"content": content, "hash": last.registration.hash}
        found["panel.json"] = {
            "units": list(panel.units),
            "periods": list(panel.periods),
            "outcome": panel.outcome.tolist(),
            "starts": panel.starts.tolist(),
            "per_year": outcome.per_year,
            "ratio": outcome.ratio,
            "measure": last.measure,
            "values_version": last.values_version,
            "dataset_version": last.dataset_version,
        }
        found["result.json"] = last.content["result"]
    files = {name: _bytes(content) for name, content in found.items()}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files[MANIFEST] = _bytes({"claim": key, "files": sums})
    return files


def check_bundle(files: Mapping[str, bytes]) -> tuple[Broken, ...]:
    """Compute a bundle again and return what does not hold. Needs no records. Raises NotABundle."""
    if MANIFEST not in files or "claim.json" not in files:
        raise NotABundle("it has no manifest")
    manifest = _read(files[MANIFEST])
    number = f"claim {manifest['claim']}"
    broken = [
        Broken(number, name, "the file is not the one that was frozen")
        for name, wanted in manifest["files"].items()
        if hashlib.sha256(files.get(name, b"")).hexdigest() != wanted
    ]
    try:
        said = _read(files["claim.json"])
        if _flows(said["claim"], said["initiative_since"]) != _read(files["flows.json"]):
            broken.append(Broken(number, "flows", "the claim comes to other amounts"))
        if "panel.json" in files:
            broken += _estimate(number, files)
    except (KeyError, CupolaError) as error:
        raise NotABundle(str(error)) from error
    return tuple(broken)


def _estimate(number: str, files: Mapping[str, bytes]) -> list[Broken]:
    registration, frozen = _read(files["registration.json"]), _read(files["panel.json"])
    found = []
    if hash_of(registration["content"]) != registration["hash"]:
        found.append(Broken(number, "registration", "it is not the one that was fixed"))
    panel = Panel(
        tuple(frozen["units"]),
        tuple(frozen["periods"]),
        np.array(frozen["outcome"], dtype=np.float64),
        np.array(frozen["starts"], dtype=np.int64),
    )
    wanted = DESIGNS.get(registration["content"]["method"])
    answer = answer_panel(panel, per_year=frozen["per_year"], ratio=frozen["ratio"], wanted=wanted)
    kept = _read(files["result.json"])
    if result_json(answer.result, (kept or {}).get("inputs", ())) != kept:
        found.append(Broken(number, "estimate", "the same values give another result"))
    return found


def _flows(fields: Mapping[str, Any], since: str | None) -> list[dict[str, Any]]:
    claim = read_claim(fields, initiative_since=parse_day(since) if since else None)
    return [asdict(flow) for flow in flows(claim)]


def _bytes(content: Any) -> bytes:
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise NotABundle(f"a file is not JSON: {error}") from error
