"""Replace by what a source holds now, and still know who is who: unchanged rows keep their times and their files."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from cupola.contracts import Contract
from cupola.lake.columns import CREATED, ID, UPDATED
from cupola.lake.manifests import StoredFile
from cupola.lake.merging import Merge, Merged, vintage_of
from cupola.lake.parquet import write_file
from cupola.lake.writing import Writer

_TABLES = ("lake_fresh", "lake_prior", "lake_gone", "lake_wanted")


def replace(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    *,
    writer: Writer,
    contract: Contract,
    staged: Sequence[Path] = (),
) -> Merged:
    """Make the rows of `relation` all there is; of a vintaged table, all there is of the vintages in `relation`.

    Rows are compared by `_id`. An unchanged row keeps both its times and, where all its neighbours are unchanged
    too, its file; a changed one keeps `_created_at`. `staged`: files that already hold the rows of `relation`
    with this writer's stamp; they are used as they are when no row is known from before.
    """
    merge = Merge(connection, relation, writer=writer, contract=contract)
    try:
        return _Replace(merge).merged(staged)
    finally:
        for table in _TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table}")


class _Replace:
    def __init__(self, merge: Merge) -> None:
        self._merge = merge
        self._run = merge.connection.execute
        self._files = self._in_question()

    def _in_question(self) -> list[StoredFile]:
        held = self._merge.writer.current_files()
        if not self._merge.vintaged:
            return list(held)
        vintages = set(self._merge.vintages())
        fields = self._merge.fields
        # A table that was not vintaged before has files without a vintage: they are replaced as a whole.
        return [file for file in held if vintage_of(file, fields) in vintages | {None}]

    def merged(self, staged: Sequence[Path]) -> Merged:
        """Compare, write what differs, and say what is to be committed."""
        merge, row_hash = self._merge, self._merge.row_hash()
        self._run(f"CREATE OR REPLACE TEMP TABLE lake_fresh AS SELECT {ID}, {row_hash} AS h FROM {merge.relation}")
        self._read_prior(row_hash)
        fates = self._fates()
        self._run(
            f"CREATE OR REPLACE TEMP TABLE lake_wanted AS SELECT f.{ID}, p.{CREATED} AS created"
            f" FROM lake_fresh f LEFT JOIN lake_prior p ON p.{ID} = f.{ID} WHERE p.{ID} IS NULL OR p.h <> f.h"
        )
        wanted = merge.number("SELECT count(*) FROM lake_wanted")
        changed = merge.number("SELECT count(created) FROM lake_wanted")
        total = merge.number("SELECT count(*) FROM lake_fresh")
        removed = sum(total_ - same for total_, same in fates.values()) - changed
        if staged and wanted == total and not changed:
            add, drop = list(staged), [file.path for file in self._files]
        else:
            add, drop = self._leftovers(fates)
            add += self._write_wanted() if wanted else []
        return Merged(tuple(add), tuple(drop), rows_added=wanted - changed, rows_changed=changed, rows_removed=removed)

    def _read_prior(self, row_hash: str) -> None:
        self._run(
            f"CREATE OR REPLACE TEMP TABLE lake_prior ({ID} BIGINT, h UBIGINT, {CREATED} TIMESTAMPTZ, file INTEGER)"
        )
        for position, file in enumerate(self._files):
            self._run(
                f"INSERT INTO lake_prior SELECT {ID}, {row_hash}, {CREATED}, {position} FROM {self._merge.scan([file])}"
            )

    def _fates(self) -> dict[int, tuple[int, int]]:
        """Return per file (position): its rows, and how many of them are still the same."""
        self._run(
            f"CREATE OR REPLACE TEMP TABLE lake_gone AS SELECT p.{ID}, p.file FROM lake_prior p"
            f" LEFT JOIN lake_fresh f ON f.{ID} = p.{ID} WHERE f.{ID} IS NULL OR f.h <> p.h"
        )
        gone = dict(self._run("SELECT file, count(*) FROM lake_gone GROUP BY file").fetchall())
        return {position: (file.rows, file.rows - gone.get(position, 0)) for position, file in enumerate(self._files)}

    def _leftovers(self, fates: dict[int, tuple[int, int]]) -> tuple[list[Path], list[Path]]:
        """Write the unchanged rows of each file that also holds others. Return files to add and to drop."""
        merge = self._merge
        add, drop = [], []
        for position, file in enumerate(self._files):
            rows, same = fates[position]
            if rows == same and not merge.retyped:
                continue
            drop.append(file.path)
            if not same:
                continue
            path = merge.writer.new_file(like=file.path)
            listed = merge.select("o", created=f"o.{CREATED}", updated=f"o.{UPDATED}")
            query = (
                f"SELECT {listed} FROM {merge.scan([file])} o"
                f" ANTI JOIN (SELECT {ID} FROM lake_gone WHERE file = {position}) g ON g.{ID} = o.{ID}"
            )
            write_file(merge.connection, query, path=path, field_ids=merge.ids)
            add.append(path)
        return add, drop

    def _write_wanted(self) -> list[Path]:
        merge = self._merge
        listed = merge.select("n", created=f"coalesce(w.created, {merge.stamp})", updated=merge.stamp)
        return merge.write(f"SELECT {listed} FROM {merge.relation} n JOIN lake_wanted w ON w.{ID} = n.{ID}")
