"""Insert or update by row id: only files that hold a touched row are written again, each in its place."""

from pathlib import Path

import duckdb

from cupola.contracts import Contract
from cupola.lake import sqltext
from cupola.lake.columns import CREATED, ID, UPDATED
from cupola.lake.manifests import StoredFile
from cupola.lake.merging import Merge, Merged
from cupola.lake.parquet import write_file
from cupola.lake.writing import Writer


def upsert(connection: duckdb.DuckDBPyConnection, relation: str, *, writer: Writer, contract: Contract) -> Merged:
    """Merge the rows of `relation` by `_id`: known ids take the new values, unknown ones are added.

    A row keeps `_created_at`, and takes a new `_updated_at` only when one of its values changed. A file in which
    nothing changed is not replaced. Raises Retyped.
    """
    merge = Merge(connection, relation, writer=writer, contract=contract)
    merge.check_readable()
    # The stored rows have to be the streamed side of the join, however few they are: memory then holds only the new
    # ones, and no row moves further than a vector of 2,048.
    connection.execute("SET disabled_optimizers = 'build_side_probe_side'")
    try:
        return _merged(merge)
    finally:
        connection.execute("RESET disabled_optimizers")
        connection.execute("DROP TABLE IF EXISTS lake_touched")


def _merged(merge: Merge) -> Merged:
    files = merge.writer.current_files()
    merge.connection.execute(f"CREATE OR REPLACE TEMP TABLE lake_touched ({ID} BIGINT, file INTEGER)")
    for position, file in enumerate(files):
        # Only the ids of a file are read here, eight bytes a row.
        merge.connection.execute(
            f"INSERT INTO lake_touched SELECT {ID}, {position} FROM {merge.scan([file])}"
            f" WHERE {ID} IN (SELECT {ID} FROM {merge.relation})"
        )
    touched = merge.connection.execute("SELECT DISTINCT file FROM lake_touched ORDER BY 1").fetchall()
    add: list[Path] = []
    drop: list[Path] = []
    changed = 0
    for (position,) in touched:
        written, count = _rewrite(merge, files[position], position)
        if count:
            add.append(written)
            drop.append(files[position].path)
            changed += count
        else:
            written.unlink()
    fresh = f"{merge.relation} n ANTI JOIN lake_touched t ON t.{ID} = n.{ID}"
    added = merge.number(f"SELECT count(*) FROM {fresh}")
    if added:
        add += merge.write(f"SELECT {merge.select('n', created=merge.stamp, updated=merge.stamp)} FROM {fresh}")
    return Merged(tuple(add), tuple(drop), rows_added=added, rows_changed=changed, rows_removed=0)


def _rewrite(merge: Merge, file: StoredFile, position: int) -> tuple[Path, int]:
    """Write `file` again with the new values, rows about in their order. Return the new file, and how many changed."""
    path = merge.writer.new_file(like=file.path)
    names = [sqltext.name(name) for name in merge.values]
    differs = " OR ".join(f"o.{name} IS DISTINCT FROM n.{name}" for name in names)
    known = f"SELECT * FROM {merge.relation} WHERE {ID} IN (SELECT {ID} FROM lake_touched WHERE file = {position})"
    values = {
        name: f"CASE WHEN n.{ID} IS NULL THEN o.{quoted} ELSE n.{quoted} END AS {quoted}"
        for name, quoted in zip(merge.values, names, strict=True)
    }
    values |= {
        ID: f"o.{ID}",
        CREATED: f"o.{CREATED}",
        # CASE looks at its second condition only where the first fails; AND would compare every row of the file.
        UPDATED: f"CASE WHEN n.{ID} IS NULL THEN o.{UPDATED} WHEN {differs} THEN {merge.stamp}"
        f" ELSE o.{UPDATED} END AS {UPDATED}",
    }
    listed = ", ".join(values[one.name] for one in merge.fields)
    query = f"SELECT {listed} FROM {merge.scan([file])} o LEFT JOIN ({known}) n ON n.{ID} = o.{ID}"
    write_file(merge.connection, query, path=path, field_ids=merge.ids)
    # Every stamp is later than the last, so these rows and no others changed now; row group statistics answer.
    count = merge.number(
        f"SELECT count(*) FROM read_parquet({sqltext.text(str(path))}) WHERE {UPDATED} = {merge.stamp}"
    )
    return path, count
