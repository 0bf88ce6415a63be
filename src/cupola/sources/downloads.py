"""Web files: streamed to the cache, resumed after a break, not fetched again while unchanged."""

import fcntl
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path, PurePosixPath

import httpx

from cupola.errors import Conflict
from cupola.sources.addresses import redacted, shown_name
from cupola.sources.formats import by_media_type
from cupola.sources.localfiles import file_format, file_hash
from cupola.sources.patience import Passing, Patience, is_passing, passing_status, trouble, web_client
from cupola.sources.spec import (
    Fetched,
    Limits,
    Progress,
    SourceSpec,
    fingerprint_of,
    place_key,
    same_place,
)
from cupola.sources.storing import put, storing, writing

_CHUNK = 1 << 16
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_PAGE = re.compile(rb"^\s*(?:<!doctype html|<html)", re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class AlreadyFetching(Conflict):
    """Another process is fetching the same address into the same cache."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(f"{where}: another process is downloading it. Wait for it to end, and run again.")


@dataclass(frozen=True)
class Answer:
    """What the server said about the body being downloaded; kept beside it, so that a later run can resume."""

    etag: str = ""
    last_modified: str = ""
    encoding: str = ""
    media: str = ""
    filename: str = ""
    total: int = 0  # bytes as transferred, 0 when not told

    @property
    def validator(self) -> str:
        """What proves that a second part belongs to the first; a weak tag does not."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


def fetch_url(
    spec: SourceSpec, *, cache: Path, state: Mapping[str, str], limits: Limits, progress: Progress
) -> Fetched:
    """Download `spec.url` unless the server says it has not changed since `state`."""
    place = f"url {spec.url}"
    known = same_place(state, place)
    key = place_key(place)
    copy = cache / key
    patience = Patience(spec.url, limits)
    have = known if copy.is_file() and known.get("size") == str(copy.stat().st_size) else {}
    with _locked(cache / f"{key}.lock", redacted(spec.url)):
        transfer = Transfer(cache / f"{key}.part", cache / f"{key}.part.json", patience, have, progress)
        answer = transfer.run()
        if answer is not None:
            transfer.store(answer, copy)
            have = _facts(answer, copy, progress=progress) | {"place": key}
    name = have["name"] or shown_name(spec.url)
    fingerprint = fingerprint_of(have["sha256"], spec)
    return Fetched(
        spec=spec,
        path=copy,
        fingerprint=fingerprint,
        bytes=copy.stat().st_size,
        unchanged=known.get("fingerprint") == fingerprint,
        state={**have, "fingerprint": fingerprint},
        format=file_format(spec, copy, name=name, media=by_media_type(have["media"])),
        source=name,
        max_expanded_bytes=limits.max_expanded_bytes,
    )


def _facts(answer: Answer, copy: Path, *, progress: Progress) -> dict[str, str]:
    return {
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "media": answer.media,
        "name": answer.filename,
        "sha256": file_hash(copy, name=answer.filename, progress=progress),
        "size": str(copy.stat().st_size),
    }


@dataclass
class Transfer:
    """One download into `part`. `known`: state of the copy at hand, empty when there is none."""

    part: Path
    notes: Path  # the Answer that goes with `part`
    patience: Patience
    known: Mapping[str, str]
    progress: Progress

    def run(self) -> Answer | None:
        """Return what the server said about the now complete `part`, or None when the copy at hand still holds."""
        with web_client(self.patience.limits) as client:
            while True:
                try:
                    return self._attempt(client)
                except httpx.TooManyRedirects as error:
                    raise self.patience.unreachable(
                        "it redirects too often", remedy="Give the final address."
                    ) from error
                except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                    raise self.patience.unreachable(str(error), remedy="Use an http or https address.") from error
                except httpx.HTTPError as error:
                    self.patience.pause(trouble(error))
                except Passing as passing:
                    self.patience.pause(passing)

    def _attempt(self, client: httpx.Client) -> Answer | None:
        started = self._started()
        offset = self.part.stat().st_size if started else 0
        with client.stream("GET", self.patience.url, headers=self._headers(started, offset)) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED and not started:
                return None
            if (
                response.status_code == httpx.codes.PARTIAL_CONTENT
                and started
                and _continues(response, offset, started)
            ):
                self._receive(response, started, offset)
                return started
            if response.status_code == httpx.codes.OK:
                answer = _answer(response)
                _put_text(self.notes, json.dumps(vars(answer)), where=self.patience.where)
                self._receive(response, answer, 0)
                return answer
            raise self._refused(response, resuming=started is not None)

    def _started(self) -> Answer | None:
        """Return the answer an earlier try began with, if its part can be continued."""
        if not (self.part.is_file() and self.notes.is_file() and self.part.stat().st_size):
            return None
        try:
            answer = Answer(**json.loads(self.notes.read_text()))
        except (ValueError, TypeError):
            return None
        return answer if answer.validator else None

    def _headers(self, started: Answer | None, offset: int) -> dict[str, str]:
        headers = {"Accept-Encoding": "gzip"}
        if started:
            return headers | {"Range": f"bytes={offset}-", "If-Range": started.validator}
        if self.known.get("etag"):
            headers["If-None-Match"] = self.known["etag"]
        if self.known.get("last_modified"):
            headers["If-Modified-Since"] = self.known["last_modified"]
        return headers

    def _refused(self, response: httpx.Response, *, resuming: bool) -> Exception:
        status = response.status_code
        if resuming and status in {httpx.codes.PARTIAL_CONTENT, httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE}:
            self.part.unlink(missing_ok=True)
            return Passing("the rest did not fit what had arrived", status=status, wait=0.0)
        if is_passing(status):
            return passing_status(response, self.patience.limits)
        return self.patience.unreachable(f"it answered {status} {response.reason_phrase}".rstrip(), status=status)

    def _receive(self, response: httpx.Response, answer: Answer, offset: int) -> None:
        name = answer.filename or shown_name(self.patience.url)
        self.patience.check_size(answer.total)
        with writing(self.part, "ab" if offset else "wb", where=self.patience.where) as target:
            done = offset
            for chunk in response.iter_raw():  # as it comes: a chunk size would hold back what came before a break
                done += len(chunk)
                self.patience.check_size(done)
                put(target, chunk, where=self.patience.where)
                self.patience.progressed()
                self.progress(f"downloading {name}", done / answer.total if answer.total else 0.0)

    def store(self, answer: Answer, copy: Path) -> None:
        """Decode the complete part and put it in place in one step."""
        self._check_no_web_page(answer)
        if answer.encoding == "gzip":
            plain = self.part.with_suffix(".plain")
            self._decode(plain)
            self.part.unlink()
        elif answer.encoding in {"", "identity"}:
            plain = self.part
        else:
            raise self.patience.unreachable(f"it sent an encoding nobody asked for: {answer.encoding}")
        with storing(self.patience.where):
            plain.replace(copy)
            self.notes.unlink(missing_ok=True)

    def _decode(self, plain: Path) -> None:
        try:
            with gzip.open(self.part) as packed, writing(plain, "wb", where=self.patience.where) as target:
                done = 0
                while chunk := packed.read(_CHUNK):
                    done += len(chunk)
                    self.patience.check_size(done)
                    put(target, chunk, where=self.patience.where)
        except (EOFError, OSError, zlib.error) as error:
            self.part.unlink()
            raise self.patience.unreachable(f"what it sent cannot be unpacked ({error})") from error

    def _check_no_web_page(self, answer: Answer) -> None:
        if not answer.media.startswith("text/html"):
            return
        with (gzip.open if answer.encoding == "gzip" else open)(self.part, "rb") as stream:
            start = stream.read(512)
        if _PAGE.match(start):
            self.part.unlink()
            raise self.patience.unreachable(
                "it answered with a web page instead of data", remedy="Give the address of the file itself."
            )


def _answer(response: httpx.Response) -> Answer:
    headers = response.headers
    length = headers.get("content-length", "")
    return Answer(
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        encoding=headers.get("content-encoding", "").lower(),
        media=headers.get("content-type", ""),
        filename=_attached_name(headers.get("content-disposition", "")),
        total=int(length) if length.isdigit() else 0,
    )


def _attached_name(disposition: str) -> str:
    message = Message()
    message["content-disposition"] = disposition
    name = PurePosixPath((message.get_filename() or "").replace("\\", "/")).name
    return _UNSAFE.sub("_", name)


def _continues(response: httpx.Response, offset: int, started: Answer) -> bool:
    match = _RANGE.fullmatch(response.headers.get("content-range", ""))
    return match is not None and int(match[1]) == offset and match[2] in {"*", str(started.total or match[2])}


@contextmanager
def _locked(path: Path, where: str) -> Iterator[None]:
    with writing(path, "ab", where=where) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyFetching(where) from error
        yield


def _put_text(path: Path, text: str, *, where: str) -> None:
    with writing(path, "wb", where=where) as target:
        put(target, text.encode(), where=where)
