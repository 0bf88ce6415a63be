"""What was sealed, told again and compared: hashes, the chain's broken links, effects as claims take them.

Nothing here reads records, so that a bundle is computed again on a machine that has none.
"""

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from cupola.evaluation import BANKED, METHODS, Design, Estimate, differing
from cupola.savings import Effect, Method

ANSWERED = ("reason", "refused", "design", "result", "beside", "naive")  # what is computed of a question
Run = tuple[str, int]  # key of the initiative, number of its evaluation
_PACKAGES = ("cupola", "numpy", "scipy")
_WORDS = {design: Method(word) for word, design in METHODS.items()}


@dataclass(frozen=True)
class Broken:
    """A link of the chain that no longer holds.

    number: which published number, as `measure KEY PERIOD GROUP`, `evaluation KEY N`, `claim KEY`. link: which part of
    its chain: `definition`, `dataset`, `value`, `registration`, `record`, `values`, `estimate`, `quantity`, `measure`,
    or a file of a bundle. near: it agrees to nine significant digits, and not to the last bit.
    """

    number: str
    link: str
    why: str
    near: bool = False


def hash_of(content: Any) -> str:
    """Return the SHA-256 of JSON values as canonical text, in hexadecimal: keys sorted, no spaces."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def fingerprint_of(registration: str, question: Mapping[str, Any], read: Mapping[str, Any]) -> str:
    """Return the seal of what was asked. registration: its hash.

    Versions are no part of it: the same values in a newer version are the same question.
    """
    asked = {name: value for name, value in question.items() if name != "inputs"}
    return hash_of([registration, asked, {name: read[name] for name in ("measure", "dimension", "typed")}])


def packages() -> dict[str, str]:
    """Return what computes here: versions, and the kind of processor."""
    found = {name: version(name) for name in _PACKAGES}
    return {**found, "python": platform.python_version(), "processor": platform.machine()}


def compared(number: str, kept: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[Broken]:
    """Yield the first number or word of an answer that is not the same now, and how many more are not.

    kept: the answer with the `packages` it was computed by.
    """
    found = [one for name in ANSWERED for one in differing(kept[name], again[name], name)]
    if not found:
        return
    first = next((one for one in found if not one.near), found[0])
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    why = f"{first.place}: kept {first.before!r}, computed again {first.after!r}{more}"
    if kept["packages"] != packages():
        why += f"; it was computed by {_listed(kept['packages'])}, here is {_listed(packages())}"
    yield Broken(number, "estimate", why, first.near)


def effect_from(run: Run, answer: Mapping[str, Any], *, read: Mapping[str, Any]) -> Effect:
    """Return what an evaluation found, with the interval whose lower end may be banked.

    answer: as it is kept or as it is computed now; read: where its values are from.
    """
    facts: dict[str, Any] = {}
    if answer["result"] is not None:
        found = Estimate(**answer["result"]["estimate"])
        facts = {"ratio": found.scale == "ratio", "effect": _decimal(found.effect)}
        facts |= {"low": _maybe(found.low_80), "high": _maybe(found.high_80), "level": Decimal(str(BANKED))}
    return Effect(
        key=run[0],
        number=run[1],
        method=_WORDS.get(Design(answer["design"]), Method.NONE),
        measure=read["measure"],
        version=f"{read['dataset']}@{read['dataset_version']}",
        query=f"sha256:{read['definition']}",
        **facts,
    )


def _listed(found: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in found.items())


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _maybe(value: float | None) -> Decimal | None:
    return None if value is None else _decimal(value)
