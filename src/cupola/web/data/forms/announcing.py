"""The form by which staff announce that a column will change."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cupola.web.data.actions import PlannedChange
from cupola.web.data.models import Dataset
from cupola.web.data.queries.wording import TYPE_WORDS, column_in_language, column_title

RENAME, RETYPE, REMOVE = "rename", "retype", "remove"


class AnnounceForm(forms.Form):
    """Which column changes, how, from which day, and why."""

    column = forms.ChoiceField(widget=forms.Select({"class": "usa-select"}), label=gettext_lazy("Column"))
    what = forms.ChoiceField(
        choices=[
            (RENAME, gettext_lazy("It gets another name")),
            (RETYPE, gettext_lazy("It gets another type")),
            (REMOVE, gettext_lazy("It is taken away")),
        ],
        widget=forms.Select({"class": "usa-select"}),
        label=gettext_lazy("What changes"),
    )
    becomes = forms.CharField(
        required=False,
        max_length=60,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9_]*$", gettext_lazy("Write small letters, digits and _, beginning with a letter.")
            )
        ],
        widget=forms.TextInput({"class": "usa-input", "autocomplete": "off", "autocapitalize": "none"}),
        label=gettext_lazy("Its new name"),
        help_text=gettext_lazy("Only where it gets another name. From the next load on both names answer."),
    )
    type = forms.ChoiceField(
        required=False,
        widget=forms.Select({"class": "usa-select"}),
        label=gettext_lazy("Its new type"),
        help_text=gettext_lazy("Only where it gets another type. Change the column itself when the day has come."),
    )
    until = forms.DateField(
        widget=forms.DateInput({"class": "usa-input", "type": "date"}, format="%Y-%m-%d"),
        label=gettext_lazy("From which day on"),
        help_text=gettext_lazy("Up to this day, without it, programs find the column as it is now."),
    )
    why = forms.CharField(
        max_length=500,
        widget=forms.TextInput({"class": "usa-input"}),
        label=gettext_lazy("Why this change?"),
        help_text=gettext_lazy("One sentence, for everyone who uses the column. It is public at once."),
    )

    def __init__(self, dataset: Dataset, data: Any = None, *, today: date) -> None:
        self.today = today
        known = {column["name"]: column for column in dataset.definition.get("columns", ())}
        self.names = set(known)
        super().__init__(data)
        shown = [(name, column) for name, column in known.items() if not column.get("sensitive")]
        self._choose("column", [(name, self._called(dataset, column)) for name, column in shown])
        self._choose("type", [("", "-"), *((name, str(words)) for name, words in TYPE_WORDS.items())])

    def _called(self, dataset: Dataset, column: dict[str, Any]) -> str:
        title = column_title(column_in_language(dataset, column))
        return f"{title} ({column['name']})"

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_until(self) -> date:
        """Refuse a day on which nobody could have adapted."""
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError(_("Name a later day, so that people can adapt."))
        return until

    def clean(self) -> dict[str, Any] | None:
        """Ask for what the kind of change needs."""
        given = super().clean() or {}
        if given.get("what") == RENAME and "becomes" in given:
            if not given["becomes"]:
                self.add_error("becomes", _("Write the new name."))
            elif given["becomes"] in self.names:
                self.add_error("becomes", _("A column of this name is there already."))
        if given.get("what") == RETYPE and not given.get("type"):
            self.add_error("type", _("Choose the new type."))
        return given

    def planned(self) -> PlannedChange:
        """Return what was filled in."""
        given = self.cleaned_data
        return PlannedChange(
            column=given["column"],
            until=given["until"],
            why=given["why"],
            becomes=given["becomes"] if given["what"] == RENAME else "",
            type=given["type"] if given["what"] == RETYPE else "",
            removed=given["what"] == REMOVE,
        )
