"""Citations: questions to one version that must have the same answer for ever. Rows of the registry, only added to."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Connection
from typing import Any

from cupola.errors import NotFound
from cupola.lake.registry import Registry

_TABLE = """
CREATE TABLE IF NOT EXISTS citation (
  id TEXT PRIMARY KEY, dataset TEXT NOT NULL, version INTEGER NOT NULL, vintage TEXT NOT NULL, normal TEXT NOT NULL,
  request TEXT NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, cited_at TEXT NOT NULL
) STRICT
"""
_COLUMNS = "id, dataset, version, vintage, normal, request, rows, bytes, sha256, cited_at"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
LENGTH = 12


class NoSuchCitation(NotFound):
    """No citation has that address."""

    def __init__(self, asked: str) -> None:
        self.asked = asked
        super().__init__(f"There is no citation {asked[:40]}. Look at its address again, letter by letter.")


@dataclass(frozen=True)
class Citation:
    """One question to one version, and what the answer was.

    `normal`: the query's canonical text; `request`: its parts as they were given. `vintage`: as asked for.
    `rows`, `bytes`, `sha256`: of the answer as CSV, which `/cite/<id>.csv` gives byte by byte.
    """

    dataset: str
    version: int
    vintage: str
    normal: str
    rows: int
    bytes: int
    sha256: str
    cited_at: datetime
    request: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its short name: the same for the same question to the same version."""
        return citation_id(self.dataset, self.version, vintage=self.vintage, normal=self.normal)


def citation_id(dataset: str, version: int, *, vintage: str, normal: str) -> str:
    """Return the short name of a question to a version."""
    text = json.dumps([dataset, version, vintage, normal], separators=(",", ":"))
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:12], "big")
    letters = ""
    for _ in range(LENGTH):
        number, letter = divmod(number, len(_LETTERS))
        letters += _LETTERS[letter]
    return letters


class Citations:
    """The citations a registry knows."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def get(self, asked: str) -> Citation:
        """Return a citation. Raises NoSuchCitation."""
        found = self.find(asked)
        if found is None:
            raise NoSuchCitation(asked)
        return found

    def find(self, asked: str) -> Citation | None:
        """Return a citation, None where there is none of that name."""
        known = self._registry.rows("SELECT 1 FROM sqlite_master WHERE name = 'citation'", ())
        rows = self._registry.rows(f"SELECT {_COLUMNS} FROM citation WHERE id = ?", (asked,)) if known else []
        return _citation(rows[0]) if rows else None

    def keep(self, citation: Citation) -> Citation:
        """Keep a citation, and return what is kept under its name: the first one stays as it was."""
        row = (
            citation.id,
            citation.dataset,
            citation.version,
            citation.vintage,
            citation.normal,
            json.dumps(citation.request),
            citation.rows,
            citation.bytes,
            citation.sha256,
            citation.cited_at.isoformat(),
        )
        with self._writing() as connection:
            connection.execute(
                f"INSERT INTO citation ({_COLUMNS}) VALUES ({', '.join('?' * len(row))}) ON CONFLICT (id) DO NOTHING",
                row,
            )
        return self.get(citation.id)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._registry.writing() as connection:
            connection.execute(_TABLE)
            yield connection


def _citation(row: tuple[Any, ...]) -> Citation:
    facts = dict(zip(_COLUMNS.split(", "), row, strict=True))
    del facts["id"]
    return Citation(
        **{
            **facts,
            "request": json.loads(facts["request"]),
            "cited_at": datetime.fromisoformat(facts["cited_at"]),
        }
    )
