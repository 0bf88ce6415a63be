"""Released datasets without public rows, and the city, in the registry."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.factories import NOON, make_city, make_dataset

from cupola.lake import Listings
from cupola.web.data.actions import Refresh, publish, reconcile, refresh
from cupola.web.data.models import Dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def listings(home: Path) -> Listings:
    return Listings(home / "lake")


def test_a_dataset_hosted_elsewhere_is_listed_and_never_loaded(listings: Listings, tmp_path: Path) -> None:
    trees = make_dataset("trees", landing_page="https://data.example.gov/d/tree-0001")
    trees.take_definition({name: part for name, part in trees.definition.items() if name not in {"sources", "columns"}})
    trees.save()
    done = refresh(trees, Refresh(sources_folder=tmp_path, now=NOON, by="tests"))
    assert done.sentence == "trees: hosted elsewhere, nothing to load"
    assert [one.metadata["landing_page"] for one in listings.all()] == ["https://data.example.gov/d/tree-0001"]


def test_where_a_listed_dataset_comes_from_stays_inside(listings: Listings) -> None:
    publish(make_dataset("permits", sources=[{"url": "https://inner.example/permits.csv"}]), at=NOON)
    assert "sources" not in listings.all()[0].metadata


def test_a_dataset_that_is_not_released_is_not_listed(listings: Listings) -> None:
    dataset = make_dataset("drafts", released=False)
    publish(dataset, at=NOON)
    assert listings.all() == ()


def test_a_dataset_made_private_leaves_the_list(listings: Listings) -> None:
    dataset = make_dataset("trees")
    publish(dataset, at=NOON)
    dataset.take_definition({**dataset.definition, "released": False})
    dataset.save()
    publish(dataset, at=NOON)
    assert listings.all() == ()


def test_a_release_takes_the_place_of_a_listing(load: Callable[..., Dataset], listings: Listings) -> None:
    dataset = make_dataset("permits")
    publish(dataset, at=NOON)
    assert [one.dataset for one in listings.all()] == ["permits"]
    load(dataset)
    assert listings.all() == ()


def test_restricted_rows_leave_a_listing(load: Callable[..., Dataset], listings: Listings) -> None:
    load(make_dataset("pay", payroll=True, classification="restricted"))
    assert [one.dataset for one in listings.all()] == ["pay"]


def test_a_run_writes_the_city(listings: Listings) -> None:
    make_city(contact="data@springfield.example", license="CC0 1.0", languages=["en", "es"])
    reconcile(at=NOON)
    city = listings.city()
    assert (city.name, city.contact, city.license) == ("Springfield", "data@springfield.example", "CC0 1.0")
    assert city.languages == ("en", "es")
