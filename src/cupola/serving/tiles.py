"""Map tiles: one file per public version, read in parts by whatever draws it."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cupola.lake import tiles_path
from cupola.serving.errors import BadParameter
from cupola.serving.files import NoSuchFile, Served, serve_file
from cupola.serving.front import Site
from cupola.serving.service import Service

MEDIA_TYPE = "application/vnd.pmtiles"
_DIGITS = 9


def routes(service: Service, site: Site) -> list[Route]:
    """Return the address of tiles."""

    async def tiles(request: Request) -> Response:
        asked, version = request.path_params["dataset"], request.path_params["version"]
        return await serve_file(request, await run_in_threadpool(find, service, asked, version=version))

    return [Route("/tiles/{dataset}/{version}.pmtiles", tiles)]


def find(service: Service, asked: str, *, version: str) -> Served:
    """Return the tiles of a public version. Raises NotReleased, Recalled, NoSuchFile, BadParameter."""
    if not (version.isascii() and version.isdigit() and len(version) <= _DIGITS):
        raise BadParameter("version", value=version, wanted="the number of a version")
    release = service.release(asked, version=int(version))
    path = tiles_path(service.root, release, release.contract)
    if path is None or not path.exists():
        raise NoSuchFile(f"{version}.pmtiles", held=(), limits={})
    return Served(
        path=path,
        media_type=MEDIA_TYPE,
        sha256=_hash(service, path),
        modified=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        headers={"X-Cupola-Version": version.lstrip("0")},
    )


def _hash(service: Service, path: Path) -> str:
    """Return the SHA-256 of a file. It is read once: a file of tiles is never written again under its name."""
    key = ("tiles", path, path.stat().st_mtime_ns)
    kept: str | None = service.cache.get(key)
    if kept is None:
        with path.open("rb") as file:
            kept = hashlib.file_digest(file, "sha256").hexdigest()
        service.cache.put(key, kept, size=500)
    return kept
