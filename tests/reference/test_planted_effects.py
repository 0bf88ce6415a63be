"""The effects planted in the example city: each inside its interval, and the naive figure wrong where it is."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cupola.demo import permits, service_requests, truth, wards
from cupola.evaluation import (
    Answer,
    Design,
    Series,
    answer_panel,
    answer_places,
    answer_series,
    naive_is_wrong,
    panel_of,
)

pytestmark = pytest.mark.slow
MONTHS = tuple(f"{year}-{month:02d}" for year in range(2021, 2026) for month in range(1, 13))
STARTS = np.array([date(int(one[:4]), int(one[5:]), 1).toordinal() - truth.FIRST.toordinal() for one in MONTHS])
Numbers = NDArray[np.float64]


@pytest.fixture(scope="module")
def city() -> tuple[service_requests.Requests, NDArray[np.int64]]:
    """Return the requests of the example city and the ward of each."""
    places = wards.addresses(truth.SEED, wards.rings(truth.SEED))
    made = service_requests.make(truth.SEED, scale=1.0, places=places)
    return made, places.ward[made.place] + 1


City = tuple[service_requests.Requests, NDArray[np.int64]]


def by_ward(city: City, types: tuple[str, ...], reduce: Callable[[Numbers], float]) -> dict[tuple[str, str], float]:
    """Return one value per ward and month: of the days to close of requests of some types."""
    made, ward = city
    names = [kind.name for kind in service_requests.KINDS]
    chosen = np.isin(made.kind, [names.index(one) for one in types])
    month = np.searchsorted(STARTS, made.opened // 1440, side="right") - 1
    days = np.where(made.closed >= made.opened, (made.closed - made.opened) / 1440, np.nan)
    return {
        (str(place), name): reduce(days[chosen & (ward == place) & (month == at)])
        for place in range(1, 11)
        for at, name in enumerate(MONTHS)
    }


def asked(
    values: dict[tuple[str, str], float], treated: tuple[str, ...], began: date, until: str, *, since: str = "2022-01"
) -> Answer:
    kept = {(ward, month): value for (ward, month), value in values.items() if since <= month < until}
    panel = panel_of(kept, starts=dict.fromkeys(treated, f"{began:%Y-%m}"))
    return answer_panel(panel, per_year=12, ratio=True)


def median(days: Numbers) -> float:
    return float(np.nanmedian(days))


def count(days: Numbers) -> float:
    return float(len(days))


@pytest.mark.parametrize("kind", truth.CREWS.types)
def test_faster_crews_are_found(city: City, kind: str) -> None:
    answer = asked(by_ward(city, (kind,), median), truth.CREWS.wards, truth.CREWS.since, "2026-01")
    assert answer.result is not None
    assert answer.result.estimate.low <= truth.CREWS.factor <= answer.result.estimate.high


def test_reminders_that_did_nothing_show_nothing(city: City) -> None:
    answer = asked(
        by_ward(city, truth.REMINDERS.types, median), truth.REMINDERS.wards, truth.REMINDERS.since, "2026-01"
    )
    assert answer.result is not None
    assert answer.result.estimate.low <= 1.0 <= answer.result.estimate.high


def test_sealed_cracks_are_found_where_the_season_makes_the_naive_figure_wrong(city: City) -> None:
    """As its initiative registers it: sealing begins in spring, when fewer potholes are reported in any case."""
    planted, seasons = truth.SEALING, truth.SPRING
    answer = asked(by_ward(city, planted.types, count), planted.wards, planted.since, "2023-12", since="2021-01")
    assert answer.choice.design is Design.DIFFERENCES
    assert answer.result is not None
    assert answer.naive is not None
    assert answer.result.estimate.low <= planted.factor <= answer.result.estimate.high < 1.0
    assert naive_is_wrong(answer.result)
    assert answer.naive.high < planted.factor
    fall = np.mean(seasons[4:11]) / np.mean((*seasons, *seasons, *seasons[:4]))  # what the season does by itself
    assert answer.naive.effect == pytest.approx(planted.factor * fall, rel=0.12)


def test_cameras_that_did_nothing_at_three_times_show_nothing(city: City) -> None:
    counts = by_ward(city, (truth.CAMERAS.type,), count)
    kept = {(ward, month): value for (ward, month), value in counts.items() if "2021-07" <= month < "2024-10"}
    panel = panel_of(kept, starts={ward: f"{day:%Y-%m}" for ward, day in truth.CAMERAS.since.items()})
    answer = answer_panel(panel, per_year=12, ratio=True)
    assert answer.result is not None
    assert answer.choice.design == Design.STAGGERED
    assert answer.result.estimate.low <= 1.0 <= answer.result.estimate.high


def test_leaflets_by_lot_that_did_nothing_show_nothing(city: City) -> None:
    counts = by_ward(city, (truth.LEAFLETS.type,), count)
    kept = {(ward, month): value for (ward, month), value in counts.items() if month >= "2024-01"}
    panel = panel_of(kept, starts={ward: f"{day:%Y-%m}" for ward, day in truth.LEAFLETS.since.items()})
    answer = answer_places(panel, ratio=True)
    assert answer.result is not None
    assert answer.choice.design == Design.TRIAL
    adjusted = answer.result.others["adjusted"]
    assert answer.result.estimate.low <= 1.0 <= answer.result.estimate.high
    assert adjusted.low <= 1.0 <= adjusted.high
    assert adjusted.standard_error < answer.result.estimate.standard_error / 3


def test_the_online_form_is_found_without_anyone_to_compare_with(city: City) -> None:
    made, _ward = city
    month = np.searchsorted(STARTS, made.opened // 1440, side="right") - 1
    online = (made.channel == service_requests.CHANNELS.index("Online form")).astype(np.float64)
    shares = np.array([online[month == at].mean() for at in range(len(MONTHS))])
    start = MONTHS.index(f"{truth.ONLINE_FORM.since:%Y-%m}")
    answer = answer_series(Series(MONTHS, shares, start, np.arange(len(MONTHS)) % 12))
    assert answer.result is not None
    planted = truth.ONLINE_FORM.share_after - truth.ONLINE_FORM.share_before
    assert answer.result.estimate.low <= planted <= answer.result.estimate.high


def test_self_certified_repairs_are_issued_sooner_than_other_permits(tmp_path: Path) -> None:
    permits.write(tmp_path, seed=truth.SEED, scale=1.0, places=wards.addresses(truth.SEED, wards.rings(truth.SEED)))
    days: dict[tuple[str, str], list[int]] = {}
    with (tmp_path / "permits.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            applied = date.fromisoformat(row["APPLIED"])
            quarter = f"{applied.year}-{(applied.month - 1) // 3 * 3 + 1:02d}"
            if row["ISSUED"] and "2021-07" <= quarter < "2024-07":
                waited = (date.fromisoformat(row["ISSUED"]) - applied).days
                days.setdefault((row["TYPE"], quarter), []).append(waited)
    values = {key: float(np.median(waited)) for key, waited in days.items()}
    planted = truth.SELF_CERTIFICATION
    panel = panel_of(values, starts={planted.kind: f"{planted.since:%Y-%m}"})
    result = answer_panel(panel, per_year=4, ratio=True).result
    assert result is not None
    assert result.estimate.low <= planted.factor <= result.estimate.high
    assert result.estimate.excludes_nothing
