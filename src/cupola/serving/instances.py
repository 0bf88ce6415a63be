"""DuckDB instances that can read released rows and nothing else, with the geometry functions loaded (decision 0015)."""

import threading
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import duckdb

from cupola.errors import NotAllowed
from cupola.lake import EngineShare, set_up, sqltext

SPATIAL = "duckdb_extension_spatial"


class NoSpatialExtension(NotAllowed):
    """The geometry functions are not installed for this version of the database engine."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        super().__init__(
            f"The package {SPATIAL.replace('_', '-')} holds no extension for DuckDB {duckdb.__version__}"
            " on this machine. Install the version of it that matches duckdb."
        )


def spatial_extension() -> Path:
    """Return the file of the spatial extension inside its installed package. Raises NoSpatialExtension."""
    found = find_spec(SPATIAL)
    if found is None or not found.submodule_search_locations:
        raise NoSpatialExtension(None)
    folder = Path(next(iter(found.submodule_search_locations)))
    path = folder / "extensions" / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
    if not path.is_file():
        raise NoSpatialExtension(path)
    return path


class Instance:
    """One locked database in memory: no file but those allowed, no network, no setting can be changed."""

    def __init__(self, share: EngineShare, *, folder: Path | None = None, files: tuple[Path, ...] = ()) -> None:
        self.lock = threading.Lock()
        self.users = 0
        self._connection = duckdb.connect(":memory:")
        set_up(self._connection, share)
        if share.temporary is not None:
            with suppress(OSError):  # in a home that cannot be written, large sorts stop instead of spilling
                share.temporary.mkdir(parents=True, exist_ok=True)
        self._connection.execute(f"LOAD {sqltext.text(str(spatial_extension()))}")
        if folder is not None:
            self._connection.execute(f"SET allowed_directories = [{sqltext.text(f'{folder}/')}]")
        if files:
            self._connection.execute(f"SET allowed_paths = [{sqltext.texts(tuple(map(str, files)))}]")
        # A page sorted by anything needs a hundred rows of many columns: find their positions first, then read them.
        self._connection.execute("SET late_materialization_max_rows = 1000")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own to the same data."""
        return self._connection.cursor()

    def execute(self, sql: str) -> None:
        """Run a statement of ours that changes what can be read. One at a time."""
        with self.cursor() as cursor:
            cursor.execute(sql)

    def close(self) -> None:
        """Let go of files and memory."""
        self._connection.close()
