"""How far the inventory and the data dictionary are: per dataset, per steward and per department."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cupola.folder import DUTIES
from cupola.web.accounts.queries import the_city
from cupola.web.data.models import Dataset, Department, Finding
from cupola.web.data.queries.duties import (
    Departments,
    Holding,
    all_duties,
    city_today,
    duty_word,
    gaps_in,
    in_force,
)
from cupola.web.data.queries.stages import Stage, Standing, stages
from cupola.web.data.queries.wording import in_language

# the words every dataset needs before anyone can use it; what the city says for all of them counts
NEEDED: dict[str, Promise] = {
    "description": _("Description"),
    "row": _("What one row is"),
    "department": _("Department"),
    "topic": _("Topic"),
    "steward": _("Steward"),
    "contact": _("Contact"),
    "license": _("License"),
}


@dataclass(frozen=True)
class Line:
    """One dataset of the inventory. `steward` is who answers for it today, empty for nobody.

    `missing`: the needed words that nobody wrote; `columns` and `documented` count its columns and those with a
    meaning; `findings` are open.
    """

    dataset: Dataset
    title: str
    standing: Standing
    department: str
    steward: str
    duties: tuple[Holding, ...]
    gaps: tuple[str, ...]
    missing: tuple[str, ...]
    columns: int
    documented: int
    findings: int

    @property
    def named_duties(self) -> list[tuple[str, Holding]]:
        """Return who has which duty, each with what the duty is called."""
        return [(duty_word(one.duty), one) for one in self.duties]

    @property
    def named_gaps(self) -> list[str]:
        """Return what the duties are called that nobody has."""
        return [duty_word(duty) for duty in self.gaps]

    @property
    def complete(self) -> bool:
        """Whether every needed word and every column's meaning is written."""
        return not self.missing and self.documented == self.columns

    @property
    def missing_words(self) -> list[str]:
        """Return what is missing, as people call it."""
        return [str(NEEDED[name]) for name in self.missing]

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values, without accounts."""
        since = self.standing.since
        return {
            "key": self.dataset.key,
            "id": self.dataset.public_id,
            "title": self.title,
            "state": self.standing.stage.value,
            "since": since.isoformat() if since else None,
            "elsewhere": self.standing.elsewhere,
            "department": self.department,
            **{duty: "; ".join(one.who for one in self.duties if one.duty == duty) for duty in DUTIES},
            "missing": list(self.missing),
            "columns": self.columns,
            "documented": self.documented,
            "findings": self.findings,
        }


@dataclass
class Progress:
    """How far one steward or department is. `who` is empty for nobody. `open`: datasets with something to write."""

    who: str
    datasets: int = 0
    complete_words: int = 0
    columns: int = 0
    documented: int = 0
    findings: int = 0
    department: Department | None = None
    open: list[Line] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    def add(self, line: Line) -> None:
        """Count one dataset."""
        self.datasets += 1
        self.complete_words += not line.missing
        self.columns += line.columns
        self.documented += line.documented
        self.findings += line.findings
        self.states[line.standing.stage.value] += 1
        if not line.complete:
            self.open.append(line)

    @property
    def words_share(self) -> float:
        """Share of datasets with all needed words (0-1)."""
        return self.complete_words / self.datasets if self.datasets else 1.0

    @property
    def documented_share(self) -> float | None:
        """Share of columns with a meaning (0-1), None where no columns are known."""
        return self.documented / self.columns if self.columns else None

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        names = ("who", "datasets", "complete_words", "columns", "documented", "findings")
        told = {name: getattr(self, name) for name in names}
        return {**told, "open": [line.dataset.key for line in self.open], "states": dict(self.states)}


def inventory_lines(*, now: datetime, on: date | None = None) -> tuple[Line, ...]:
    """Return every dataset, retired ones too, in the order of titles; with few queries whatever their number."""
    datasets = [*Dataset.objects.all()]
    standings = stages(datasets, now=now)
    findings = Counter(Finding.objects.filter(closed_at=None).values_list("dataset_id", flat=True))
    departments, day = Departments(), on or city_today()
    city = the_city()
    given = {name for name in ("contact", "license") if city and city.definition.get(name)}
    found = []
    for dataset in datasets:
        written = all_duties(dataset, departments)
        holding = in_force(written, day)
        stewards = [one.who for one in holding if one.duty == "steward"]
        columns = dataset.definition.get("columns", [])
        told = given | ({"steward"} if stewards else set())
        found.append(
            Line(
                dataset=dataset,
                title=in_language(dataset, "title"),
                standing=standings[dataset.pk],
                department=dataset.department,
                steward="; ".join(stewards),
                duties=holding,
                gaps=tuple(gap.duty for gap in gaps_in(written, day)),
                missing=missing_words(dataset.definition, told=told, elsewhere=standings[dataset.pk].elsewhere),
                columns=len(columns),
                documented=sum(bool(column.get("meaning")) for column in columns),
                findings=findings[dataset.pk],
            )
        )
    return tuple(found)


def missing_words(definition: Mapping[str, Any], *, told: Iterable[str], elsewhere: bool) -> tuple[str, ...]:
    """Return the needed words a definition lacks. `told`: what is known otherwise; of rows elsewhere nobody says what
    one of them is."""
    known = {*told, *(["row"] if elsewhere else [])}
    return tuple(name for name in NEEDED if not definition.get(name) and name not in known)


def progress(lines: Iterable[Line], by: str) -> tuple[Progress, ...]:
    """Return how far each `by` ("steward" or "department") is, who has most left to write first."""
    found: dict[str, Progress] = defaultdict(lambda: Progress(""))
    for line in lines:
        if line.standing.stage != Stage.RETIRED:
            who = getattr(line, by)
            found[who].who = who
            found[who].add(line)
    departments = Departments() if by == "department" else None
    for one in found.values():
        one.department = departments.named(one.who) if departments else None
    return tuple(sorted(found.values(), key=lambda one: (-len(one.open), one.who)))
