"""Which office of the chart each department of a roster or a budget is: what people settled, and what not."""

from dataclasses import dataclass
from typing import Any

from cupola.orgchart.rosters import PostCount
from cupola.web.accounts.queries import the_city
from cupola.web.planning.queries.reading import ReadBudget, ReadRoster, is_anothers
from cupola.web.structure.queries import jurisdictions_here

_NOTHING = dict.fromkeys(("since", "until", "note", "reason", "by", "on"), "")


@dataclass(frozen=True)
class DepartmentName:
    """A department as the dataset writes it: in which periods, how large in the last of them, and what it is.

    size: posts, or cents of a budget. offices: the lines people settled, oldest first, with the office's name.
    """

    name: str
    first: str
    last: str
    size: int
    offices: tuple[dict[str, Any], ...]


def departments(read: ReadRoster | ReadBudget) -> tuple[DepartmentName, ...]:
    """Return the departments of all periods: those of the newest first, the largest first."""
    names = dict(offices_of_the_chart()) if not is_anothers(read.record) else {}
    sizes: dict[str, dict[str, int]] = {}
    for one in read.counts if isinstance(read, ReadRoster) else read.amounts:
        held = sizes.setdefault(one.department, {})
        held[one.period] = held.get(one.period, 0) + (one.posts if isinstance(one, PostCount) else one.cents)
    lines = read.record.definition.get("offices", ())
    found = [
        DepartmentName(
            name=name,
            first=min(held),
            last=max(held),
            size=held[max(held)],
            offices=tuple(
                {**_NOTHING, **line, "office_name": names.get(line["office"], line["office"])}
                for line in sorted(lines, key=lambda line: str(line.get("since", "")))
                if line["name"] == name
            ),
        )
        for name, held in sizes.items()
    ]
    return tuple(sorted(found, key=lambda one: (_reversed(one.last), -one.size, one.name)))


def offices_of_the_chart() -> list[tuple[str, str]]:
    """Return key and name of every office of the city's own chart, by name; none where it has no chart."""
    city = the_city()
    one = jurisdictions_here().get(city.key) if city else None
    if one is None:
        return []
    found = [(key, one.history.names.get(key, key)) for key, kind in one.history.subjects.items() if kind == "office"]
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def _reversed(text: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in text)
