"""A small city for commands to work on."""

from pathlib import Path

import pytest
from small_city import CITY, PERMITS, ROWS, Ran, SmallCity, run_cupola


@pytest.fixture
def small_city(tmp_path: Path) -> SmallCity:
    home = tmp_path / "home"

    def run(*words: object) -> Ran:
        return run_cupola(*words, home=home)

    city = SmallCity(tmp_path / "city", home, run)
    city.write("city.yaml", CITY)
    city.write("datasets/permits.yaml", PERMITS)
    city.write("permits.csv", ROWS)
    return city
