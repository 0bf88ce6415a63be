"""Published effects: every one within what its source prints, and equal to two other programs where they apply."""

import csv
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import published_effects as published
import pytest

from cupola.evaluation import Design, answer_panel, answer_series, differences, finding, staggered, synthetic
from cupola.evaluation.synthetic import weighed, weighing_of

pytestmark = [pytest.mark.real, pytest.mark.slow]


def test_every_published_effect_is_reproduced(real_data: Path) -> None:
    rows = published.reproduced(real_data)
    apart = {f"{row.file} {row.quantity}": abs(row.ours.effect - row.published) / row.tolerance for row in rows}
    assert len(rows) == 17
    assert {name: size for name, size in apart.items() if size > 1} == {}


def test_every_line_of_the_published_figures_is_covered(real_data: Path) -> None:
    """The limits of XmR charts and the scores of CityScore are reproduced by the tests of indicators."""
    with (real_data / "evaluation" / "published.csv").open(encoding="utf-8") as file:
        listed = {row["file"] for row in csv.DictReader(file) if row["published"]}
    ours = {row.file for row in published.reproduced(real_data)}
    assert listed - ours == {"xmr_outlier.csv", "cityscore_*.csv"}


def test_the_page_shows_what_was_reproduced(real_data: Path) -> None:
    page = published.PAGE.read_text(encoding="utf-8")
    assert page == published.page_with(page, published.table(published.reproduced(real_data)))


def test_two_way_effects_equal_pyfixest(real_data: Path) -> None:
    import pyfixest  # noqa: PLC0415 - takes seconds

    panel = published.donors(real_data)
    ours = differences(panel, errors="cluster").estimate
    frame = _long(panel)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = pyfixest.feols("y ~ treated | unit + time", frame, vcov={"CRV1": "unit"})
    low, high = fitted.confint().loc["treated"]
    assert (ours.effect, ours.standard_error) == pytest.approx((fitted.coef().iloc[0], fitted.se().iloc[0]), abs=1e-6)
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize("controls", ["never", "not_yet"])
def test_staggered_effects_equal_diff_diff(real_data: Path, controls: str) -> None:
    from diff_diff import CallawaySantAnna  # noqa: PLC0415 - takes a second

    panel = published.employment(real_data)
    ours = staggered(panel, errors="published", controls=controls)  # type: ignore[arg-type]
    frame = _long(panel)
    name = "never_treated" if controls == "never" else "not_yet_treated"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = CallawaySantAnna(control_group=name, estimation_method="reg").fit(
            frame, outcome="y", unit="unit", time="time", first_treat="first", aggregate="all"
        )
    assert ours.others["simple"].effect == pytest.approx(theirs.overall_att, abs=1e-6)
    assert ours.others["simple"].standard_error == pytest.approx(theirs.overall_se, abs=1e-6)
    for moment in ours.moments:
        assert moment.estimate.effect == pytest.approx(theirs.event_study_effects[moment.after]["effect"], abs=1e-6)


def test_synthetic_differences_equal_diff_diff_under_the_published_stop(real_data: Path) -> None:
    from diff_diff import SyntheticDiD  # noqa: PLC0415 - takes a second

    panel = published.cigarettes(real_data)
    frame = _long(panel)
    frame["ever"] = (frame["first"] > 0).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = SyntheticDiD(variance_method="placebo", n_bootstrap=2, seed=1).fit(
            frame, outcome="y", treatment="ever", unit="unit", time="time", post_periods=list(range(19, 31))
        )
    assert synthetic(panel).estimate.effect == pytest.approx(theirs.att, abs=1e-6)
    assert synthetic(panel, solver="exact").estimate.effect == pytest.approx(theirs.att, abs=0.01)


@pytest.mark.parametrize("method", ["control", "differences"])
def test_synthetic_weights_are_the_same_from_twenty_starts(real_data: Path, method: str) -> None:
    panel = published.cigarettes(real_data)
    panel = panel.only(np.argsort(panel.treated, kind="stable"))
    weighing = weighing_of(panel, method=method, solver="published")  # type: ignore[arg-type]
    starts = np.random.default_rng(1).dirichlet(np.ones(38), 20)
    found = weighed(
        np.repeat(panel.outcome[None], 20, axis=0), treated=1, start=panel.start, weighing=weighing, starts=starts
    )
    assert float(np.ptp(found.units, axis=0).max()) < 0.002
    assert float(np.ptp(found.effects)) < 0.01


def test_the_naive_rise_in_sicily_is_refused_and_the_fall_reported(real_data: Path) -> None:
    answer = answer_series(published.admissions(real_data), counts=True)
    assert answer.choice.design == Design.INTERRUPTED
    assert answer.result is not None
    assert answer.naive is not None
    assert round(answer.naive.change * 100, 1) == 3.4
    assert round(answer.result.estimate.change * 100, 1) == -11.5
    assert "refused" in str(answer.choice.refused)
    said = str(finding(answer.result.estimate, outcome="Admissions"))
    assert said.startswith("Admissions was 11.5 % lower than it would have been")


def test_the_tobacco_tax_shows_the_three_published_numbers(real_data: Path) -> None:
    answer = answer_panel(published.cigarettes(real_data), per_year=1)
    assert answer.result is not None
    assert answer.naive is not None
    shown = {result.design: round(result.estimate.effect, 1) for result in (answer.result, *answer.beside)}
    assert shown == {Design.SYNTHETIC_DIFFERENCES: -15.6, Design.SYNTHETIC: -19.6, Design.DIFFERENCES: -27.3}
    assert round(answer.naive.effect, 1) == -55.9


def _long(panel: published.Panel) -> pd.DataFrame:
    """Return a panel as rows, periods numbered from 0, never treated as 0."""
    size, length = panel.outcome.shape
    first = np.repeat(np.where(panel.treated, panel.starts, 0), length)
    time = np.tile(np.arange(length), size)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(size), length),
            "time": time,
            "y": panel.outcome.ravel(),
            "first": first,
            "treated": ((first > 0) & (time >= first)).astype(int),
        }
    )
