"""The query API against Datasette on the same rows, the download of everything against DuckDB, and the pages."""

import http.client
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlencode

from bench import generate, peers
from bench.peers import Server
from bench.table import show

MOST_TARGETS = 40_000
PAGES = (("catalogue page", "/data/"), ("dataset page", "/data/requests/"))
Targets = Callable[[random.Random, int], str]


@dataclass(frozen=True)
class Row:
    """One row of the table: what is asked of either server, and how many times the peer's rate is wanted."""

    name: str
    ours: Targets
    theirs: Targets
    wanted: float
    repeat: bool = False


@dataclass(frozen=True)
class Load:
    """What came of asking one server for some seconds."""

    rate: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.rate:,.1f}/s, p50 {self.p50 * 1000:.1f}, p99 {self.p99 * 1000:.1f} ms"


def moment(rows: int, share: float) -> str:
    """Return when the request was opened that has this share of all before it."""
    return (generate.START + timedelta(seconds=int(rows * 50 * share))).isoformat()


def api(**clauses: object) -> str:
    """Return an address of our query API; clauses without their dollar."""
    return "/resource/requests.json?" + urlencode(
        {f"${name}": value for name, value in clauses.items()}, quote_via=quote
    )


def sql(query: str, **values: object) -> str:
    """Return an address of the peer's SQL page."""
    return "/city.json?" + urlencode({"sql": query, "_shape": "array", **values}, quote_via=quote)


def our_point(chance: random.Random, rows: int) -> str:
    return f"/resource/requests.json?request_number={chance.randint(1, rows)}"


def their_point(chance: random.Random, rows: int) -> str:
    return sql("SELECT * FROM requests WHERE request_number = :number", number=chance.randint(1, rows))


def our_page(chance: random.Random, rows: int) -> str:
    since, kind = moment(rows, chance.uniform(0.7, 0.95)), chance.choice(generate.SUBJECTS)
    return api(where=f"request_type = '{kind}' AND opened_at >= '{since}'", order="opened_at DESC", limit=100)


def their_page(chance: random.Random, rows: int) -> str:
    since, kind = moment(rows, chance.uniform(0.7, 0.95)), chance.choice(generate.SUBJECTS)
    query = (
        "SELECT * FROM requests WHERE request_type = :kind AND opened_at >= :since ORDER BY opened_at DESC LIMIT 100"
    )
    return sql(query, kind=kind, since=since.replace("T", " "))


def table_page(**clauses: object) -> str:
    """Return an address of the peer's page of a table, with everything it can be spared left out."""
    spared = "_shape=array&_nocount=1&_nofacet=1&_nosuggest=1"
    return f"/city/requests.json?{urlencode(clauses, quote_via=quote)}&{spared}"


def their_table_point(chance: random.Random, rows: int) -> str:
    return table_page(request_number=chance.randint(1, rows))


def their_table_page(chance: random.Random, rows: int) -> str:
    since, kind = moment(rows, chance.uniform(0.7, 0.95)), chance.choice(generate.SUBJECTS)
    clauses = {"request_type": kind, "opened_at__gte": since.replace("T", " "), "_sort_desc": "opened_at", "_size": 100}
    return table_page(**clauses)


def our_group(chance: random.Random, rows: int) -> str:
    return api(
        select="date_trunc_ym(opened_at) AS month, request_type, count(*) AS requests",
        where=f"opened_at >= '{moment(rows, chance.uniform(0, 0.01))}'",
        group="month, request_type",
        order="month, request_type",
        limit=50_000,
    )


