"""Fetch a source, wherever it is."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cupola.sources.addresses import is_web, redacted
from cupola.sources.arcgis import fetch_arcgis
from cupola.sources.ckan import fetch_ckan
from cupola.sources.downloads import fetch_url
from cupola.sources.formats import APIS, by_name, check_format
from cupola.sources.localfiles import fetch_file, locate
from cupola.sources.socrata import fetch_socrata
from cupola.sources.spec import Fetched, Limits, Progress, SourceInvalid, SourceSpec
from cupola.sources.sqldatabases import fetch_database, is_database

_PORTALS = {"socrata": fetch_socrata, "ckan": fetch_ckan, "arcgis": fetch_arcgis}


def fetch(
    spec: SourceSpec, *, base: Path | None, cache: Path, state: Mapping[str, str], limits: Limits, progress: Progress
) -> Fetched:
    """Bring a source to a local file.

    `base`: folder of the `file:` paths; with it a spec's `file` is read in place and its `url` never touched.
    `cache`: where downloads are kept. `state`: `Fetched.state` of the last fetch of this source, empty at first.
    Raises SourceUnreachable (exit code 5) when the data cannot be had; nothing partial is ever kept as whole.
    """
    kind = check_format(spec.format, where=spec.file or redacted(spec.url)) if spec.format else ""
    local = bool(spec.file) and base is not None
    if local and kind in APIS:
        # a saved export stands in for the portal: its own name tells what it is
        spec, kind = replace(spec, format="", incremental=False), ""
    if (local and (kind or by_name(spec.file)) == "sql") or (not local and is_database(spec.url)):
        return fetch_database(spec, base=base, cache=cache, state=state, limits=limits, progress=progress)
    if local and base is not None:
        return fetch_file(spec, locate(base, spec.file), state=state, limits=limits, progress=progress)
    _check_web(spec)
    if kind in _PORTALS:
        return _PORTALS[kind](spec, cache=cache, state=state, limits=limits, progress=progress)
    return fetch_url(spec, cache=cache, state=state, limits=limits, progress=progress)


def _check_web(spec: SourceSpec) -> None:
    if is_web(spec.url):
        return
    if spec.url:
        raise SourceInvalid(
            redacted(spec.url),
            problem="url: this kind of address is not known",
            remedy="Use http, https, sqlite or postgresql; give a file with file:.",
        )
    raise SourceInvalid(
        spec.file or "source",
        problem="there is nothing to fetch",
        remedy="Give a url, or name the folder with --sources.",
    )
