"""Scores and limits against what the originals print: Boston's CityScore cell by cell, and the NHS charts' limits."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from cupola.indicators.scores import WINDOWS, Metric, Scored, explain_slack, score_city, to_watch
from cupola.indicators.signals import natural_limits

pytestmark = pytest.mark.real


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def metrics(folder: Path) -> list[Metric]:
    values: dict[str, list[tuple[date, float]]] = defaultdict(list)
    for row in rows(folder / "cityscore_values.csv"):
        values[row["metric"]].append((date.fromisoformat(row["date"]), float(row["value"])))
    return [
        Metric(
            name=row["name"],
            values=tuple(values[row["name"]]),
            target=float(row["target"]),
            upwards=row["direction"] == "1",
            historic=row["historic"] == "1",
            trend=row["trend"] == "1",
        )
        for row in rows(folder / "cityscore_metrics.csv")
    ]


def cell(text: str) -> str | float:
    return text if text in {"N/A", "ERROR TypeError", ""} else float(text)


def cells(scored: Scored) -> list[str | float]:
    windows = ["N/A" if score is None else score for score in (scored.scores[window] for window in WINDOWS)]
    return [*windows, "ERROR TypeError" if scored.percentile is None else scored.percentile]


def test_every_cell_of_cityscore_equals_the_original(real_data: Path) -> None:
    folder = real_data / "evaluation"
    city = score_city(metrics(folder))
    ours = {one.name or "CITY": [*cells(one)] for one in (*city.metrics, city.city)}
    wanted = {
        row["name"]: [cell(row[header]) for header in (*WINDOWS, "percentile")]
        for row in rows(folder / "cityscore_expected.csv")
    }
    assert len(wanted) == 13
    assert ours == wanted


def test_targets_and_counts_of_cityscore_equal_the_original(real_data: Path) -> None:
    folder = real_data / "evaluation"
    ours = {one.name: (one.values, round(one.target or 0, 10)) for one in score_city(metrics(folder)).metrics}
    wanted = {
        row["name"]: (int(row["n_values"]), float(row["target_used"]))
        for row in rows(folder / "cityscore_expected.csv")
        if row["name"] != "CITY"
    }
    assert ours == wanted


def test_the_crash_of_the_original_is_a_named_finding(real_data: Path) -> None:
    city = score_city(metrics(real_data / "evaluation"))
    found = {one.name: one.findings for one in (*city.metrics, city.city) if one.findings}
    assert found == {"BFD Incidents": ("last_value_is_zero",), "": ("last_value_is_zero",)}


def test_lists_of_more_than_five_show_four(real_data: Path) -> None:
    above, below = to_watch(score_city(metrics(real_data / "evaluation")).metrics)
    assert [one.name for one in above] == [
        "BFD Incidents",
        "Homicides",
        "Missed Trash Complaints",
        "Part 1 Crimes",
    ]
    assert [one.name for one in below] == [
        "Parks Maintenance On-time Pct",
        "Stabbings",
        "EMS Response Minutes",
        "Library Users",
        "311 Calls Answered Under 30s Pct",
    ]


def test_one_standard_deviation_lifts_every_metric_that_follows_its_past_above_one(real_data: Path) -> None:
    known = metrics(real_data / "evaluation")
    slack = explain_slack(known, score_city(known).city.scores["quarter"] or 0)
    assert {name: round(score, 2) for name, score in slack.flat.items()} == {
        "Graffiti On-time Pct": 1.17,
        "Missed Trash Complaints": 1.14,
        "Part 1 Crimes": 1.12,
    }
    assert round(slack.from_targets, 3) == 0.036


def test_limits_of_the_nhs_charts_are_reproduced(real_data: Path) -> None:
    values = np.array([float(row["value"]) for row in rows(real_data / "evaluation" / "xmr_outlier.csv")])
    screened, plain = natural_limits(values), natural_limits(values, screened=False)
    assert [round(float(edge), 2) for edge in (screened.lower, screened.centre, screened.upper)] == [-0.72, 1.94, 4.6]
    assert [round(float(edge), 2) for edge in (plain.lower, plain.centre, plain.upper)] == [-3.06, 1.94, 6.95]
