"""Forms staff answer letters with: a status, a public reason, and what the status must name."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cupola.web.data.models import (
    DataRequest,
    Dataset,
    Feedback,
    FeedbackStatus,
    Letter,
    RequestStatus,
    Showing,
    Version,
)

_SELECT = {"class": "usa-select"}
_RECENT = 30


class AnswerForm(forms.Form):
    """A status and its public reason."""

    status = forms.ChoiceField(widget=forms.Select(_SELECT), label=gettext_lazy("Status"))
    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea({"class": "usa-textarea", "rows": 4}),
        label=gettext_lazy("What do you answer?"),
        help_text=gettext_lazy("Everyone reads this, with today's date."),
    )


class FeedbackAnswerForm(AnswerForm):
    """The answer to a report."""

    field_order = ("status", "version", "reason")
    version = forms.ModelChoiceField(
        Version.objects.none(),
        required=False,
        widget=forms.Select(_SELECT),
        label=gettext_lazy("Fixed in version"),
        help_text=gettext_lazy("Only where the status is fixed."),
    )

    def __init__(self, letter: Feedback, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"status": letter.status})
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            one for one in FeedbackStatus.choices if one[0] != FeedbackStatus.NEW
        ]
        newest = letter.dataset.versions.filter(recalled_at=None).values_list("pk", flat=True)[:_RECENT]
        versions = self.fields["version"]
        versions.queryset = Version.objects.filter(pk__in=list(newest)).order_by("-number")  # type: ignore[attr-defined]
        versions.label_from_instance = version_label  # type: ignore[attr-defined]


def version_label(version: Version) -> str:
    """Return how a version is called in a list."""
    return _("Version %(number)s") % {"number": version.number}


class RequestAnswerForm(AnswerForm):
    """The answer to a request."""

    field_order = ("status", "department", "planned_on", "dataset", "reason")
    department = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "usa-input"}),
        label=gettext_lazy("Department"),
        help_text=gettext_lazy("Where the status is waiting on the department: which one."),
    )
    planned_on = forms.DateField(
        required=False,
        widget=forms.DateInput({"class": "usa-input", "type": "date"}, format="%Y-%m-%d"),
        label=gettext_lazy("Planned for"),
        help_text=gettext_lazy("Where the status is planned: the day."),
    )
    dataset = forms.ModelChoiceField(
        Dataset.objects.filter(released=True, retired_on=None),
        required=False,
        to_field_name="key",
        widget=forms.Select(_SELECT),
        label=gettext_lazy("Published as"),
        help_text=gettext_lazy("Where the status is published: the dataset. Only released ones can be named."),
    )

    def __init__(self, letter: DataRequest, data: Mapping[str, Any] | None = None) -> None:
        initial = {name: getattr(letter, name) for name in ("status", "department", "planned_on")}
        super().__init__(data, initial={**initial, "dataset": letter.dataset and letter.dataset.key})
        self.fields["status"].choices = RequestStatus.choices  # type: ignore[attr-defined]


class ShowingForm(forms.Form):
    """Whether the public may read a letter, and the words it reads."""

    text = forms.CharField(
        max_length=4000,
        widget=forms.Textarea({"class": "usa-textarea", "rows": 7}),
        label=gettext_lazy("What everyone reads"),
        help_text=gettext_lazy("Cover what is about single people, as in […]. What you take out is gone for good."),
    )
    title = forms.CharField(
        max_length=200, required=False, widget=forms.TextInput({"class": "usa-input"}), label=gettext_lazy("Title")
    )
    showing = forms.ChoiceField(
        choices=[
            (Showing.SHOWN.value, gettext_lazy("Show it")),
            (Showing.HIDDEN.value, gettext_lazy("Do not show it")),
        ],
        widget=forms.Select(_SELECT),
        label=gettext_lazy("Should everyone read it?"),
    )
    withheld_reason = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput({"class": "usa-input"}),
        label=gettext_lazy("Why is it not shown?"),
        help_text=gettext_lazy("Everyone reads this instead of the text."),
    )
    field_order = ("showing", "title", "text", "withheld_reason")

    def __init__(self, letter: Letter, data: Mapping[str, Any] | None = None) -> None:
        showing = Showing.HIDDEN if letter.showing == Showing.HIDDEN else Showing.SHOWN
        initial = {"text": letter.text, "showing": showing.value, "withheld_reason": letter.withheld_reason}
        title = letter.title if isinstance(letter, DataRequest) else ""
        super().__init__(data, initial={**initial, "title": title})
        if not title:
            del self.fields["title"]
