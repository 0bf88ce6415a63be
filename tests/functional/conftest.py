"""A small city for commands to work on."""

from pathlib import Path

import pytest
from small_city import SmallCity, make_small_city


@pytest.fixture
def small_city(tmp_path: Path) -> SmallCity:
    """A city of its own, not loaded yet, for tests that change it."""
    return make_small_city(tmp_path)


@pytest.fixture(scope="session")
def loaded_city(tmp_path_factory: pytest.TempPathFactory) -> SmallCity:
    """A city that was run once, for tests that only look."""
    city = make_small_city(tmp_path_factory.mktemp("loaded"))
    done = city.run("run", city.folder, "--json")
    assert done.code == 0, done.err
    city.first.append(done)
    return city
