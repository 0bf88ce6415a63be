"""Where the rows of a release are read: its serving copy, attached for reading, or else its Parquet files."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from cupola.contracts import VINTAGE
from cupola.lake import (
    CREATED,
    ID,
    UPDATED,
    EngineShare,
    NotARowFile,
    RowFile,
    point_columns,
    row_file_path,
    scan_sql,
    sqltext,
)
from cupola.serving.errors import NoSuchVintage
from cupola.serving.instances import Instance
from cupola.serving.schemas import Public

ALL = "all"  # instead of a vintage: every row
MOST_COPIES = 256  # attached at a time
MOST_FILE_SETS = 4  # databases kept for versions without a serving copy
_IDLE_SECONDS = 60.0
_LOOK_SECONDS = 1.0


@dataclass
class Opened:
    """One release's rows inside an instance. `name`: its table in SQL; `complete`: with every column queries use."""

    instance: Instance
    name: str
    complete: bool
    vintages: tuple[str, ...]
    path: Path | None = None
    users: int = 0
    used_at: float = 0.0
    rows: RowFile | None = None
    looked_at: float = 0.0
    views: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """What one query reads. `name`: in SQL; `positioned`: its rows have a rowid, counted from 0 without gaps.

    `rows`: the same rows as a row file, if there is one.
    """

    instance: Instance
    name: str
    positioned: bool
    rows: RowFile | None = None


class Tables:
    """Every release that is open. Any thread may ask; none is closed while it is read."""

    def __init__(self, root: Path, share: EngineShare) -> None:
        self._root, self._share = root, share
        self._lock = threading.Lock()
        self._copies: Instance | None = None
        self._opened: OrderedDict[str, Opened] = OrderedDict()
        self._count = 0

    @contextmanager
    def using(self, public: Public, vintage: str = "") -> Iterator[Table]:
        """Yield the table of a release, of its latest vintage unless told otherwise. Raises NoSuchVintage."""
        with self._lock:
            opened = self._open(public)
            opened.users += 1
            opened.used_at = time.monotonic()
            try:
                table = self._table(opened, public, vintage)
            except BaseException:
                opened.users -= 1
                raise
        try:
            yield table
        finally:
            with self._lock:
                opened.users -= 1
                opened.used_at = time.monotonic()

    def _open(self, public: Public) -> Opened:
        opened = self._opened.get(public.key)
        if opened is None:
            opened = self._attach(public) or self._scan(public)
            self._opened[public.key] = opened
            self._trim()
        self._opened.move_to_end(public.key)
        return opened

    def _attach(self, public: Public) -> Opened | None:
        path = self._root / public.release.serving
        if not public.release.serving or not path.is_file():
            return None
        if self._copies is None:
            self._copies = Instance(self._share, folder=self._root / "serving")
        self._count += 1
        alias = f"copy{self._count}"
        try:
            self._copies.execute(f"ATTACH {sqltext.text(str(path))} AS {alias} (READ_ONLY)")
        except (duckdb.IOException, duckdb.CatalogException, duckdb.BinderException):
            return None  # swept this moment, or half a file: the Parquet files hold the same rows
        name = f"{alias}.main.rows"
        held = _columns(self._copies, name)
        wanted = {column.place for column in public.columns} | {
            one for point in public.points for one in _halves(point)
        }
        return Opened(self._copies, name, wanted <= held, _vintages(self._copies, name, public), path=path)

    def _scan(self, public: Public) -> Opened:
        files = tuple(self._root / file for file in public.release.files)
        instance = Instance(self._share, files=files)
        instance.execute(f"CREATE VIEW rows AS SELECT * FROM {scan_sql(files, public.release.fields)}")
        return Opened(instance, "memory.main.rows", False, _vintages(instance, "memory.main.rows", public))

    def _table(self, opened: Opened, public: Public, vintage: str) -> Table:
        chosen = _chosen(opened, public, vintage)
        if opened.complete and not chosen:
            return Table(opened.instance, opened.name, positioned=True, rows=self._rows(opened, public))
        view = opened.views.get(chosen)
        if view is None:
            self._count += 1
            view = opened.views[chosen] = f"memory.main.view{self._count}"
            opened.instance.execute(f"CREATE VIEW {view} AS {_select(opened, public, chosen)}")
        return Table(opened.instance, view, positioned=False)

    def _rows(self, opened: Opened, public: Public) -> RowFile | None:
        """Return the row file of a release; one that is made later is found within a second."""
        now = time.monotonic()
        if opened.rows is None and opened.path is not None and now - opened.looked_at >= _LOOK_SECONDS:
            opened.looked_at = now
            with suppress(OSError, NotARowFile):
                opened.rows = RowFile(row_file_path(self._root, public.release))
        return opened.rows

    def _trim(self) -> None:
        copies = [(key, one) for key, one in self._opened.items() if one.path is not None]
        scans = [(key, one) for key, one in self._opened.items() if one.path is None]
        for held, most in ((copies, MOST_COPIES), (scans, MOST_FILE_SETS)):
            for key, one in held[: max(0, len(held) - most)]:
                if not one.users:
                    self._release(key)

    def keep_only(self, public: Set[Path]) -> None:
        """Let go of serving copies that are not public any more and that nobody has read for a minute."""
        before = time.monotonic() - _IDLE_SECONDS
        with self._lock:
            for key, one in list(self._opened.items()):
                if one.path is not None and one.path not in public and not one.users and one.used_at < before:
                    self._release(key)

    def _release(self, key: str) -> None:
        opened = self._opened.pop(key)
        if opened.path is None:
            opened.instance.close()
            return
        for view in opened.views.values():
            opened.instance.execute(f"DROP VIEW {view}")
        opened.instance.execute(f"DETACH {opened.name.split('.')[0]}")

    def renew(self) -> None:
        """Begin anew after the engine broke: what is still read stays open until it is read."""
        with self._lock:
            self._opened.clear()
            self._copies = None

    def close(self) -> None:
        """Close every database."""
        with self._lock:
            for key in list(self._opened):
                self._release(key)
            if self._copies is not None:
                self._copies.close()
                self._copies = None


