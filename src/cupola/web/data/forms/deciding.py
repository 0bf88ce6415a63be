"""What a person decides at the gate, with the reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

APPROVE, VERSION, ACCEPT = "approve", "version", "accept"


class DecisionForm(forms.Form):
    """One decision: that the dataset may be public, that a version may, or that one thing that stops it is accepted.

    `stop`: the place of that thing among those that stop the version, `seen` the number of the version looked at.
    """

    decision = forms.ChoiceField(choices=[(one, one) for one in (APPROVE, VERSION, ACCEPT)])
    stop = forms.IntegerField(required=False, min_value=0)
    seen = forms.IntegerField(required=False, min_value=1)
    reason = forms.CharField(
        max_length=500,
        min_length=10,
        label=gettext_lazy("Why is that all right?"),
        error_messages={"required": gettext_lazy("A decision needs a reason, for whoever asks later.")},
    )

    def clean(self) -> dict[str, Any] | None:
        """Refuse a decision about a version or a stop that names none."""
        given = super().clean() or {}
        if given.get("decision") in {VERSION, ACCEPT} and not given.get("seen"):
            raise forms.ValidationError(gettext_lazy("The form is incomplete. Load the page again."))
        return given
