"""What is promised of every version of a dataset, in words, and whether each version kept it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.contracts import TODAY, Promise, promises
from cupola.web.data.models import Dataset, PromiseCheck, Version
from cupola.web.data.queries.freshness import GRACE, promise_words, refresh_days
from cupola.web.data.queries.wording import column_title
from cupola.web.ui.templatetags.ui import number

INTERVAL: Final = "interval"
HISTORY = 30  # versions shown of one promise


@dataclass(frozen=True)
class PastCheck:
    """How one version stood to a promise. `found`: what was measured, in words."""

    version: int
    kept: bool
    found: str
    at: datetime


@dataclass(frozen=True)
class PromiseLine:
    """One promise with its history, newest version first. `kept` None: no version was checked yet."""

    says: str
    kept: bool | None
    stops: bool
    history: tuple[PastCheck, ...]

    @property
    def times_kept(self) -> int:
        """In how many of the versions shown it was kept."""
        return sum(one.kept for one in self.history)


def promised(dataset: Dataset) -> tuple[Promise, ...]:
    """Return what is promised of a dataset: that it is looked at in time, and what its folder says of every version."""
    days = refresh_days(dataset.refresh)
    interval = (Promise(INTERVAL, at_most=str(days)),) if days is not None else ()
    return (*interval, *promises(dataset.definition))


def interval_days(promise: Promise) -> int:
    """Return the days between two looks at the source that keep a promise of freshness."""
    return int(promise.at_most) + GRACE.days


def promise_lines(dataset: Dataset) -> tuple[PromiseLine, ...]:
    """Return every promise of today with how versions that were public kept it."""
    past: dict[str, list[PromiseCheck]] = defaultdict(list)
    known = dataset.promise_checks.filter(version__recalled_at=None).exclude(version__released_at=None)
    for check in known.select_related("version").order_by("-version__number"):
        past[check.promise].append(check)
    return tuple(_line(dataset, one, past[one.identity][:HISTORY]) for one in promised(dataset))


def _line(dataset: Dataset, promise: Promise, past: Sequence[PromiseCheck]) -> PromiseLine:
    history = tuple(PastCheck(one.version.number, one.kept, found_words(one), one.at) for one in past)
    return PromiseLine(says(dataset, promise), past[0].kept if past else None, promise.stops, history)


def says(dataset: Dataset, promise: Promise) -> str:
    """Return a promise as a sentence."""
    columns = ", ".join(_title(dataset, name) for name in promise.columns)
    low, high = _limit(promise.at_least), _limit(promise.at_most)
    if promise.that == INTERVAL:
        return _("The source is looked at %(often)s.") % {"often": promise_words(dataset.refresh)}
    if promise.that == "complete":
        facts = {"column": columns, "share": _percent(float(promise.at_least))}
        return _("%(column)s has a value in at least %(share)s of the rows.") % facts
    if promise.that == "unique":
        return _("No two rows have the same %(column)s.") % {"column": columns}
    if promise.that == "allowed":
        return _("%(column)s is one of: %(values)s.") % {"column": columns, "values": ", ".join(promise.values)}
    if promise.that == "rows":
        return _("The number of rows is %(range)s.") % {"range": _range(low, high)}
    return _("%(column)s is %(range)s.") % {"column": columns, "range": _range(low, high)}


def check_says(dataset: Dataset, check: PromiseCheck) -> str:
    """Return the promise a version was checked by, as it stood then, and what was measured."""
    terms = {
        **check.terms,
        "columns": tuple(check.terms.get("columns", ())),
        "values": tuple(check.terms.get("values", ())),
    }
    return f"{says(dataset, Promise(**terms))} {found_words(check).capitalize()}."


def found_words(check: PromiseCheck) -> str:
    """Say what was measured; only counts, never a value."""
    that = check.terms.get("that", "")
    if that == INTERVAL:
        return ngettext("%(count)s day since the look before", "%(count)s days since the look before", check.broken) % {
            "count": number(check.broken)
        }
    if that == "rows":
        return ngettext("%(count)s row", "%(count)s rows", check.broken) % {"count": number(check.broken)}
    if that == "complete" and check.share is not None:
        return _("%(share)s of the rows") % {"share": _percent(check.share)}
    if check.kept:
        return _("no row breaks it")
    return ngettext("%(count)s row breaks it", "%(count)s rows break it", check.broken) % {
        "count": number(check.broken)
    }


def stopping(version: Version) -> tuple[str, ...]:
    """Return why a version may not be public: sentences on each promise it breaks that stops a release."""
    broken = version.promise_checks.filter(kept=False)
    return tuple(broken_sentence(one) for one in broken if one.terms.get("stops"))


def broken_sentence(check: PromiseCheck) -> str:
    """Say in the words of findings that a version breaks a promise. Counts only."""
    that, columns = check.terms.get("that", ""), ", ".join(check.terms.get("columns", ()))
    low, high = check.terms.get("at_least", ""), check.terms.get("at_most", "")
    limits = " ".join([f"at least {low}" if low else "", f"at most {high}" if high else ""]).strip()
    if that == INTERVAL:
        return f"The source was looked at {check.broken} days after the look before; promised are {high}."
    if that == "rows":
        return f"There are {check.broken:,} rows; promised are {limits.replace(' at most', ' and at most')}."
    if that == "complete":
        found, wanted = (check.share or 0) * 100, float(low) * 100
        return f"{columns} has a value in {found:.4g} % of the rows; promised are {wanted:.4g} %."
    what = {"unique": "repeat a key", "allowed": "hold another value than promised", "range": f"are not {limits}"}[that]
    return f"{check.broken:,} rows {what} in {columns}; promised is none."


def _title(dataset: Dataset, name: str) -> str:
    known: dict[str, Any] = next((one for one in dataset.definition.get("columns", ()) if one["name"] == name), {})
    return column_title({**known, "name": name})


def _percent(share: float) -> str:
    # rounded down, so that 99.996 % never reads as all
    return f"{number(int(share * 10_000) / 100)} %"


def _limit(text: str) -> str:
    return _("the day of the load") if text == TODAY else text


def _range(low: str, high: str) -> str:
    if low and high:
        return _("from %(low)s to %(high)s") % {"low": low, "high": high}
    return _("at least %(low)s") % {"low": low} if low else _("at most %(high)s") % {"high": high}
