"""A home of its own for each test, and datasets that were really loaded into its lake."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

django.setup()  # models cannot be imported before; the folder's own conftest is read before any hook runs

from tests.factories import NOON, make_publisher  # noqa: E402
from tests.public_city import write_city  # noqa: E402
from tests.servers import Server, run_folder, serving  # noqa: E402

from cupola.serving.citations import MAKERS  # noqa: E402
from cupola.web.accounts.models.guards import unguard  # noqa: E402
from cupola.web.data.actions import Refresh, approve, refresh  # noqa: E402
from cupola.web.data.models import Dataset, GateCheck, Verdict  # noqa: E402

PERMITS = "permit_number,issued_on,status\nP-1,2019-03-01,open\nP-2,2021-07-15,closed\nP-3,2021-08-01,closed\n"


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """Return an empty home that queries and actions use."""
    settings.CUPOLA_HOME = tmp_path / "home"
    settings.CUPOLA_HOME.mkdir()
    return settings.CUPOLA_HOME


@pytest.fixture
def load(home: Path, tmp_path: Path) -> Callable[..., Dataset]:
    """Return a function that loads a CSV text into a dataset through the real pipeline.

    What the gate stops is approved by a person, unless the gate is what is tested (`gate=True`).
    """

    def load_text(dataset: Dataset, text: str = PERMITS, *, gate: bool = False) -> Dataset:
        (tmp_path / f"{dataset.key}.csv").write_text(text)
        done = refresh(dataset, Refresh(sources_folder=tmp_path, now=NOON, by="tests"))
        held = dataset.versions.first()
        if held and GateCheck.objects.filter(version=held, verdict=Verdict.STOPPED).exists() and not gate:
            approve(dataset.key, version=held.number, reason="A test.", at=NOON, by=make_publisher())
        assert gate or not done.needs_person or done.outcome == "loaded", done.sentence
        return dataset

    return load_text


@pytest.fixture(autouse=True)
def audit_log_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take the log's guards away after a test that commits, because its database is emptied then."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        unguard(connection)


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    """Forget the attempts to sign in that earlier tests made."""
    cache.clear()
    MAKERS.forget()  # who cited much in one test may cite in the next


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Begin every test in English: a request in Spanish leaves its language in the thread."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def public_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """Serve a city with public and hidden datasets in a process of its own; return the server and its home."""
    folder = tmp_path_factory.mktemp("public")
    run_folder(folder / "home", write_city(folder / "city"))
    with serving(folder / "home", log=folder / "log") as server:
        yield server, folder / "home"
