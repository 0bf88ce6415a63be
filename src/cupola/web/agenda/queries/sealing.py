"""What tells that something is still the same: hashes of canonical JSON, and results as they are kept."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cupola.evaluation import Design, Result

DESIGNS: Mapping[str, Design] = {
    "difference_in_differences": Design.DIFFERENCES,
    "synthetic_control": Design.SYNTHETIC,
    "synthetic_difference_in_differences": Design.SYNTHETIC_DIFFERENCES,
    "interrupted_series": Design.INTERRUPTED,
    "before_after": Design.BEFORE_AFTER,
}


def hash_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of content as canonical JSON, in hexadecimal: keys sorted, no spaces."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def result_json(result: Result | None, inputs: Sequence[str]) -> Any:
    """Return a result as a record keeps it: JSON values, with the versions it read."""
    return None if result is None else json.loads(json.dumps({**result.to_json(), "inputs": list(inputs)}))
