"""The change contract as `sodapy` meets it: before a day and after it, old ids, an embargo, a recall; and a restart.

The server is a process of its own; the second one runs with a clock that is ahead.
"""

import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import requests
from sodapy import Socrata
from tests.servers import Server, command_environment, run_folder, serving

pytestmark = pytest.mark.slow
CITY = "kind: city\nkey: stonebridge\nname: Stonebridge\ntime_zone: America/Los_Angeles\n"
TODAY = date.today()  # noqa: DTZ011 - the day of this machine, which the server has too
UNTIL = TODAY + timedelta(days=40)
PERMITS = """kind: dataset
key: permits
id: perm-2222
title: Permits
description: Permits the building office issued.
row: one permit
classification: public
approval: {by: Data steward, on: 2026-01-05}
released: true
sources: [{file: permits.csv}]
row_key: [number]
columns:
  number: {type: text, required: true}
"""
CHANGED = f"""  state: {{type: text, from: [status]}}
formerly: [oldp-2222, /Buildings/Permits]
changes:
  - {{column: status, becomes: state, announced: {TODAY}, until: {UNTIL}, why: The law calls it that now.}}
"""
NEWS = """kind: dataset
key: news
id: news-2222
title: News
description: What is told on a day.
row: one piece of news
classification: public
approval: {by: Data steward, on: 2026-01-05}
released: true
release_on: MOMENT
sources: [{file: news.csv}]
row_key: [number]
columns:
  number: {type: text, required: true}
"""
AHEAD = """
import os
from datetime import UTC, datetime, timedelta

if os.environ.get("AHEAD_DAYS"):
    from cupola.serving.service import Service

    made = Service.__init__

    def ahead(self, *given, **named):
        made(self, *given, **named)
        self.clock = lambda: datetime.now(UTC) + timedelta(days=int(os.environ["AHEAD_DAYS"]))

    Service.__init__ = ahead
"""


def load(folder: Path, columns: str, rows: str) -> None:
    (folder / "city").mkdir(exist_ok=True)
    (folder / "city" / "city.yaml").write_text(CITY)
    (folder / "city" / "permits.yaml").write_text(PERMITS + columns)
    (folder / "city" / "permits.csv").write_text("number,status\n" + rows)
    (folder / "city" / "news.csv").write_text("number\nN-1\n")
    (folder / "city" / "news.yaml").write_text(NEWS.replace("MOMENT", "2999-01-01T00:00"))
    began = time.monotonic()
    run_folder(folder / "home", folder / "city")
    (folder / "took").write_text(str(time.monotonic() - began))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home of three versions; the first should not have been published, the last has a renamed column."""
    folder = tmp_path_factory.mktemp("changes")
    load(folder, "  status: {type: text}\n", "P-1,secret\nP-2,done\n")
    load(folder, "  status: {type: text}\n", "P-1,open\nP-2,done\n")
    load(folder, CHANGED, "P-1,open\nP-2,closed\n")
    (folder / "sitecustomize.py").write_text(AHEAD)
    return folder


@pytest.fixture(scope="module")
def before(home: Path) -> Iterator[Server]:
    with serving(home / "home", log=home / "before") as server:
        yield server


def client(server: Server) -> Socrata:
    logging.getLogger().setLevel(logging.ERROR)  # it warns that it was given no token
    adapter = {"prefix": "http://", "adapter": requests.adapters.HTTPAdapter()}
    return Socrata(server.host, None, session_adapter=adapter)


def test_until_the_day_sodapy_reads_by_the_old_name(before: Server) -> None:
    assert client(before).get("perm-2222", where="status = 'open'", select="number,status") == [
        {"number": "P-1", "status": "open"}
    ]
    assert client(before).get("perm-2222", number="P-2") == [{"number": "P-2", "state": "closed", "status": "closed"}]
    answer = requests.get(f"http://{before.host}/resource/perm-2222.json?$select=status", timeout=10)
    assert answer.headers["Deprecation"].startswith("@")
    assert UNTIL.strftime("%d %b %Y") in answer.headers["Sunset"]
    page = requests.get(f"http://{before.host}/data/permits/changes/", timeout=10).text
    assert "The law calls it that now." in page


def test_sodapy_follows_an_old_id(before: Server) -> None:
    assert client(before).get("oldp-2222", select="number", order="number") == [{"number": "P-1"}, {"number": "P-2"}]
    assert client(before).get_metadata("oldp-2222")["id"] == "perm-2222"
    page = requests.get(f"http://{before.host}/Buildings/Permits", timeout=10)
    assert ([one.status_code for one in page.history], page.url) == ([301], f"http://{before.host}/data/permits/")


def news(server: Server) -> list[dict[str, str]] | None:
    """Return what sodapy reads of the news; None where there is no such dataset."""
    try:
        return client(server).get("news-2222")  # type: ignore[no-any-return]
    except requests.exceptions.HTTPError as error:
        if "dataset.missing" not in str(error) and not str(error).startswith("404"):
            raise
        return None


def wait_until(moment: datetime) -> None:
    time.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))


def test_an_embargo_opens_at_its_moment_and_no_second_before(home: Path, before: Server) -> None:
    """By the clock of this machine: a run in time finds it shut, one second before it is shut, one after it is read."""
    assert news(before) is None
    lead = 2 + 2 * float((home / "took").read_text())
    while True:
        moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=lead)
        (home / "city" / "news.yaml").write_text(NEWS.replace("MOMENT", moment.isoformat()))
        run_folder(home / "home", home / "city")
        if datetime.now(UTC) < moment - timedelta(seconds=1):
            break
        lead *= 2  # a busy machine: the run ended too late to say anything
    wait_until(moment - timedelta(seconds=1))
    assert news(before) is None
    assert datetime.now(UTC) < moment
    wait_until(moment + timedelta(seconds=0.1))
    run_folder(home / "home", home / "city")
    assert news(before) == [{"number": "N-1"}]


def test_after_the_day_and_a_recall_also_after_a_restart(home: Path, before: Server) -> None:
    old = f"http://{before.host}/resource/perm-2222.json?version=1"
    assert "secret" in requests.get(old, timeout=10).text
    kept = list((home / "home" / "lake" / "serving" / "permits").iterdir())
    command = [
        sys.executable,
        "-m",
        "cupola",
        "data",
        "recall",
        "permits",
        "--version",
        "1",
        "--reason",
        "It named one.",
    ]
    subprocess.run(command, env=command_environment(home / "home"), check=True, capture_output=True)
    assert requests.get(old, timeout=10).status_code == 410  # at once, without a restart
    assert len(list((home / "home" / "lake" / "serving" / "permits").iterdir())) == len(kept) - 1
    path = f"{home}:{Path(__file__).parents[2] / 'src'}"
    with serving(home / "home", log=home / "after", PYTHONPATH=path, AHEAD_DAYS="41") as after:
        with pytest.raises(requests.exceptions.HTTPError, match="ask for `state`"):
            client(after).get("perm-2222", select="status")
        assert client(after).get("perm-2222", number="P-2") == [{"number": "P-2", "state": "closed"}]
        assert client(after).get("oldp-2222", select="state", where="number = 'P-2'") == [{"state": "closed"}]
        answer = requests.get(f"http://{after.host}/resource/perm-2222.json?version=1", timeout=10)
        assert (answer.status_code, "It named one." in answer.text) == (410, True)
        gone = requests.get(f"http://{after.host}/data/permits/versions/1/", timeout=10)
        assert (gone.status_code, "It named one." in gone.text) == (410, True)
        assert news(after) == [{"number": "N-1"}]
