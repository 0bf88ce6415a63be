"""Forms in which people ask what another structure would take, and record what counsel answered."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cupola.folder.library import templates
from cupola.orgchart.edits import EditKind
from cupola.orgchart.scenarios import Instrument
from cupola.web.planning.queries.scenarios.words import INSTRUMENTS
from cupola.web.structure.models import Structure
from cupola.web.structure.queries import jurisdictions_here
from cupola.web.structure.queries.words import word

MOST_YEARS, MOST_NEEDS = 10, 5
_TEXT = {"class": "usa-input"}
_SELECT = {"class": "usa-select"}
_DAY = {"class": "usa-input", "type": "date"}


def _choices(*, models: bool) -> list[tuple[str, str]]:
    """Return the structures there are; with models, also templates and branches, which come first."""
    here = [(one.key, one.name) for one in jurisdictions_here().values()]
    if not models:
        return here
    branches = Structure.objects.filter(retired_on=None, branch_of__isnull=False)
    return [
        *((one.key, str(_("Template: %(name)s") % {"name": one.name})) for one in templates().values()),
        *((one.key, str(_("Branch: %(name)s") % {"name": one.key})) for one in branches),
        *here,
    ]


class AskScenario(forms.Form):
    """From which chart to which."""

    of = forms.ChoiceField(label=_("From the chart of"), widget=forms.Select(_SELECT))
    of_on = forms.DateField(label=_("As it is, or was, on"), required=False, widget=forms.DateInput(_DAY))
    to = forms.ChoiceField(label=_("To"), widget=forms.Select(_SELECT))
    to_on = forms.DateField(label=_("As that is, or was, on"), required=False, widget=forms.DateInput(_DAY))
    years = forms.IntegerField(
        label=_("Budget years to look at"),
        min_value=1,
        max_value=MOST_YEARS,
        initial=3,
        required=False,
        widget=forms.NumberInput(_TEXT),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, models in (("of", False), ("to", True)):
            one = self.fields[name]
            assert isinstance(one, forms.ChoiceField)
            one.choices = _choices(models=models)

    def asked_for(self) -> dict[str, Any]:
        """Return the fields as a `scenario` document has them."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class CounselForm(forms.Form):
    """What was asked, about which edits, and what counsel says they need."""

    title = forms.CharField(label=_("What was asked"), max_length=300, widget=forms.TextInput(_TEXT))
    edits = forms.MultipleChoiceField(
        label=_("About these edits"), widget=forms.CheckboxSelectMultiple({"class": "usa-checkbox__input"})
    )
    of = forms.ChoiceField(label=_("Of"), required=False, widget=forms.Select(_SELECT))
    subjects = forms.RegexField(
        r"^[a-z0-9-]+([ ,]+[a-z0-9-]+)*$",
        label=_("Only of these, by key"),
        required=False,
        max_length=500,
        help_text=_("Keys of offices or posts with spaces between. Leave it empty where the answer is about all."),
        widget=forms.TextInput(_TEXT),
    )
    says = forms.CharField(
        label=_("The answer in words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"class": "usa-textarea", "rows": 4}),
    )
    by = forms.CharField(label=_("Who answered"), max_length=200, widget=forms.TextInput(_TEXT))
    on = forms.DateField(label=_("On which day"), widget=forms.DateInput(_DAY))

    def __init__(self, *args: Any, start: Mapping[str, Any], today: date, **kwargs: Any) -> None:
        needs = start.get("needs", ())
        flat = {f"{name}_{place}": value for place, one in enumerate(needs) for name, value in one.items()}
        initial = {"on": today, **start, **flat, "subjects": " ".join(start.get("subjects", ()))}
        super().__init__(*args, **{**kwargs, "initial": initial})
        edits, of = self.fields["edits"], self.fields["of"]
        assert isinstance(edits, forms.MultipleChoiceField)
        assert isinstance(of, forms.ChoiceField)
        edits.choices = [(str(one), word(one)) for one in EditKind]
        of.choices = [("", _("offices and posts")), ("office", word("office")), ("post", word("post"))]
        self.places = range(max(MOST_NEEDS, len(needs)))
        for place in self.places:
            self._add_need(place)

    def _add_need(self, place: int) -> None:
        """Add the fields of one instrument."""
        which = {"number": place + 1}
        choices = [("", "-"), *((str(one), str(INSTRUMENTS[one])) for one in Instrument)]
        self.fields[f"instrument_{place}"] = forms.ChoiceField(
            label=_("Instrument %(number)s") % which, required=False, choices=choices, widget=forms.Select(_SELECT)
        )
        for name, label in (("decides", _("Who decides, %(number)s")), ("source", _("Law or rule, %(number)s"))):
            self.fields[f"{name}_{place}"] = forms.CharField(
                label=label % which, required=False, max_length=300, widget=forms.TextInput(_TEXT)
            )
        self.fields[f"lead_days_{place}"] = forms.IntegerField(
            label=_("Days it takes, %(number)s") % which,
            required=False,
            min_value=0,
            max_value=3650,
            widget=forms.NumberInput(_TEXT),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse what is said of an instrument that is not named, and a day to come."""
        said = super().clean() or {}
        for place in self.places:
            rest = any(said.get(f"{name}_{place}") not in (None, "") for name in ("decides", "source", "lead_days"))
            if rest and not said.get(f"instrument_{place}"):
                self.add_error(f"instrument_{place}", _("Say which instrument this is about."))
        return said

    def answer(self) -> dict[str, Any]:
        """Return the fields of a `counsel` document, without its key."""
        said = self.cleaned_data
        fields = {name: said[name] for name in ("title", "edits", "of", "says", "by") if said[name]}
        if said["subjects"]:
            fields["subjects"] = said["subjects"].replace(",", " ").split()
        needs = [self._need(place) for place in self.places if said.get(f"instrument_{place}")]
        if needs:
            fields["needs"] = needs
        return {**fields, "on": said["on"].isoformat()}

    def _need(self, place: int) -> dict[str, Any]:
        names = ("instrument", "decides", "lead_days", "source")
        held = {name: self.cleaned_data[f"{name}_{place}"] for name in names}
        return {name: value for name, value in held.items() if value not in (None, "")}
