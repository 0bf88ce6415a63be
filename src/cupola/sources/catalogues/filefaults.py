"""What is wrong with the files an entry of a catalogue lists. Files with the same fault are told once and counted."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from rapidfuzz import fuzz, process

from cupola.sources.catalogues.remainder import is_address
from cupola.sources.catalogues.said import FILES, files, said

_LONGEST = 80
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_VAGUE = frozenset(("application/octet-stream", "application/unknown", "binary/octet-stream"))
_FORMATS = (
    *("API", "ARCGIS", "ARCGIS GEOSERVICES REST API", "ARCGIS ONLINE MAP SERVICE", "CSV", "DBF", "DOC", "DOCX"),
    *("DWG", "ECW", "ESRI REST", "GDB", "GEOJSON", "GEOPARQUET", "GEOSERVICE", "GEOTIFF", "GIF", "GML", "GPKG", "GPX"),
    *("GTFS", "GTFS-RT", "HTML", "ICS", "IMG", "JPEG", "JPG", "JSON", "JSON-LD", "KML", "KMZ", "LAS", "LAZ", "MDB"),
    *(
        "MRSID",
        "NETCDF",
        "ODS",
        "PARQUET",
        "PBF",
        "PDF",
        "PNG",
        "PPTX",
        "RDF",
        "REST",
        "RSS",
        "SHAPEFILE",
        "SHP",
        "SID",
    ),
    *("SQLITE", "TIF", "TIFF", "TSV", "TXT", "WFS", "WMS", "XLS", "XLSX", "XML", "ZIP"),
)
_CLOSE = 75.0
# what a media type that says nothing could have said, by format
_MEDIA_TYPES = {
    "CSV": "text/csv",
    "GEOJSON": "application/geo+json",
    "JSON": "application/json",
    "KML": "application/vnd.google-earth.kml+xml",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "PDF": "application/pdf",
    "XML": "application/xml",
    "ZIP": "application/zip",
    "SHP": "application/zip",
    "PARQUET": "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class Fault:
    """One fault. `kind` is a short stable word; `field` the path in the catalogue's own words; `count`: how often.

    `severity`: error, warning or note, as of findings.
    """

    kind: str
    field: str
    value: str
    message: str
    remedy: str
    severity: str = "warning"
    count: int = 1

    @property
    def sentence(self) -> str:
        """Say where, what and what to write instead."""
        return f"{self.field}: {self.message}; {self.remedy}" if self.field else f"{self.message}; {self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return asdict(self)


def shown(value: Any) -> str:
    """Return a value as a message shows it, cut where it is long."""
    text = value if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def file_faults(document: Mapping[str, Any], kind: str) -> Iterator[Fault]:
    """Yield what is wrong with the files of an entry."""
    path, value = said(document, kind, "files")
    if not path:
        return
    listed = [*files(document, kind)]
    if not listed:
        state = (
            "it lists no file and no address"
            if not value or not isinstance(value, str)
            else f"{shown(value)} is no list"
        )
        yield Fault("no_files", path, "", state, "list where the data can be had", "warning")
    told: dict[str, Fault] = {}
    seen: dict[str, str] = {}
    for where, one in listed:
        for fault in _of_file(where, one, seen):
            before = told.get(fault.kind)
            told[fault.kind] = replace(before, count=before.count + 1) if before else fault
    for fault in told.values():
        more = fault.count - 1
        also = f" (and so {'is' if more == 1 else 'are'} {more} more)" if more else ""
        yield replace(fault, message=fault.message + also)


def _of_file(where: str, one: Any, seen: dict[str, str]) -> Iterator[Fault]:
    if not isinstance(one, Mapping):
        yield Fault("wrong_type", where, shown(one), f"{shown(one)} is no object", "write an object with an address")
        return
    addresses = [(name, one[name]) for name in FILES["addresses"] if one.get(name)]
    if not addresses:
        yield Fault("file_without_address", where, "", "it has no address", "write 'downloadURL' or 'accessURL'")
    for name, address in addresses:
        yield from _address(f"{where}.{name}", address, seen)
    yield from _format(where, one)
    yield from _media_type(where, one)


def _address(where: str, address: Any, seen: dict[str, str]) -> Iterator[Fault]:
    if not isinstance(address, str) or not is_address(address):
        remedy = "begin it with https:// and leave no blank in it"
        yield Fault("address_malformed", where, shown(address), f"{shown(address)} is no address", remedy)
        return
    first = seen.setdefault(address, where)
    if first != where:
        yield Fault(
            "file_repeated",
            where,
            shown(address),
            f"it is the same address as {first}",
            "take one of the two out",
            "note",
        )


def _first(one: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    return next(((name, one[name]) for name in names if one.get(name)), (names[0], None))


def _format(where: str, one: Mapping[str, Any]) -> Iterator[Fault]:
    name, given = _first(one, FILES["format"])
    if given is None:
        if not _first(one, FILES["media_type"])[1]:
            yield Fault(
                "no_format",
                f"{where}.{name}",
                "",
                "neither format nor media type is said",
                "write the format, as 'CSV'",
                "note",
            )
        return
    if not isinstance(given, str):
        yield Fault(
            "wrong_type", f"{where}.{name}", shown(given), f"{shown(given)} is no text", "write the format, as 'CSV'"
        )
        return
    plain = given.strip().lstrip(".").upper()
    if plain in _FORMATS or "/" in plain:
        return
    close = process.extractOne(plain, _FORMATS, scorer=fuzz.ratio, score_cutoff=_CLOSE)
    if close is not None:
        yield Fault(
            "format_misspelt",
            f"{where}.{name}",
            shown(given),
            f"{shown(given)} is no known format",
            f"did you mean {close[0]!r}?",
            "note",
        )


def _media_type(where: str, one: Mapping[str, Any]) -> Iterator[Fault]:
    name, given = _first(one, FILES["media_type"])
    if given is None:
        return
    if not isinstance(given, str) or not _MEDIA_TYPE.fullmatch(given.strip()):
        remedy = "write one like 'text/csv'"
        yield Fault(
            "media_type_malformed", f"{where}.{name}", shown(given), f"{shown(given)} is no media type", remedy, "note"
        )
        return
    better = _MEDIA_TYPES.get(str(one.get("format") or "").strip().upper())
    if given.strip() in _VAGUE and better:
        yield Fault(
            "media_type_vague",
            f"{where}.{name}",
            shown(given),
            f"{shown(given)} tells a program nothing",
            f"write '{better}'",
            "note",
        )
