"""A document read field by field: what a folder has a field for is taken out, and what is left is kept as it was said.

A value is taken only where the field says all of it; where it says less, the field is filled and the value stays too.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cupola.sources.jsontext import Number

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PUBLIC_ID = re.compile(r"(?:^|[/=:])([a-z0-9]{4}-[a-z0-9]{4})(?=$|[/.?&#])", re.ASCII)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


def plain(value: Any) -> Any:
    """Return parsed JSON with numbers as numbers, and without what is null."""
    if isinstance(value, Number):
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else float(value)
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items() if part is not None}
    return [plain(part) for part in value if part is not None] if isinstance(value, list) else value


def printable(text: str) -> str:
    """Return a text without the signs that no one can see, and that no folder takes."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_address(text: str) -> bool:
    """Whether a text is an address of the web that may be linked to."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and not parts.password and not re.search(r"\s", text)


def public_id(*texts: Any) -> str:
    """Return the id of the form abcd-1234 that the first of these texts holds, empty where none does."""
    found = (_PUBLIC_ID.findall(text.strip()) for text in texts if isinstance(text, str))
    return next((ids[-1] for ids in found if ids), "")


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields without those that say nothing."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


class Remainder:
    """What is left of a document as fields are taken from it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.left: dict[str, Any] = dict(document)

    def value(self, name: str) -> Any:
        """Return a value and leave it."""
        return self.left.get(name)

    def drop(self, name: str) -> None:
        """Take a value out."""
        self.left.pop(name, None)

    def drop_if(self, name: str, value: Any) -> None:
        """Take out a value that goes without saying."""
        if self.left.get(name) == value:
            del self.left[name]

    def text(self, name: str) -> str:
        """Take a text; one that holds signs no folder takes stays too."""
        found = self.left.get(name)
        if not isinstance(found, str):
            return ""
        clean = printable(found)
        if clean == found:
            del self.left[name]
        return clean

    def address(self, name: str) -> str:
        """Take an address of the web; what is none stays."""
        found = self.left.get(name)
        if not isinstance(found, str) or not is_address(found):
            return ""
        return str(self.left.pop(name))

    def texts(self, name: str) -> list[str]:
        """Take a list of texts; one that holds anything else stays too."""
        found = self.left.get(name)
        if not isinstance(found, list):
            return []
        clean = [printable(item) for item in found if isinstance(item, str) and printable(item)]
        if clean == found and clean:
            del self.left[name]
        return clean

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an object and leave it; of a list its first."""
        found = self.left.get(name)
        first = found[0] if isinstance(found, list) and found else found
        return dict(first) if isinstance(first, Mapping) else {}

    def mappings(self, name: str) -> list[dict[str, Any]]:
        """Return a list of objects and leave it; one object is a list of one."""
        found = self.left.get(name)
        given = found if isinstance(found, list) else [found]
        return [dict(item) for item in given if isinstance(item, Mapping)]
