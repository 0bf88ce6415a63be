"""From a local copy to a landing: unpack, then read in its format."""

from pathlib import Path

from cupola.contracts import Landing
from cupola.sources import formats
from cupola.sources.archives import Unpacked, Unpacker
from cupola.sources.delimited import open_delimited
from cupola.sources.dialect import DialectOverrides
from cupola.sources.jsonfiles import JsonSource, open_geojson, open_json
from cupola.sources.localfiles import file_stamp
from cupola.sources.ndjson import open_ndjson
from cupola.sources.parquetfiles import open_parquet
from cupola.sources.spec import Fetched, SourceChanged, SourceInvalid, SourceSpec
from cupola.sources.spool import open_spool
from cupola.sources.workbooks import SheetOptions, open_workbook


def land(fetched: Fetched, *, scratch: Path) -> Landing:
    """Return a fetched source as rows of text.

    `scratch`: a folder for unpacked copies; the caller removes it after the landing was read.
    Raises SourceInvalid when the copy is not what it is said to be.
    """
    if fetched.stamp and file_stamp(fetched.path) != fetched.stamp:
        raise SourceChanged(fetched.source)
    if fetched.format == formats.ROWS:
        return open_spool(fetched.path, source=fetched.source, vintage=fetched.spec.vintage, notes=fetched.notes)
    unpacker = Unpacker(fetched.source, scratch, fetched.max_expanded_bytes)
    plain = unpacker.plain(fetched.path, member=fetched.spec.member)
    landing = _open(plain, fetched, scratch)
    if not fetched.notes:
        return landing
    return Landing(**{**vars(landing), "notes": (*fetched.notes, *landing.notes)})


def _open(plain: Unpacked, fetched: Fetched, scratch: Path) -> Landing:
    spec, source = fetched.spec, fetched.source
    kind = fetched.format or formats.by_name(plain.name) or _by_content(plain, source)
    if kind in {"csv", "tsv"}:
        overrides = _overrides(spec, kind)
        return open_delimited(plain.path, source=source, overrides=overrides, vintage=spec.vintage, scratch=scratch)
    if kind == "parquet":
        return open_parquet(plain.path, source=source, vintage=spec.vintage)
    if kind == "xlsx":
        options = SheetOptions(spec.sheet, spec.skip_lines, spec.header_rows)
        return open_workbook(plain.path, source=source, options=options, vintage=spec.vintage)
    document = JsonSource(plain.path, source, spec.vintage, spec.encoding)
    if kind == "ndjson":
        return open_ndjson(document, records=spec.records)
    if kind == "geojson" and not spec.records:
        return open_geojson(document)
    return open_json(document, records=spec.records)


def _by_content(plain: Unpacked, source: str) -> str:
    with plain.path.open("rb") as stream:
        kind = formats.by_content(stream.read(512))
    if not kind:
        raise SourceInvalid(
            source, problem=f"the name {plain.name!r} does not tell the format", remedy="Say it with format:."
        )
    return kind


def _overrides(spec: SourceSpec, kind: str) -> DialectOverrides:
    return DialectOverrides(
        delimiter=spec.delimiter if spec.delimiter is not None or kind != "tsv" else "\t",
        quote=spec.quote,
        escape=spec.escape,
        encoding=spec.encoding,
        skip_lines=spec.skip_lines,
        header_rows=spec.header_rows,
    )
