"""Rows of a PostgreSQL query: a server-side cursor in a read-only transaction, values as the server writes them."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from cupola.sources.addresses import without_secrets
from cupola.sources.patience import Passing, Patience
from cupola.sources.spec import SourceInvalid, SourceUnreachable

try:
    import psycopg
    from psycopg.adapt import Loader
except ImportError:  # the optional extra is not installed
    psycopg = None  # type: ignore[assignment]
    Loader = object  # type: ignore[assignment,misc]

_BATCH = 5000
_NO_USE_WAITING = ("authentication", "does not exist", "no pg_hba.conf", "role", "invalid")


class _Text(Loader):
    """The text as it came: exact for every type, those of extensions included."""

    def load(self, data: Any) -> str:
        return bytes(data).decode()


class _Boolean(Loader):
    def load(self, data: Any) -> str:
        return "true" if bytes(data) == b"t" else "false"


@contextmanager
def postgres_rows(
    url: str, query: str, *, patience: Patience
) -> Iterator[tuple[list[str], Iterator[Sequence[str | None]]]]:
    """Open a query and give its column names and its rows.

    Raises SourceInvalid when the query cannot run or wants to write, SourceUnreachable when there is no database.
    """
    if psycopg is None:
        raise SourceInvalid(
            patience.where,
            problem="reading PostgreSQL needs a library that is not installed",
            remedy="Install it with: pip install 'cupola[postgres]'.",
        )
    with _connected(url, patience) as connection:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        milliseconds = int(patience.limits.seconds * 1000)
        with _explained(patience):
            for name, value in (("timezone", "UTC"), ("datestyle", "ISO"), ("statement_timeout", str(milliseconds))):
                connection.execute("SELECT set_config(%s, %s, true)", (name, value))
            with connection.cursor(name="cupola") as cursor:
                _as_text(cursor)
                cursor.itersize = _BATCH
                cursor.execute(query.encode())
                names = [column.name for column in cursor.description or ()]
                yield names, _rows(cursor, patience)


def _rows(cursor: Any, patience: Patience) -> Iterator[Sequence[str | None]]:
    for number, row in enumerate(cursor):
        if number % _BATCH == 0:
            patience.progressed()
        yield row


def _as_text(cursor: Any) -> None:
    for kind in cursor.adapters.types:
        for oid in filter(None, (kind.oid, kind.array_oid)):
            cursor.adapters.register_loader(oid, _Text)
    cursor.adapters.register_loader("bool", _Boolean)


@contextmanager
def _connected(url: str, patience: Patience) -> Iterator[Any]:
    while True:
        try:
            connection = psycopg.connect(url, connect_timeout=max(2, int(patience.limits.timeout)))
            break
        except psycopg.OperationalError as error:
            said = _said(error)
            if any(word in said for word in _NO_USE_WAITING):
                raise patience.unreachable(said, remedy="Check address, database, user and password.") from error
            patience.pause(Passing(said))
        except psycopg.Error as error:
            raise patience.unreachable(_said(error), remedy="Check the address.") from error
    with closing(connection):  # closed without a commit: what a query did in spite of all is rolled back
        yield connection


@contextmanager
def _explained(patience: Patience) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        raise patience.unreachable(
            f"the query took longer than {patience.limits.seconds:,.0f} s", remedy="Ask for less, or raise the limit."
        ) from error
    except psycopg.OperationalError as error:
        raise SourceUnreachable(
            patience.where, problem=f"the connection broke off ({_said(error)})", remedy="Run again; nothing was kept."
        ) from error
    except psycopg.Error as error:
        raise SourceInvalid(
            patience.where, problem=f"query: {_said(error)}", remedy="Correct the query; it must be one SELECT."
        ) from error


def _said(error: Exception) -> str:
    return without_secrets(" ".join(str(error).split()))[:300]
