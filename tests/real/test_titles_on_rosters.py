"""How well titles of real rosters are read; the figures and the confusions stand in docs/titles.md."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CUPOLA_TEST_DATA", ROOT.parent / "shared" / "data"))

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.mark.parametrize("tool", ["titles.py", "titledraw.py"])
def test_titles_are_read_as_well_as_the_page_says(tool: str) -> None:
    if not (DATA / "payroll").is_dir():
        pytest.skip(f"no rosters in {DATA}")
    command = [sys.executable, f"tools/{tool}", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
