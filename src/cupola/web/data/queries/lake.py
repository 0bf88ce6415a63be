"""The one lake of this process, and the home it stands in."""

from functools import cache
from pathlib import Path

from django.conf import settings

from cupola.lake import Lake
from cupola.web.accounts.queries import the_city


def home() -> Path:
    """Return the directory that holds records, lake and files."""
    return Path(settings.CUPOLA_HOME)


def lake() -> Lake:
    """Return the lake of the home; the same object each time, for its connections are worth keeping."""
    return _lake_at(home() / "lake")


@cache
def _lake_at(root: Path) -> Lake:
    return Lake(root)


def city_zone() -> str:
    """Return the time zone of the city's local times."""
    city = the_city()
    return city.time_zone if city else "UTC"
