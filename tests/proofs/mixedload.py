"""Sixteen clients who ask for everything there is, and check that every answer is of one version."""

import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

ROWS = 20_000
KINDS = ("repair", "sign", "fence", "roof")
REPEATED = "the same group"
MARK = re.compile(rb"of load (\d+)")
CITY = """kind: city
key: springvale
name: Springvale
time_zone: America/Chicago
---
kind: dataset
key: works
title: Works
description: Works of a city.
row: one work
classification: public
released: true
approval: {by: Ada, on: 2026-11-01}
refresh: daily
sources:
  - file: works.csv
columns:
  number: {type: integer, required: true}
  generation: {type: integer, required: true}
  kind: {type: text}
  began_at: {type: timestamp}
  place: {type: point}
  note: {type: text}
row_key: [number]
time_column: began_at
"""
Headers = Mapping[str, str]
Check = Callable[[Headers, bytes], int | None]  # an answer, to the generation it shows; None: it shows none


def rows_of(generation: int) -> int:
    """Return how many rows a generation has: no two the same number."""
    return ROWS + generation


def write_generation(folder: Path, generation: int) -> None:
    """Write the city folder and its one source, every row of which says which load it is of."""
    folder.mkdir(exist_ok=True)
    (folder / "city.yaml").write_text(CITY)
    with (folder / "works.csv").open("w") as file:
        file.write("number,generation,kind,began_at,place,note\n")
        for number in range(rows_of(generation)):
            day = f"20{number % 20 + 6:02}-{number % 12 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:00:00"
            place = f"POINT ({-87 - number % 1000 / 1000} {41 + number % 997 / 1000})"
            kind = KINDS[number % len(KINDS)]
            file.write(f"{number},{generation},{kind},{day},{place},work {number} of load {generation}\n")


@dataclass(frozen=True)
class Question:
    """Something a client asks: its target, made with chance, and what its answer must hold."""

    name: str
    weight: int
    target: Callable[[random.Random], str]
    check: Check


def marked(count: int | None = None) -> Check:
    """Return a check that all marks in an answer are of one load, as many as `count`."""

    def check(headers: Headers, body: bytes) -> int | None:
        marks = MARK.findall(body)
        assert count is None or len(marks) == count, f"{len(marks)} rows instead of {count}"
        found = {int(mark) for mark in marks}
        assert len(found) == 1, f"a mixed version: {found}"
        return found.pop()

    return check


def whole_csv(headers: Headers, body: bytes) -> int | None:
    """Check a file of everything: every row of one load, none missing."""
    generation = marked()(headers, body)
    assert generation is not None
    assert body.count(b"\n") == rows_of(generation) + 1, f"{body.count(10)} lines of load {generation}"
    return generation


def grouped(headers: Headers, body: bytes) -> int | None:
    """Check counts by kind: each group of one load, together as many as it has rows."""
    found = {int(mark) for mark in re.findall(rb'"(?:lowest|highest)":"(\d+)"', body)}
    assert len(found) == 1, f"a mixed version: {found}"
    generation = found.pop()
    counts = [int(mark) for mark in re.findall(rb'"works":"(\d+)"', body)]
    assert (len(counts), sum(counts)) == (len(KINDS), rows_of(generation)), f"{counts} of load {generation}"
    return generation


def unmarked(headers: Headers, body: bytes) -> int | None:
    """Accept an answer that shows no rows."""
    assert body
    return None


def rows(suffix: str = "json", **clauses: object) -> str:
    """Return an address of rows."""
    return f"/resource/works.{suffix}?" + "&".join(f"${name}={quote(str(value))}" for name, value in clauses.items())


def a_page(chance: random.Random) -> str:
    where = f"kind = '{chance.choice(KINDS)}' AND number > {chance.randrange(ROWS // 2)}"
    return rows(where=where, order="began_at DESC", limit=100)


