"""Forms for offices and posts: one column, help beside every field, a reason, and the edition they were filled from."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cupola.folder import FolderInvalid
from cupola.folder.documents import parse_yaml
from cupola.folder.kinds.structure import AboutFields, OfficeFields, PostFields
from cupola.orgchart.vocabulary import Appointment, Employer, Function, HousedIn, Mandate, OfficeKind, Scope, Status
from cupola.web.structure.actions import edition_of
from cupola.web.structure.models import Office, Post
from cupola.web.structure.queries.words import ATTRIBUTES, word

MODELS: Mapping[str, type[OfficeFields] | type[PostFields]] = {Office.group: OfficeFields, Post.group: PostFields}
CHOICES: Mapping[str, type[Any]] = {
    "kind": OfficeKind,
    "housed_in": HousedIn,
    "mandate": Mandate,
    "scope": Scope,
    "appointment": Appointment,
    "employer": Employer,
    "status": Status,
}
LISTS = ("functions", "tools", "users", "sources", "sectors")
NESTED = ("reports_to", "dotted_to", "funding", "limits", "facts")
_PLURAL = {"function": "functions", "limit": "limits", "tool": "tools", "user": "users", "sector": "sectors"}
TRUTHS = ("filled", "meets_peers")
LABELS: Mapping[str, Promise] = {
    "functions": ATTRIBUTES["function"],
    "limits": ATTRIBUTES["limit"],
    "tools": ATTRIBUTES["tool"],
    "users": ATTRIBUTES["user"],
    "facts": _("for a part of the time"),
    "since": _("since"),
    "until": _("until"),
    "begun_by": _("begun by the act"),
    "ended_by": _("ended by the act"),
    "status": _("how it is known"),
    "sources": _("sources"),
    "note": _("note"),
}


class PartForm(forms.Form):
    """The fields of an office or a post. group: `offices` or `posts`; now: what is recorded, None for a new one."""

    reason = forms.CharField(
        max_length=500,
        widget=forms.TextInput({"class": "usa-input"}),
        label=_("Why this change?"),
        help_text=_("One sentence. It is kept in the history."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, group: str, now: Mapping[str, Any] | None, data: Mapping[str, Any] | None = None) -> None:
        self.group, self.names = group, _names(group)
        initial = {name: as_text(name, (now or {}).get(name)) for name in self.names}
        super().__init__(data, initial={**initial, "seen": edition_of(now)})
        if now is None:
            self.fields["key"] = forms.SlugField(
                max_length=100,
                widget=forms.TextInput({"class": "usa-input"}),
                label=_("Key"),
                help_text=_("Small letters, digits and hyphens. It stays when the name changes."),
            )
        for name in self.names:
            self.fields[name] = field_for(group, name)

    def parts(self) -> Iterator[Any]:
        """Yield the fields in their order, without reason and edition."""
        yield from (self[name] for name in (*(["key"] if "key" in self.fields else []), *self.names))

    def clean(self) -> dict[str, Any]:
        """Read what is written as YAML, and name the field that is none."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in (one for one in NESTED if cleaned.get(one)):
            lines = "".join(f"  {line}\n" for line in str(cleaned[name]).splitlines())
            documents, syntax = parse_yaml(f"value:\n{lines}")
            if syntax is not None or len(documents) != 1:
                said = "" if syntax is None else f"{syntax.message}; {syntax.remedy}"
                self.add_error(name, gettext("This cannot be read as YAML: %(said)s") % {"said": said})
            else:
                cleaned[name] = documents[0].data["value"]
        return cleaned

    def definition(self) -> dict[str, Any]:
        """Return the fields as a structure document writes them, without empty ones."""
        found = {name: _written(name, self.cleaned_data.get(name)) for name in self.names}
        return {name: value for name, value in found.items() if value not in ("", None, [])}

    def take_problems(self, error: FolderInvalid, key: str) -> None:
        """Put each mistake beside the field it is in."""
        start = f"{self.group}.{key}."
        for problem in error.problems:
            name = problem.field.removeprefix(start).partition(".")[0].partition("[")[0]
            if not problem.field:  # of the whole document: it begins with what it is about, as `it, part_of: ...`
                name = problem.message.removeprefix(f"{key}, ").partition(":")[0]
                name = _PLURAL.get(name, name)
            known = name in self.fields and (not problem.field or problem.field.startswith(start))
            self.add_error(name if known else None, f"{problem.message}; {problem.remedy}")


def field_for(group: str, name: str) -> forms.Field:
    """Return the field of a form for one field of a structure document."""
    said: dict[str, Any] = {
        "required": False,
        "label": capfirst(str(LABELS.get(name) or ATTRIBUTES.get(name) or name.replace("_", " "))),
        "help_text": help_for(group, name),
    }
    if name in CHOICES:
        choices = [("", ""), *((str(one), word(one)) for one in CHOICES[name])]
        return forms.ChoiceField(choices=choices, widget=forms.Select({"class": "usa-select"}), **said)
    if name in TRUTHS:
        choices = [("", word("unknown")), ("true", word("yes")), ("false", word("no"))]
        return forms.ChoiceField(choices=choices, widget=forms.Select({"class": "usa-select"}), **said)
    if name in NESTED or name in LISTS:
        attributes = {"class": "usa-textarea", "rows": 8 if name == "facts" else 3, "spellcheck": "false"}
        return forms.CharField(max_length=20_000, widget=forms.Textarea(attributes), **said)
    return forms.CharField(max_length=1000, widget=forms.TextInput({"class": "usa-input"}), **said)


def help_for(group: str, name: str) -> str:
    """Return what a field is for, as the reference of structure documents says it, and how to write it."""
    said = gettext(str(MODELS[group].model_fields[name].description)).replace("`", "")
    if name == "functions":
        said = f"{said} {', '.join(Function)}."
    if name in LISTS:
        return f"{said} {gettext('One per line.')}"
    return f"{said} {gettext('Written as in a structure document (YAML).')}" if name in NESTED else said


def as_text(name: str, value: Any) -> str:
    """Return a value as the form shows it."""
    if value is None or value == () or value == []:
        return ""
    if name in NESTED:
        if isinstance(value, Mapping) and set(value) == {"to"}:
            return str(value["to"])
        return str(yaml.safe_dump(_plain(value), sort_keys=False, allow_unicode=True)).strip()
    if name in LISTS:
        return "\n".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _written(name: str, value: Any) -> Any:
    if name in LISTS:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]
    if name in TRUTHS:
        return {"true": True, "false": False}.get(str(value))
    if isinstance(value, str):
        return _number(value.strip()) if name in _AMOUNTS else value.strip()
    return value


_AMOUNTS = ("staff", "budget", "fte", "cost", "seats", "members", "quorum")


def _number(text: str) -> Any:
    """Return a number where the text is one; else the text, which the check of the document then names."""
    plain = text.replace(",", "")
    try:
        return int(plain) if plain.isdigit() else float(plain)
    except ValueError:
        return text


def _names(group: str) -> tuple[str, ...]:
    """Return the fields: what is said of it, then for a part of the time, then how that is known."""
    last = ("facts", *AboutFields.model_fields)
    return (*(name for name in MODELS[group].model_fields if name not in last), *last)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
