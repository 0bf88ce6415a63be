"""The filter of the audit log's page, which is its address."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cupola.web.accounts.queries import Wanted


class AuditFilter(forms.Form):
    """Who, what, which record and when; each may be left empty."""

    who = forms.CharField(label=_("Who"), required=False, max_length=200)
    action = forms.CharField(label=_("Action, or how it begins"), required=False, max_length=100)
    kind = forms.CharField(label=_("Kind of record"), required=False, max_length=50)
    record = forms.CharField(label=_("Record"), required=False, max_length=200)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To and with"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reads = forms.BooleanField(label=_("Only who saw what"), required=False)

    def wanted(self) -> Wanted:
        """Return what is asked for; days are the city's. Call it on a valid form."""
        given = self.cleaned_data
        since, until = given["since"], given["until"]
        return Wanted(
            **{name: given[name] for name in ("who", "action", "kind", "record", "reads")},
            since=_midnight(since) if since else None,
            until=_midnight(until + timedelta(days=1)) if until else None,
        )


def _midnight(day: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
