"""One form for every kind of record of the agenda: its fields with help, a reason, the edition it began from."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

import yaml
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from cupola.folder import FolderInvalid
from cupola.folder.documents import parse_yaml
from cupola.folder.kinds import KINDS
from cupola.folder.problems import Problem
from cupola.savings import Status, next_steps, read_claim
from cupola.web.agenda.queries.words import said
from cupola.web.structure.actions import edition_of

LAST = ("released", "release", "retention", "legal_hold", "sources", "note")
MOST_ROWS = 20
LONG = ("aim", "success", "outcome", "purpose", "says", "definition", "note")


class RecordForm(forms.Form):
    """The fields of a record. now: what is recorded, None for a new one."""

    reason = forms.CharField(
        max_length=500,
        widget=forms.TextInput({"class": "usa-input"}),
        label=_("Why this change?"),
        help_text=_("One sentence. It is kept in the history."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, kind: str, now: Mapping[str, Any] | None, data: Mapping[str, Any] | None = None) -> None:
        self.kind = kind
        self.shapes = shapes_of(kind)
        self.kept = {name: value for name, value in (now or {}).items() if name == "original"}
        initial = {name: as_text((now or {}).get(name), shape) for name, shape in self.shapes.items()}
        super().__init__(data, initial={**initial, "seen": edition_of(now)})
        if now is None:
            self.fields["key"] = forms.SlugField(
                max_length=100,
                widget=forms.TextInput({"class": "usa-input"}),
                label=_("Key"),
                help_text=_("Small letters, digits and hyphens. It stays when the name changes."),
            )
        for name, shape in self.shapes.items():
            self.fields[name] = field_for(kind, name, shape)
            if shape in {"nested", "list"}:
                lines = initial[name].count("\n") + 2
                self.fields[name].widget.attrs["rows"] = min(max(lines, 3), MOST_ROWS)

    def parts(self) -> Iterator[Any]:
        """Yield the fields in their order, without reason and edition."""
        yield from (self[name] for name in (*(["key"] if "key" in self.fields else []), *self.shapes))

    def clean(self) -> dict[str, Any]:
        """Read what is written as YAML, and name the field that is none."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, shape in self.shapes.items():
            if shape != "nested" or not cleaned.get(name):
                continue
            lines = "".join(f"  {line}\n" for line in str(cleaned[name]).splitlines())
            documents, syntax = parse_yaml(f"value:\n{lines}")
            if syntax is not None or len(documents) != 1:
                told = "" if syntax is None else f"{syntax.message}; {syntax.remedy}"
                self.add_error(name, gettext("This cannot be read as YAML: %(said)s") % {"said": told})
            else:
                cleaned[name] = documents[0].data["value"]
        return cleaned

    def definition(self) -> dict[str, Any]:
        """Return the fields as a document writes them, without empty ones."""
        found = {name: written(self.cleaned_data.get(name), shape) for name, shape in self.shapes.items()}
        return {**{name: value for name, value in found.items() if value not in ("", None, [])}, **self.kept}

    def take_problems(self, error: FolderInvalid) -> None:
        """Put each mistake beside the field it is in."""
        for problem in error.problems:
            self.take_problem(problem)

    def take_problem(self, problem: Problem) -> None:
        """Put one mistake beside its field, with what to write instead."""
        name = problem.field.partition(".")[0].partition("[")[0]
        inner = f"{problem.field}: " if problem.field != name else ""
        self.add_error(name if name in self.fields else None, f"{inner}{problem.message}; {problem.remedy}")


