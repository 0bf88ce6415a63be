"""The real city, loaded once for every file of tests that asks about it."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from tests import commands
from tests.conftest import ROOT


def cupola(*words: str) -> Any:
    """Run a command with --json and return what it printed; 0 and 1 (something for a person to see) are both fine."""
    environment = {**os.environ, "CUPOLA_MAP_ROWS": "0"}  # maps to zoom into are tried on smaller data
    done = commands.run(*words, "--json", environment=environment, folder=ROOT)
    assert done.returncode in {0, 1}, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chicago") / "home"


@pytest.fixture(scope="session")
def first(home: Path, real_data: Path) -> dict[str, Any]:
    """The first run: what each dataset came to, and the seconds it took in all."""
    return run(home, real_data)


def run(home: Path, real_data: Path) -> dict[str, Any]:
    started = time.monotonic()
    done = cupola("run", "examples/chicago", "--sources", str(real_data), "--home", str(home), "--force")
    return {"seconds": time.monotonic() - started, **{one["key"]: one for one in done["datasets"]}}
