"""Rows that two versions do not share: what was added, changed or taken away between them."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from cupola.lake.columns import ID, UPDATED
from cupola.lake.reading import Engine, Limits, check_inputs, limited, locked_down, scan_sql
from cupola.lake.tables import Table
from cupola.lake.versions import StoredField, Version

DATA = "data"


def query_touched(
    table: Table, tree: exp.Query, *, between: tuple[Version, Version], engine: Engine, limits: Limits
) -> pa.Table:
    """Run a checked tree over the rows that only one of two versions has; a changed row counts in both.

    Only files that one version has and the other has not are read. The tree reads them as `data`, with the columns of
    the later version. Raises UnknownInput, QueryFailed, TooSlow, TooBig.
    """
    check_inputs(tree, (DATA,))
    fields = table.fields(between[1])
    held = [{one.path for one in table.files(version)} for version in between]
    before, after = sorted(held[0] - held[1]), sorted(held[1] - held[0])
    with locked_down(engine, [*before, *after]) as connection:
        connection.execute(f"CREATE TEMP VIEW {DATA} AS {_either(before, after, fields)}")
        return limited(connection, tree.sql(dialect="duckdb"), engine=engine, seconds=limits.seconds)


def _either(before: Sequence[Path], after: Sequence[Path], fields: Sequence[StoredField]) -> str:
    old, new = scan_sql(before, fields), scan_sql(after, fields)
    if not before or not after:
        return f"SELECT * FROM {new if after else old}"
    same = f"o.{ID} = n.{ID} AND o.{UPDATED} = n.{UPDATED}"
    return (
        f"SELECT n.* FROM {new} n ANTI JOIN {old} o ON {same}"
        f" UNION ALL SELECT o.* FROM {old} o ANTI JOIN {new} n ON {same}"
    )
