"""The parameters of an address that say which edition of a dataset is meant; the rest belongs to the query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from cupola.serving.errors import BadParameter

Pairs = Sequence[tuple[str, str]]
_OWN = ("as_of", "version", "vintage")


@dataclass(frozen=True)
class Edition:
    """Which rows are meant: of which version, as of when, of which vintage (all: "all")."""

    as_of: datetime | None = None
    version: int | None = None
    vintage: str = ""


def split_edition(pairs: Pairs) -> tuple[Edition, list[tuple[str, str]]]:
    """Return the edition meant and all other parameters. Raises BadParameter."""
    own = {name: value for name, value in pairs if name in _OWN and value}
    rest = [(name, value) for name, value in pairs if name not in _OWN]
    edition = Edition(
        as_of=moment(own["as_of"]) if "as_of" in own else None,
        version=_version(own["version"]) if "version" in own else None,
        vintage=_vintage(own["vintage"]) if "vintage" in own else "",
    )
    return edition, rest


def moment(text: str) -> datetime:
    """Return the moment `text` names; a day means its end, so that what was published on it counts.

    Raises BadParameter.
    """
    try:
        if len(text) == len("2026-11-22"):
            return datetime.combine(date.fromisoformat(text), time.max, tzinfo=UTC)
        # A plus sign in an address arrives as a space.
        value = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadParameter("as_of", value=text, wanted="a day or a time such as 2026-11-22T12:00:00Z") from None


def _version(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadParameter("version", value=text, wanted="the number of a version, such as 3")
    return int(text)


def _vintage(text: str) -> str:
    if text.lower() == "all":
        return "all"
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise BadParameter("vintage", value=text, wanted="a day such as 2020-01-01, or all") from None
