"""Branches: a copy to try changes in, and bringing it back without anything being overwritten."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.errors import Conflict
from cupola.orgchart.facts import Fact
from cupola.orgchart.history import History
from cupola.orgchart.merging import Clash, merge_histories
from cupola.orgchart.reading import read_history
from cupola.orgchart.writing import write_history, write_jurisdiction
from cupola.web.accounts.models import Event, User
from cupola.web.structure import queries
from cupola.web.structure.actions.keeper import GROUPS, store
from cupola.web.structure.models import Act, Structure


class BranchKeyTaken(Conflict):
    """Something has that key already."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} is taken. Give the branch another key.")


class NotABranch(Conflict):
    """Only a branch can be brought back."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} is not a branch. Make one with: cupola structure branch {key} NAME")


@dataclass(frozen=True)
class MergeResult:
    """What bringing a branch back changes, as (group, key), and what clashes: where, about what, the three sides."""

    changes: tuple[tuple[str, str], ...]
    clashes: tuple[tuple[str, str, str, str, str], ...]


@transaction.atomic
def branch(key: str, name: str, *, at: datetime, by: User | str) -> Structure:
    """Begin a branch `name` of a structure; one of the library is first taken over under its own key.

    Raises StructureUnknown, BranchKeyTaken.
    """
    if Structure.objects.filter(key=name).exists():
        raise BranchKeyTaken(name)
    whole = queries.jurisdiction(key)
    origin = Structure.objects.filter(key=key).first() or store(key, write_jurisdiction(whole), at=at, **_signed(by))
    document = queries.document_of(origin)
    made = store(name, {**document, "key": name}, at=at, branch_of=origin, base=document, **_signed(by))
    Event.record("structure.branched", made, at=at, by=by, detail={"of": key})
    return made


@transaction.atomic
def merge_branch(key: str, *, at: datetime, by: User | str, reason: str = "", dry_run: bool = False) -> MergeResult:
    """Bring a branch back into what it is a branch of; where both changed the same, change nothing and name it.

    Raises StructureUnknown, NotABranch.
    """
    mine = queries.find_structure(key)
    if mine.branch_of is None:
        raise NotABranch(key)
    origin = mine.branch_of
    theirs, own = queries.document_of(origin), queries.document_of(mine)
    merged = merge_histories(*(read_history(one) for one in (mine.base, own, theirs)))
    changes = _changes(read_history(theirs), merged.history)
    result = MergeResult(changes, tuple(_told(clash) for clash in merged.clashes))
    if dry_run or result.clashes:
        return result
    fields = {**_head(mine.base, own, theirs), "key": origin.key}
    fields |= _with_changes(theirs, write_history(merged.history), changes)
    store(origin.key, fields, at=at, reason=reason or f"Merged from {key}", **_signed(by))
    now = queries.document_of(origin)  # the branch goes on from here
    store(key, {**now, "key": key}, at=at, branch_of=origin, base=now, **_signed(by))
    Event.record("structure.merged", origin, at=at, by=by, reason=reason, detail={"from": key})
    return result


def _signed(by: User | str) -> dict[str, Any]:
    return {"by": by if isinstance(by, User) else None}


def _head(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Return the fields beside offices, posts and acts: the branch's where it alone changed them, else the present."""
    heads = [
        {name: value for name, value in one.items() if name not in {"key", *GROUPS}} for one in (base, mine, theirs)
    ]
    first, own, other = heads
    return {name: own.get(name) if other.get(name) == first.get(name) else other.get(name) for name in {**other, **own}}


def _changes(before: History, after: History) -> tuple[tuple[str, str], ...]:
    """Return what differs, as group and key: of offices and posts by their facts, of acts as a whole."""
    facts: list[defaultdict[str, set[Fact]]] = [defaultdict(set), defaultdict(set)]
    for said, history in zip(facts, (before, after), strict=True):
        for fact in history.facts:
            said[fact.subject].add(fact)
    kinds = {**before.subjects, **after.subjects}
    found = [(f"{kinds[key]}s", key) for key in sorted(kinds) if facts[0].get(key) != facts[1].get(key)]
    acts = [{event.key: event for event in history.events} for history in (before, after)]
    both = sorted({*acts[0], *acts[1]})
    return (*found, *((Act.group, key) for key in both if acts[0].get(key) != acts[1].get(key)))


def _with_changes(
    document: dict[str, Any], written: dict[str, Any], changes: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    """Return offices, posts and acts as they stand, with only what changed written anew."""
    found: dict[str, Any] = {}
    for group in GROUPS:
        parts, new = _by_key(document.get(group, {})), _by_key(written.get(group, {}))
        for key in (key for where, key in changes if where == group):
            parts.pop(key, None)
            if key in new:
                parts[key] = new[key]
        found[group] = list(parts.values()) if group == Act.group else parts
    return {group: parts for group, parts in found.items() if parts}


def _by_key(part: Any) -> dict[str, Any]:
    return {one["key"]: one for one in part} if isinstance(part, list | tuple) else dict(part)


def _told(clash: Clash) -> tuple[str, str, str, str, str]:
    sides = (
        ", ".join(sorted(_value(one) for _, one in side)) or "-" for side in (clash.base, clash.mine, clash.theirs)
    )
    before, mine, theirs = sides
    return clash.subject, clash.attribute, before, mine, theirs


def _value(one: Any) -> str:
    return str(getattr(one, "value", None) or getattr(one, "title", None) or one)
