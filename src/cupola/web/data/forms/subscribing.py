"""The form by which anyone asks to be told of changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cupola.web.data.forms.letters import LetterForm
from cupola.web.data.models import Channel


class SubscriptionForm(LetterForm):
    """An e-mail address or that of a webhook, and what keeps machines out."""

    field_order = ("channel", "address", "website", "mark")
    text = None  # type: ignore[assignment]
    contact = None  # type: ignore[assignment]
    channel = forms.ChoiceField(widget=forms.Select({"class": "usa-select"}), label=gettext_lazy("How?"))
    address = forms.CharField(
        max_length=500,
        widget=forms.TextInput({"class": "usa-input", "autocomplete": "email", "autocapitalize": "none"}),
        label=gettext_lazy("Your e-mail address, or the address of your webhook"),
        help_text=gettext_lazy("Used for this alone and deleted when you end it."),
    )

    def __init__(self, channels: Sequence[Channel], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"channel": channels[0].value if channels else ""})
        choices = [(one.value, one.label) for one in channels]
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse an e-mail address that is none."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("channel") == Channel.EMAIL and given.get("address"):
            try:
                validate_email(given["address"])
            except forms.ValidationError:
                self.add_error("address", _("This is not an e-mail address."))
        return given