def _halves(point: str) -> tuple[str, str]:
    lon, lat = point_columns(point)
    return lon.name, lat.name


def _columns(instance: Instance, name: str) -> set[str]:
    with instance.cursor() as cursor:
        return {row[0] for row in cursor.execute(f"DESCRIBE {name}").fetchall()}


def _vintages(instance: Instance, name: str, public: Public) -> tuple[str, ...]:
    if not public.vintaged:
        return ()
    with instance.cursor() as cursor:
        return tuple(
            row[0]
            for row in cursor.execute(
                f"SELECT DISTINCT CAST({VINTAGE} AS VARCHAR) FROM {name} WHERE {VINTAGE} IS NOT NULL ORDER BY 1"
            ).fetchall()
        )


def _chosen(opened: Opened, public: Public, vintage: str) -> str:
    """Return the one vintage to show; nothing for all rows."""
    if not vintage:
        return opened.vintages[-1] if opened.vintages else ""
    if vintage == ALL or (public.vintaged and not opened.vintages):
        return ""
    if vintage not in opened.vintages:
        raise NoSuchVintage(dataset=public.release.dataset, vintage=vintage, held=opened.vintages)
    return vintage


def _select(opened: Opened, public: Public, chosen: str) -> str:
    names = [sqltext.name(column.place) for column in public.columns if not column.copy_of]
    system = [sqltext.name(name) for name in (ID, CREATED, UPDATED)]
    points = [f"{half.sql} AS {sqltext.name(half.name)}" for point in public.points for half in point_columns(point)]
    where = f" WHERE {VINTAGE} = DATE {sqltext.text(chosen)}" if chosen else ""
    return f"SELECT {', '.join([*names, *system, *points])} FROM {opened.name}{where}"
