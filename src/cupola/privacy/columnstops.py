"""Why columns stop a version: new, renamed, of another type, gone, emptied or shown again."""

from collections.abc import Iterator

from cupola.privacy.facts import ColumnFacts, Facts
from cupola.privacy.kinds import ADVICE
from cupola.privacy.reasons import Stop

NEW_COLUMN, NEW_SOURCE_COLUMN, SHOWN_COLUMN = "new_column", "new_source_column", "shown_column"
RENAMED, REMOVED, RETYPED, EMPTIED = "renamed_column", "removed_column", "retyped_column", "emptied_column"


def changed_columns(now: Facts, before: Facts, hidden_before: frozenset[str]) -> Iterator[Stop]:
    """Yield what differs between the columns of two versions, told by their ids; see `stops.stops`."""
    then = {one.id: one for one in before.columns}
    names_then = {one.name for one in before.columns}
    names_now = {one.name for one in now.columns}
    for column in now.columns:
        old = then.get(column.id)
        if old is not None:
            yield from _changed(column, old, before)
        elif column.name in names_then:
            yield _retyped(column.name, "another type", before)
        elif column.name in hidden_before:
            yield _shown(column.name, before)
        else:
            yield _new(column, now, before)
    ids_now = {one.id for one in now.columns}
    for old in before.columns:
        if old.id not in ids_now and old.name not in names_now:
            yield _removed(old.name, before)


def _changed(column: ColumnFacts, old: ColumnFacts, before: Facts) -> Iterator[Stop]:
    if column.name != old.name:
        yield Stop(
            kind=RENAMED,
            column=column.name,
            found=f"{old.name} of version {before.version} is called {column.name} now.",
            why="Programs and saved queries that ask for the old name would find nothing.",
            what_to_do=(
                f"Announce it under 'changes:' ({{column: {old.name}, becomes: {column.name}, announced: DAY,"
                " until: DAY}), so that the old name keeps answering; or take the new name back.",
            ),
            accept={"column": column.name, "kind": RENAMED},
        )
    if column.type != old.type:
        yield _retyped(column.name, f"{column.type}, which was {old.type}", before)
    if old.filled and not column.filled:
        yield Stop(
            kind=EMPTIED,
            column=column.name,
            found=f"{column.name} is empty in every row; in version {before.version} {old.filled:,} rows held a value.",
            why="Its source probably renamed or dropped the column; readers would take the gap for the truth.",
            what_to_do=("Look at the source's columns and name the new one under 'from:'.",),
            accept={"column": column.name, "kind": EMPTIED},
        )


def _retyped(name: str, what: str, before: Facts) -> Stop:
    return Stop(
        kind=RETYPED,
        column=name,
        found=f"{name} has {what}, other than in version {before.version}.",
        why="What programs do with its values may fail or, worse, go on with another meaning.",
        what_to_do=("Announce it under 'changes:', give the new meaning a new name, or take the type back.",),
        accept={"column": name, "kind": RETYPED},
    )


def _shown(name: str, before: Facts) -> Stop:
    return Stop(
        kind=SHOWN_COLUMN,
        column=name,
        found=f"{name} was hidden in version {before.version} and would be shown now.",
        why="What was held back once was held back for a reason.",
        what_to_do=(f"Write '{name}: sensitive: true' again, or accept that it is shown.",),
        accept={"column": name, "kind": SHOWN_COLUMN},
    )


def _new(column: ColumnFacts, now: Facts, before: Facts) -> Stop:
    held = [ADVICE[hit.kind].words for hit in now.hits if hit.column == column.name]
    seen = f" The scan found in it: {'; '.join(held)}." if held else " The scan found no personal detail in it."
    return Stop(
        kind=NEW_COLUMN,
        column=column.name,
        found=f"{column.name} ({column.type}) is new: version {before.version} does not have it.{seen}",
        why="Nobody has looked at what its rows say of persons, alone and beside the other columns.",
        what_to_do=(
            "Look at it; mark it as a quasi-identifier if it says something others can know; then accept it,"
            f" or write '{column.name}: sensitive: true'.",
        ),
        accept={"column": column.name, "kind": NEW_COLUMN},
    )


def _removed(name: str, before: Facts) -> Stop:
    return Stop(
        kind=REMOVED,
        column=name,
        found=f"{name} of version {before.version} is gone.",
        why="Programs and saved queries that ask for it would fail.",
        what_to_do=("Announce it under 'changes:' with 'removed: true', bring it back, or accept that it is gone.",),
        accept={"column": name, "kind": REMOVED},
    )


def new_in_sources(now: Facts, before: Facts) -> Iterator[Stop]:
    """Yield the columns that the sources have since the version before and the contract does not know."""
    for name in sorted(set(now.extra) - set(before.extra)):
        yield Stop(
            kind=NEW_SOURCE_COLUMN,
            column=name,
            found=f"The source has a new column, {name}, which the contract does not know and which was not loaded.",
            why="A source that grows unannounced may have changed in other ways, too.",
            what_to_do=("Add it to 'columns:' if it may be public, or accept that it stays out.",),
            accept={"column": name, "kind": NEW_SOURCE_COLUMN},
        )
