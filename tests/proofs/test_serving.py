"""A server under load, while new versions are published."""

import statistics
import threading
import time
from pathlib import Path

import mixedload
import pytest
from mixedload import Client, Seen
from proving import Proof
from tests.servers import Server, run_folder, serving

CLIENTS = 16
SAMPLE_SECONDS = 1.0


class Memory(threading.Thread):
    """Looks every second how much the server holds."""

    def __init__(self, server: Server, stop: threading.Event) -> None:
        super().__init__(name="memory")
        self._server, self._stop_asked = server, stop
        self.megabytes: list[float] = []
        self.files: list[int] = []

    def run(self) -> None:
        """Look."""
        while not self._stop_asked.wait(SAMPLE_SECONDS):
            self.megabytes.append(self._server.held_mb())
            self.files.append(self._server.open_files())


@pytest.mark.slow
def test_sixteen_clients_see_whole_versions_while_new_ones_are_published(proof: Proof, tmp_path: Path) -> None:
    """16 clients ask for points, pages, groups, CSV, GeoJSON, the catalogue and pages while versions are published: no
    error, no answer of two versions, memory flat"""
    seconds, pause = proof.count(small=10, full=1800), proof.count(small=3, full=60)
    folder, home, seen, stop = tmp_path / "city", tmp_path / "home", Seen(), threading.Event()
    mixedload.write_generation(folder, 1)
    run_folder(home, folder)
    with serving(home, log=tmp_path / "log") as server:
        memory = Memory(server, stop)
        threads = [*(Client(n, port=server.port, seen=seen, stop=stop) for n in range(CLIENTS)), memory]
        for thread in threads:
            thread.start()
        try:
            published = _publish(home, folder, seconds=seconds, pause=pause)
            time.sleep(2)
        finally:
            stop.set()
            for thread in threads:
                thread.join(120)
    assert seen.errors[:20] == [], f"{len(seen.errors)} errors among {len(seen.seconds)} answers"
    assert seen.newest == published  # the last one is seen, and by the order each client checks, all before it
    assert set(seen.answers) == {question.name for question in mixedload.QUESTIONS}
    _check_flat(memory, full=proof.full)
    took = sorted(seen.seconds)
    early, late = _early_and_late(memory.megabytes)
    proof.found(
        f"{seconds / 60:.0f} minutes, {len(took):,} answers ({len(took) / seconds:.0f} a second), {published} versions,"
        f" p50 {took[len(took) // 2] * 1000:.0f} ms, p99 {took[len(took) * 99 // 100] * 1000:.0f} ms: no error, every"
        f" answer one whole version; {early:.0f} MB held after the first fifth, {late:.0f} MB in the last,"
        f" {max(memory.megabytes):.0f} MB at most; {memory.files[-1]} open files"
    )


def _publish(home: Path, folder: Path, *, seconds: int, pause: int) -> int:
    """Publish a version every `pause` seconds; return how many there are in the end."""
    began, generation = time.monotonic(), 1
    while (left := seconds - (time.monotonic() - began)) > 0:
        due = began + generation * pause - time.monotonic()
        time.sleep(max(0.0, min(left, due)))
        if time.monotonic() - began >= seconds:
            break
        mixedload.write_generation(folder, generation + 1)
        run_folder(home, folder, "--force")
        generation += 1
    return generation


def _early_and_late(values: list[float]) -> tuple[float, float]:
    """Return the median of the second fifth, when all is warm, and of the last."""
    fifth = max(1, len(values) // 5)
    return statistics.median(values[fifth : 2 * fifth] or values), statistics.median(values[-fifth:])


def _check_flat(memory: Memory, *, full: bool) -> None:
    early, late = _early_and_late(memory.megabytes)
    # A short run sees caches fill; a long one has seen them full.
    assert late <= early * (1.1 if full else 1.5) + 50, f"{early:.0f} MB early, {late:.0f} MB late"
    assert memory.files[-1] < 500
