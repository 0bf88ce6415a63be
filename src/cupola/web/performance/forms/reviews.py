"""Forms of reviews: the review itself, and what a meeting records."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cupola.web.performance.actions.reviewing import Plan, Promise
from cupola.web.performance.models import Measure, Proof, Review
from cupola.web.performance.queries.measures import current_measures

INPUT, AREA, SELECT = {"class": "usa-input"}, {"class": "usa-textarea", "rows": 3}, {"class": "usa-select"}
DAY = {"class": "usa-input", "type": "date"}


def _day(label: Any, **given: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(DAY, format="%Y-%m-%d"), **given)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class ReviewForm(forms.Form):
    """What a review is."""

    title = forms.CharField(max_length=200, widget=forms.TextInput(INPUT), label=gettext_lazy("Title"))
    purpose = forms.CharField(
        widget=forms.Textarea(AREA),
        required=False,
        label=gettext_lazy("Purpose"),
        help_text=gettext_lazy("What should be better because it meets."),
    )
    chair = forms.CharField(
        max_length=200,
        widget=forms.TextInput(INPUT),
        label=gettext_lazy("Chair"),
        help_text=gettext_lazy("The post that leads it and can decide."),
    )
    first_on = _day(gettext_lazy("First meeting"))
    every_weeks = forms.IntegerField(
        min_value=1,
        max_value=52,
        initial=2,
        widget=forms.NumberInput(INPUT),
        label=gettext_lazy("Weeks from one meeting to the next"),
    )
    offices = forms.CharField(
        widget=forms.Textarea(AREA),
        required=False,
        label=gettext_lazy("Offices"),
        help_text=gettext_lazy("One per line, as measures name them. With no office and no priority it looks at all."),
    )
    priorities = forms.CharField(
        widget=forms.Textarea(AREA),
        required=False,
        label=gettext_lazy("Priorities"),
        help_text=gettext_lazy("One per line, as measures name them."),
    )
    recipients = forms.CharField(
        widget=forms.Textarea(AREA),
        required=False,
        label=gettext_lazy("Who gets the packet by e-mail"),
        help_text=gettext_lazy("One address per line."),
    )
    released = forms.BooleanField(
        required=False,
        label=gettext_lazy("Everyone may read the packets of meetings that were held"),
        widget=forms.CheckboxInput({"class": "review-check"}),
    )
    ended_on = _day(gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave empty while it goes on."))

    def __init__(self, review: Review | None = None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=_initial(review) if review else None)

    def clean_recipients(self) -> str:
        """Refuse a line that is no address."""
        text: str = self.cleaned_data["recipients"]
        for line in _lines(text):
            try:
                validate_email(line)
            except forms.ValidationError as error:
                raise forms.ValidationError(_("%(line)s is not an e-mail address.") % {"line": line}) from error
        return text

    def plan(self) -> Plan:
        """Return what was written, once it is valid."""
        given = self.cleaned_data
        lists: dict[str, Any] = {name: _lines(given[name]) for name in ("offices", "priorities", "recipients")}
        same = ("title", "chair", "first_on", "every_weeks", "purpose", "released", "ended_on")
        return Plan(**{name: given[name] for name in same}, **lists)


def _initial(review: Review) -> dict[str, Any]:
    same = {name: getattr(review, name) for name in Plan.__dataclass_fields__}
    return {name: "\n".join(value) if isinstance(value, list) else value for name, value in same.items()}


class MeasureChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A measure, named by its title."""

    def label_from_instance(self, obj: Measure) -> str:
        """Return its title."""
        return obj.title


class CommitmentForm(forms.Form):
    """What someone says they will do."""

    text = forms.CharField(widget=forms.Textarea(AREA), label=gettext_lazy("What will be done"))
    owner = forms.CharField(max_length=200, widget=forms.TextInput(INPUT), label=gettext_lazy("Who does it"))
    due_on = _day(gettext_lazy("By when"))
    measure = MeasureChoice(
        queryset=Measure.objects.none(), widget=forms.Select(SELECT), label=gettext_lazy("Measure that will show it")
    )
    proof = forms.ChoiceField(
        choices=Proof.choices, widget=forms.Select(SELECT), label=gettext_lazy("What it has to show")
    )
    level = forms.FloatField(
        required=False,
        widget=forms.NumberInput({**INPUT, "step": "any"}),
        label=gettext_lazy("Value to reach"),
        help_text=gettext_lazy("Only for a value reached. A share between 0 and 1."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="commitment")
        self.fields["measure"].queryset = current_measures()  # type: ignore[attr-defined]

    def promise(self) -> Promise:
        """Return what was written, once it is valid."""
        given = dict(self.cleaned_data)
        return Promise(**{**given, "proof": Proof(given["proof"])})


class QuestionForm(forms.Form):
    """What the next meeting should answer."""

    text = forms.CharField(widget=forms.Textarea(AREA), label=gettext_lazy("Question"))

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="question")


class HeldForm(forms.Form):
    """That a meeting took place."""

    held_on = _day(gettext_lazy("Held on"))
    notes = forms.CharField(widget=forms.Textarea(AREA), required=False, label=gettext_lazy("Notes"))

    def __init__(self, data: Mapping[str, Any] | None = None, **given: Any) -> None:
        super().__init__(data, prefix="held", **given)


class ReasonForm(forms.Form):
    """Why something does not take place, or is given up; or the answer to a question."""

    reason = forms.CharField(max_length=1000, widget=forms.Textarea({**AREA, "rows": 2}), label=gettext_lazy("Reason"))
