"""What every test may ask for. Outside CI a missing machine part skips with a reason; in CI it fails."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import django
import psycopg
import pytest
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker
from tests.records import migrated_once
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parent.parent
LAST = {"web": 3, "property": 3, "unit": 4}  # of the folders of tests; the others come first
# Files that share what is dear to make: one worker has them all, one after the other, and it is made once.
SHARED = {
    "tests/real/test_chicago_measures.py": "Chicago",
    "tests/real/test_chicago_run.py": "Chicago",
    "tests/functional/test_run.py": "a city loaded from nothing",
    "tests/functional/test_taking_away.py": "a city loaded from nothing",
    "tests/web/test_ckan_client.py": "public server",
    "tests/web/test_examples.py": "public server",
    "tests/web/test_harvest.py": "public server",
    "tests/web/test_hidden_datasets.py": "public server",
    "tests/web/test_hostile_queries.py": "public server",
    "tests/web/test_hostile_requests.py": "public server",
    "tests/web/test_slow_queries.py": "public server",
}

# Settings are read once, at import, and write a secret key into the home: tests have one of their own.
for name in [name for name in os.environ if name.startswith("CUPOLA_") and not name.startswith("CUPOLA_TEST_")]:
    del os.environ[name]
os.environ["CUPOLA_HOME"] = tempfile.mkdtemp(prefix="cupola-tests-")
os.environ["CUPOLA_SECOND_FACTOR"] = "nobody"  # tests of the second factor ask for it
os.environ["DJANGO_SETTINGS_MODULE"] = "cupola.web.settings"


def pytest_configure(config: pytest.Config) -> None:
    """Start Django, unless only engines are tested: they must do without it."""
    if any("unit" not in Path(argument).parts for argument in config.args):
        django.setup()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is alone with one of them at the end."""
    driven = {item.path for item in items if item.get_closest_marker("browser")}

    def place(item: pytest.Item) -> int:
        if item.path in driven:
            return 1
        path = item.path.relative_to(ROOT)
        return {None: LAST.get(path.parts[1], 2), "Chicago": 0}.get(SHARED.get(path.as_posix()), 2)

    items.sort(key=place)


class FilesThatShare(LoadFileScheduling):  # type: ignore[misc]  # xdist
    """`--dist loadfile`, with the files of SHARED as one."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return SHARED.get(file, file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Keep together what shares."""
    return FilesThatShare(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make prove` ask for the long counts."""
    parser.addoption(
        "--full-proofs", action="store_true", help="proofs with their full counts, written to docs/proofs.md"
    )


def pytest_unconfigure() -> None:
    """Remove the tests' home."""
    shutil.rmtree(os.environ["CUPOLA_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Make the tests' database, from a copy where these migrations were run before."""
    with django_db_blocker.unblock(), migrated_once():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"}, serialized_aliases=set())
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


def lacking(reason: str) -> NoReturn:
    """Skip the test, or fail it where everything has to be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (in CI this must be there)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real public data: CUPOLA_TEST_DATA, or shared/data beside the checkout."""
    named = os.environ.get("CUPOLA_TEST_DATA")
    folder = (Path(named) if named else ROOT.parent / "shared" / "data").resolve()
    if not (folder / "README.md").is_file():
        lacking("no real data: name its folder in CUPOLA_TEST_DATA")
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Return the address of a PostgreSQL the tests may write to: CUPOLA_TEST_POSTGRES, or the local one."""
    url = os.environ.get("CUPOLA_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        lacking(f"no PostgreSQL: name one in CUPOLA_TEST_POSTGRES ({str(error).strip()})")
    return url


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser the tests drive."""
    found = os.environ.get("CUPOLA_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        lacking("no chromium: apt-get install chromium, or name it in CUPOLA_TEST_CHROMIUM")
    return found
