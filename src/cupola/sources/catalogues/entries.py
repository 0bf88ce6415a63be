"""The entries of a catalogue: each as it was said, as fields of a city folder, and by a name to know it again by."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cupola.sources.catalogues import catalogld, datajson, portals
from cupola.sources.catalogues.periodicity import days_between, is_interval
from cupola.sources.catalogues.remainder import plain, printable
from cupola.sources.catalogues.said import said, value_at
from cupola.sources.jsontext import Number
from cupola.sources.spec import SourceInvalid

Read = Callable[..., dict[str, Any]]
READERS: dict[str, Read] = {
    datajson.KIND: datajson.dataset,
    catalogld.KIND: catalogld.dataset,
    portals.CKAN: portals.ckan_dataset,
    portals.SOCRATA: portals.socrata_dataset,
}


@dataclass(frozen=True)
class Entry:
    """One entry. `document`: as it was said, whatever it is; `fields`: as a city folder has them, without a key.

    `name`: what it is known by from one look to the next: its identifier, else its page, else its title.
    `columns`: name and type of each column in the portal's own words, where it lists them.
    """

    document: Any
    fields: dict[str, Any]
    name: str
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Inventory:
    """What a portal says it has. `entries`: what is no object is left out of `datasets` and kept here for its fault."""

    kind: str
    address: str
    entries: tuple[Entry, ...]

    @property
    def known(self) -> tuple[Entry, ...]:
        """The entries that describe something."""
        return tuple(entry for entry in self.entries if entry.fields)

    @property
    def datasets(self) -> tuple[dict[str, Any], ...]:
        """The fields of each dataset as a city folder has them, without keys."""
        return tuple(entry.fields for entry in self.known)


def entries_of(kind: str, documents: Iterable[Any], *, source: str) -> tuple[Entry, ...]:
    """Return the documents of a catalogue as entries. `source`: what their fields say they were read from."""
    read = READERS[kind]
    times: Counter[str] = Counter()
    found = []
    for document in documents:
        if not isinstance(document, Mapping):
            found.append(Entry(as_said(document), {}, ""))
            continue
        fields = read(document, source=source)
        name = name_of(fields)
        times[name] += 1
        # two entries may share an identifier: the second is known by its place among them
        name = name if times[name] == 1 else f"{name} ({times[name]})"
        found.append(Entry(as_said(document), fields, name, columns_said(document, kind)))
    return tuple(found)


def name_of(fields: Mapping[str, Any]) -> str:
    """Return what an entry is known by: its identifier, else its page, else its title."""
    identifier = (fields.get("catalogue") or {}).get("identifier")
    return str(identifier or fields.get("landing_page") or fields.get("title") or "")


def names_here(described: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the key of each dataset that was read from a catalogue, by the name its entry is known by.

    `described`: canonical fields by key. Of those that share a name, the shortest key came first.
    """
    times: Counter[str] = Counter()
    found = {}
    for key in sorted(described, key=lambda key: (len(key), key)):
        if described[key].get("catalogue"):
            name = name_of(described[key])
            times[name] += 1
            found[name if times[name] == 1 else f"{name} ({times[name]})"] = key
    return found


def as_said(value: Any) -> Any:
    """Return parsed JSON with numbers as numbers; unlike `plain` with its nulls, which are faults to be told."""
    if isinstance(value, Number):
        return plain(value)
    if isinstance(value, Mapping):
        return {str(name): as_said(part) for name, part in value.items()}
    return [as_said(part) for part in value] if isinstance(value, list) else value


def columns_said(document: Mapping[str, Any], kind: str) -> tuple[tuple[str, str], ...]:
    """Return the columns an entry itself lists: those of Socrata and of DCAT-US 3 with a table schema."""
    if kind == portals.SOCRATA:
        names = value_at(document, "resource.columns_field_name")
        types = value_at(document, "resource.columns_datatype")
        listed = names if isinstance(names, list) else []
        typed = types if isinstance(types, list) and len(types) == len(listed) else [""] * len(listed)
        return tuple((printable(str(name)), printable(str(of))) for name, of in zip(listed, typed, strict=True))
    if kind == catalogld.KIND:
        found = value_at(document, "csvw:tableSchema.csvw:column.@list")
        columns = found if isinstance(found, list) else []
        return tuple(
            (printable(str(one.get("csvw:name"))), printable(str(one.get("csvw:datatype") or "")))
            for one in columns
            if isinstance(one, Mapping)
        )
    return ()


def listed_in(body: Any, *, where: str) -> tuple[str, list[Any]]:
    """Return the kind of a document and the entries it lists: data.json, catalog.jsonld, or an answer of an API.

    Raises SourceInvalid.
    """
    shapes: tuple[tuple[str, str], ...] = (
        ("dataset", ""),
        ("result.results", portals.CKAN),
        ("results", portals.SOCRATA),
    )
    for path, kind in shapes:
        given = value_at(body, path) if isinstance(body, Mapping) else None
        if isinstance(given, list):
            return kind or _standard(body), given
    raise SourceInvalid(where, problem="it holds no list `dataset`", remedy="Give the address of a data.json.")


def _standard(body: Mapping[str, Any]) -> str:
    federal = "project-open-data" in str(body.get("conformsTo")) or body.get("@type") == "dcat:Catalog"
    return datajson.KIND if federal or not _is_third(body) else catalogld.KIND


def _is_third(body: Mapping[str, Any]) -> bool:
    stated = body.get("conformsTo")
    named = str(stated.get("@id", "")) + str(stated.get("title", "")) if isinstance(stated, Mapping) else str(stated)
    return body.get("@type") == "Catalog" or bool(re.search("dcat-us", named.casefold()))


def portal_of(kind: str, entries: Iterable[Any]) -> str:
    """Return the front of the portal that answered with these entries, where they say so: Socrata's do."""
    domains = (value_at(one, "metadata.domain") for one in entries if isinstance(one, Mapping))
    first = next((name for name in domains if isinstance(name, str) and name), "") if kind == portals.SOCRATA else ""
    return f"https://{first}" if first else ""


def modified_said(entry: Entry, kind: str) -> str:
    """Return the portal's word for when an entry last changed, empty where it says nothing that can be read."""
    return _said_text(entry, kind, "modified")


def promised_days(entry: Entry, kind: str) -> int | None:
    """Return after how many days an entry is promised to change: by its periodicity, else by an interval given as a
    date; None where nothing is promised."""
    periodicity, modified = _said_text(entry, kind, "periodicity"), modified_said(entry, kind)
    return days_between(periodicity) or (days_between(modified) if is_interval(modified) else None)


def _said_text(entry: Entry, kind: str, what: str) -> str:
    value = said(entry.document, kind, what)[1] if isinstance(entry.document, Mapping) else None
    return printable(value) if isinstance(value, str) else ""
