"""Two editions of a dataset compared, named as people name them: a version's number or a vintage."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cupola import lake as lakes
from cupola.contracts import VINTAGE
from cupola.errors import NotFound
from cupola.web.data.models import Dataset
from cupola.web.data.queries.lake import lake
from cupola.web.data.queries.records import DatasetUnknown


class EditionUnknown(NotFound):
    """The dataset has no version or vintage of that name."""

    def __init__(self, *, key: str, asked: str, versions: int, vintages: tuple[str, ...]) -> None:
        self.key, self.asked = key, asked
        has = f"versions 1 to {versions}" + (f" and vintages {', '.join(vintages)}" if vintages else "")
        super().__init__(f"{key}: no version or vintage {asked!r}. It has {has}.")


@dataclass(frozen=True)
class Difference:
    """A comparison and what its sides are called. Without `shows_values` it holds counts only."""

    key: str
    a: str
    b: str
    shows_values: bool
    diff: lakes.Diff

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as plain values."""
        return {"key": self.key, "a": self.a, "b": self.b, "shows_values": self.shows_values, **asdict(self.diff)}


def difference(key: str, a: str, b: str, *, limit: int) -> Difference:
    """Compare two editions. Raises DatasetUnknown, EditionUnknown, NoSuchVersion."""
    dataset = Dataset.objects.filter(key=key).first()
    if dataset is None:
        raise DatasetUnknown(key)
    newest = lake().version(key)
    found = lake().diff(key, a=edition(newest, a), b=edition(newest, b), limit=limit if dataset.shows_rows else 0)
    return Difference(key=key, a=a, b=b, shows_values=dataset.shows_rows, diff=found)


def edition(newest: lakes.Version, asked: str) -> lakes.Edition:
    """Return the edition people mean: a vintage where the newest version holds one of that name, else a version."""
    held = vintages(newest)
    if asked in held:
        return lakes.Edition(newest.number, vintage=held[asked])
    if re.fullmatch(r"[1-9][0-9]*", asked) and int(asked) <= newest.number:
        return lakes.Edition(int(asked))
    raise EditionUnknown(key=newest.dataset, asked=asked, versions=newest.number, vintages=tuple(held))


def vintages(version: lakes.Version) -> dict[str, date]:
    """Return the vintages of a version, oldest first, named as precisely as they are known: 2015, 2015-12."""
    if not any(one.name == VINTAGE for one in lake().table(version.dataset).fields(version)):
        return {}
    tree = lakes.parse("SELECT DISTINCT vintage, vintage_precision FROM data ORDER BY 1, 2")
    rows = lake().query(tree, inputs={"data": version}, all_vintages=True).to_pylist()
    return {label(row["vintage"], row["vintage_precision"]): row["vintage"] for row in rows}


def label(on: date, precision: str) -> str:
    """Name a vintage as precisely as it is known."""
    return on.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]
