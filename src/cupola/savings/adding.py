"""The ledger is only added to: what is evidenced never changes, and steps are never taken back."""

from collections.abc import Mapping
from typing import Any

from cupola.errors import Conflict
from cupola.savings.vocabulary import Status

FREE = frozenset({"name", "released", "release", "retention", "legal_hold", "sources", "note", "steps"})


class ClaimIsEvidenced(Conflict):
    """The figures of a claim that is evidenced never change; a new claim supersedes it."""

    def __init__(self, key: str, fields: list[str]) -> None:
        self.key, self.fields = key, fields
        super().__init__(
            f"{key} is evidenced, so {', '.join(fields)} cannot change any more. "
            f"Write a new claim with 'supersedes: {key}', and let this one lapse."
        )


class StepsOnlyAdded(Conflict):
    """The steps a claim has taken are only ever added to."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"The steps {key} has taken cannot change or go. Add the next one below them.")


def check_append_only(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raise ClaimIsEvidenced or StepsOnlyAdded where the fields of a claim's document would be rewritten."""
    key = str(after["key"])
    old, new = list(before.get("steps", ())), list(after.get("steps", ()))
    if new[: len(old)] != old:
        raise StepsOnlyAdded(key)
    if any(step["status"] != Status.CLAIMED for step in old):
        changed = sorted(name for name in {*before, *after} - FREE if before.get(name) != after.get(name))
        if changed:
            raise ClaimIsEvidenced(key, changed)
