"""Datasets of places: which columns of another dataset name their rows, and their outlines ready to draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from sqlglot import exp

from cupola.contracts import ColumnType
from cupola.lake import NoProfile, Release, located
from cupola.lake import tiles_path as path_of_tiles
from cupola.serving import service
from cupola.web.data.models import Dataset, Finding, Version
from cupola.web.data.queries.lake import home, lake
from cupola.web.data.queries.rows import shown_columns
from cupola.web.data.queries.wording import column_title, in_language
from cupola.web.ui.maps import Tiles
from cupola.web.ui.outlines import Outlines, outlines
from cupola.web.ui.templatetags.ui import number

NO_TILES = ("tiles_missing", "tiles_failed")  # kinds of findings: no program, and a program that gave up
MOST_PLACES = 2000  # a page that lists more is no list
LONGEST_NAME = 40
_KEYS = frozenset({ColumnType.TEXT, ColumnType.CODE, ColumnType.INTEGER})


@dataclass(frozen=True)
class Places:
    """A public dataset of places, as another dataset's column names them.

    `key`: its column with those names, called `header`. `tagged`: the column was computed from coordinates on it.
    """

    dataset: str
    version: int
    key: str
    title: str
    header: str
    tagged: bool


@dataclass(frozen=True)
class Drawn:
    """The places of a version: what each is called, by key and in the order of the dataset, and the outlines."""

    names: Mapping[str, str]
    outlines: Outlines


def places_of(dataset: Dataset, column: str) -> Places | None:
    """Return the places a column names: those it was tagged with, else those whose key has the same name.

    Public ones only, also on staff pages. None where there are none; whether the values agree is seen when drawing.
    """
    tags = [tag for tag in dataset.definition.get("place_tags", []) if tag["column"] == column]
    public = {release.dataset: release for release in public_releases()}
    for tag in tags:
        release = public.get(tag["places"])
        return _places(release, str(tag["take"]), tagged=True) if release is not None else None
    for release in public.values():
        where = located(release.contract)
        if (
            where is not None
            and where.is_shape
            and release.contract.key == (column,)
            and release.dataset != dataset.key
        ):
            return _places(release, column, tagged=False)
    return None


def public_releases() -> tuple[Release, ...]:
    """Return the newest public release of every dataset."""
    return service(lake().root).releases()


def _places(release: Release, key: str, *, tagged: bool) -> Places | None:
    columns = {column.name: column for column in release.contract.columns}
    shown = columns.get(key)
    if shown is None or shown.sensitive or shown.type not in _KEYS or release.rows > MOST_PLACES:
        return None
    told: Mapping[str, Any] = release.metadata.get("translations", {}).get(get_language() or "", {})
    words = told.get("columns", {}).get(key, {})
    header = words.get("title") or shown.title or key.replace("_", " ").capitalize()
    title = told.get("title") or release.metadata.get("title") or release.dataset
    return Places(release.dataset, release.version, key, str(title), str(header), tagged)


def drawn(places: Places) -> Drawn | None:
    """Return what places look like; None where they have no outlines."""
    release = release_of(places.dataset, places.version)
    where = located(release.contract) if release is not None else None
    if release is None or where is None or not where.is_shape:
        return None
    texts = [one.name for one in release.contract.columns if one.type is ColumnType.TEXT and not one.sensitive]
    names = tuple(name for name in texts if name != places.key)
    return _drawn(home(), places.dataset, places.version, shape=where.columns[0], key=places.key, names=names)


def drawn_of(dataset: Dataset, version: Version) -> tuple[Places, Drawn] | None:
    """Return the places of a dataset of shapes itself, also of a draft; None where no short column names them."""
    held = lake().version(dataset.key, number=version.number)
    contract = lake().contract(held)
    where = located(contract)
    shown = {str(column["name"]): column for column in shown_columns(dataset)}
    key = contract.key[0] if len(contract.key) == 1 else ""
    if (
        where is None
        or not where.is_shape
        or where.columns[0] not in shown
        or key not in shown
        or held.rows > MOST_PLACES
    ):
        return None
    names = tuple(name for name, column in shown.items() if column["type"] == "text" and name != key)
    found = _drawn(home(), dataset.key, version.number, shape=where.columns[0], key=key, names=names)
    header, title = column_title(shown[key]), in_language(dataset, "title")
    return (Places(dataset.key, version.number, key, title, header, tagged=False), found) if found else None


def release_of(dataset: str, version: int) -> Release | None:
    """Return a public release, None where that version is not public."""
    newest = next((one for one in public_releases() if one.dataset == dataset), None)
    if newest is None or newest.version == version:
        return newest
    return next((one for one in lake().registry.releases(dataset) if one.version == version), None)


@lru_cache(maxsize=16)
def _drawn(home: Path, dataset: str, version: int, *, shape: str, key: str, names: tuple[str, ...]) -> Drawn | None:
    """Read the shapes of a version. It never changes; `home` keeps two homes of one process apart."""
    columns = [exp.column(name, quoted=True) for name in (key, shape, *names)]
    tree = exp.select(*columns).from_("places").limit(MOST_PLACES)
    table = lake().query(tree, inputs={"places": lake().version(dataset, number=version)})
    rows = [row for row in table.to_pylist() if row[key] is not None and row[shape] is not None]
    keys = [str(row[key]) for row in rows]
    found = outlines(keys, [row[shape] for row in rows]) if rows else None
    if found is None or len(set(keys)) < len(keys):
        return None
    name = next((one for one in names if _names_each([row[one] for row in rows])), None)
    return Drawn({one: str(row[name]) if name else "" for one, row in zip(keys, rows, strict=True)}, found)


def _names_each(values: list[str | None]) -> bool:
    """Whether a column gives every place a short name of its own."""
    short = all(value is not None and 0 < len(value) <= LONGEST_NAME for value in values)
    return short and len(set(values)) == len(values) > 0


def lacks_tiles(release: Release) -> bool:
    """Whether rows of a public version are somewhere and no tiles of it stand."""
    path, where = path_of_tiles(lake().root, release, release.contract), located(release.contract)
    if path is None or where is None or path.exists():
        return False
    try:
        measured = lake().profile(release.dataset, number=release.version)
    except NoProfile:
        return True
    return all(measured.column(name).nulls < measured.rows for name in where.columns)


def without_tiles(dataset: str, version: int) -> tuple[str, ...]:
    """Say why a public version has no map to zoom into; nothing where it has one, or nothing to draw."""
    release = release_of(dataset, version)
    if release is None or not lacks_tiles(release):
        return ()
    if release.rows > settings.MAP_ROWS:
        words = _(
            "A map to zoom into is made of up to %(rows)s rows. Here are more; this map and its list count all of them."
        )
        return (words % {"rows": number(settings.MAP_ROWS)},)
    told = Finding.objects.filter(dataset__key=dataset, version__number=version, kind__in=NO_TILES, closed_at=None)
    if told.exists():
        return (_("The map to zoom into could not be made. This map and its list are complete."),)
    return (_("The map to zoom into is still being made. This map and its list are complete."),)


def tiles_of(dataset: str, version: int, *, key: str = "") -> Tiles | None:
    """Return where the tiles of a public version are found, None where there are none (yet)."""
    release = release_of(dataset, version)
    path = path_of_tiles(lake().root, release, release.contract) if release is not None else None
    return Tiles(f"/tiles/{dataset}/{version}.pmtiles", key) if path is not None and path.exists() else None
