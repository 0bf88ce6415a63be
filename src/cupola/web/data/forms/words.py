"""Forms for the words of a dataset: one column, help beside every field, a reason where the public reads them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from cupola.web.data import queries
from cupola.web.data.models import Dataset

LONG = {"description", "notes", "meaning"}
LABELS: dict[str, Promise] = {
    "title": gettext_lazy("Title"),
    "row": gettext_lazy("What one row is"),
    "description": gettext_lazy("Description"),
    "department": gettext_lazy("Department"),
    "topic": gettext_lazy("Topic"),
    "steward": gettext_lazy("Steward"),
    "contact": gettext_lazy("Contact"),
    "license": gettext_lazy("License"),
    "keywords": gettext_lazy("Keywords"),
    "notes": gettext_lazy("Known issues"),
    "meaning": gettext_lazy("Meaning"),
}
HELP: dict[str, Promise] = {
    "title": gettext_lazy("What people call it, in a few words."),
    "row": gettext_lazy("As in: one building permit."),
    "description": gettext_lazy("What it holds and since when, for someone who has never seen it."),
    "department": gettext_lazy("The department it belongs to."),
    "topic": gettext_lazy("The subject it is listed under."),
    "steward": gettext_lazy("The office or post that answers for its meaning and quality; no name of a person."),
    "contact": gettext_lazy("Where questions go: an address of an office."),
    "license": gettext_lazy("The terms of use, by their address or name. Empty: the city's."),
    "keywords": gettext_lazy("Words people search for, one per line."),
    "notes": gettext_lazy("What is known to be wrong or missing, one issue per line."),
    "meaning": gettext_lazy("What a value says, in one sentence."),
}


class WordsForm(forms.Form):
    """Fields for the words under some paths, the reason, and the edition they were filled from."""

    reason = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput({"class": "usa-input"}),
        label=gettext_lazy("Why this change?"),
        help_text=gettext_lazy("One sentence. It is kept in the history and, for a public dataset, told in the feed."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, dataset: Dataset, paths: Iterable[str], data: Mapping[str, Any] | None = None) -> None:
        self.dataset, self.paths = dataset, tuple(paths)
        definition = dataset.definition
        initial: dict[str, Any] = {path: as_text(queries.words_at(definition, path)) for path in self.paths}
        super().__init__(data, initial={**initial, "seen": queries.edition_of(definition)})
        for path in self.paths:
            self.fields[path] = field_for(path)
        self.fields["reason"].required = dataset.released
        self.fields["reason"].error_messages["required"] = _("The public reads this, so say why it changes.")

    def words(self) -> dict[str, Any]:
        """Return the words as a definition holds them: lists as lists."""
        return {path: as_words(path, self.cleaned_data[path]) for path in self.paths}

    def groups(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield the fields in groups, each with its heading (empty for the first)."""
        headings: dict[str, list[Any]] = {}
        for path in self.paths:
            headings.setdefault(heading_of(path), []).append(self[path])
        yield from headings.items()


def field_for(path: str) -> forms.CharField:
    """Return the field for what stands under a path."""
    name = path.rpartition(".")[2]
    long = name in LONG or queries.is_list(path)
    attributes: dict[str, Any] = {"class": "usa-textarea" if long else "usa-input"}
    if long:
        attributes["rows"] = 2 if name == "meaning" else 6
    if path.startswith("translations."):
        attributes["lang"] = path.split(".")[1]
    widget = forms.Textarea(attributes) if long else forms.TextInput(attributes)
    return forms.CharField(
        required=path == "title",
        max_length=20_000 if long else 300,
        label=str(LABELS[name]),
        help_text="" if path.startswith(("columns.", "translations.")) else str(HELP[name]),
        widget=widget,
    )


def heading_of(path: str) -> str:
    """Return the heading the field of a path stands under: a column's name, a language."""
    way = path.split(".")
    if way[0] == "translations":
        language = str(get_language_info(way[1])["name_local"]).capitalize()
        return f"{way[3]} · {language}" if way[2] == "columns" else language
    return way[1] if way[0] == "columns" else ""


def as_text(value: Any) -> str:
    """Return words as one text, a list as lines."""
    return "\n".join(value) if isinstance(value, list) else str(value)


def as_words(path: str, text: str) -> Any:
    """Return a text as a definition holds it: a list where it is one, lines without empty ones."""
    if queries.is_list(path):
        return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return text.replace("\r\n", "\n").strip()
