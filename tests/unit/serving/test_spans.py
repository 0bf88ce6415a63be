"""Groups by year, month and day give the same whether the engine truncates times or counts by numbers."""

from urllib.parse import parse_qsl

import duckdb
import pytest
from rows_world import DAYS, EMPTY, FULL, World

from cupola.serving.plans import PLACE, plan_of
from cupola.soql import read_request

pytestmark = pytest.mark.slow
TIMES = (
    "2014-10-13T08:30:00", "2014-10-31T23:59:59.999999", "2015-01-01", "2015-12-31T12:00:00", "1000-02-28",
    "9999-12-31",
)  # fmt: skip
CHANGED = (
    "$select=date_trunc_{0}(seen_at) as span,ward,count(*),max(cost)&$group=span,ward&$order=span desc,ward",
    "$select=ward,count(*)&$group=ward,date_trunc_{0}(seen_at)&$order=ward",
    "$select=date_trunc_{0}(seen_at),min(seen_at)&$group=date_trunc_{0}(seen_at)&$having=count(*) > 1",
    "$query=select date_trunc_{0}(seen_at) as span, count(*) as n group by span |> select sum(n), max(span)",
)  # fmt: skip
LEFT = (
    "$select=count(distinct date_trunc_{0}(seen_at)),date_trunc_{0}(seen_at) as span&$group=span",
    "$select=date_trunc_{0}(issued_on) as span,count(*)&$group=span",
    "$select=date_trunc_{0}(seen_at) as span&$order=span,ward",
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("spans"), public=False)
    rows: list[list[str | None]] = [
        [f"P-{at}", str(at % 2), *FULL[2:6], when, *FULL[7:]] for at, when in enumerate([*TIMES, TIMES[0]])
    ]
    world.publish([*rows, ["P-9", *EMPTY[1:]]], at=DAYS[0])
    return world


@pytest.mark.parametrize("span", ["y", "ym", "ymd"])
@pytest.mark.parametrize(("query", "changes"), [*((one, True) for one in CHANGED), *((one, False) for one in LEFT)])
def test_groups_by_spans_are_the_same_groups(world: World, query: str, span: str, changes: bool) -> None:
    release = world.service.release("permits")
    compiled = world.service.compile(release, read_request(parse_qsl(query.format(span))))
    truncated, counted = (plan_of(compiled, positioned=False, times=times).sql for times in ((), ("seen_at",)))
    assert (truncated != counted) is changes
    with duckdb.connect() as engine:
        engine.execute(f"ATTACH '{world.root / release.serving}' AS copy (READ_ONLY)")
        engine.execute(f"CREATE VIEW {PLACE} AS SELECT * FROM copy.rows")
        found = [engine.execute(sql).to_arrow_table() for sql in (truncated, counted)]
    assert found[0].schema == found[1].schema
    assert sorted(map(str, found[0].to_pylist())) == sorted(map(str, found[1].to_pylist()))
    assert found[0].num_rows
