"""The form by which staff take a public version back."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class RecallForm(forms.Form):
    """A public reason, and the number of the version once more: this cannot be undone."""

    reason = forms.CharField(
        max_length=500,
        min_length=10,
        widget=forms.Textarea({"class": "usa-textarea", "rows": 3}),
        label=gettext_lazy("Why is it taken back?"),
        help_text=gettext_lazy("Everyone who asks for the version reads this. Name no person and no value."),
    )
    again = forms.IntegerField(
        widget=forms.TextInput({"class": "usa-input", "inputmode": "numeric", "autocomplete": "off"}),
        label=gettext_lazy("Number of the version, once more"),
        help_text=gettext_lazy("A version that was taken back cannot be published again."),
    )

    def __init__(self, number: int, data: Any = None) -> None:
        self.number = number
        super().__init__(data)

    def clean_again(self) -> int:
        """Refuse another number."""
        again: int = self.cleaned_data["again"]
        if again != self.number:
            raise forms.ValidationError(_("This is version %(number)s.") % {"number": self.number})
        return again
