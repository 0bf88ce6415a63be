"""A dataset at one version, made ready to be asked: its visible columns with titles, extremes and values to pick."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cupola.contracts import VINTAGE, Column, ColumnType
from cupola.lake import NoProfile, Release
from cupola.lake.profile import ColumnProfile
from cupola.web.data.models import Dataset
from cupola.web.data.queries.comparing import vintages
from cupola.web.data.queries.exploring.fields import KINDS, Field, Kind, Offered, Subject, in_order
from cupola.web.data.queries.lake import home, lake
from cupola.web.data.queries.rows import all_columns
from cupola.web.data.queries.wording import column_in_language, column_title, in_language

USUAL, MIDDLE = (0.05, 0.95), (0.25, 0.75)
FAR = 3  # lengths of the middle half beyond which a value is far out


def subject_of(
    dataset: Dataset,
    release: Release,
    *,
    visible: Sequence[str],
    draft: bool = False,
    measured: Mapping[str, ColumnProfile] | None = None,
) -> Subject:
    """Return what can be asked of a release. `visible`: the columns anyone asking may see.

    `measured`: what is known of its columns, None for the kept profile of the whole version.
    """
    told = {str(column["name"]): column_in_language(dataset, column) for column in all_columns(dataset)}
    contract = {column.name: column for column in release.contract.columns}
    tags = {tag.column: (tag.places, tag.take) for tag in release.contract.tags}
    measured = _profile(home(), dataset.key, release.version) if measured is None else measured
    fields = tuple(
        _field(name, told.get(name, {}), contract.get(name), measured=measured.get(name)) for name in visible
    )
    zone, vintaged = release.contract.zone, VINTAGE in visible
    return Subject(
        key=dataset.key,
        title=in_language(dataset, "title"),
        row=in_language(dataset, "row"),
        version=release.version,
        rows=release.rows,
        committed_at=release.committed_at,
        fields=tuple(_placed(one if not vintaged else _of_one_vintage(one), tags, zone) for one in fields),
        time=release.contract.time_column if release.contract.time_column in visible else "",
        vintages=_vintages(home(), dataset.key, release.version) if vintaged else (),
        draft=draft,
    )


@lru_cache(maxsize=64)
def _profile(home: Path, key: str, number: int) -> Mapping[str, ColumnProfile]:
    """Return what was measured of each column. A version never changes; `home` keeps two homes apart."""
    try:
        return {column.name: column for column in lake().profile(key, number=number).columns}
    except NoProfile:
        return {}


@lru_cache(maxsize=64)
def _vintages(home: Path, key: str, number: int) -> tuple[Offered, ...]:
    """Return the editions of a version, the latest first."""
    held = vintages(lake().version(key, number=number))
    return tuple(Offered(day.isoformat(), label) for label, day in reversed(held.items()))


def _field(name: str, told: Mapping[str, Any], contract: Column | None, *, measured: ColumnProfile | None) -> Field:
    kind = contract.type if contract else ColumnType.DATE if name == VINTAGE else ColumnType.TEXT
    words = {**({"title": contract.title, "meaning": contract.meaning} if contract else {}), **told, "name": name}
    allowed = dict(told.get("allowed", {})) or dict(contract.allowed if contract else ())
    field = Field(
        name=name,
        title=_("Edition") if name == VINTAGE else column_title(words),
        type=kind.value,
        kind=KINDS[kind],
        meaning=str(words.get("meaning", "")),
        unit=str(words.get("unit", "") or (contract.unit if contract else "")),
    )
    if measured is None or measured.hidden:
        return replace(field, offered=_allowed(allowed, {}), complete=field.kind is Kind.CODE)
    counts = {str(one.value): one.count for one in measured.top if one.value is not None}
    shares = dict(measured.quantiles)
    top = in_order([Offered(value, value, count) for value, count in counts.items()])
    usual = _usual({share: _number(value) for share, value in shares.items()})
    is_code = field.kind is Kind.CODE and bool(allowed)
    return replace(
        field,
        offered=_allowed(allowed, counts) if is_code else top if field.kind in {Kind.TEXT, Kind.CODE} else (),
        complete=is_code or (measured.distinct_exact and len(top) >= measured.distinct),
        low=measured.minimum,
        high=measured.maximum,
        usual_low=usual[0],
        usual_high=usual[1],
        distinct=measured.distinct,
    )


def _of_one_vintage(one: Field) -> Field:
    """Say that other vintages may hold other texts: what was measured is the latest."""
    return replace(one, complete=one.complete and one.kind is not Kind.TEXT)


def _allowed(allowed: Mapping[str, str], counts: Mapping[str, int]) -> tuple[Offered, ...]:
    """Return the values of a code, the most frequent first; what was not counted stands last."""
    offered = [Offered(value, value, counts.get(value), hint=str(meaning)) for value, meaning in allowed.items()]
    return tuple(sorted(offered, key=lambda one: -(one.count or 0)))


def _usual(shares: Mapping[float, float | None]) -> tuple[float | None, float | None]:
    """Return where most values lie: nine tenths of them, or less where some lie very far out."""
    low, high = (shares.get(one) for one in USUAL)
    first, third = (shares.get(one) for one in MIDDLE)
    if low is None or high is None or first is None or third is None or third <= first:
        return low, high
    reach = FAR * (third - first)
    return max(low, first - reach), min(high, third + reach)


def _number(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None


def _placed(one: Field, tags: Mapping[str, tuple[str, str]], zone: str) -> Field:
    """Add which dataset's areas a column names, and in which zone an instant is read."""
    places, area = tags.get(one.name, ("", ""))
    return replace(one, places=places, area=area, zone=zone if one.type == ColumnType.INSTANT else "")
