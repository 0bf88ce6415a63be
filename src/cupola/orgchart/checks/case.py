"""What checks look at: the chart of a day, what of it is certain, and what the structure says it records whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from cupola.orgchart.chart import TRUST, Chart
from cupola.orgchart.facts import ATTRIBUTES, Funding, Line, Value
from cupola.orgchart.history import History
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.moments import Answer
from cupola.orgchart.parameters import Parameters
from cupola.orgchart.vocabulary import Function, OfficeKind, Status, Whole

IT = (Function.IT_INFRASTRUCTURE, Function.APPLICATIONS, Function.SECURITY)
DATA = (Function.DATA_ANALYTICS, Function.OPEN_DATA)
POLICY = (Function.INNOVATION, Function.POLICY_LIAISON, Function.DIGITAL_SERVICES, Function.SMART_CITY)
_MOST_NAMES = 8
_OUTSIDE = (OfficeKind.ADVISORY, OfficeKind.OUTSIDE, OfficeKind.GOVERNMENT)


@dataclass(frozen=True)
class Case:
    """One government on one day, as checks ask about it.

    `sure…` speaks of what held for certain: on that day without doubt, and contradicted by no source that is at least
    as good. `may…` speaks of all that is said and may have held.
    """

    one: Jurisdiction
    day: date
    parameters: Parameters

    @cached_property
    def chart(self) -> Chart:
        """The chart of the day."""
        return self.history.on(self.day)

    @property
    def history(self) -> History:
        """All that is recorded over time."""
        return self.one.history

    @cached_property
    def later(self) -> Chart:
        """The chart as far as it is known for the day up to which money is looked for."""
        return self.history.on(self.day + timedelta(days=self.parameters.horizon_days))

    def whole(self, *parts: Whole) -> bool:
        """Say whether all of these are recorded whole on the day: then what is not recorded is not there."""
        return all(any(one.of is part and one.holds(self.day) for one in self.one.complete) for part in parts)

    # -- what is certain

    def sure_all(self, key: str, attribute: str, chart: Chart | None = None) -> tuple[Value, ...]:
        """Return the values that held for certain; of a single attribute one at most."""
        held = [one for one in (chart or self.chart).held(key, attribute) if one.fact.status is not Status.UNKNOWN]
        sure = [one.fact for one in held if one.answer is Answer.YES]
        if ATTRIBUTES[attribute].many:
            return tuple(dict.fromkeys(fact.value for fact in sure))
        if not sure:
            return ()
        rank = min(TRUST.index(fact.status) for fact in sure)
        values = {fact.value for fact in sure if TRUST.index(fact.status) == rank}
        better = {one.fact.value for one in held if TRUST.index(one.fact.status) < rank}
        return tuple(values) if len(values) == 1 and not better - values else ()

    def sure(self, key: str, attribute: str) -> Value | None:
        """Return the value of a single attribute, None where it is not certain."""
        return next(iter(self.sure_all(key, attribute)), None)

    def is_there(self, key: str) -> bool:
        """Say whether an office or a post was there for certain."""
        return self.chart.exists(key) is Answer.YES

    @cached_property
    def posts(self) -> tuple[str, ...]:
        """The posts that were there for certain."""
        return tuple(key for key in self.chart.posts if self.is_there(key))

    @cached_property
    def offices(self) -> tuple[str, ...]:
        """The offices of the government that were there for certain, without councils and bodies outside it."""
        return tuple(key for key in self.chart.offices if self.is_there(key) and self.sure(key, "kind") not in _OUTSIDE)

    def housed(self, key: str) -> str:
        """Return where an office or post sat for certain: as said of it, of its office, or of what that is part of."""
        said = (one for one in self._upwards(key) if self.chart.held(one, "housed_in"))
        return str(self.sure(next(said, key), "housed_in") or "")  # what is doubtful further down ends the way up

    def payer(self, key: str) -> str:
        """Return the key of whose money pays: its own, of who pays it, of its office or further up; empty for none."""
        payers = [str(value) for value in self.sure_all(key, "paid_by")] if self.chart.kind(key) == "post" else []
        way = (key, *(one for payer in payers for one in self._upwards(payer)), *self._upwards(key))
        return next((one for one in way if self.chart.held(one, "funding")), "")

    def money(self, key: str, chart: Chart | None = None) -> tuple[Funding, ...]:
        """Return what paid for certain, on the day or in another chart."""
        payer = self.payer(key)
        held = self.sure_all(payer, "funding", chart) if payer else ()
        return tuple(value for value in held if isinstance(value, Funding))

    def boss(self, subject: str) -> str:
        """Return to whom an office or a post reported for certain, empty where that is not known.

        A post without a line of its own reports to the head of its office, an office to the head of what it is part of.
        """
        if self.chart.held(subject, "reports_to"):
            line = self.sure(subject, "reports_to")
            return self._head_or_self(line.to) if isinstance(line, Line) else ""
        if self.chart.kind(subject) == "office":
            above = str(self.sure(subject, "part_of") or "")
            return self._head_or_self(above) if above else ""
        office = str(self.sure(subject, "works_in") or "")
        head = str(self.sure(office, "headed_by") or "") if office else ""
        if head == subject:
            boss = self.boss(office)
            return "" if boss == subject else boss
        return head

    def chain(self, subject: str) -> tuple[str, ...]:
        """Return the certain bosses, nearest first. A loop ends where it closes."""
        found: dict[str, None] = {}
        boss = self.boss(subject)
        while boss and boss not in found and boss != subject:
            found[boss] = None
            boss = self.boss(boss) if self.chart.exists(boss) is not Answer.NO else ""
        return tuple(found)

    def executive(self) -> str:
        """Return the key of the chief executive's post, empty where none is certain."""
        if self.parameters.executive in self.posts:
            return self.parameters.executive
        heads = (self.sure(office, "headed_by") for office in self.offices if self.sure(office, "kind") == "executive")
        return next((str(head) for head in heads if head), "")

    def doing(self, *functions: Function) -> tuple[str, ...]:
        """Return the offices that did any of these for certain: the uppermost first, then those that did most."""
        did = {key: len(set(self.sure_all(key, "function")) & set(functions)) for key in self.offices}
        found = [key for key, count in did.items() if count]
        return tuple(sorted(found, key=lambda key: (len(self._upwards(key)), -did[key], key)))

    def posts_with(self, *roles: str) -> tuple[str, ...]:
        """Return the posts that had one of these roles for certain."""
        return tuple(key for key in self.posts if self.sure(key, "role") in roles)

    # -- what is only said

    def may_be_housed(self, key: str) -> frozenset[str]:
        """Return where an office or post sat, as far as anybody says."""
        for one in self._upwards(key, sure=False):
            said = self.chart.values(one, "housed_in")
            if said:
                return frozenset(str(value) for value in said)
        return frozenset()

    def may_do(self, *functions: Function) -> tuple[str, ...]:
        """Return the offices of which anybody says that they did one of these."""
        found = (key for key in self.chart.offices if self.chart.value(key, "kind") not in _OUTSIDE)
        return tuple(key for key in found if set(self.chart.values(key, "function")) & set(functions))

    # -- words

    def name(self, key: str) -> str:
        """Return the name people know an office or post by."""
        return str(self.chart.value(key, "name") or self.history.names.get(key, key))

    def names(self, keys: Iterable[str]) -> str:
        """Return several names as one text, of many the first and how many more; a dash for none."""
        all_names = [self.name(key) for key in keys]
        more = len(all_names) - _MOST_NAMES
        return ", ".join((*all_names[:_MOST_NAMES], *([f"… +{more}"] if more > 0 else []))) or "-"

    def _head_or_self(self, key: str) -> str:
        return str(self.sure(key, "headed_by") or key) if self.history.subjects.get(key) == "office" else key

    def _upwards(self, key: str, *, sure: bool = True) -> tuple[str, ...]:
        """Return an office or post, its office, and what that is part of. A loop ends where it closes."""
        found: dict[str, None] = {}
        here = key
        while here and here not in found:
            found[here] = None
            way = next((name for name in ("works_in", "part_of") if self.chart.held(here, name)), "")
            here = str((self.sure(here, way) if sure else self.chart.value(here, way)) or "") if way else ""
        return tuple(found)
