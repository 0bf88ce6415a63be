"""Forms in which people settle what a title is about, what an account buys and which office a department is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cupola.errors import InvalidInput
from cupola.orgchart.titles import Group, Level
from cupola.periods import PartialDate
from cupola.web.planning.queries.words import PURPOSES
from cupola.web.structure.queries.words import word

_TEXT = {"class": "usa-input"}
_SELECT = {"class": "usa-select"}
_BOX = {"class": "usa-checkbox__input"}


class SettleTitle(forms.Form):
    """What the holders of a title do."""

    functions = forms.MultipleChoiceField(
        label=_("What its holder does"),
        widget=forms.CheckboxSelectMultiple(_BOX),
        help_text=_("The first that fits best comes first; choose “other” where it is none of these."),
    )
    level = forms.ChoiceField(
        label=_("How high it stands"), required=False, widget=forms.Select(attrs={"class": "usa-select"})
    )
    everywhere = forms.BooleanField(
        label=_("In all departments"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "usa-checkbox__input"}),
    )
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.TextInput(attrs=_TEXT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        functions, level = self.fields["functions"], self.fields["level"]
        assert isinstance(functions, forms.MultipleChoiceField)
        assert isinstance(level, forms.ChoiceField)
        functions.choices = [(str(one), str(word(one))) for one in Group]
        level.choices = [("", _("as its words say")), *((str(one), str(word(one))) for one in Level)]


class SettleAccount(forms.Form):
    """What an account buys."""

    purpose = forms.ChoiceField(
        label=_("What it buys"), choices=list(PURPOSES.items()), widget=forms.Select(attrs={"class": "usa-select"})
    )
    technology = forms.BooleanField(label=_("It is technology"), required=False, widget=forms.CheckboxInput(_BOX))
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.TextInput(attrs=_TEXT))


def check_partial(text: str) -> None:
    """Check that a text is a day, a month or a year."""
    try:
        PartialDate.parse(text)
    except InvalidInput as error:
        raise forms.ValidationError(_("Write a day, a month or a year, as in 2026-10-01, 2026-10 or 2026.")) from error


class MapDepartment(forms.Form):
    """Which office of the chart a department of a roster or a budget is, and when."""

    office = forms.ChoiceField(label=_("It is this office of the chart"), widget=forms.Select(_SELECT))
    since = forms.CharField(
        label=_("Since"),
        required=False,
        max_length=10,
        validators=[check_partial],
        help_text=_("A day, a month or a year. Leave it empty where the name always meant this office."),
        widget=forms.TextInput(_TEXT),
    )
    until = forms.CharField(
        label=_("Until"),
        required=False,
        max_length=10,
        validators=[check_partial],
        help_text=_("The first day on which the name no longer means this office."),
        widget=forms.TextInput(_TEXT),
    )
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.TextInput(_TEXT))

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.fields["office"]
        assert isinstance(office, forms.ChoiceField)
        office.choices = offices

    def clean(self) -> dict[str, Any]:
        """Refuse a time that ends before it begins."""
        said = super().clean() or {}
        if said.get("since") and said.get("until") and said["until"] <= said["since"]:
            self.add_error("until", _("This is not after the first day."))
        return said
