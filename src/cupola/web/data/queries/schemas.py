"""What changed in the columns from one version to another, told by the ids that a renamed column keeps."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from cupola.errors import NotFound
from cupola.web.data.queries.lake import home, lake

SYSTEM = {"_id", "_created_at", "_updated_at", "vintage_precision"}


@dataclass(frozen=True)
class ColumnChanges:
    """Columns by name. `renamed`: former and present name; `retyped`: the columns stored in another type."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    retyped: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.renamed or self.retyped)

    @property
    def sentences(self) -> list[str]:
        """Say each kind of change in a sentence."""
        renamed = ", ".join(_("%(before)s is now %(after)s") % {"before": a, "after": b} for a, b in self.renamed)
        said = [
            (_("New columns: %(columns)s."), ", ".join(self.added)),
            (_("Columns taken away: %(columns)s."), ", ".join(self.removed)),
            (_("Columns renamed: %(columns)s."), renamed),
            (_("Columns of another type: %(columns)s."), ", ".join(self.retyped)),
        ]
        return [sentence % {"columns": columns} for sentence, columns in said if columns]


def column_changes(key: str, before: int, after: int) -> ColumnChanges:
    """Compare the columns of two versions; nothing changed where the lake does not hold them."""
    return _column_changes(home(), key, (before, after))


@lru_cache(maxsize=4096)
def _column_changes(home: Path, key: str, numbers: tuple[int, int]) -> ColumnChanges:
    """Compare two versions, which never change; `home` keeps two homes of one process apart."""
    try:
        table = lake().table(key)
        old, new = (
            {one.id: one for one in table.fields(lake().version(key, number=number)) if one.name not in SYSTEM}
            for number in numbers
        )
    except NotFound:
        return ColumnChanges()
    both = [(old[number], new[number]) for number in new if number in old]
    return ColumnChanges(
        added=tuple(one.name for number, one in new.items() if number not in old),
        removed=tuple(one.name for number, one in old.items() if number not in new),
        renamed=tuple((was.name, now.name) for was, now in both if was.name != now.name),
        retyped=tuple(now.name for was, now in both if was.type != now.type),
    )
