"""Proof that every version still answers: its files are there, whole, and hold the rows its snapshot promised."""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cupola.lake import sqltext
from cupola.lake.manifests import StoredFile
from cupola.lake.reading import scan_sql
from cupola.lake.tables import Table
from cupola.lake.versions import StoredField, Version

_MODULUS = 2**64


@dataclass(frozen=True)
class Verified:
    """One version, read. `content` is the same for the same rows in the same columns, wherever the lake stands."""

    dataset: str
    version: int
    rows: int
    content: str
    problems: tuple[str, ...] = ()


class Verifier:
    """Reads versions; each file once, however many versions share it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._sums: dict[tuple[Path, tuple[StoredField, ...]], int] = {}
        self._rows: dict[Path, int] = {}

    def versions(
        self, table: Table, *, progress: Callable[[Version], None], erased: Set[int] = frozenset()
    ) -> Iterator[Verified]:
        """Read every version of a table, oldest first, but of those in `erased` only what is still there."""
        for version in table.versions():
            files = [file.path for file in table.files(version)] + list(version.attachments.values())
            if version.number not in erased or all(path.exists() for path in files):
                yield self._version(table, version)
            progress(version)

    def _version(self, table: Table, version: Version) -> Verified:
        problems: list[str] = []
        rows = total = 0
        fields = table.fields(version)
        for file in table.files(version):
            problem = self._problem(file)
            if problem:
                problems.append(f"{file.path}: {problem}")
                continue
            rows += self._rows[file.path]
            total = (total + self._sum(file.path, fields)) % _MODULUS
        if rows != version.rows:
            problems.append(f"{version.label}: {rows:,} rows, and {version.rows:,} were committed")
        missing = [path for path in version.attachments.values() if not path.exists()]
        problems += [f"{path}: missing" for path in missing]
        return Verified(table.name, version.number, rows, f"{total:016x}", tuple(problems))

    def _problem(self, file: StoredFile) -> str:
        """Say what is wrong with a file, nothing when it is whole."""
        if file.path in self._rows:
            return ""
        try:
            size, rows = file.path.stat().st_size, int(pq.read_metadata(file.path).num_rows)
        except FileNotFoundError:
            return "missing"
        except (pa.ArrowInvalid, OSError) as error:
            return f"cannot be read ({str(error).splitlines()[0]})"
        if size != file.size:
            return f"{size:,} bytes, and {file.size:,} were committed"
        if rows != file.rows:
            return f"{rows:,} rows, and {file.rows:,} were committed"
        self._rows[file.path] = rows
        return ""

    def _sum(self, path: Path, fields: tuple[StoredField, ...]) -> int:
        """Return the sum of the hashes of a file's rows: the order of rows and files does not matter to it."""
        if (path, fields) not in self._sums:
            names = ", ".join(sqltext.name(one.name) for one in fields)
            query = f"SELECT sum(hash({names})::HUGEINT) FROM {scan_sql([path], fields)}"
            row = self._connection.execute(query).fetchone()
            self._sums[path, fields] = int(row[0] or 0) if row else 0
        return self._sums[path, fields]