class StepForm(forms.Form):
    """The next step of a claim."""

    status = forms.ChoiceField(widget=forms.Select({"class": "usa-select"}), label=_("Next step"))
    on = forms.CharField(widget=forms.DateInput({"class": "usa-input", "type": "date"}), label=_("When"))
    by = forms.CharField(max_length=200, widget=forms.TextInput({"class": "usa-input"}), label=_("Office or post"))
    evidence = forms.CharField(
        max_length=500,
        widget=forms.TextInput({"class": "usa-input"}),
        label=_("On what ground"),
        help_text=_("The memo, the ordinance, the account. Not needed for a new claim."),
        required=False,
    )
    year = forms.IntegerField(
        widget=forms.NumberInput({"class": "usa-input"}), label=_("Fiscal year, where money is named"), required=False
    )
    amount = forms.DecimalField(
        widget=forms.NumberInput({"class": "usa-input", "step": "0.01"}),
        label=_("Amount budgeted or realised"),
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, now: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> None:
        claim = read_claim(now)
        super().__init__(data, initial={"seen": edition_of(now), "year": claim.first_year})
        self.steps: tuple[Status, ...] = next_steps(claim.status if claim.steps else None)
        self.fields["status"].choices = [(str(one), capfirst(said(one))) for one in self.steps]  # type: ignore[attr-defined]

    def step(self) -> dict[str, Any]:
        """Return the step as a document writes it."""
        cleaned = self.cleaned_data
        found = {name: str(cleaned[name]) for name in ("status", "on", "by", "evidence") if cleaned.get(name)}
        if cleaned["status"] in {Status.BUDGETED, Status.REALISED}:
            amount = cleaned.get("amount")
            return {**found, "year": cleaned.get("year"), "amount": None if amount is None else float(amount)}
        return found


def shapes_of(kind: str) -> dict[str, str]:
    """Return how each field of a kind is written, by its name in documents: what it is first, who may see it last."""
    model = KINDS[kind].model
    named = {field.alias or name: _shape(field.annotation) for name, field in model.model_fields.items()}
    named.pop("key")
    named.pop("original", None)
    return {**{name: shape for name, shape in named.items() if name not in LAST}, **{n: named[n] for n in LAST}}


def field_for(kind: str, name: str, shape: str) -> forms.Field:
    """Return the field of a form for one field of a document."""
    field = next(f for n, f in KINDS[kind].model.model_fields.items() if (f.alias or n) == name)
    help_text = gettext(str(field.description)).replace("`", "")
    told: dict[str, Any] = {"required": field.is_required(), "label": capfirst(gettext(name.replace("_", " ")))}
    choices = _choices([*field.metadata, *_types(field.annotation)])
    if shape == "truth":
        pairs = [("", ""), ("true", said("yes")), ("false", said("no"))]
        return forms.ChoiceField(
            choices=pairs,
            widget=forms.Select({"class": "usa-select"}),
            help_text=help_text,
            **{**told, "required": False},
        )
    if choices:
        pairs = [("", ""), *((one, said(one)) for one in choices)]
        return forms.ChoiceField(
            choices=pairs, widget=forms.Select({"class": "usa-select"}), help_text=help_text, **told
        )
    if shape in {"nested", "list"}:
        how = gettext("One per line.") if shape == "list" else _parts_told(field.annotation)
        attributes = {"class": "usa-textarea", "rows": 3, "spellcheck": "false"}
        area = forms.Textarea(attributes)
        return forms.CharField(max_length=50_000, widget=area, help_text=f"{help_text} {how}", **told)
    if name in LONG:
        area = forms.Textarea({"class": "usa-textarea", "rows": 2})
        return forms.CharField(max_length=5000, widget=area, help_text=help_text, **told)
    return forms.CharField(max_length=1000, widget=forms.TextInput({"class": "usa-input"}), help_text=help_text, **told)


def _parts_told(annotation: Any) -> str:
    """Say how a field that has parts is written, and which parts it has."""
    models = [one for one in _types(annotation) if isinstance(one, type) and issubclass(one, BaseModel)]
    parts = [(part.alias or name, part.is_required()) for one in models for name, part in one.model_fields.items()]
    needed = ", ".join(name for name, wanted in parts if wanted)
    more = ", ".join(name for name, wanted in parts if not wanted)
    told = [gettext("Written as in the city folder (YAML).")]
    if needed:
        told.append(gettext("Each needs: %(names)s.") % {"names": needed})
    if more:
        told.append(gettext("Each may have: %(names)s.") % {"names": more})
    return " ".join(told)


def as_text(value: Any, shape: str) -> str:
    """Return a value as the form shows it."""
    if value is None or value in ((), [], {}):
        return ""
    if shape == "nested":
        return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)).strip()
    if shape == "list":
        return "\n".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def written(value: Any, shape: str) -> Any:
    """Return what a form field says as a document writes it."""
    if shape == "list":
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]
    if shape == "truth":
        return {"true": True, "false": False}.get(str(value))
    if shape == "number" and isinstance(value, str):
        return _number(value.strip())
    return value.strip() if isinstance(value, str) else value


def _number(text: str) -> Any:
    """Return a number where the text is one; else the text, which the check of the document then names."""
    plain = text.replace(",", "")
    try:
        return int(plain) if plain.lstrip("-").isdigit() else float(plain) if plain else ""
    except ValueError:
        return text


def _shape(annotation: Any) -> str:
    """Return how a type is written: truth, number, list, nested or text."""
    kinds = _types(annotation)
    if bool in kinds:
        return "truth"
    if int in kinds or float in kinds:
        return "nested" if dict in kinds else "number"
    if dict in kinds or any(isinstance(one, type) and issubclass(one, BaseModel) for one in kinds):
        return "nested"
    return "list" if tuple in kinds else "text"


def _types(annotation: Any) -> set[Any]:
    origin = get_origin(annotation)
    if origin is None:
        return {annotation}
    inner = {one for argument in get_args(annotation) if argument is not Ellipsis for one in _types(argument)}
    return {origin, *inner}


def _choices(metadata: list[Any]) -> tuple[str, ...]:
    """Return the codes of a field that takes one of several, from how the reference names its type."""
    told = next((one.text for one in metadata if hasattr(one, "text")), "")
    parts = [part.strip() for part in told.split("\\|")]
    return tuple(part.strip("`") for part in parts) if all(p.startswith("`") for p in parts) and told else ()
