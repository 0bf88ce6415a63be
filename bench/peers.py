"""The two servers side by side: Cupola on a home, Datasette on a SQLite file of the same rows."""

import csv
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bench import generate

ROOT = Path(__file__).resolve().parent.parent
DATASETTE = ROOT / ".venv-bench" / "bin" / "datasette"
CITY = """kind: city
key: benchmark
name: Benchmark
time_zone: America/Chicago
"""
# what the gate finds in rows that are made up; it costs its time in the run all the same
ACCEPTED = "privacy:\n  accepted:\n" + "".join(
    f"    - {{kind: {kind}, column: {column}, reason: Made up., by: Bench, on: 2026-11-01}}\n"
    for kind, column in (
        ("street_address", "street_address"),
        ("precise_place", "latitude"),
        ("precise_place", "longitude"),
        ("free_text", "outcome"),
    )
)
SQLITE_TYPES = {"integer": "INTEGER", "float": "REAL"}


@dataclass(frozen=True)
class Server:
    """A server that answers on a port of this machine."""

    name: str
    port: int
    pid: int

    def get(self, target: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers (names in small letters) and body of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.request("GET", target, headers={name.replace("_", "-"): text for name, text in headers.items()})
            answer = connection.getresponse()
            return answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def json(self, target: str) -> Any:
        """Return a document; stop the run when the answer is none."""
        status, _, body = self.get(target)
        if status != 200:
            raise SystemExit(f"{self.name} answered {status} to {target}: {body[:500].decode(errors='replace')}")
        return json.loads(body)

    def forget_peak(self) -> None:
        """Let `peak_mb` begin again from what is held now."""
        for pid in family(self.pid):
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak_mb(self) -> float:
        """Return the most memory the process that answers has held; the one that watches over it answers nothing."""
        return _kilobytes(family(self.pid)[-1], "VmHWM") / 1024

    def held_mb(self) -> float:
        """Return the memory the process that answers holds now."""
        return _kilobytes(family(self.pid)[-1], "VmRSS") / 1024


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def _kilobytes(pid: int, field: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


def make_home(folder: Path, rows: int) -> Path:
    """Publish the rows through the main job into a home below `folder`.

    Rows that are there already stay, and what belongs to them is made where it is missing.
    """
    home, city = folder / "home", folder / "city"
    city.mkdir(exist_ok=True)
    if not (folder / "plain.csv").exists():
        generate.write_both(folder / "plain.csv", folder / "planted.csv", rows=rows)
    columns = "".join(
        f"  {one.name}: {{type: {one.type.value}{', required: true' if one.required else ''}}}\n"
        for one in generate.COLUMNS
    )
    (city / "city.yaml").write_text(CITY)
    (city / "requests.yaml").write_text(
        "kind: dataset\nkey: requests\ntitle: Requests\ndescription: Service requests, made up.\nrow: one request\n"
        "classification: public\nreleased: true\napproval: {by: Bench, on: 2026-11-01}\nrefresh: daily\n"
        f"sources:\n  - file: plain.csv\ncolumns:\n{columns}row_key: [request_number]\ntime_column: opened_at\n"
        + ACCEPTED
    )
    command = [sys.executable, "-m", "cupola", "run", str(city), "--sources", str(folder), "--home", str(home)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return home


def make_sqlite(folder: Path) -> Path:
    """Put the same rows into a SQLite file: key, and indexes on (type, date) and date."""
    path = folder / "city.db"
    if path.exists():
        return path
    columns = [f"{one.name} {SQLITE_TYPES.get(one.type.value, 'TEXT')}" for one in generate.COLUMNS]
    columns[0] += " PRIMARY KEY"
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    database = sqlite3.connect(unfinished)
    database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
    database.execute(f"CREATE TABLE requests ({', '.join(columns)})")
    with (folder / "plain.csv").open(newline="", encoding="utf-8") as file:
        records = ([value or None for value in record] for record in csv.reader(file))
        next(records)
        while batch := list(islice(records, 50_000)):
            database.executemany(f"INSERT INTO requests VALUES ({', '.join('?' * len(columns))})", batch)
    database.executescript(
        "CREATE INDEX by_type ON requests (request_type, opened_at); CREATE INDEX by_time ON requests (opened_at);"
        "ANALYZE;"
    )
    database.commit()
    database.close()
    unfinished.rename(path)
    return path


@contextmanager
def cupola(home: Path, *, log: Path) -> Iterator[Server]:
    """Serve a home as `cupola serve` does, with the limit on one client's time lifted, as operators may."""
    port = free_port()
    command = [sys.executable, "-m", "cupola", "serve", "--home", str(home), "--port", str(port)]
    with _running("Cupola", command, port=port, log=log, CUPOLA_QUERY_SHARE="0") as server:
        yield server


@contextmanager
def datasette(database: Path, *, log: Path) -> Iterator[Server]:
    """Serve a SQLite file as one that never changes: counted beforehand, with limits that let all rows through."""
    if not DATASETTE.exists():
        subprocess.run(["make", ".venv-bench/packages"], cwd=ROOT, check=True)
    counts = database.with_suffix(".json")
    if not counts.exists():
        subprocess.run([DATASETTE, "inspect", str(database), "--inspect-file", str(counts)], check=True)
    port = free_port()
    command = [str(DATASETTE), "-i", str(database), "--inspect-file", str(counts), "-p", str(port)]
    for name, value in (("sql_time_limit_ms", 120_000), ("max_returned_rows", 100_000)):
        command += ["--setting", name, str(value)]
    with _running("Datasette", command, port=port, log=log) as server:
        yield server


@contextmanager
def _running(name: str, command: list[str], *, port: int, log: Path, **settings: str) -> Iterator[Server]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CUPOLA_", "DJANGO_"))}
    with log.open("w") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**kept, **settings})
        server = Server(name, port, process.pid)
        try:
            _wait(server, process, log)
            yield server
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            server.get("/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{server.name} does not answer:\n{log.read_text()[-2000:]}")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
