"""Forms anyone may send: a report about a dataset, a request for data. They keep machines out without watching people.

Three things tell a machine: it fills in a field no person sees, it sends faster than a person types, or it sends the
same form again. None of them needs a cookie of its own, a script or an address kept.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cupola.web.data.models import Dataset
from cupola.web.data.queries.rows import all_columns
from cupola.web.data.queries.wording import column_title

FASTEST_SECONDS = 3
OLDEST_SECONDS = 24 * 3600
_SIGNER = signing.TimestampSigner(salt="cupola.letters")
_INPUT, _AREA = {"class": "usa-input"}, {"class": "usa-textarea", "rows": 7}


def new_mark() -> str:
    """Return the mark of a form drawn now: a number used once, and when, signed."""
    return _SIGNER.sign(secrets.token_urlsafe(12))


class LetterForm(forms.Form):
    """A text, a way to answer if the writer wants one, and what keeps machines out."""

    text = forms.CharField(max_length=4000, min_length=10, widget=forms.Textarea(_AREA))
    contact = forms.EmailField(
        required=False,
        max_length=254,
        widget=forms.EmailInput({**_INPUT, "autocomplete": "email"}),
        label=gettext_lazy("Your e-mail address, if you want an answer there"),
        help_text=gettext_lazy("Never shown. It is erased when your message is settled."),
    )
    website = forms.CharField(
        required=False,
        widget=forms.TextInput({**_INPUT, "autocomplete": "off", "tabindex": "-1"}),
        label=gettext_lazy("Leave this field empty"),
    )
    mark = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, **given: Any) -> None:
        super().__init__(data, initial={"mark": new_mark(), **given.pop("initial", {})}, **given)
        for field in self.fields.values():
            field.error_messages["required"] = _("Please fill this in.")

    def shown(self) -> list[Any]:
        """Return the fields people fill in."""
        return [field for field in self.visible_fields() if field.name != "website"]

    def clean_website(self) -> str:
        """Refuse what only a machine fills in."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please leave this field empty, and send the form again."))
        return ""

    def clean_mark(self) -> str:
        """Return the number of the form. Refuses one that was not drawn here, is too old, or comes too fast."""
        mark = self.cleaned_data["mark"]
        try:
            number = _SIGNER.unsign(mark, max_age=OLDEST_SECONDS)
        except signing.BadSignature as error:
            self.data = {**dict(self.data.items()), "mark": new_mark()}
            raise forms.ValidationError(_("This form is too old. Nothing is lost: please send it again.")) from error
        try:
            _SIGNER.unsign(mark, max_age=FASTEST_SECONDS)
        except signing.SignatureExpired:
            return number
        raise forms.ValidationError(_("That was very quick. Please read your message once more and send it again."))

    def trap_errors(self) -> list[str]:
        """Return what is wrong with the fields that are not shown."""
        return [str(error) for name in ("website", "mark") for error in self.errors.get(name, ())]


class FeedbackForm(LetterForm):
    """A report about a dataset or one of its columns."""

    field_order = ("column", "text", "contact", "website", "mark")
    column = forms.ChoiceField(
        required=False, widget=forms.Select({"class": "usa-select"}), label=gettext_lazy("What is it about?")
    )

    def __init__(self, dataset: Dataset, data: Mapping[str, Any] | None = None, *, column: str = "") -> None:
        super().__init__(data, initial={"column": column})
        columns = [(str(one["name"]), column_title(one)) for one in all_columns(dataset)]
        self.fields["column"].choices = [("", _("The dataset as a whole")), *columns]  # type: ignore[attr-defined]
        self.fields["text"].label = _("What is wrong, missing or unclear?")
        self.fields["text"].help_text = _(
            "Say which rows and what you expected. Everyone can read it, so leave out what is about single people."
        )


class RequestForm(LetterForm):
    """A request for data."""

    field_order = ("title", "text", "contact", "website", "mark")
    title = forms.CharField(
        max_length=200,
        min_length=5,
        widget=forms.TextInput(_INPUT),
        label=gettext_lazy("What data do you need?"),
        help_text=gettext_lazy("In a few words, as in: inspections of restaurants since 2015."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, title: str = "") -> None:
        super().__init__(data, initial={"title": title})
        self.fields["text"].label = _("What is it for, and how detailed must it be?")
        self.fields["text"].help_text = _("Everyone can read it, so leave out what is about single people.")
