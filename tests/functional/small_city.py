"""A small city in a folder, and the `cupola` command run as people run it."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import commands
from tests.servers import empty_home

CITY = """\
kind: city
key: millbrook
name: Millbrook
time_zone: America/Chicago
fiscal_year_start: "07-01"
currency: USD
languages: [en, es]
"""
PERMITS = """\
kind: dataset
key: permits
title: Permits
description: Permits the building office issued.
row: one permit
classification: public
released: true
approval: {by: Ada, on: 2026-11-01}
sources:
  - file: permits.csv
columns:
  number: {type: text, from: "Permit #", required: true}
  issued_on: {type: date, from: Issued, format: "%m/%d/%Y"}
  cost: {type: money, from: Cost}
row_key: [number]
time_column: issued_on
max_bad_share: 0.5
"""
ROWS = """\
Permit #,Issued,Cost
007,01/02/2024,"$1,250.00"
12A,02/30/2024,$10.00
013,12/31/2024,-
"""


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class SmallCity:
    """A city folder, its home, and the command at work on both."""

    folder: Path
    home: Path
    run: Callable[..., Ran]
    first: list[Ran] = field(default_factory=list)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a command on a home."""
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return {**kept, "COLUMNS": "200", "CUPOLA_HOME": str(home)}


def make_small_city(path: Path, *, new: bool = False) -> SmallCity:
    """Write the city's folder below `path`; its home is there already, with empty records, unless it is to be new."""
    home = path / "home"
    if not new:
        shutil.copytree(empty_home(), home)

    def run(*words: object) -> Ran:
        done = commands.run(*words, environment=environment(home), seconds=120)
        return Ran(done.returncode, done.stdout, done.stderr)

    city = SmallCity(path / "city", home, run)
    city.write("city.yaml", CITY)
    city.write("datasets/permits.yaml", PERMITS)
    city.write("permits.csv", ROWS)
    return city