def their_group(chance: random.Random, rows: int) -> str:
    query = (
        "SELECT substr(opened_at, 1, 7) AS month, request_type, count(*) AS requests FROM requests"
        " WHERE opened_at >= :since GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return sql(query, since=moment(rows, chance.uniform(0, 0.01)).replace("T", " "))


def our_deep(chance: random.Random, rows: int) -> str:
    return api(limit=100, offset=rows * 3 // 5 + chance.randrange(rows // 10))


def their_deep(chance: random.Random, rows: int) -> str:
    return sql("SELECT * FROM requests LIMIT 100 OFFSET :offset", offset=rows * 3 // 5 + chance.randrange(rows // 10))


ROWS = (
    Row("point by key", our_point, their_table_point, 2),
    Row("point by key, the peer by SQL", our_point, their_point, 0),
    Row("filtered page of 100", our_page, their_table_page, 1.5),
    Row("filtered page of 100, the peer by SQL", our_page, their_page, 0),
    Row("month x type", our_group, their_group, 10),
    Row("deep offset (three fifths of all rows)", our_deep, their_deep, 10),
    Row("repeated query (one page again and again)", our_page, their_table_page, 20, repeat=True),
)


def load(server: Server, targets: Sequence[str], *, clients: int, seconds: float, options: Sequence[str] = ()) -> Load:
    """Ask one server for some seconds; stop the run when anything but the wanted answer comes."""
    command = [sys.executable, "-m", "bench.load", str(server.port), str(clients), str(seconds), *options]
    done = subprocess.run(command, input="\n".join(targets), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"asking {server.name} failed:\n{done.stderr}")
    facts = json.loads(done.stdout)
    wanted = "304" if any("If-None-Match" in option for option in options) else "200"
    if set(facts["statuses"]) != {wanted}:
        raise SystemExit(f"{server.name} answered {facts['statuses']} instead of {wanted} to {targets[0]} and others")
    return Load(facts["rate"], facts["p50"], facts["p99"])


def warmed(server: Server, row: Row, targets: Sequence[str]) -> list[str]:
    """Ask the first few once, and return those to measure."""
    if row.repeat:
        server.json(targets[0])
        return [targets[0]]
    for target in targets[:3]:
        server.json(target)
    return list(targets[3:])


def check_equal(row: Row, ours: Server, theirs: Server, *, rows: int) -> None:
    """Ask both for the same once: a rate counts only for the same rows."""
    answers = [server.json(make(random.Random(1), rows)) for server, make in ((ours, row.ours), (theirs, row.theirs))]
    first, second = ([answer] if isinstance(answer, dict) else answer for answer in answers)
    key = "requests" if "requests" in second[0] else "request_number"
    if [str(one[key]) for one in first] != [str(one[key]) for one in second] and "deep" not in row.name:
        raise SystemExit(f"{row.name}: the two servers answer differently:\n{first[:2]}\n{second[:2]}")
    if len(first) != len(second):
        raise SystemExit(f"{row.name}: {len(first)} rows here, {len(second)} there")


def compare(ours: Server, theirs: Server, rows: int, *, seconds: float) -> None:
    """Measure every row of the table on both servers, one after the other."""
    for row in ROWS:
        check_equal(row, ours, theirs, rows=rows)
        chance = random.Random(f"{generate.SEED} {row.name}")  # no row asks what another has asked
        for clients in (1, 8):
            loads = []
            for server, make in ((theirs, row.theirs), (ours, row.ours)):
                targets = warmed(server, row, [make(chance, rows) for _ in range(MOST_TARGETS)])
                options = ["--repeat"] if row.repeat else []
                loads.append(load(server, targets, clients=clients, seconds=seconds, options=options))
            their, our = loads
            ratio = our.rate / their.rate
            print(f"  {row.name}, {clients} client{'s' * (clients > 1)}: Datasette {their}; Cupola {our}", flush=True)
            figure = f"{our.rate:,.0f}/s = {ratio:,.1f} x"
            limit = f">= {row.wanted:g} x" if row.wanted else "no limit"
            show(f"{row.name}, {clients} at once", figure, limit, met=ratio >= row.wanted)


def unchanged(ours: Server, rows: int, *, seconds: float) -> None:
    """Measure answers to clients who have the present one. The peer sends no ETag: it would answer in full."""
    target = our_page(random.Random(generate.SEED), rows)
    tag = ours.get(target)[1]["etag"]
    for clients in (1, 8):
        options = ["--repeat", "--header", f"If-None-Match: {tag}"]
        found = load(ours, [target], clients=clients, seconds=seconds, options=options)
        figure = f"{found.rate:,.0f}/s, p99 {found.p99 * 1000:.1f} ms"
        show(f"If-None-Match, {clients} at once", figure, "no peer", met=True)


def download(home: Path, ours: Server, rows: int) -> None:
    """Measure the CSV of everything, and the memory it takes, against DuckDB writing the same into a pipe."""
    raw = [float(_step("raw_csv", home)) for _ in range(3)]
    ours.json("/resource/requests.json?$limit=1")
    spent, peaks, sizes = [], [], []
    for _ in range(3):
        ours.forget_peak()
        before = time.perf_counter()
        sizes.append(_read_all(ours, f"/resource/requests.csv?$limit={rows}"))
        spent.append(time.perf_counter() - before)
        peaks.append(ours.peak_mb())
    lines = {count for count, _ in sizes}
    if lines != {rows + 1}:
        raise SystemExit(f"the CSV of everything has {lines} lines instead of {rows + 1}")
    ratio = median(spent) / median(raw)
    what = f"CSV of everything ({sizes[0][1] / 1e6:,.0f} MB; DuckDB {median(raw):.1f} s)"
    show(what, f"{median(spent):.1f} s = {ratio:.2f} x", "<= 1.3 x", met=ratio <= 1.3)
    show("its peak memory", f"{max(peaks):.0f} MB", "< 500 MB", met=max(peaks) < 500)


def _step(name: str, home: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.steps", name, str(home), "0"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    return done.stdout.splitlines()[0]


def _read_all(server: Server, target: str) -> tuple[int, int]:
    """Return lines and bytes of an answer, read as fast as it comes."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
    connection.request("GET", target)
    answer = connection.getresponse()
    lines = size = 0
    buffer = bytearray(1 << 20)
    while count := answer.readinto(buffer):
        lines += buffer.count(b"\n", 0, count)
        size += count
    connection.close()
    return (lines, size) if answer.status == 200 else (0, size)


def pages(ours: Server) -> None:
    """Measure how long the server takes for the two pages most people see: the first time, and the median of 20."""
    for name, target in PAGES:
        spent = []
        for _ in range(21):
            before = time.perf_counter()
            status, _, _ = ours.get(target)
            spent.append(time.perf_counter() - before)
            if status != 200:
                raise SystemExit(f"{target} answered {status}")
        usual, worst = median(spent[1:]) * 1000, max(spent[1:]) * 1000
        figure = f"{usual:.0f} ms, worst {worst:.0f}, first {spent[0] * 1000:.0f}"
        show(name, figure, "< 300 ms", met=usual < 300)


def measure(folder: Path, rows: int, *, seconds: float) -> None:
    """Make both, serve both, measure."""
    home, database = peers.make_home(folder, rows), peers.make_sqlite(folder)
    with peers.cupola(home, log=folder / "cupola.log") as ours:
        pages(ours)
        download(home, ours, rows)
    with ExitStack() as stack:
        theirs = stack.enter_context(peers.datasette(database, log=folder / "datasette.log"))
        ours = stack.enter_context(peers.cupola(home, log=folder / "cupola.log"))
        compare(ours, theirs, rows, seconds=seconds)
        unchanged(ours, rows, seconds=seconds)
        print(f"  memory held at the end: Cupola {ours.held_mb():.0f} MB, Datasette {theirs.held_mb():.0f} MB")
