"""Files to take away, whole or in parts. The registry decides at each request; a file's ETag is its content's hash."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from cupola.errors import NotFound, Unsolvable
from cupola.lake import Download, Release
from cupola.lake.downloads import too_long_for
from cupola.serving.answers import JSON, Answer, unchanged
from cupola.serving.deprecation import http_date
from cupola.serving.errors import BadParameter, error_body
from cupola.serving.front import Site
from cupola.serving.parameters import split_edition
from cupola.serving.ranges import header_of, parts_of
from cupola.serving.service import Service

LATEST = "latest"
RETRY_SECONDS = 30
_EXPOSED = (
    "Accept-Ranges, Content-Disposition, Content-Encoding, Content-Length, Content-Location, Content-Range, ETag,"
    " Last-Modified, Link, Repr-Digest, Retry-After, X-Cupola-Version, X-Socrata-RequestId"
)


class NoSuchFile(NotFound):
    """The version has no file of that name."""

    def __init__(self, name: str, *, held: tuple[str, ...], limits: Mapping[str, int]) -> None:
        self.name, self.held = name, held
        has = f"It has {', '.join(held)}." if held else ""
        over = "".join(f" It has more than the {limit:,} rows a .{kind} may hold." for kind, limit in limits.items())
        super().__init__(f"This version has no file {name[:100]}. {has}{over}".strip())


class NotMadeYet(Unsolvable):
    """The version is public and its files are being made."""

    def __init__(self, dataset: str, version: int) -> None:
        self.dataset, self.version = dataset, version
        super().__init__(f"The files of {dataset} version {version} are being made. Come back in half a minute.")


@dataclass(frozen=True)
class Served:
    """A file as it is handed out. `sha256`: of its whole content; `name`: what a browser saves it as, if it should."""

    path: Path
    media_type: str
    sha256: str
    modified: datetime
    name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def routes(service: Service, site: Site) -> list[Route]:
    """Return the addresses of downloads."""

    async def download(request: Request) -> Response:
        try:
            found = await run_in_threadpool(find, service, request)
        except NotMadeYet as error:
            body = orjson.dumps(error_body("download.not-made-yet", str(error), {}))
            return Response(body, 503, headers={"Retry-After": str(RETRY_SECONDS)}, media_type=JSON)
        return await serve_file(request, found)

    return [Route("/downloads/{dataset}/{version}/{file}", download)]


def find(service: Service, request: Request) -> Served:
    """Return the file an address names. Raises NotReleased, Recalled, NoSuchFile, NotMadeYet, BadParameter."""
    asked, name = request.path_params["dataset"], request.path_params["file"]
    edition, _ = split_edition(request.query_params.multi_items())
    version = _version(request.path_params["version"])
    release = service.release(asked, as_of=edition.as_of, version=version)
    downloads = held(service, release)
    if version is None and not downloads:
        release, downloads = _before(service, release)
    if not downloads:
        raise NotMadeYet(release.dataset, release.version)
    for one in downloads:
        if one.name == name:
            return _served(service, release, one)
    kind = name.removeprefix(f"{release.dataset}.")
    limits = {over: limit for over, limit in too_long_for(release).items() if over == kind}
    raise NoSuchFile(name, held=tuple(one.name for one in downloads), limits=limits)


def _version(text: str) -> int | None:
    if text == LATEST:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadParameter("version", value=text, wanted=f"the number of a version, or {LATEST}")
    return int(text)


def held(service: Service, release: Release) -> tuple[Download, ...]:
    """Return the files of a public version that may be handed out, none where they are not made yet."""
    key = ("downloads", service.generation(), release.dataset, release.version)
    kept: tuple[Download, ...] | None = service.cache.get(key)
    if kept is None:
        kept = service.lake.downloads(release)
        service.cache.put(key, kept, size=500 * len(kept))
    return kept


def _before(service: Service, release: Release) -> tuple[Release, tuple[Download, ...]]:
    """Return the newest public version before `release` that has files: the latest there is, for some seconds."""
    for older in service.lake.registry.releases(release.dataset):
        if older.version < release.version and (downloads := held(service, older)):
            return older, downloads
    return release, ()


def _served(service: Service, release: Release, download: Download) -> Served:
    address = f"/downloads/{release.dataset}/{release.version}"
    stem, dot, ending = download.name.partition(".")
    return Served(
        path=service.root / download.path,
        media_type=download.media_type,
        sha256=download.sha256,
        modified=download.made_at,
        name=f"{stem}-v{release.version}{dot}{ending}",
        headers={
            "Content-Location": f"{address}/{download.name}",
            "Link": f'<{address}/datapackage.json>; rel="describedby"',
            "X-Cupola-Version": str(release.version),
        },
    )


async def serve_file(request: Request, file: Served) -> Response:
    """Answer with a file: whole, one part or several, only the head, or that the client's copy is still good."""
    try:
        stat = await run_in_threadpool(os.stat, file.path)
    except FileNotFoundError:
        raise NoSuchFile(file.path.suffix, held=(), limits={}) from None
    etag = f'"{file.sha256}"'
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(file.modified),
        "Cache-Control": "public, max-age=0, must-revalidate",
        "Accept-Ranges": "bytes",
        "Access-Control-Expose-Headers": _EXPOSED,
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(file.sha256)).decode()}:",
        **file.headers,
    }
    if file.name:
        headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    if _has(request, etag, modified=headers["Last-Modified"]):
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range", "")
    parts = parts_of(asked, stat.st_size) if asked else None
    if parts == [] and _same(request, etag, modified=headers["Last-Modified"]):
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{stat.st_size}"})
    _ask_for(request, header_of(parts) if parts else "")
    return FileResponse(file.path, headers=headers, media_type=file.media_type, stat_result=stat)


def _has(request: Request, etag: str, *, modified: str) -> bool:
    none_match = request.headers.get("if-none-match", "")
    since = request.headers.get("if-modified-since", "")
    return unchanged(Answer(200, (), b"", etag, modified), if_none_match=none_match, if_modified_since=since)


def _same(request: Request, etag: str, *, modified: str) -> bool:
    """Whether the client means the file as it is now (If-Range)."""
    return request.headers.get("if-range", etag) in {etag, modified}


def _ask_for(request: Request, ranges: str) -> None:
    """Let the request ask for parts that can be sent, or for the whole."""
    headers = MutableHeaders(scope=request.scope)
    del headers["range"]
    if ranges:
        headers["range"] = ranges
