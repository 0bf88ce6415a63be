"""Readers beside a writer."""

import subprocess
import sys
from pathlib import Path

import pytest
from generations import GROUPS, load_source, read_state, write_source
from proving import Proof

READER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from generations import read_state
root, until, reads, seen = Path(sys.argv[2]), Path(sys.argv[3]), 0, 0
while not until.exists():
    found = set(read_state(root).values())
    assert len(found) == 1, f"a mixed version: {found}"
    generation = found.pop()
    assert generation >= seen, f"back from {seen} to {generation}"
    seen, reads = generation, reads + 1
print(reads)
"""


@pytest.mark.slow
def test_four_readers_see_whole_versions_while_one_process_writes(proof: Proof, tmp_path: Path) -> None:
    """Four processes read the newest version again and again while another replaces all rows: no error, none mixed"""
    loads = proof.count(small=8, full=100)
    root, until = tmp_path / "lake", tmp_path / "done"
    load_source(root, write_source(tmp_path / "0.csv", mode="replace", generation=0), mode="replace")
    command = [sys.executable, "-c", READER, str(Path(__file__).parent), str(root), str(until)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    try:
        for generation in range(1, loads + 1):
            source = write_source(tmp_path / "next.csv", mode="replace", generation=generation)
            assert load_source(root, source, mode="replace").outcome == "loaded"
    finally:
        until.touch()
        said = [reader.communicate(timeout=120) for reader in readers]
    assert [errors for _, errors in said] == [""] * 4
    reads = sum(int(count) for count, _ in said)
    assert reads >= loads
    assert read_state(root) == dict.fromkeys(range(GROUPS), loads)
    proof.found(f"{loads} loads, {reads} reads by four processes: no error, every read one whole version")
