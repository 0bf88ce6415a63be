"""How fresh a dataset is promised to be, and how fresh it is."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

GRACE = timedelta(days=1)  # a run that is a few hours late breaks no promise
EVERY = re.compile(r"every (\d+) days?")
# the words of a city folder: days until the next look is due (None: never again), and how people say it
PROMISES: dict[str, tuple[int | None, Promise]] = {
    "daily": (1, gettext_lazy("every day")),
    "weekly": (7, gettext_lazy("every week")),
    "monthly": (31, gettext_lazy("every month")),
    "quarterly": (92, gettext_lazy("every three months")),
    "yearly": (366, gettext_lazy("every year")),
    "never": (None, gettext_lazy("no more updates")),
}


class State(StrEnum):
    """The four things that can be said of a dataset's freshness."""

    FRESH = "fresh"
    LATE = "late"
    COMPLETE = "complete"
    EMPTY = "empty"


STATE_WORDS: dict[State, Promise] = {
    State.FRESH: gettext_lazy("Up to date"),
    State.LATE: gettext_lazy("Late"),
    State.COMPLETE: gettext_lazy("Complete"),
    State.EMPTY: gettext_lazy("Not loaded yet"),
}


@dataclass(frozen=True)
class Freshness:
    """A state, the word for it, and a sentence that says what was promised and what is true."""

    state: State
    word: str
    detail: str
    promise: str
    checked_at: datetime | None


def refresh_days(refresh: str) -> int | None:
    """Return after how many days a dataset is due again; None for never."""
    every = EVERY.fullmatch(refresh)
    return int(every[1]) if every else PROMISES[refresh][0] if refresh in PROMISES else None


def promise_words(refresh: str) -> str:
    """Return the promise as people say it."""
    every = EVERY.fullmatch(refresh)
    if every:
        return ngettext("every %(days)s day", "every %(days)s days", int(every[1])) % {"days": every[1]}
    return str(PROMISES[refresh][1]) if refresh in PROMISES else str(PROMISES["never"][1])


def freshness(refresh: str, *, checked_at: datetime | None, now: datetime) -> Freshness:
    """Judge a dataset that was last found to agree with its source at `checked_at` (None: never loaded)."""
    promise, days = promise_words(refresh), refresh_days(refresh)
    if checked_at is None:
        return Freshness(State.EMPTY, state_word(State.EMPTY), _("Nothing has been loaded."), promise, None)
    ago = ago_words(checked_at, now=now)
    if days is None:
        detail = _("No more updates are promised. Last checked %(ago)s.") % {"ago": ago}
        return Freshness(State.COMPLETE, state_word(State.COMPLETE), detail, promise, checked_at)
    late = now - checked_at > timedelta(days=days) + GRACE
    state = State.LATE if late else State.FRESH
    detail = _("Promised %(promise)s. Last checked %(ago)s.") % {"promise": promise, "ago": ago}
    return Freshness(state, state_word(state), detail, promise, checked_at)


def state_word(state: State) -> str:
    """Return the word pages show for a state."""
    return str(STATE_WORDS[state])


def ago_words(then: datetime, *, now: datetime) -> str:
    """Say how long ago something was, in the largest unit that is true."""
    hours = int((now - then).total_seconds() // 3600)
    days = hours // 24
    if hours < 1:
        return _("less than an hour ago")
    if days < 1:
        return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}
    if days < 60:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    if days < 730:
        return ngettext("%(count)s month ago", "%(count)s months ago", days // 30) % {"count": days // 30}
    return ngettext("%(count)s year ago", "%(count)s years ago", days // 365) % {"count": days // 365}
