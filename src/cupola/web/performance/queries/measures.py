"""Measures as the folder describes them."""

from django.db.models import QuerySet

from cupola import indicators
from cupola.errors import NotFound
from cupola.folder import MeasureRecord, parse
from cupola.indicators import Checked
from cupola.lake import Version
from cupola.periods import FiscalYears
from cupola.web.accounts.queries import the_city
from cupola.web.data.models import Dataset
from cupola.web.data.queries import lake
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.hiding import threshold_of


class MeasureUnknown(NotFound):
    """No measure has this key."""

    def __init__(self, key: str) -> None:
        self.key = key
        known = ", ".join(Measure.objects.values_list("key", flat=True)[:30])
        super().__init__(f"No measure is called {key}. There are {known or 'none: write one in measures/'}.")


def find_measure(key: str) -> Measure:
    """Return the measure, also a retired one. Raises MeasureUnknown."""
    measure = Measure.objects.select_related("computation").filter(key=key).first()
    if measure is None:
        raise MeasureUnknown(key)
    return measure


def current_measures() -> QuerySet[Measure]:
    """Return the measures that are computed."""
    return Measure.objects.select_related("computation").filter(retired_on=None)


def public_measures() -> QuerySet[Measure]:
    """Return the measures the public may see, retired ones too: released, of datasets whose rows it may see."""
    known = [one.key for one in Dataset.objects.filter(released=True) if one.shows_rows]
    return Measure.objects.select_related("computation").filter(released=True, dataset__in=known)


def described(measure: Measure) -> MeasureRecord:
    """Return canonical fields as the folder's own record."""
    record = parse("measure", measure.definition)
    assert isinstance(record, MeasureRecord)
    return record


def checked(measure: Measure, held: Version, *, years: FiscalYears) -> Checked:
    """Return a measure beside a version of its dataset; of a gap also the measure it is of. Raises MeasureRefused."""
    fields = described(measure).measure()
    if fields.gap is None:
        return indicators.check(fields, lake().contract(held), fiscal_years=years)
    of = checked(find_measure(fields.gap.measure), held, years=years)
    return indicators.check_gap(fields, of, threshold=threshold_of(measure.dataset))


def fiscal_years() -> FiscalYears:
    """Return the city's fiscal years."""
    city = the_city()
    return FiscalYears.parse(city.definition.get("fiscal_year_start", "01-01") if city else "01-01")
