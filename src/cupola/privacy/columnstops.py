"""Why columns stop a version: new, renamed, of another type, gone, emptied or shown again."""

from collections.abc import Iterator
from functools import reduce

from cupola.privacy.facts import ColumnFacts, Facts
from cupola.privacy.kinds import ADVICE
from cupola.privacy.reasons import Stop
from cupola.sentences import Sentence

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
            yield _retyped(column.name, Sentence("another type"), before)
        elif column.name in hidden_before:
            yield _shown(column.name, before)
        else:
            yield _new(column, now, before)
    ids_now = {one.id for one in now.columns}
    for old in before.columns:
        if old.id not in ids_now and old.name not in names_now:
            yield _removed(old.name, before)


def _changed(column: ColumnFacts, old: ColumnFacts, before: Facts) -> Iterator[Stop]:
    facts = {"column": column.name, "old": old.name, "before": before.version}
    if column.name != old.name:
        yield Stop(
            kind=RENAMED,
            column=column.name,
            found=Sentence("%(old)s of version %(before)s is called %(column)s now.", facts),
            why=Sentence("Programs and saved queries that ask for the old name would find nothing."),
            what_to_do=(
                Sentence(
                    "Announce it under 'changes:' ({column: %(old)s, becomes: %(column)s, announced: DAY,"
                    " until: DAY}), so that the old name keeps answering; or take the new name back.",
                    facts,
                ),
            ),
            accept={"column": column.name, "kind": RENAMED},
        )
    if column.type != old.type:
        types = {"now": column.type, "then": old.type}
        yield _retyped(column.name, Sentence("%(now)s, which was %(then)s", types), before)
    if old.filled and not column.filled:
        said = {**facts, "rows": old.filled}
        yield Stop(
            kind=EMPTIED,
            column=column.name,
            found=Sentence(
                "%(column)s is empty in every row; in version %(before)s %(rows)s rows held a value.",
                said,
            ),
            why=Sentence(
                "Its source probably renamed or dropped the column; readers would take the gap for the truth."
            ),
            what_to_do=(Sentence("Look at the source's columns and name the new one under 'from:'."),),
            accept={"column": column.name, "kind": EMPTIED},
        )


def _retyped(name: str, what: Sentence, before: Facts) -> Stop:
    facts = {"column": name, "what": what, "before": before.version}
    return Stop(
        kind=RETYPED,
        column=name,
        found=Sentence("%(column)s has %(what)s, other than in version %(before)s.", facts),
        why=Sentence("What programs do with its values may fail or, worse, go on with another meaning."),
        what_to_do=(Sentence("Announce it under 'changes:', give the new meaning a new name, or take the type back."),),
        accept={"column": name, "kind": RETYPED},
    )


def _shown(name: str, before: Facts) -> Stop:
    facts = {"column": name, "before": before.version}
    return Stop(
        kind=SHOWN_COLUMN,
        column=name,
        found=Sentence("%(column)s was hidden in version %(before)s and would be shown now.", facts),
        why=Sentence("What was held back once was held back for a reason."),
        what_to_do=(Sentence("Write '%(column)s: sensitive: true' again, or accept that it is shown.", facts),),
        accept={"column": name, "kind": SHOWN_COLUMN},
    )


def _new(column: ColumnFacts, now: Facts, before: Facts) -> Stop:
    facts = {"column": column.name, "type": column.type, "before": before.version}
    held = [ADVICE[hit.kind].words for hit in now.hits if hit.column == column.name]
    seen = Sentence("The scan found no personal detail in it.")
    if held:
        listed = reduce(lambda first, then: Sentence("%(first)s; %(then)s", {"first": first, "then": then}), held)
        seen = Sentence("The scan found in it: %(details)s.", {"details": listed})
    return Stop(
        kind=NEW_COLUMN,
        column=column.name,
        found=Sentence(
            "%(column)s (%(type)s) is new: version %(before)s does not have it. %(seen)s", {**facts, "seen": seen}
        ),
        why=Sentence("Nobody has looked at what its rows say of persons, alone and beside the other columns."),
        what_to_do=(
            Sentence(
                "Look at it; mark it as a quasi-identifier if it says something others can know; then accept it,"
                " or write '%(column)s: sensitive: true'.",
                facts,
            ),
        ),
        accept={"column": column.name, "kind": NEW_COLUMN},
    )


def _removed(name: str, before: Facts) -> Stop:
    return Stop(
        kind=REMOVED,
        column=name,
        found=Sentence(
            "%(column)s of version %(before)s is gone.",
            {"column": name, "before": before.version},
        ),
        why=Sentence("Programs and saved queries that ask for it would fail."),
        what_to_do=(
            Sentence("Announce it under 'changes:' with 'removed: true', bring it back, or accept that it is gone."),
        ),
        accept={"column": name, "kind": REMOVED},
    )


def new_in_sources(now: Facts, before: Facts) -> Iterator[Stop]:
    """Yield the columns that the sources have since the version before and the contract does not know."""
    for name in sorted(set(now.extra) - set(before.extra)):
        yield Stop(
            kind=NEW_SOURCE_COLUMN,
            column=name,
            found=Sentence(
                "The source has a new column, %(column)s, which the contract does not know and which was not loaded.",
                {"column": name},
            ),
            why=Sentence("A source that grows unannounced may have changed in other ways, too."),
            what_to_do=(Sentence("Add it to 'columns:' if it may be public, or accept that it stays out."),),
            accept={"column": name, "kind": NEW_SOURCE_COLUMN},
        )