def a_group(chance: random.Random) -> str:
    select = "kind, min(generation) AS lowest, max(generation) AS highest, count(*) AS works"
    return rows(select=select, group="kind", where=f"number > -{chance.randrange(1, 10_000)}")


QUESTIONS = (
    Question("point", 24, lambda chance: f"/resource/works.json?number={chance.randrange(ROWS)}", marked(1)),
    Question("page", 24, a_page, marked(100)),
    Question("deep page", 6, lambda chance: rows(limit=100, offset=chance.randrange(ROWS - 100)), marked(100)),
    Question("group", 12, a_group, grouped),
    Question(REPEATED, 12, lambda chance: a_group(random.Random(0)), grouped),
    Question("CSV of everything", 1, lambda chance: rows("csv", limit=ROWS * 2), whole_csv),
    Question("CSV of a kind", 3, lambda chance: rows("csv", where=f"kind='{chance.choice(KINDS)}'"), marked(1000)),
    Question("GeoJSON", 4, lambda chance: rows("geojson", limit=200, offset=chance.randrange(ROWS // 2)), marked(200)),
    Question("view", 4, lambda chance: "/api/views/works.json", unmarked),
    Question("catalogue", 4, lambda chance: "/api/catalog/v1?q=works", unmarked),
    Question("data.json", 2, lambda chance: "/data.json", unmarked),
    Question("catalogue page", 3, lambda chance: "/data/", unmarked),
    Question("dataset page", 3, lambda chance: chance.choice(("", "/es")) + "/data/works/", marked()),
    Question("page of rows", 3, lambda chance: "/data/works/rows/", marked()),
)


@dataclass
class Seen:
    """What all clients have seen so far."""

    answers: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    newest: int = 0
    bodies: dict[str, bytes] = field(default_factory=dict)


class Client(threading.Thread):
    """One client with an address and a connection of its own, who asks until told to stop."""

    def __init__(self, number: int, *, port: int, seen: Seen, stop: threading.Event) -> None:
        super().__init__(name=f"client {number}")
        self._chance = random.Random(number)
        self._seen, self._stop_asked = seen, stop
        self._newest: Counter[str] = Counter()
        # Limits are for each client; these come from different machines.
        address = (f"127.0.0.{number + 2}", 0)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120, source_address=address)

    def run(self) -> None:
        """Ask."""
        weights = [question.weight for question in QUESTIONS]
        while not self._stop_asked.is_set():
            question = self._chance.choices(QUESTIONS, weights)[0]
            target = question.target(self._chance)
            try:
                self._ask(question, target)
            except (AssertionError, OSError, http.client.HTTPException) as error:
                self._seen.errors.append(f"{question.name} {target}: {type(error).__name__} {error}"[:500])
                self._connection.close()
        self._connection.close()

    def _ask(self, question: Question, target: str) -> None:
        began = time.perf_counter()
        self._connection.request("GET", target)
        answer = self._connection.getresponse()
        body = answer.read()
        self._seen.seconds.append(time.perf_counter() - began)
        assert answer.status == 200, f"status {answer.status}: {body[:200]!r}"
        headers = {name.lower(): value for name, value in answer.getheaders()}
        generation = question.check(headers, body)
        self._seen.answers[question.name] += 1
        if generation is not None:
            self._check_order(generation, headers, target=target)
        if question.name == REPEATED:
            first = self._seen.bodies.setdefault(headers["etag"], body)
            assert first == body, "one ETag for two answers"

    def _check_order(self, generation: int, headers: Headers, *, target: str) -> None:
        said = headers.get("x-cupola-version", str(generation))  # the nth load made version n
        assert said == str(generation), f"rows of load {generation} under version {said}"
        floor = "API" if target.startswith("/resource") else "pages"  # one follows the registry, the other the records
        assert generation >= self._newest[floor], f"back from {self._newest[floor]} to {generation}"
        self._newest[floor] = generation
        self._seen.newest = max(self._seen.newest, generation)
