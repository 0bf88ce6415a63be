"""The one object a process asks for public rows: what is released, how it is read, and every answer kept."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from cupola.lake import EngineShare, Lake, Limits, NoProfile, Profile, Release, sqltext
from cupola.serving.cache import Cache
from cupola.serving.errors import QueryNotRun, QueryTooBig, QueryTooSlow
from cupola.serving.limits import Allowance, Clients
from cupola.serving.lookups import Lookup, lookup, values_of
from cupola.serving.picking import picked
from cupola.serving.plans import END, FIRST, PLACE, Plan, plan_of
from cupola.serving.releases import Generation, Releases
from cupola.serving.schemas import Public, shape_type
from cupola.serving.tables import Table, Tables
from cupola.serving.wire import Lines, written
from cupola.serving.work import Deadlines, Flights, Queue
from cupola.soql import Compiled, Request, Schema, SoqlType, compile_request

Result = TypeVar("Result")
_log = logging.getLogger(__name__)
BATCH_ROWS = 10_000
_GAVE_UP = "the engine gave up on it. Ask for less at a time"
RANGE_ROWS = 20_480  # a sixth of a row group; some 5 MB of text
READERS = 2  # of one long answer
_KEPT_PLANS = 4096


@dataclass(frozen=True)
class Sizes:
    """How much of the machine answers may take.

    `memory`: of the engine, all queries together. `slots`: queries at a time. `seconds`: of one query.
    `patience`: seconds a question waits for its turn. `rows`, `table_bytes`: of one table in memory.
    `cache_bytes`: of all kept answers. `client`: what one client may ask for.
    """

    memory: str = "96MB"
    threads: int = 1  # of one query: two take as long for most and half as much CPU again
    slots: int = 4
    waiting: int = 64
    seconds: float = 20.0
    rows: int = 100_000
    table_bytes: int = 64_000_000
    cache_bytes: int = 64_000_000
    patience: float = 8.0
    streams: int = 3
    client: Allowance = field(default_factory=Allowance)


class Service:
    """Released rows of one lake. Any thread may call; a call blocks until its answer is there."""

    def __init__(self, root: Path, *, sizes: Sizes | None = None) -> None:
        self.root = root.resolve()
        self.sizes = sizes or Sizes()
        self.lake = Lake(self.root)
        self.queue = Queue(slots=self.sizes.slots, most_waiting=self.sizes.waiting)
        self.streams = ThreadPoolExecutor(self.sizes.streams, thread_name_prefix="stream")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self.clients = Clients(self.sizes.client)
        self.cache: Cache[Any] = Cache(self.sizes.cache_bytes)
        self.addresses: Cache[Any] = Cache(self.sizes.cache_bytes // 2)
        self._flights = Flights()
        self._releases = Releases(self.root)
        share = EngineShare(
            memory=self.sizes.memory, threads=self.sizes.threads, temporary=self.root / "temporary" / "queries"
        )
        self._tables = Tables(self.root, share)
        self._deadlines = Deadlines()
        self._lock = threading.Lock()
        self._publics: dict[int, Public] = {}
        self._schemas: Cache[Schema] = Cache(_KEPT_PLANS * 1000)
        self._compiled: Cache[Compiled] = Cache(_KEPT_PLANS * 4000)
        self._plans: Cache[Plan] = Cache(_KEPT_PLANS * 4000)
        self._seen: Generation = ()
        self._ends: tuple[datetime, ...] = ()
        self.clock: Callable[[], datetime] = partial(datetime.now, UTC)  # what get_utc_date() is in a query

    def generation(self) -> Generation:
        """Return a value that differs whenever the registry has changed, or a name that was to go has gone."""
        generation = self._releases.generation()
        if generation != self._seen:
            self._seen = generation
            self._ends = tuple(sorted(self.lake.registry.ends()))
            self._tables.keep_only({self.root / copy for copy in self.lake.registry.copies()})
        if not self._ends:
            return generation
        now = self.clock()
        return (*generation, sum(end <= now for end in self._ends))

    def release(self, asked: str, *, as_of: datetime | None = None, version: int | None = None) -> Release:
        """Return the public release that answers, by key or public id. Raises NotReleased, Recalled.

        `as_of`: of those released by then.
        """
        return self._releases.get(asked, version=version, as_of=as_of)

    def releases(self) -> tuple[Release, ...]:
        """Return the newest public release of every dataset."""
        return self._releases.newest()

    def formerly(self) -> Mapping[str, str]:
        """Return what public datasets were called before (ids, names, paths), with what they are called now."""
        return self._releases.formerly()

    def public(self, release: Release) -> Public:
        """Return the public side of a release."""
        with self._lock:
            held = self._publics.get(id(release))
            ended = held is not None and held.until is not None and held.until <= self.clock()
            if held is None or held.release is not release or ended:
                if len(self._publics) >= _KEPT_PLANS:
                    self._publics.clear()
                held = self._publics[id(release)] = Public(release, at=self.clock())
            return held

    def schema(self, release: Release, *, vintage: str = "", at: datetime | None = None) -> Schema:
        """Return the columns a query on a release may name, or could name at a moment. Raises NoSuchVintage."""
        public = self.public(release) if at is None else Public(release, at=at)
        if vintage:
            with self._tables.using(public, vintage):
                pass
        schema = self._schemas.get(public.key)
        if schema is None:
            schema = public.schema(self._shapes(public))
            self._schemas.put(public.key, schema, size=700)
        return schema

    def compile(self, release: Release, request: Request) -> Compiled:
        """Return the checked query. Raises SoqlError."""
        key = (self.public(release).key, request)
        compiled = self._compiled.get(key)
        if compiled is None:
            schema = self.schema(release)
            values = values_of(request, schema)
            if values is not None:
                return lookup(self.compile(release, Request()), self.public(release), values)
            compiled = compile_request(request, schema, now=self.clock())
            if not compiled.timed:
                self._compiled.put(key, compiled, size=3700)
        return compiled

    def table(
        self, release: Release, compiled: Compiled, *, vintage: str = "", limits: Limits | None = None
    ) -> pa.Table:
        """Return the answer as a table, kept and shared; equal questions asked at once are computed once.

        It has no more rows than `limits` or the service allow, the first ones of the answer.
        Raises QueryTooSlow, QueryTooBig, QueryNotRun, NoSuchVintage, Busy.
        """
        most = min(limits.rows if limits and limits.rows else self.sizes.rows, self.sizes.rows)
        seconds = min(limits.seconds if limits and limits.seconds else self.sizes.seconds, self.sizes.seconds)
        public = self.public(release)
        key = ("table", public.key, vintage, compiled.normal, most)
        kept = self.cache.get(key)
        if kept is None:

            def compute() -> pa.Table:
                return self.run(public, compiled, vintage=vintage, seconds=seconds, fetch=self._fetch_table(most))

            kept = self.queue.ask(key, compute).result()
            self.cache.put(key, kept, size=kept.nbytes)
        return kept

    def stream(self, release: Release, compiled: Compiled, *, vintage: str = "") -> Iterator[pa.RecordBatch]:
        """Yield the whole answer in batches; memory stays bounded. Each batch may take the time of one query."""
        return self.batches(self.public(release), compiled, vintage=vintage)

    def batches(
        self,
        public: Public,
        compiled: Compiled,
        *,
        vintage: str = "",
        lines: Lines | None = None,
        rows: int = BATCH_ROWS,
    ) -> Iterator[pa.RecordBatch]:
        """Yield the answer in batches of about `rows`, or with `lines` one text a row."""
        with self._tables.using(public, vintage) as table, table.instance.cursor() as cursor:
            plan = self.plan(public, compiled, table)
            sql = plan.sql.replace(PLACE, table.name)
            physical = (
                {row[0]: row[1] for row in cursor.execute(f"DESCRIBE {sql}").fetchall()} if lines is not None else {}
            )

            def wrapped(query: str) -> str:
                return query if lines is None else lines(query, written(compiled.columns, physical))

            if plan.ranges and compiled.limit >= public.release.rows:
                yield from self._by_range(public.release.rows, table, wrapped(plan.ranges.replace(PLACE, table.name)))
                return
            reader = self._guarded(cursor, lambda: cursor.execute(wrapped(sql)).to_arrow_reader(rows))
            while (batch := self._guarded(cursor, lambda: next(reader, None))) is not None:
                yield batch

    def _by_range(self, rows: int, table: Table, sql: str) -> Iterator[pa.RecordBatch]:
        """Read a table from its first position to its last, a few ranges at a time, each on a thread of its own."""

        def read(first: int) -> list[pa.RecordBatch]:
            ranged = sql.replace(FIRST, str(first)).replace(END, str(first + RANGE_ROWS))
            with table.instance.cursor() as cursor:
                return self._guarded(cursor, lambda: cursor.execute(ranged).to_arrow_table().to_batches())

        waiting: deque[Future[list[pa.RecordBatch]]] = deque()
        try:
            for first in range(0, rows, RANGE_ROWS):
                waiting.append(self._readers.submit(read, first))
                if len(waiting) > READERS:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
            wait(waiting)

    def rows(
        self, public: Public, compiled: Compiled, *, vintage: str = "", wrap: Callable[[str], str] = str
    ) -> list[tuple[Any, ...]]:
        """Return the answer as values of Python, for few rows. `wrap`: makes of the SQL the SQL that is run."""
        with self._tables.using(public, vintage) as table:
            if table.rows is not None and (found := picked(table.rows, compiled)) is not None:
                return found
            with table.instance.cursor() as cursor:
                plan = self.plan(public, compiled, table)
                return self._read(cursor, plan, compiled=compiled, table=table, wrap=wrap)

    def _read(
        self,
        cursor: duckdb.DuckDBPyConnection,
        plan: Plan,
        *,
        compiled: Compiled,
        table: Table,
        wrap: Callable[[str], str],
    ) -> list[tuple[Any, ...]]:
        def read(sql: str) -> list[tuple[Any, ...]]:
            return self._guarded(cursor, partial(_fetch_all, cursor, wrap(sql.replace(PLACE, table.name))))

        if plan.by_key and table.positioned and isinstance(compiled, Lookup):
            found = [row for row in read(plan.by_key) if compiled.holds(row)]
            if found:
                return found
        return read(plan.sql)

    def run(
        self,
        public: Public,
        compiled: Compiled,
        *,
        fetch: Callable[[duckdb.DuckDBPyConnection], Result],
        vintage: str = "",
        wrap: Callable[[str], str] = str,
        seconds: float | None = None,
    ) -> Result:
        """Run a query in this thread and return what `fetch` makes of the connection that holds its result."""
        with self._tables.using(public, vintage) as table, table.instance.cursor() as cursor:
            sql = wrap(self.plan(public, compiled, table).sql.replace(PLACE, table.name))
            return self._guarded(cursor, lambda: fetch(cursor.execute(sql)), seconds=seconds)

    def once(self, key: Hashable, work: Callable[[], Result]) -> Result:
        """Return what `work` gives; threads that ask for the same at the same time share one run."""
        return self._flights.once(key, work)

    def plan(self, public: Public, compiled: Compiled, table: Table) -> Plan:
        """Return how to run a query over an open table."""
        if isinstance(compiled, Lookup):
            return compiled.found
        key = (public.key, compiled.normal, table.positioned)
        plan = self._plans.get(key)
        if plan is None:
            times = {field.name for field in public.release.fields if field.type == "TIMESTAMP"}
            plan = plan_of(compiled, positioned=table.positioned, times=times)
            self._plans.put(key, plan, size=2 * len(plan.sql))
        return plan

    def _guarded(
        self, cursor: duckdb.DuckDBPyConnection, work: Callable[[], Result], *, seconds: float | None = None
    ) -> Result:
        limit = seconds or self.sizes.seconds
        with self._deadlines.within(cursor, limit):
            try:
                return work()
            except duckdb.InterruptException as error:
                raise QueryTooSlow(seconds=limit) from error
            except duckdb.OutOfMemoryException as error:
                raise QueryTooBig from error
            except (duckdb.FatalException, duckdb.InternalException) as error:
                _log.exception("the engine broke and is begun anew")
                self._tables.renew()
                raise QueryNotRun(detail=_GAVE_UP) from error
            except (duckdb.DataError, duckdb.InvalidInputException) as error:
                raise QueryNotRun(detail=str(error).splitlines()[0][:300]) from error
            except duckdb.Error as error:  # what it says may name files of this machine
                _log.exception("a query could not be run")
                raise QueryNotRun(detail=_GAVE_UP) from error

    def _fetch_table(self, most: int) -> Callable[[duckdb.DuckDBPyConnection], pa.Table]:
        def fetch(cursor: duckdb.DuckDBPyConnection) -> pa.Table:
            reader = cursor.to_arrow_reader(BATCH_ROWS)
            batches: list[pa.RecordBatch] = []
            rows = size = 0
            for batch in reader:
                batches.append(batch.slice(0, most - rows))
                rows, size = rows + batch.num_rows, size + batch.nbytes
                if size > self.sizes.table_bytes:
                    raise QueryTooBig
                if rows >= most:
                    break
            return pa.Table.from_batches(batches, schema=reader.schema)

        return fetch

    def _shapes(self, public: Public) -> Mapping[str, SoqlType]:
        if not public.shapes:
            return {}
        with self._tables.using(public, "all") as table, table.instance.cursor() as cursor:
            kinds = {name: _kinds_of(cursor, table.name, name) for name in public.shapes}
        return {name: shape_type(found) for name, found in kinds.items()}

    def profile(self, release: Release) -> Profile | None:
        """Return the kept profile of a release, None where there is none."""
        try:
            return self.lake.profile(release.dataset, number=release.version)
        except NoProfile:
            return None

    def close(self) -> None:
        """Let what runs end, then let go of every file."""
        self.queue.close()
        self.streams.shutdown(wait=True, cancel_futures=True)
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._tables.close()
        self._releases.close()
        self.lake.close()


def _fetch_all(cursor: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return cursor.execute(sql).fetchall()


def _kinds_of(cursor: duckdb.DuckDBPyConnection, table: str, column: str) -> list[str]:
    kind = f"CAST(ST_GeometryType(ST_GeomFromWKB({sqltext.name(column)})) AS VARCHAR)"
    return [row[0] for row in cursor.execute(f"SELECT DISTINCT {kind} FROM {table}").fetchall() if row[0]]


_services: dict[Path, Service] = {}
_services_lock = threading.Lock()


def service(root: Path, *, sizes: Sizes | None = None) -> Service:
    """Return the service of a lake, the same object each time; `sizes` count for the first who asks."""
    root = root.resolve()
    with _services_lock:
        if root not in _services:
            _services[root] = Service(root, sizes=sizes)
        return _services[root]


def close_services() -> None:
    """Close every service of this process; who asks again gets a new one."""
    with _services_lock:
        while _services:
            _services.popitem()[1].close()
