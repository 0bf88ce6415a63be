"""A small city for commands to work on."""

import subprocess
import sys
from pathlib import Path

import pytest
from small_city import Ran, SmallCity, environment, make_small_city


@pytest.fixture
def small_city(tmp_path: Path) -> SmallCity:
    """A city of its own, not loaded yet, for tests that change it."""
    return make_small_city(tmp_path)


@pytest.fixture(scope="session")
def loaded_city(tmp_path_factory: pytest.TempPathFactory) -> SmallCity:
    """A city that was run once, for tests that only look: from nothing, by the command as people start it."""
    city = make_small_city(tmp_path_factory.mktemp("loaded"), new=True)
    command = [sys.executable, "-m", "cupola", "run", str(city.folder), "--json"]
    done = subprocess.run(command, env=environment(city.home), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    city.first.append(Ran(done.returncode, done.stdout, done.stderr))
    return city
