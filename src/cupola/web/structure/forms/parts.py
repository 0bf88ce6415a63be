"""Forms for offices, posts and acts: one column, help beside every field, a reason, and the edition they were filled
from.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cupola.folder import FolderInvalid
from cupola.folder.kinds.structure import AboutFields, EventFields, OfficeFields, PostFields
from cupola.orgchart.vocabulary import (
    Appointment,
    Employer,
    EventKind,
    Function,
    HousedIn,
    Mandate,
    OfficeKind,
    Scope,
    Sector,
    Status,
)
from cupola.web.structure.actions import edition_of
from cupola.web.structure.forms.rows import RowsField, document_of, number_in, rows_of
from cupola.web.structure.models import Act, Office, Post
from cupola.web.structure.queries.problems import problem_words
from cupola.web.structure.queries.words import ATTRIBUTES, word

MODELS: Mapping[str, type[OfficeFields] | type[PostFields] | type[EventFields]] = {
    Office.group: OfficeFields,
    Post.group: PostFields,
    Act.group: EventFields,
}
CHOICES: Mapping[str, type[Any]] = {
    "kind": OfficeKind,
    "housed_in": HousedIn,
    "mandate": Mandate,
    "scope": Scope,
    "appointment": Appointment,
    "employer": Employer,
    "status": Status,
}
SEVERAL: Mapping[str, type[Any]] = {"functions": Function, "sectors": Sector}  # ticked in a list
LISTS = ("tools", "users", "purchases", "sources", "subjects", "origins", "results")
NESTED = ("reports_to", "dotted_to", "funding", "limits", "facts")
KEYS = ("part_of", "headed_by", "works_in", "paid_by")
_PLURAL = {"function": "functions", "limit": "limits", "tool": "tools", "user": "users"}
_PLURAL |= {"sector": "sectors", "purchase": "purchases"}
TRUTHS = ("filled", "meets_peers")
LABELS: Mapping[str, Promise] = {
    "functions": ATTRIBUTES["function"],
    "limits": ATTRIBUTES["limit"],
    "tools": ATTRIBUTES["tool"],
    "purchases": ATTRIBUTES["purchase"],
    "sectors": ATTRIBUTES["sector"],
    "on": _("when it was"),
    "kinds": _("what it was"),
    "title": _("in one line"),
    "subjects": _("offices and posts it was about"),
    "origins": _("what it came out of"),
    "results": _("what it went into"),
    "order": _("place among the acts of the day"),
    "amount": _("money involved"),
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
    """The fields of an office, a post or an act.

    group: `offices`, `posts` or `events`; now: what is recorded, None for a new one; known: keys and names of the
    offices and posts that fields may point at; life: which of its times the fields are of, see `lives_of`.
    """

    reason = forms.CharField(
        max_length=500,
        widget=forms.TextInput({"class": "usa-input"}),
        label=_("Why this change?"),
        help_text=_("One sentence. It is kept in the history."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        group: str,
        now: Mapping[str, Any] | None,
        data: Mapping[str, Any] | None = None,
        *,
        known: Mapping[str, str] | None = None,
        life: int = 0,
    ) -> None:
        self.group, self.names, self.known = group, _names(group), known or {}
        self.lives, self.life = [*lives_of(now), {}], life
        there = self.lives[life]
        initial = {name: as_shown(name, there.get(_FIELDS.get((group, name), name))) for name in self.names}
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

    def definition(self, key: str = "") -> dict[str, Any]:
        """Return the fields as a structure document writes them, without empty ones. key: of an act, which holds it.

        A later time all of whose fields were emptied is taken out.
        """
        found = {
            _FIELDS.get((self.group, name), name): _written(name, self.cleaned_data.get(name)) for name in self.names
        }
        filled = {name: value for name, value in found.items() if value not in ("", None, [])}
        first, *later = [filled if place == self.life else life for place, life in enumerate(self.lives)]
        again = [life for life in later if life]
        return {**({"key": key} if self.group == Act.group else {}), **first, **({"again": again} if again else {})}

    def take_problems(self, error: FolderInvalid, key: str) -> None:
        """Put each mistake beside the field it is in, in the reader's words."""
        start = f"{self.group}.{key}."
        for problem in error.problems:
            path = _ACT.sub(start, problem.field) if self.group == Act.group else problem.field
            path = re.sub(rf"^{re.escape(start)}again(\[{self.life - 1}\]|\.{self.life - 1})\.", start, path)
            name = path.removeprefix(start).partition(".")[0].partition("[")[0]
            if not path:  # of the whole document: it begins with what it is about, as `it, part_of: ...`
                name = problem.message.removeprefix(f"{key}, ").removeprefix(f"event {key}").partition(":")[0]
                name = _PLURAL.get(name, name) or "subjects"
            name = next(
                (form for (group, form), field in _FIELDS.items() if (group, field) == (self.group, name)), name
            )
            known = name in self.fields and (not path or path.startswith(start))
            self.add_error(name if known else None, problem_words(problem))


