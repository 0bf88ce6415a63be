"""The form of a value that is typed in place of a computed one."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy

from cupola.indicators import Grain, period_of
from cupola.periods import FiscalYears
from cupola.web.performance.actions import Typing
from cupola.web.performance.models import Measure

INPUT, AREA = {"class": "usa-input"}, {"class": "usa-textarea", "rows": 3}


class TypedForm(forms.Form):
    """One value with its period, why it is typed in, and who answers for it."""

    period = forms.DateField(
        widget=forms.DateInput({"class": "usa-input", "type": "date"}, format="%Y-%m-%d"),
        label=gettext_lazy("Period"),
        help_text=gettext_lazy("Any day of the period the value is of."),
    )
    value = forms.FloatField(
        widget=forms.NumberInput({**INPUT, "step": "any"}),
        label=gettext_lazy("Value"),
        help_text=gettext_lazy("Of a share write 0.9, not 90."),
    )
    reason = forms.CharField(
        widget=forms.Textarea(AREA),
        label=gettext_lazy("Why it is typed in and not computed"),
        help_text=gettext_lazy("Readers see it beside the value."),
    )
    author = forms.CharField(
        max_length=200,
        widget=forms.TextInput(INPUT),
        label=gettext_lazy("Who answers for it"),
        help_text=gettext_lazy("As readers should see it."),
    )

    def typing(self, measure: Measure, years: FiscalYears) -> Typing:
        """Return what was written, once it is valid."""
        given = self.cleaned_data
        day: date = given["period"]
        first = period_of(day, Grain(measure.grain), fiscal_years=years).since
        assert first is not None
        return Typing(first, given["value"], given["reason"], given["author"])
