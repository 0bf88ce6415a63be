"""Reading versions with DuckDB: exactly the files a snapshot names, columns told by field id."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from cupola.errors import InvalidInput, Unsolvable
from cupola.lake import sqltext
from cupola.lake.versions import StoredField

ZONE = "UTC"  # what `instant` columns are shown in; local times carry no zone


class UnknownInput(InvalidInput):
    """A query reads something that was not given to it."""

    def __init__(self, *, name: str, given: tuple[str, ...]) -> None:
        self.name, self.given = name, given
        super().__init__(f"'{name}' is not one of the query's inputs. It may read: {', '.join(given) or 'nothing'}.")


class QueryFailed(InvalidInput):
    """The engine would not run the query."""

    def __init__(self, *, detail: str) -> None:
        self.detail = detail
        super().__init__(f"The query could not be run: {detail}")


class TooSlow(Unsolvable):
    """The query ran past its time."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"The query took over {seconds:g} s and was stopped. Ask for fewer rows or filter more.")


class TooBig(Unsolvable):
    """The query needs more memory than one may have."""

    def __init__(self, *, memory: str) -> None:
        self.memory = memory
        super().__init__(f"The query needs more than {memory} of memory and was stopped. Group or filter more.")


@dataclass(frozen=True)
class Engine:
    """How much of the machine a connection may take, and where it may spill."""

    memory: str = "500MB"
    threads: int = 2
    temporary: Path | None = None


@contextmanager
def working(engine: Engine) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection for the lake's own work, with file access."""
    connection = _open(engine)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def locked_down(engine: Engine, files: Sequence[Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection that can read `files` and nothing else: no other file, no network, no extension, no setting."""
    connection = _open(engine)
    try:
        allowed = ", ".join(sqltext.text(str(path)) for path in files)
        connection.execute(f"SET allowed_paths = [{allowed}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def _open(engine: Engine) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    set_up(connection, engine)
    return connection


def set_up(connection: duckdb.DuckDBPyConnection, engine: Engine) -> None:
    """Give a fresh connection its share of the machine, and keep it from fetching extensions by itself."""
    settings = {
        "memory_limit": sqltext.text(engine.memory),
        "threads": str(engine.threads),
        "TimeZone": sqltext.text(ZONE),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "enable_progress_bar": "false",  # it would write into what a command prints for machines
    }
    if engine.temporary is not None:
        settings["temp_directory"] = sqltext.text(str(engine.temporary))
    for name, value in settings.items():
        connection.execute(f"SET {name} = {value}")


def scan_sql(files: Sequence[Path], fields: Sequence[StoredField], *, extra: str = "") -> str:
    """Return a DuckDB table expression over exactly `files`, with the columns of `fields` whatever a file calls them.

    `extra`: further arguments of read_parquet, such as `filename = true`.
    """
    if not files:
        columns = ", ".join(f"NULL::{one.type} AS {sqltext.name(one.name)}" for one in fields)
        return f"(SELECT {columns} WHERE false)"
    names = ", ".join(sqltext.text(str(path)) for path in files)
    mapped = ", ".join(
        f"{one.id}: {{name: {sqltext.text(one.name)}, type: {sqltext.text(one.type)}, default_value: NULL}}"
        for one in fields
    )
    return f"read_parquet([{names}], schema = MAP {{{mapped}}}{', ' + extra if extra else ''})"


@dataclass(frozen=True)
class Input:
    """One named input of a query: a version's files and columns. `where`: a condition that is part of it."""

    files: tuple[Path, ...]
    fields: tuple[StoredField, ...]
    where: str = ""

    def sql(self) -> str:
        """Return the SELECT over it."""
        condition = f" WHERE {self.where}" if self.where else ""
        return f"SELECT * FROM {scan_sql(self.files, self.fields)}{condition}"


@dataclass(frozen=True)
class Limits:
    """What one query may take. `rows` None: all of them."""

    rows: int | None = None
    seconds: float | None = None


def run_query(tree: exp.Query, *, inputs: Mapping[str, Input], engine: Engine, limits: Limits) -> pa.Table:
    """Run a checked syntax tree over named inputs on a locked connection.

    Raises UnknownInput, QueryFailed, TooSlow, TooBig.
    """
    check_inputs(tree, tuple(inputs))
    files = [path for one in inputs.values() for path in one.files]
    sql = tree.sql(dialect="duckdb")
    if limits.rows is not None:
        sql = f"SELECT * FROM ({sql}) LIMIT {limits.rows:d}"
    with locked_down(engine, files) as connection:
        for name, one in inputs.items():
            connection.execute(f"CREATE TEMP VIEW {sqltext.name(name)} AS {one.sql()}")
        return limited(connection, sql, engine=engine, seconds=limits.seconds)


def limited(connection: duckdb.DuckDBPyConnection, sql: str, *, engine: Engine, seconds: float | None) -> pa.Table:
    """Run a query, for so long at most. Raises QueryFailed, TooSlow, TooBig."""
    timer = threading.Timer(seconds, connection.interrupt) if seconds is not None else None
    if timer is not None:
        timer.start()
    try:
        return connection.execute(sql).to_arrow_table()
    except duckdb.InterruptException as error:
        raise TooSlow(seconds=seconds or 0) from error
    except duckdb.OutOfMemoryException as error:
        raise TooBig(memory=engine.memory) from error
    except (duckdb.IOException, duckdb.FatalException, duckdb.InternalException):
        raise
    except duckdb.Error as error:
        raise QueryFailed(detail=str(error).splitlines()[0]) from error
    finally:
        if timer is not None:
            timer.cancel()


def check_inputs(tree: exp.Query, given: tuple[str, ...]) -> None:
    """Check that `tree` reads only its inputs and its own common tables. Raises UnknownInput."""
    own = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    known = own | {name.lower() for name in given}
    for table in tree.find_all(exp.Table):
        plain = isinstance(table.this, exp.Identifier) and not table.db
        if not plain or table.name.lower() not in known:
            raise UnknownInput(name=table.sql(dialect="duckdb"), given=given)


def parse(sql: str) -> exp.Query:
    """Return the syntax tree of one SELECT in DuckDB's words. Raises QueryFailed."""
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except sqlglot.errors.ParseError as error:
        raise QueryFailed(detail=str(error).splitlines()[0]) from error
    if not isinstance(tree, exp.Query):
        raise QueryFailed(detail="only a SELECT can be run")
    return tree
