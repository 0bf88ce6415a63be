"""Fetch a source, wherever it is."""

from collections.abc import Mapping
from pathlib import Path

from cupola.sources.addresses import is_web, redacted
from cupola.sources.downloads import fetch_url
from cupola.sources.localfiles import fetch_file, locate
from cupola.sources.spec import Fetched, Limits, Progress, SourceInvalid, SourceSpec


def fetch(
    spec: SourceSpec, *, base: Path | None, cache: Path, state: Mapping[str, str], limits: Limits, progress: Progress
) -> Fetched:
    """Bring a source to a local file.

    `base`: folder of the `file:` paths; with it a spec's `file` is read in place and its `url` never touched.
    `cache`: where downloads are kept. `state`: `Fetched.state` of the last fetch of this source, empty at first.
    Raises SourceUnreachable (exit code 5) when the data cannot be had.
    """
    if spec.file and base is not None:
        return fetch_file(spec, locate(base, spec.file), state=state, limits=limits, progress=progress)
    if is_web(spec.url):
        return fetch_url(spec, cache=cache, state=state, limits=limits, progress=progress)
    if spec.url:
        raise SourceInvalid(
            redacted(spec.url), problem="url: this kind of address is not known", remedy="Use http, https or a file."
        )
    raise SourceInvalid(
        spec.file or "source", problem="there is nothing to fetch", remedy="Give a url, or run with --sources."
    )
