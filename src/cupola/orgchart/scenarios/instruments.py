"""What an edit needs to become true: the usual instruments, as questions, and what counsel answered, on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cupola.orgchart.edits import Edit, EditKind
from cupola.orgchart.states import State
from cupola.orgchart.vocabulary import EXECUTIVES_OFFICES

PAGE = Path(__file__).with_name("instruments.yaml")


class Instrument(StrEnum):
    """By what a city makes a change of its organisation."""

    MAYORAL_DECISION = "mayoral_decision"
    EXECUTIVE_ORDER = "executive_order"
    BUDGET_AMENDMENT = "budget_amendment"
    ORDINANCE = "ordinance"
    CHARTER = "charter"
    CIVIL_SERVICE_ACTION = "civil_service_action"
    BARGAINING_NOTICE = "bargaining_notice"


@dataclass(frozen=True)
class Usual:
    """What edits of one sort usually take. why: in one sentence; seen: acts of the library, as `government/act`."""

    id: str
    edits: tuple[EditKind, ...]
    instruments: tuple[Instrument, ...]
    why: str
    of: str = ""
    attributes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    appointments: tuple[str, ...] = ()
    sites: str = ""
    seen: tuple[str, ...] = ()

    def fits(self, edit: Edit, state: State) -> bool:
        """Say whether it speaks of an edit. state: that in which the subject is there."""
        return (
            edit.kind in self.edits
            and self.of in {"", edit.of}
            and (not self.attributes or edit.attribute in self.attributes)
            and (not self.kinds or str(state.value(edit.subject, "kind")) in self.kinds)
            and (not self.appointments or str(state.value(edit.subject, "appointment")) in self.appointments)
            and (not self.sites or _site(state, edit.subject) in EXECUTIVES_OFFICES)
        )


@dataclass(frozen=True)
class Needed:
    """One instrument as counsel named it. lead_days: from the decision until it holds, None where not said."""

    instrument: Instrument
    decides: str = ""
    lead_days: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Counsel:
    """What counsel answered on a day: edits of these kinds, of these subjects or of all, need these instruments.

    of: `office`, `post` or empty for both. by: who answered. says: the answer in words. needs: none where nothing is
    needed.
    """

    key: str
    edits: tuple[EditKind, ...]
    needs: tuple[Needed, ...]
    on: date
    by: str
    of: str = ""
    subjects: tuple[str, ...] = ()
    says: str = ""

    @property
    def lead_days(self) -> int | None:
        """The days of all instruments, one after the other; None as soon as one is not said."""
        days = [one.lead_days for one in self.needs]
        return None if None in days else sum(one for one in days if one is not None)

    def speaks_of(self, edit: Edit) -> bool:
        """Say whether the answer is about an edit."""
        named = not self.subjects or edit.subject in self.subjects
        return named and edit.kind in self.edits and self.of in {"", edit.of}


def usual_for(edit: Edit, before: State, after: State) -> Usual:
    """Return what an edit usually takes: the first rule that fits."""
    state = after if edit.subject in after.said else before
    return next(one for one in usual_instruments() if one.fits(edit, state))


def answer_for(edit: Edit, answers: Iterable[Counsel], *, on: date) -> Counsel | None:
    """Return what counsel had answered by a day: to the very subject before all of its kind, the newest first."""
    known = [one for one in answers if one.on <= on and one.speaks_of(edit)]
    return max(known, key=lambda one: (bool(one.subjects), bool(one.of), one.on, one.key), default=None)


@cache
def usual_instruments() -> tuple[Usual, ...]:
    """Return the rules in order; the last one fits whatever is left."""
    return tuple(_rule(one) for one in yaml.safe_load(PAGE.read_text(encoding="utf-8"))["rules"])


def _rule(said: dict[str, Any]) -> Usual:
    edits = tuple(EditKind(one) for one in said.pop("edits"))
    instruments = tuple(Instrument(one) for one in said.pop("instruments"))
    rest: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in said.items()}
    return Usual(edits=edits, instruments=instruments, **rest)


def _site(state: State, key: str) -> str:
    """Return where something sits: as said of it, of its office, or of what that is part of."""
    seen: set[str] = set()
    while key and key not in seen:
        seen.add(key)
        site = state.value(key, "housed_in")
        if site:
            return str(site)
        key = str(state.value(key, "works_in") or state.value(key, "part_of") or "")
    return ""
