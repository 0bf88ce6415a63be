"""What is wrong with the metadata of a catalogue: where, which value, and what to write instead.

Every check takes whatever stands there: catalogues hold nulls, numbers and lists where texts belong.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from cupola.sources.catalogues import catalogld, datajson
from cupola.sources.catalogues.filefaults import Fault, file_faults, shown
from cupola.sources.catalogues.periodicity import day_of, is_interval, is_periodicity
from cupola.sources.catalogues.remainder import EMAIL, is_address
from cupola.sources.catalogues.said import ABSENT, said

Document = Mapping[str, Any]
_SHORTEST = 30  # a description of fewer characters is a second title
_COPIED = 2
_DCAT = frozenset((datajson.KIND, catalogld.KIND))
_NOTHING = frozenset(("other", "none", "unknown", "unspecified", "notspecified", "not-specified", "n/a", "na", "tbd"))
_ACCESS = ("public", "restricted public", "non-public")

# what must be said, how much it matters, and what to write
_NEEDED: tuple[tuple[str, str, str], ...] = (
    ("title", "error", "write a title in plain words"),
    ("description", "warning", "write what it holds, who made it and since when"),
    ("identifier", "error", "give it an identifier that never changes"),
    ("publisher", "warning", "name the department that publishes it"),
    ("contact", "warning", "name the office that answers questions"),
    ("email", "warning", "write where questions go, as 'mailto:data@example.gov'"),
    (
        "license",
        "warning",
        "name the terms of use by their address, as 'https://creativecommons.org/publicdomain/zero/1.0/'",
    ),
    ("modified", "warning", "write the day it last changed, as '2026-11-20'"),
    ("periodicity", "note", "say how often it changes, as 'R/P1M' for every month"),
    ("keywords", "note", "list words people search for"),
    ("access", "warning", "write 'public', 'restricted public' or 'non-public'"),
)
_TEXTS = (
    "title",
    "description",
    "identifier",
    "publisher",
    "contact",
    "email",
    "license",
    "modified",
    "issued",
    "periodicity",
)


def document_faults(document: Document, kind: str, *, today: date) -> list[Fault]:
    """Return the faults of one entry, the gravest first.

    `kind`: the kind of catalogue; `today`: dates after it are wrong.
    """
    checks: tuple[Callable[[Document, str], Iterator[Fault]], ...] = (
        _missing, _types, _description, _contact, _email, _license, _periodicity, _access, _addresses, file_faults,
    )  # fmt: skip
    found = [fault for check in checks for fault in check(document, kind)]
    found += [*_dates(document, kind, today=today)]
    grave = ("error", "warning", "note")
    return sorted(found, key=lambda fault: grave.index(fault.severity))


def catalogue_faults(documents: Sequence[Any], kind: str, *, today: date) -> list[list[Fault]]:
    """Return the faults of every entry, in their order, also those that only show beside the others."""
    mappings = [one if isinstance(one, Mapping) else {} for one in documents]
    found = [document_faults(one, kind, today=today) for one in mappings]
    for position, one in enumerate(documents):
        if not isinstance(one, Mapping):
            remedy = "write an object with title, description, identifier and the rest, or take it out"
            found[position] = [Fault("not_an_entry", "", shown(one), "it is no object", remedy, "error")]
    _repeated(found, mappings, kind)
    return found


def counted(faults: Iterable[Iterable[Fault]]) -> dict[str, int]:
    """Return how many entries have each kind of fault, the commonest first."""
    return dict(Counter(kind for one in faults for kind in {fault.kind for fault in one}).most_common())


def _text(document: Document, kind: str, what: str) -> tuple[str, str]:
    """Return the path and the text there, empty where there is none."""
    path, value = said(document, kind, what)
    return path, value.strip() if isinstance(value, str) else ""


def _missing(document: Document, kind: str) -> Iterator[Fault]:
    for what, severity, remedy in _NEEDED:
        path, value = said(document, kind, what)
        if not path or (what == "access" and kind != datajson.KIND):
            continue
        empty = value is ABSENT or value is None or (isinstance(value, str | list | dict) and not value)
        blank = isinstance(value, str) and bool(value) and not value.strip()
        if empty or blank:
            state = "it is missing" if value is ABSENT else "it is null" if value is None else "it is empty"
            yield Fault(f"no_{what}", path, "null" if value is None else "", state, remedy, severity)


def _types(document: Document, kind: str) -> Iterator[Fault]:
    for what in _TEXTS:
        path, value = said(document, kind, what)
        identifier = what == "identifier" and isinstance(value, Mapping)
        if value is ABSENT or value is None or isinstance(value, str | list) or identifier or not path:
            continue
        if value:
            yield Fault(
                "wrong_type", path, shown(value), f"{shown(value)} is no text", "write one text, in quotes", "warning"
            )
    path, value = said(document, kind, "keywords")
    if isinstance(value, str) and value:
        yield Fault(
            "wrong_type",
            path,
            shown(value),
            "the keywords are one text",
            "write a list, as ['permits', 'roads']",
            "warning",
        )
    path, value = said(document, kind, "files")
    if isinstance(value, Mapping):
        yield Fault("wrong_type", path, shown(value), "it is one object", "write a list of objects", "warning")


def _description(document: Document, kind: str) -> Iterator[Fault]:
    path, text = _text(document, kind, "description")
    title = _text(document, kind, "title")[1]
    if text and (len(text) < _SHORTEST or text.casefold() == title.casefold()):
        remedy = "write what it holds, who made it, how, and since when"
        yield Fault("description_too_short", path, shown(text), "it says no more than a title", remedy, "warning")


def _contact(document: Document, kind: str) -> Iterator[Fault]:
    path, text = _text(document, kind, "contact")
    if EMAIL.fullmatch(text):
        remedy = "name the office or post here, and leave the address to the e-mail field"
        yield Fault("contact_is_address", path, shown(text), f"{shown(text)} is an address, not a name", remedy, "note")


def _email(document: Document, kind: str) -> Iterator[Fault]:
    path, text = _text(document, kind, "email")
    if not text:
        return
    address = text.removeprefix("mailto:")
    if not EMAIL.fullmatch(address):
        remedy = "write 'mailto:' once and one address, as 'mailto:data@example.gov'"
        yield Fault("email_malformed", path, shown(text), f"{shown(text)} is no e-mail address", remedy, "warning")
    elif kind in _DCAT and address == text:
        yield Fault(
            "email_without_mailto",
            path,
            shown(text),
            "it does not begin with 'mailto:'",
            f"write 'mailto:{text}'",
            "note",
        )


def _license(document: Document, kind: str) -> Iterator[Fault]:
    path, text = _text(document, kind, "license")
    if not text:
        return
    remedy = "name the terms by their address, as 'https://creativecommons.org/publicdomain/zero/1.0/'"
    if text.rstrip("/").rpartition("/")[2].casefold() in _NOTHING:
        yield Fault(
            "license_says_nothing",
            path,
            shown(text),
            f"{shown(text)} allows nothing and forbids nothing",
            remedy,
            "warning",
        )
    elif kind in _DCAT and not is_address(text):
        yield Fault("license_is_words", path, shown(text), f"{shown(text)} is no address", remedy, "note")


def _periodicity(document: Document, kind: str) -> Iterator[Fault]:
    path, text = _text(document, kind, "periodicity")
    if text and not is_periodicity(text):
        remedy = "write it in ISO 8601, as 'R/P1D' every day, 'R/P1M' every month, 'R/P1Y' every year, or 'irregular'"
        yield Fault(
            "periodicity_malformed", path, shown(text), f"{shown(text)} does not say how often", remedy, "warning"
        )


def _access(document: Document, kind: str) -> Iterator[Fault]:
    path, text = _text(document, kind, "access")
    if kind == datajson.KIND and text and text not in _ACCESS:
        yield Fault(
            "access_unknown",
            path,
            shown(text),
            f"{shown(text)} is no access level",
            f"write one of {', '.join(_ACCESS)}",
            "warning",
        )
    rights = document.get("rights")
    if kind == datajson.KIND and text in _ACCESS[1:] and not (isinstance(rights, str) and rights.strip()):
        yield Fault(
            "no_rights",
            "rights",
            "",
            f"it is {text!r} and does not say why",
            "write why, and how to ask for it",
            "warning",
        )


def _addresses(document: Document, kind: str) -> Iterator[Fault]:
    for what in ("page", "dictionary"):
        path, value = said(document, kind, what)
        if isinstance(value, str) and value and not is_address(value):
            yield Fault(
                "address_malformed",
                path,
                shown(value),
                f"{shown(value)} is no address",
                "begin it with https://",
                "warning",
            )


def _dates(document: Document, kind: str, *, today: date) -> Iterator[Fault]:
    for what in ("modified", "issued"):
        path, text = _text(document, kind, what)
        if not text:
            continue
        day = day_of(text)
        if what == "modified" and is_interval(text):
            remedy = "write the day it last changed here, and the interval under the periodicity"
            yield Fault(
                "modified_is_interval", path, shown(text), f"{shown(text)} says how often, not when", remedy, "warning"
            )
        elif day is None:
            yield Fault(
                "date_malformed", path, shown(text), f"{shown(text)} is no date", "write it as '2026-11-20'", "warning"
            )
        elif day > today:
            yield Fault(
                "date_to_come",
                path,
                shown(text),
                f"{shown(text)} is still to come",
                "write the day it really happened",
                "warning",
            )


def _repeated(found: list[list[Fault]], documents: Sequence[Document], kind: str) -> None:
    """Add what several entries have in common that should be each one's own."""
    for what, fault, severity, remedy in (
        ("identifier", "identifier_repeated", "error", "give each its own"),
        ("title", "title_repeated", "warning", "say in each title what sets it apart"),
        ("description", "description_copied", "warning", "write what this one holds"),
    ):
        places: dict[str, list[int]] = defaultdict(list)
        for position, document in enumerate(documents):
            text = _text(document, kind, what)[1]
            if text:
                places[" ".join(text.split()).casefold()].append(position)
        for positions in places.values():
            if len(positions) >= _COPIED:
                for position in positions:
                    path, text = _text(documents[position], kind, what)
                    others = len(positions) - 1
                    message = f"{others} other {'entry says' if others == 1 else 'entries say'} the same"
                    found[position].append(Fault(fault, path, shown(text), message, remedy, severity))
