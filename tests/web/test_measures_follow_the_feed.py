"""What is missing from a feed turns exactly the measures that rest on it grey or provisional, within one run."""

import csv
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from cupola import folder as folders
from cupola.demo import generate
from cupola.web.accounts.actions import apply_folder
from cupola.web.data.actions import Refresh, refresh_all
from cupola.web.performance import actions, queries
from cupola.web.performance.models import Doubt, Measure

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AT = datetime(2025, 7, 20, 12, tzinfo=UTC)
FEED = "service-requests"
DAY, ROW_NUMBER, LAST = "2025-02-12", "25-0000100", "2025-06"
KEPT_DATASETS = {FEED, "hires", "wards"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional city with its requests of 2025 and its hires; the rest would only take time."""
    city = tmp_path_factory.mktemp("dunmarrow")
    generate(city, scale=0.2)
    for file in city.glob("*/*.yaml"):
        said = yaml.safe_load(file.read_text()) if file.parent.name in {"datasets", "measures"} else {"key": ""}
        if said.get("dataset", said["key"]) not in KEPT_DATASETS:
            file.unlink()
    document = city / "datasets" / f"{FEED}.yaml"
    lines = document.read_text().splitlines(keepends=True)
    document.write_text("".join(line for line in lines if "service-requests-202" not in line or "2025" in line))
    change(city, lambda rows: [row for row in rows if row[rows[0].index("opened_at")][:7] <= LAST or row == rows[0]])
    return city


@pytest.fixture
def city(made: Path, tmp_path: Path, home: Path) -> Path:
    """A copy of the city to spoil, with its values computed once."""
    copy = tmp_path / "city"
    for file in made.rglob("*"):
        if file.is_file():
            target = copy / file.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    run(copy, AT)
    assert not Doubt.objects.exists()
    assert grey(AT) == set()
    return copy


def run(city: Path, at: datetime) -> dict[str, actions.Computed]:
    apply_folder(folders.read(city), by="tests")
    refresh_all(Refresh(sources_folder=None, city_folder=city, now=at, by="tests"), finished=lambda one: None)
    return {one.key: one for one in actions.compute(at=at)}


def change(city: Path, spoil: Callable[[list[list[str]]], Iterable[list[str]]]) -> None:
    """Change the rows of the requests of 2025, header first."""
    path = city / "data" / "service-requests-2025.csv"
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(spoil(rows))


def grey(at: datetime) -> set[str]:
    return {key for key, one in queries.standings(queries.current_measures(), now=at).items() if one.grey}


def on_the_feed() -> set[str]:
    return {*Measure.objects.filter(dataset=FEED).values_list("key", flat=True)}


def state(key: str, name: str, at: datetime) -> queries.State:
    points = queries.series(queries.find_measure(key), now=at).points
    return next(point.state for point in points if point.name == name)


def test_a_row_taken_out_makes_its_period_provisional_where_it_counted_until_it_is_back(city: Path) -> None:
    kinds: list[str] = []
    whole = (city / "data" / "service-requests-2025.csv").read_bytes()

    def without_one(rows: list[list[str]]) -> list[list[str]]:
        at = rows[0].index("request_number")
        gone = next(row for row in rows if row[at] == ROW_NUMBER)
        kinds.append(gone[rows[0].index("request_type")])
        kinds.append(gone[rows[0].index("opened_at")][:7])
        return [row for row in rows if row[at] != ROW_NUMBER]

    change(city, without_one)
    later = AT + timedelta(hours=1)
    done = run(city, later)
    kind, month = kinds
    own = {
        "Pothole": {"potholes-reported", "pothole-days"},
        "Missed collection": {"missed-collections", "missed-collections-on-time"},
        "Illegal dumping": {"illegal-dumping"},
        "Street light out": {"street-light-days"},
    }
    every = on_the_feed() - set().union(*own.values())
    doubted = {*Doubt.objects.filter(closed_at=None).values_list("measure__key", flat=True)}
    assert doubted == every | own.get(kind, set())
    assert grey(later) == set()
    assert state("requests-received", month, later) is queries.State.PROVISIONAL
    assert state("requests-received", "2025-04", later) is queries.State.FINAL
    restated = queries.find_measure("requests-received").restatements.get()
    total = next(one for one in restated.changes if not one["group"])
    assert (total["before"] - total["after"], done["requests-received"].restated) == (1, restated.values)
    assert (restated.dataset_before, restated.dataset_after, restated.cause) == (1, 2, "data")
    (city / "data" / "service-requests-2025.csv").write_bytes(whole)
    run(city, AT + timedelta(hours=2))
    assert not Doubt.objects.filter(closed_at=None).exists()


def test_a_column_taken_out_turns_every_measure_of_the_feed_grey_and_no_other_until_those_are_late(city: Path) -> None:
    def without_channel(rows: list[list[str]]) -> list[list[str]]:
        at = rows[0].index("channel")
        return [row[:at] + row[at + 1 :] for row in rows]

    before = queries.series(queries.find_measure("services-online"), now=AT)
    change(city, without_channel)
    later = AT + timedelta(hours=1)
    run(city, later)
    assert grey(later) == on_the_feed()
    after = queries.series(queries.find_measure("services-online"), now=later)
    assert [one.value for one in after.points] == [one.value for one in before.points]
    assert "failed" in after.standing.sentence
    much_later = AT + timedelta(days=400)  # the others' feeds are yearly: nobody looked at them for too long
    assert grey(much_later) == {*Measure.objects.values_list("key", flat=True)}


def test_a_day_taken_out_makes_its_period_provisional_in_every_measure_of_the_feed(city: Path) -> None:
    change(city, lambda rows: [row for row in rows if not row[rows[0].index("opened_at")].startswith(DAY)])
    later = AT + timedelta(hours=1)
    run(city, later)
    doubted = Doubt.objects.filter(closed_at=None, kind="days_missing")
    assert {one.measure.key for one in doubted} == on_the_feed()
    assert {str(one.period) for one in doubted} == {"2025-02-01", "2025-01-01"}  # the month, and its quarter
    assert {queries.doubt_words(one) for one in doubted} == {"The data has no row of February 12, 2025."}
    assert grey(later) == set()
