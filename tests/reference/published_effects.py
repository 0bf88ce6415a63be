"""Published effects, reproduced by our estimators from the data they were published with.

`python tests/reference/published_effects.py FOLDER` writes the table of docs/explanation/published-effects.md again.
Every published figure is restated from the paper or package it names; the data stay outside this repository.
"""

import csv
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cupola.evaluation import (
    Estimate,
    Model,
    Panel,
    Result,
    Sample,
    Series,
    cross_sections,
    differences,
    interrupted,
    panel_of,
    staggered,
    synthetic,
    trial,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "published-effects.md"
FIRST, LAST = "<!-- reproduced: begin -->", "<!-- reproduced: end -->"
Columns = dict[str, list[str]]


@dataclass(frozen=True)
class Reproduced:
    """One published number and ours. tolerance: how far apart they may be, as the source rounds."""

    file: str
    design: str
    quantity: str
    source: str
    published: float
    published_error: str
    tolerance: float
    ours: Estimate


def columns(folder: Path, name: str, *, delimiter: str = ",") -> Columns:
    with (folder / "evaluation" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    return {key: [row[key] for row in rows] for key in rows[0]}


def numbers(table: Columns, *names: str) -> NDArray[np.float64]:
    """Return columns as numbers, shape (n, k)."""
    return np.column_stack([np.array([float(text) for text in table[name]]) for name in names])


def cigarettes(folder: Path) -> Panel:
    table = columns(folder, "california_prop99.csv", delimiter=";")
    rows = zip(table["State"], table["Year"], table["PacksPerCapita"], strict=True)
    return panel_of({(state, year): float(packs) for state, year, packs in rows}, starts={"California": "1989"})


def employment(folder: Path) -> Panel:
    table = columns(folder, "mpdta.csv")
    rows = list(zip(table["countyreal"], table["year"], table["lemp"], table["first.treat"], strict=True))
    starts = {county: str(int(float(first))) for county, _, _, first in rows if float(first) > 0}
    return panel_of({(county, year): float(jobs) for county, year, jobs, _ in rows}, starts=starts)


def admissions(folder: Path) -> Series:
    table = columns(folder, "sicily.csv")
    ban = [int(text) for text in table["smokban"]]
    periods = tuple(f"{year}-{int(month):02d}" for year, month in zip(table["year"], table["month"], strict=True))
    place = numbers(table, "month")[:, 0].astype(np.int64)
    exposure = numbers(table, "stdpop")[:, 0]
    return Series(periods, numbers(table, "aces")[:, 0], ban.index(1), place, 12, exposure)


def training(folder: Path) -> Sample:
    table = columns(folder, "nsw_mixtape.csv")
    age = numbers(table, "age")
    names = ("educ", "nodegree", "black", "hisp", "re74", "re75")
    covariates = np.column_stack([age, age**2, numbers(table, *names)])
    treated = numbers(table, "treat")[:, 0] == 1
    before = numbers(table, "re75")[:, 0]
    return Sample(
        numbers(table, "re78")[:, 0], treated, covariates=covariates, names=("age", "age^2", *names), before=before
    )


def houses(folder: Path, *names: str) -> Result:
    table = columns(folder, "kielmc.csv")
    flags = numbers(table, "nearinc", "y81") == 1
    covariates = numbers(table, *names) if names else None
    price = numbers(table, "rprice")[:, 0]
    return cross_sections(price, treated=flags[:, 0], after=flags[:, 1], covariates=covariates, errors="classical")


def donors(folder: Path) -> Panel:
    table = columns(folder, "organ_donations.csv")
    quarters = [f"{text[2:]}{text[:2]}" for text in table["Quarter"]]
    rows = zip(table["State"], quarters, table["Rate"], strict=True)
    return panel_of({(state, quarter): float(rate) for state, quarter, rate in rows}, starts={"California": "2011Q3"})


def _prop99(folder: Path) -> Iterator[Reproduced]:
    panel = cigarettes(folder)
    source = "Arkhangelsky, Athey, Hirshberg, Imbens, Wager 2021, AER, Table 1"
    found: tuple[tuple[str, float, str, Callable[[], Result]], ...] = (
        ("difference in differences", -27.3, "17.7", lambda: differences(panel)),
        ("synthetic control", -19.6, "9.9", lambda: synthetic(panel, method="control")),
        ("synthetic difference in differences", -15.6, "8.4", lambda: synthetic(panel)),
    )
    for design, published, error, run in found:
        ours = run().estimate
        quantity = "packs per head a year, 1989-2000"
        yield Reproduced("california_prop99.csv", design, quantity, source, published, error, 0.05, ours)


def _mpdta(folder: Path) -> Iterator[Reproduced]:
    panel = employment(folder)
    found = staggered(panel, errors="published")
    source = "Callaway, Sant'Anna: documentation of the R package did"
    cells = (
        ("mean of all treated", found.others["simple"], -0.0400, "0.0120"),
        ("mean of cohorts", found.estimate, -0.0310, "0.0126"),
        ("mean over time since", found.others["event"], -0.0772, "0.0219"),
        ("cohort 2004", found.others["group 2004"], -0.0797, "0.0291"),
        ("cohort 2006", found.others["group 2006"], -0.0229, "0.0176"),
        ("cohort 2007", found.others["group 2007"], -0.0261, "0.0175"),
    )
    for quantity, ours, published, error in cells:
        yield Reproduced("mpdta.csv", "staggered starts", quantity, source, published, error, 0.0001, ours)


def _sicily(folder: Path) -> Iterator[Reproduced]:
    series = admissions(folder)
    source = "Lopez Bernal, Cummins, Gasparrini 2017, IJE, with its correction"
    design = "interrupted time series"
    plain = interrupted(series, Model(counts=True, harmonics=0, errors="poisson")).estimate
    yield Reproduced("sicily.csv", design, "rate ratio, step", source, 0.894, "0.864 to 0.925", 0.001, plain)
    season = interrupted(series, Model(counts=True, errors="plain")).estimate
    yield Reproduced("sicily.csv", design, "rate ratio, season", source, 0.885, "0.839 to 0.933", 0.001, season)


def _nsw(folder: Path) -> Iterator[Reproduced]:
    found = trial(training(folder), errors="classical")
    source = "Dehejia, Wahba 1999, JASA"
    name, design = "nsw_mixtape.csv", "randomised trial"
    yield Reproduced(name, design, "dollars in 1978", source, 1794, "633", 1, found.estimate)
    yield Reproduced(name, design, "the same, adjusted", source, 1672, "638", 1, found.others["adjusted"])


def _others(folder: Path) -> Iterator[Reproduced]:
    source = "Wooldridge, Introductory Econometrics, Table 13.2 (Kiel, McClain 1995)"
    full = ("age", "agesq", "intst", "land", "area", "rooms", "baths")
    cells = (
        ("dollars, no controls", (), -11863.90, "7456.65"),
        ("dollars, age of the house", ("age", "agesq"), -21920.27, "6359.75"),
        ("dollars, all controls", full, -14177.93, "4987.27"),
    )
    for quantity, names, published, error in cells:
        ours = houses(folder, *names).estimate
        yield Reproduced("kielmc.csv", "difference in differences", quantity, source, published, error, 0.01, ours)
    found = differences(donors(folder), errors="cluster").estimate
    source = "Kessler, Roth 2014; Huntington-Klein, The Effect, chapter 18"
    design = "difference in differences"
    yield Reproduced("organ_donations.csv", design, "registration rate", source, -0.022, "0.006", 0.001, found)


def reproduced(folder: Path) -> tuple[Reproduced, ...]:
    """Return every published figure with ours, from the data below `folder`."""
    parts = (_prop99, _mpdta, _sicily, _nsw, _others)
    return tuple(one for part in parts for one in part(folder))


def table(rows: tuple[Reproduced, ...]) -> str:
    """Return the table of the page."""
    lines = ["| data | design | what | published (error or interval) | ours (error or interval) | source |"]
    lines.append("|---|---|---|---|---|---|")
    for row in rows:
        ours, digits = row.ours, 4 if abs(row.published) < 1 else 2
        error = f"{ours.low:.3f} to {ours.high:.3f}" if ours.scale == "ratio" else f"{ours.standard_error:,.{digits}f}"
        cells = (
            row.file,
            row.design,
            row.quantity,
            f"{row.published:,g} ({row.published_error})",
            f"{ours.effect:,.{digits}f} ({error})",
            row.source,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def page_with(text: str, made: str) -> str:
    """Return a page with the table in its place."""
    before, rest = text.split(FIRST)
    return f"{before}{FIRST}\n{made}\n{LAST}{rest.split(LAST)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), table(reproduced(Path(sys.argv[1])))), encoding="utf-8")
