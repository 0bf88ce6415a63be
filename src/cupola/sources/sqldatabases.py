"""The rows of one SQL query: SQLite files read-only, and PostgreSQL."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from cupola.sources.addresses import redacted
from cupola.sources.localfiles import locate
from cupola.sources.names import unique_names
from cupola.sources.numbertext import plain_number
from cupola.sources.patience import Patience
from cupola.sources.postgres import postgres_rows
from cupola.sources.spec import Fetched, Limits, Progress, SourceInvalid, SourceSpec, SourceUnreachable, same_place
from cupola.sources.spool import Origin, Spool

SCHEMES = ("sqlite", "postgresql", "postgres")
_STEP = 10_000  # rows between two reports of progress
_OPERATIONS = 100_000  # of SQLite's machine between two looks at the clock
_READS = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE))
Rows = tuple[Sequence[str], Iterator[Sequence[str | None]]]


def is_database(url: str) -> bool:
    """Tell whether `url` is a database address."""
    return urlsplit(url).scheme.lower() in SCHEMES


def fetch_database(
    spec: SourceSpec, *, base: Path | None, cache: Path, state: Mapping[str, str], limits: Limits, progress: Progress
) -> Fetched:
    """Run `spec.query` and keep its rows. Below `base`: `file` and `sqlite:///path`; absolute: `sqlite:////path`."""
    if not spec.query.strip():
        raise SourceInvalid(
            spec.file or redacted(spec.url), problem="query: is missing", remedy="Write the SELECT that gives the rows."
        )
    url = f"sqlite:///{spec.file}" if spec.file and base is not None else spec.url
    patience = Patience(url, limits)
    if urlsplit(url).scheme.lower() == "sqlite":
        path = _sqlite_path(url, base)
        name, place, opened = path.name, f"sqlite {path}", _sqlite_rows(path, spec.query, patience=patience)
    else:
        parts = urlsplit(url)
        name, place = f"{parts.hostname} {parts.path.strip('/')}".strip(), f"postgresql {url}"
        opened = postgres_rows(url, spec.query, patience=patience)
    place = f"{place} {spec.query}"
    origin = Origin(spec, place, cache, same_place(state, place), name)
    return _collect(origin, opened, patience=patience, progress=progress)


def _collect(
    origin: Origin, opened: AbstractContextManager[Rows], *, patience: Patience, progress: Progress
) -> Fetched:
    size = 0
    with opened as (published, rows), Spool(origin.path, source=origin.source) as spool:
        names = unique_names(published)
        spool.declare(*names)
        for row in rows:
            spool.add(dict(zip(names, row, strict=True)))
            size += sum(map(len, filter(None, row)))
            patience.check_size(size)
            if spool.rows % _STEP == 0:
                progress(f"reading {origin.source}: {spool.rows:,} rows", 0.0)
        content = spool.finish()
    return origin.fetched(content, state={"rows": str(spool.rows)})


def _sqlite_path(url: str, base: Path | None) -> Path:
    path = unquote(urlsplit(url).path)[1:]  # after the third slash; a fourth makes it absolute
    if base is not None:
        return locate(base, path)
    if not Path(path).is_file():
        raise SourceUnreachable(Path(path).name, problem="there is no such file", remedy="Check the address.")
    return Path(path)


@contextmanager
def _sqlite_rows(path: Path, query: str, *, patience: Patience) -> Iterator[Rows]:
    deadline = patience.limits.pace.clock() + patience.limits.seconds
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)
        with closing(connection):
            connection.text_factory = _decoded
            connection.set_authorizer(_only_reading)
            connection.set_progress_handler(_late(patience.limits.pace.clock, deadline), _OPERATIONS)
            cursor = connection.execute(query)
            if cursor.description is None:
                raise SourceInvalid(path.name, problem="query: gives no rows", remedy="It must be one SELECT.")
            yield [column[0] for column in cursor.description], (list(map(_cell_text, row)) for row in cursor)
    except (sqlite3.Error, sqlite3.Warning) as error:
        if "interrupted" in str(error):
            raise patience.unreachable(
                f"the query took longer than {patience.limits.seconds:,.0f} s",
                remedy="Ask for less, or raise the limit.",
            ) from error
        raise SourceInvalid(
            path.name,
            problem=f"query: {error}",
            remedy="Correct the query (one SELECT), or check that this is a database.",
        ) from error


def _only_reading(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY


def _late(clock: Callable[[], float], deadline: float) -> Callable[[], int]:
    return lambda: int(clock() > deadline)


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace")  # older Windows programs store it as text


def _cell_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return plain_number(repr(value)) if isinstance(value, float) else str(value)
