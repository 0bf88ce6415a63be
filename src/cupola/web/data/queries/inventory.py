"""The inventory as a page shows it: chosen by an address, with what can be chosen and how far it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cupola.folder import DUTIES
from cupola.web.accounts.queries import the_city
from cupola.web.data.models import Portal
from cupola.web.data.queries.duties import Departments, answers, city_today, duty_word
from cupola.web.data.queries.progress import Line, inventory_lines
from cupola.web.data.queries.stages import Stage

NOBODY = "-"  # in an address: datasets nobody answers for, or of no department


@dataclass(frozen=True)
class Choice:
    """One value a list can be narrowed to, what it is called, and how many datasets have it."""

    value: str
    words: str
    count: int


@dataclass(frozen=True)
class InventoryFilters:
    """What an address asks for; each empty for everything. `lacks`: words, columns, findings or a duty."""

    words: str = ""
    state: str = ""
    department: str = ""
    steward: str = ""
    lacks: str = ""

    def takes(self, line: Line) -> bool:
        """Whether a dataset is among what is asked for."""
        said = f"{line.title} {line.dataset.key} {line.dataset.public_id} {line.department} {line.steward}".casefold()
        return (
            all(word in said for word in self.words.casefold().split())
            and self.state in {"", line.standing.stage.value}
            and self.department in {"", line.department or NOBODY}
            and self.steward in {"", line.steward or NOBODY}
            and self._lacks(line)
        )

    def _lacks(self, line: Line) -> bool:
        found = {"words": bool(line.missing), "columns": line.documented < line.columns, "findings": line.findings > 0}
        return found.get(self.lacks, self.lacks in line.gaps if self.lacks in DUTIES else True)

    @property
    def any(self) -> bool:
        """Whether anything is asked for."""
        return any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True)
class Inventory:
    """Some datasets of the inventory, and what it can be narrowed to."""

    lines: tuple[Line, ...]
    total: int
    states: tuple[Choice, ...]
    departments: tuple[Choice, ...]
    stewards: tuple[Choice, ...]
    lacks: tuple[Choice, ...]
    portals: tuple[Portal, ...]

    @property
    def complete_words(self) -> int:
        """How many of them have all needed words."""
        return sum(not line.missing for line in self.lines)

    @property
    def columns(self) -> int:
        """How many columns they have."""
        return sum(line.columns for line in self.lines)

    @property
    def documented(self) -> int:
        """How many of their columns have a meaning."""
        return sum(line.documented for line in self.lines)

    @property
    def findings(self) -> int:
        """How many findings are open on them."""
        return sum(line.findings for line in self.lines)


def inventory(filters: InventoryFilters, *, now: datetime) -> Inventory:
    """Return the datasets an address asks for, out of all the city knows of."""
    everything = inventory_lines(now=now)
    states = Counter(line.standing.stage for line in everything)
    lacking = {name: InventoryFilters(lacks=name) for name in ("words", "columns", "findings", *DUTIES)}
    return Inventory(
        lines=tuple(line for line in everything if filters.takes(line)),
        total=len(everything),
        states=tuple(Choice(one.value, one.word, states[one]) for one in Stage if states[one]),
        departments=_choices(line.department for line in everything),
        stewards=_choices(line.steward for line in everything),
        lacks=tuple(
            Choice(name, lack_words(name), count)
            for name, one in lacking.items()
            if (count := sum(one.takes(line) for line in everything))
        ),
        portals=tuple(Portal.objects.all()),
    )


def lack_words(name: str) -> str:
    """Return what is lacking, as people call it."""
    said = {"words": _("needed words"), "columns": _("meanings of columns"), "findings": _("a look at its findings")}
    return said.get(name) or _("a %(duty)s") % {"duty": duty_word(name)}


def _choices(values: Iterable[str]) -> tuple[Choice, ...]:
    counted = Counter(values)
    named = [Choice(value, value, counted[value]) for value in sorted(counted) if value]
    return (*named, *([Choice(NOBODY, _("not named"), counted[""])] if counted[""] else []))


@dataclass(frozen=True)
class Reminder:
    """A mail to a steward: to whom, and what it says."""

    steward: str
    to: str
    subject: str
    text: str
    datasets: int


def reminder(steward: str, *, now: datetime, address: str) -> Reminder:
    """Return a polite mail about what a steward still has to write. `address`: of their part of the inventory."""
    lines = [
        line
        for line in inventory_lines(now=now)
        if line.steward == ("" if steward == NOBODY else steward) and line.standing.stage != Stage.RETIRED
    ]
    due = [line for line in lines if not line.complete]
    city = the_city()
    name = city.name if city else "Cupola"
    departments = Departments()
    contacts = [answers(line.dataset, city_today(), departments=departments).contact for line in due or lines]
    said = [_("Hello,"), ""]
    if due:
        said += [_("Thank you for looking after the data of %(city)s.") % {"city": name}]
        said += [_("A few words are still missing, without which others cannot use it:"), ""]
        said += [_due_line(line) for line in due]
        said += [
            "",
            _("You can write them in the pages, or fill in a sheet and give it back: %(address)s")
            % {"address": address},
        ]
        said += [_("If someone else should answer for one of these, please tell us.")]
    else:
        said += [_("Thank you: all your datasets and columns are described. There is nothing to do.")]
    said += ["", _("Thank you,"), name, date_format(city_today())]
    subject = _("Your datasets in the inventory of %(city)s") % {"city": name}
    return Reminder(steward, next((one for one in contacts if one), ""), subject, "\n".join(said), len(due))


def _due_line(line: Line) -> str:
    parts = [", ".join(line.missing_words)] if line.missing else []
    undocumented = line.columns - line.documented
    if undocumented:
        parts.append(_("the meaning of %(count)s of %(all)s columns") % {"count": undocumented, "all": line.columns})
    return f"- {line.title}: {'; '.join(parts)}"
