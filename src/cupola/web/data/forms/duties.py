"""Forms for handing a duty over, and for giving a sheet back."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cupola.folder import DUTIES
from cupola.web.data import queries
from cupola.web.data.actions import Handover


class DutyForm(forms.Form):
    """Who has a duty from which day on; with no one named it only ends."""

    duty = forms.ChoiceField(widget=forms.Select({"class": "usa-select"}), label=gettext_lazy("Duty"))
    on = forms.DateField(
        widget=forms.DateInput({"class": "usa-input", "type": "date"}, format="%Y-%m-%d"),
        label=gettext_lazy("From which day on"),
        help_text=gettext_lazy("Whoever has the duty now has it until the day before."),
    )
    who = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "usa-input"}),
        label=gettext_lazy("Who has it then"),
        help_text=gettext_lazy("The office or post, as the public may read it. Empty: nobody takes it over."),
    )
    account = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "usa-input", "autocomplete": "off"}),
        label=gettext_lazy("Account"),
        help_text=gettext_lazy("User name of the person who signs in here. Only staff see it."),
    )
    contact = forms.CharField(
        required=False,
        max_length=300,
        widget=forms.TextInput({"class": "usa-input"}),
        label=gettext_lazy("Contact"),
        help_text=gettext_lazy("Where questions go: an address of an office."),
    )
    reason = forms.CharField(
        max_length=500,
        widget=forms.TextInput({"class": "usa-input"}),
        label=gettext_lazy("Why this change?"),
        help_text=gettext_lazy("One sentence. It is kept in the history."),
    )

    def __init__(self, data: Any = None, *, on: date) -> None:
        super().__init__(data, initial={"on": on, "duty": "steward"})
        choice = self.fields["duty"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(name, queries.duty_word(name)) for name in DUTIES]

    def handover(self) -> Handover:
        """Return what was filled in."""
        given = {name: self.cleaned_data[name] for name in ("duty", "on", "who", "account", "contact")}
        return Handover(**given)


class SheetForm(forms.Form):
    """A sheet that was filled in."""

    sheet = forms.FileField(
        widget=forms.FileInput({"class": "usa-file-input", "accept": ".xlsx,.csv"}),
        label=gettext_lazy("The sheet you filled in"),
        help_text=gettext_lazy("The workbook or CSV file you took from here."),
    )
    reason = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput({"class": "usa-input"}),
        label=gettext_lazy("Why this change?"),
        help_text=gettext_lazy("One sentence. It is kept in the history and, for a public dataset, told in the feed."),
    )
