from datetime import UTC, datetime
from pathlib import Path

from cupola.lake import City, Listing, Listings

MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 17, 12, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 18, 12, tzinfo=UTC)


def listed(title: str, at: datetime) -> Listing:
    return Listing("trees", "tree-0001", at, {"title": title})


def test_a_registry_that_was_never_written_lists_nothing(tmp_path: Path) -> None:
    assert (Listings(tmp_path).all(), Listings(tmp_path).city().name) == ((), "")


def test_a_listing_is_found_by_key_and_by_public_id(tmp_path: Path) -> None:
    listings = Listings(tmp_path)
    assert listings.put(listed("Trees", MONDAY))
    found = [listings.get(asked) for asked in ("trees", "tree-0001", "shrubs")]
    assert [one and one.metadata["title"] for one in found] == ["Trees", "Trees", None]


def test_the_same_words_again_change_nothing(tmp_path: Path) -> None:
    listings = Listings(tmp_path)
    listings.put(listed("Trees", MONDAY))
    assert not listings.put(listed("Trees", TUESDAY))
    assert listings.all()[0].listed_at == MONDAY


def test_a_listing_answers_as_of_a_day(tmp_path: Path) -> None:
    listings = Listings(tmp_path)
    listings.put(listed("Trees", MONDAY))
    listings.put(listed("Street trees", WEDNESDAY))
    assert [one.metadata["title"] for one in listings.all(as_of=TUESDAY)] == ["Trees"]
    assert [one.metadata["title"] for one in listings.all()] == ["Street trees"]


def test_what_was_made_private_is_gone_for_every_day(tmp_path: Path) -> None:
    listings = Listings(tmp_path)
    listings.put(listed("Trees", MONDAY))
    assert listings.withdraw("trees", at=WEDNESDAY)
    assert not listings.withdraw("trees", at=WEDNESDAY)
    assert (listings.all(), listings.all(as_of=TUESDAY)) == ((), ())


def test_the_city_is_kept_as_written(tmp_path: Path) -> None:
    city = City(key="springfield", name="Springfield", contact="data@springfield.example", languages=("en", "es"))
    assert Listings(tmp_path).put_city(city)
    assert not Listings(tmp_path).put_city(city)
    assert Listings(tmp_path).city() == city
