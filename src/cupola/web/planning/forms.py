"""Forms in which people settle what a title is about and what an account buys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cupola.orgchart.titles import Group, Level
from cupola.web.planning.queries.words import PURPOSES
from cupola.web.structure.queries.words import word

_TEXT = {"class": "usa-input"}
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