def lives_of(now: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the times in which an office or post was there, the first one first; one where it was never closed."""
    first = {name: value for name, value in (now or {}).items() if name != "again"}
    return [first, *((now or {}).get("again") or ())]


_FIELDS = {(Act.group, "kinds"): "kind"}  # of an act `kind` is several, of an office one
_ACT = re.compile(r"^events(\[\d+\]|\.\d+)\.")


def field_for(group: str, name: str) -> forms.Field:
    """Return the field of a form for one field of a structure document."""
    said: dict[str, Any] = {
        "required": False,
        "label": capfirst(str(LABELS.get(name) or ATTRIBUTES.get(name) or name.replace("_", " "))),
        "help_text": help_for(group, name),
    }
    if name in SEVERAL or name == "kinds":
        choices = [(str(one), word(one)) for one in SEVERAL.get(name, EventKind)]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple(), **said)
    if name in CHOICES or name in TRUTHS:
        truths = [("true", word("yes")), ("false", word("no"))]
        choices = truths if name in TRUTHS else [(str(one), word(one)) for one in CHOICES[name]]
        none = word("unknown") if name in TRUTHS else gettext("(none)")
        return forms.ChoiceField(choices=[("", none), *choices], widget=forms.Select({"class": "usa-select"}), **said)
    if name in NESTED:
        return RowsField(group, name, **said)
    if name in LISTS:
        attributes = {"class": "usa-textarea", "rows": 3, "spellcheck": "false"}
        return forms.CharField(max_length=20_000, widget=forms.Textarea(attributes), **said)
    attributes = {"class": "usa-input", **({"list": "known-keys"} if name in KEYS else {})}
    return forms.CharField(max_length=1000, widget=forms.TextInput(attributes), **said)


def help_for(group: str, name: str) -> str:
    """Return what a field is for, as the reference of structure documents says it, and how to write it."""
    field = MODELS[group].model_fields[_FIELDS.get((group, name), name)]
    said = gettext("To whom it reports.") if name == "reports_to" else gettext(str(field.description))
    if name in LISTS:
        return f"{said} {gettext('One per line.')}"
    return f"{said} {gettext('Empty the first field of a row to take it out.')}" if name in NESTED else said


def as_shown(name: str, value: Any) -> Any:
    """Return a value as the form shows it: a text, or rows, or what is ticked."""
    if name in NESTED:
        return rows_of(name, value)
    if name in SEVERAL or name == "kinds":
        return [value] if isinstance(value, str) else [str(one) for one in value or ()]
    if value is None or value == () or value == []:
        return ""
    if name in LISTS:
        return "\n".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _written(name: str, value: Any) -> Any:
    if name in NESTED:
        return document_of(name, value or [])
    if name in SEVERAL or name == "kinds":
        return list(value or [])
    if name in LISTS:
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        return [number_in(line) for line in lines] if name == "purchases" else lines
    if name in TRUTHS:
        return {"true": True, "false": False}.get(str(value))
    if isinstance(value, str):
        return number_in(value.strip()) if name in _AMOUNTS else value.strip()
    return value


_AMOUNTS = ("staff", "budget", "fte", "cost", "seats", "members", "quorum", "order")


def _names(group: str) -> tuple[str, ...]:
    """Return the fields: what is said of it, then for a part of the time, then how that is known."""
    if group == Act.group:
        return ("on", "kinds", *(name for name in EventFields.model_fields if name not in {"key", "on", "kind"}))
    last = ("facts", *AboutFields.model_fields)
    return (*(name for name in MODELS[group].model_fields if name not in {*last, "again"}), *last)
