"""What a second look at a portal finds: entries that went, columns that changed, changes that are late."""

from collections.abc import Iterator, Sequence
from datetime import date

from cupola.sources.catalogues.entries import Entry, modified_said, promised_days
from cupola.sources.catalogues.filefaults import Fault, shown
from cupola.sources.catalogues.periodicity import day_of

GRACE_DAYS = 1  # a portal that is some hours late breaks no promise
ACCEPT = "correct the data dictionary, then take the portal's columns as right with --accept"
Columns = Sequence[Sequence[str]]


def column_faults(agreed: Columns, now: Columns) -> list[Fault]:
    """Return what changed from the columns a person took as right to those the portal has, `[name, type]` each.

    Nothing where either is unknown.
    """
    return (
        [*_changes([(str(a), str(b)) for a, b in agreed], [(str(a), str(b)) for a, b in now])] if agreed and now else []
    )


def _changes(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> Iterator[Fault]:
    was, now = dict(before), dict(after)
    renamed = _renamed(before, after)
    for name in was:
        if name in renamed:
            message = f"the portal calls the column {renamed[name]!r} now"
            yield Fault("column_renamed", name, renamed[name], message, ACCEPT)
        elif name not in now:
            yield Fault("column_removed", name, "", "the portal no longer has this column", ACCEPT)
    for name, kind in now.items():
        if name not in was and name not in renamed.values():
            yield Fault(
                "column_added", name, shown(kind), f"the portal has a new column ({kind or 'of no type'})", ACCEPT
            )
        elif was.get(name) and kind and was[name] != kind:
            message = f"the portal has it as {kind!r}, and had it as {was[name]!r}"
            yield Fault("column_retyped", name, shown(kind), message, ACCEPT)


def _renamed(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> dict[str, str]:
    """Return former -> present names, where as many columns went as came and each has the same place and type."""
    gone = {one[0] for one in before} - {one[0] for one in after}
    if len(before) != len(after):
        return {}
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if old[0] != new[0]]
    alike = all(old[0] in gone and old[1] == new[1] for old, new in pairs)
    return {old[0]: new[0] for old, new in pairs} if alike and len(pairs) == len(gone) else {}


def late_fault(entry: Entry, kind: str, *, promised: int | None, today: date) -> Fault | None:
    """Return that an entry is late, None where it is not or nobody can tell.

    `promised`: after how many days a change is due by the city's own promise; without it the portal's counts.
    """
    days = promised or promised_days(entry, kind)
    said = modified_said(entry, kind)
    changed = day_of(said)
    if days is None or changed is None or (today - changed).days <= days + GRACE_DAYS:
        return None
    ago = f"{(today - changed).days:,} days ago"
    message = f"it last changed on {changed:%Y-%m-%d}, {ago}; a change is promised every {days} days"
    return Fault("late_elsewhere", "modified", said, message, "ask its publisher to update it, or promise less")


def vanished(address: str) -> Fault:
    """Return that a portal no longer lists an entry."""
    remedy = "ask its publisher; if it ended, write 'retired:' into its document"
    return Fault("vanished", "catalogue.identifier", "", f"{address} no longer lists it", remedy, "error")
