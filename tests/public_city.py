"""A city with something public and something hidden, for requests from outside. What is hidden says CANARY."""

import csv
import random
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

CANARY = "CANARY"
ROWS = 400
CITY = """kind: city
key: stonebridge
name: Stonebridge
time_zone: America/Los_Angeles
contact: data@stonebridge.example
"""
PERMITS = """kind: dataset
key: permits
id: perm-2222
title: Permits
description: Permits the building office issued.
row: one permit
department: Buildings
keywords: [building]
classification: public
released: true
approval: {by: Ada, on: 2026-11-01}
refresh: daily
sources:
  - file: permits.csv
columns:
  number: {type: text, required: true}
  kind: {type: text}
  cost: {type: money}
  area: {type: float}
  units: {type: integer}
  open: {type: boolean}
  issued_on: {type: date}
  changed_at: {type: timestamp}
  seen_at: {type: instant}
  place: {type: point}
  note: {type: text}
  link: {type: url}
  owner_phone: {type: text, sensitive: true, title: Phone of the owner}
row_key: [number]
time_column: issued_on
"""
BLOCKS = """kind: dataset
key: blocks
id: bock-2222
title: Blocks
description: Blocks of the city.
row: one block
classification: public
released: true
approval: {by: Ada, on: 2026-11-01}
sources:
  - file: blocks.csv
columns:
  block: {type: integer, required: true}
  shape: {type: geometry}
row_key: [block]
"""
HIDDEN = """kind: dataset
key: {key}
id: {id}
title: CANARY title of {key}
description: CANARY description of {key}.
row: one CANARY
department: CANARY department
keywords: [canary]
classification: {classification}
payroll: {payroll}
released: {released}
approval: {{by: Ada, on: 2026-11-01}}
sources:
  - file: {key}.csv
columns:
  number: {{type: integer, required: true}}
  canary_word: {{type: text, meaning: CANARY meaning}}
row_key: [number]
"""
PRIVATE = (("drafts", "drft-2222", "public", "false"), ("inner-work", "innr-2222", "internal", "false"))
KINDS = ("NEW BUILDING", "REPAIR", "SIGN", 'O\'HARE "B" PERMIT', "Ærø, naïve", "50% off_season")


def write_city(folder: Path) -> Path:
    """Write the folder with its sources."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.yaml").write_text(CITY)
    (folder / "permits.yaml").write_text(PERMITS)
    (folder / "blocks.yaml").write_text(BLOCKS)
    columns = re.findall(r"(?m)^  (\w+): \{type", PERMITS)
    write_rows(folder / "permits.csv", columns, permits())
    write_rows(folder / "blocks.csv", ["block", "shape"], ((number, square(number)) for number in range(1, 7)))
    for key, public_id, classification, released in PRIVATE:
        text = HIDDEN.format(key=key, id=public_id, classification=classification, released=released, payroll="false")
        (folder / f"{key}.yaml").write_text(text)
        write_rows(folder / f"{key}.csv", ["number", "canary_word"], ((n, f"CANARY {n} of {key}") for n in range(50)))
    return folder


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def permits() -> Iterable[Sequence[Any]]:
    """Return permits from a fixed seed; some of their notes are long and all of one letter."""
    chance = random.Random(20261122)
    for number in range(ROWS):
        day = date(2024, 1, 1) + timedelta(days=number * 2)
        moment = datetime.combine(day, datetime.min.time()) + timedelta(seconds=chance.randrange(86400))
        yield (
            f"P-{number:04}",
            KINDS[number % len(KINDS)],
            f"{chance.randrange(10**8) / 100:.2f}" if number % 9 else "",
            round(chance.uniform(0, 5000), 3),
            chance.randrange(1, 60) if number % 7 else 0,
            "true" if number % 3 else "false",
            day,
            moment.isoformat(),
            f"{moment.isoformat()}Z",
            f"POINT ({-122.5 + number / 4000} {37.7 + (number % 20) / 200})" if number % 11 else "",
            "a" * 4000 if number % 50 == 49 else f"note {number}; inspected, then closed",
            f"https://permits.example/{number}",
            f"CANARY-{number:04}",
        )


def square(number: int) -> str:
    """Return one of a row of squares that touch."""
    west, south, side = -122.5 + 0.02 * (number - 1), 37.7, 0.02
    east, north = west + side, south + side
    return f"POLYGON (({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"
