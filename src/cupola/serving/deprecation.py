"""What a client is told that uses a name announced to go: RFC 9745 (Deprecation) and RFC 8594 (Sunset)."""

from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import format_datetime

from cupola.contracts import Announcement, announcements
from cupola.lake import Release


def http_date(moment: datetime) -> str:
    """Return a moment as headers write it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def deprecation(release: Release, names: Collection[str]) -> dict[str, str]:
    """Return the headers of an answer that was asked for by `names`, or shows them, in small letters; none for none.

    Of several the earliest days count. A former name that no announcement ends has no `Sunset`.
    """
    if not names:
        return {}
    zone = release.contract.zone
    dated = {one.column.lower(): one for one in announcements(release.metadata) if one.column.lower() in names}
    undated = {old: new for old, new in release.aliases.items() if old.lower() in names and old.lower() not in dated}
    since = [one.said_at(zone) for one in dated.values()] + ([release.released_at] if undated else [])
    words = [_words(one) for one in dated.values()] + [f"{old} is now {new}" for old, new in undated.items()]
    if not since:
        return {}
    headers = {
        "Deprecation": f"@{int(min(since).timestamp())}",
        "Link": f'</data/{release.dataset}/changes/>; rel="deprecation"; type="text/html"',
        "X-SODA2-Warning": f"Former column names were used: {'; '.join(sorted(words))}.",
    }
    if dated:
        headers["Sunset"] = http_date(min(one.ends_at(zone) for one in dated.values()))
    return headers


def going_words(one: Announcement) -> str:
    """Say what was announced of a column, for those who read its description."""
    if one.becomes:
        return f"Former name of {one.becomes}. It answers until {one.until}."
    if one.type:
        return f"Becomes {one.type} on {one.until}."
    return f"Goes on {one.until}."


def _words(one: Announcement) -> str:
    if one.becomes:
        return f"{one.column} is now {one.becomes}, and answers until {one.until}"
    if one.type:
        return f"{one.column} becomes {one.type} on {one.until}"
    return f"{one.column} goes on {one.until}"
