"""Fields that hold several rows: lines, money, limits, and what held for a part of the time. No script is needed.

A row is a set of texts by column. Empty rows stand at the end to be filled; a row whose first column is emptied is
taken out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cupola.folder.kinds.structure import AboutFields
from cupola.orgchart.facts import ATTRIBUTES, Attribute, Funding, Limit, Line
from cupola.orgchart.reading import PLURALS, WRITTEN
from cupola.orgchart.vocabulary import FundingSource, LimitKind, LineType, Status
from cupola.web.structure.queries.words import ATTRIBUTES as WORDS
from cupola.web.structure.queries.words import word

ABOUT = tuple(AboutFields.model_fields)
_ATTRIBUTE_OF = {written: ATTRIBUTES[name] for written, name in WRITTEN.items()}
_HIDDEN = "part"


@dataclass(frozen=True)
class Column:
    """One control of a row. choices: codes of a list to choose from; known: a list of keys or codes offers itself."""

    name: str
    label: Promise | str
    choices: tuple[str, ...] = ()
    help: Promise | str = ""
    known: bool = False
    truth: bool = False


_TO = Column("to", _("Office or post, by key"), known=True)
_TYPE = Column("type", _("Kind of line"), tuple(LineType))
_MONEY = (
    Column("share", _("Share, 0 to 1")),
    Column("amount", _("Amount")),
    Column("yearly", _("The amount is per year"), truth=True),
    Column("funder", _("Who gives it")),
)
_MOST = Column("most", _("The most there may be"), help=_("Posts, or money per purchase."))
_KNOWN = (
    Column("since", _("Since"), help=_("Day, month or year, or unknown. Empty: as its whole life.")),
    Column("until", _("Until"), help=_("The first day on which it no longer held.")),
    Column("begun_by", _("Begun by the act, by key")),
    Column("ended_by", _("Ended by the act, by key")),
    Column("status", _("How it is known"), tuple(Status)),
    Column("sources", _("Sources, by key, with commas between")),
    Column("note", _("Note")),
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "reports_to": (_TO, _TYPE),
    "dotted_to": (_TO, _TYPE),
    "funding": (Column("source", _("Source of the money"), tuple(FundingSource)), *_MONEY),
    "limits": (Column("kind", _("What is limited"), tuple(LimitKind)), _MOST),
}
_SPARE = {"reports_to": 1, "dotted_to": 1, "funding": 1, "limits": 1, "facts": 2}
_MOST_ROWS = 200  # of one field; what a person fills in by hand


def columns_of(group: str, name: str) -> tuple[Column, ...]:
    """Return the columns of a field of an office or a post. group: `offices` or `posts`."""
    if name != "facts":
        return COLUMNS[name]
    of = group.removesuffix("s")
    what = tuple(written for written, one in _ATTRIBUTE_OF.items() if of in one.of)
    value = Column("value", _("Value"), help=_("A text, a number, a key or a code."), known=True)
    return (Column("what", _("What"), what), value, _TYPE, *_MONEY, *_KNOWN)


class RowsWidget(forms.Widget):
    """Rows of controls, each with its own label."""

    template_name = "structure/rows.html"

    def __init__(self, columns: tuple[Column, ...], *, spare: int, single: bool) -> None:
        super().__init__()
        self.columns, self.spare, self.single = columns, spare, single

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return the rows to draw: those there are, then empty ones."""
        context = super().get_context(name, value, attrs)
        rows = list(value or [])
        spare = 0 if self.single and rows else self.spare
        drawn = [*rows, *({} for _ in range(spare))]
        context["rows"] = [
            {
                "number": number,
                "empty": number >= len(rows),
                "part": row.get(_HIDDEN, ""),
                "says": _says(row),
                "cells": [_cell(f"{name}-{number}", column, row) for column in self.columns],
            }
            for number, row in enumerate(drawn)
        ]
        return {**context, "single": self.single, "name": name, "parted": self.columns[0].name == "what"}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        """Return the rows that were sent, without those whose first column is empty."""
        found = []
        for number in range(_MOST_ROWS):
            if f"{name}-{number}-{self.columns[0].name}" not in data:
                break
            names = (*(column.name for column in self.columns), _HIDDEN)
            row = {one: str(data.get(f"{name}-{number}-{one}", "")).strip() for one in names}
            if row[self.columns[0].name]:
                found.append({one: text for one, text in row.items() if text})
        return found


class RowsField(forms.Field):
    """Several rows, as a list of texts by column."""

    def __init__(self, group: str, name: str, **more: Any) -> None:
        self.columns = columns_of(group, name)
        super().__init__(widget=RowsWidget(self.columns, spare=_SPARE[name], single=name == "reports_to"), **more)

    def clean(self, value: Any) -> list[dict[str, str]]:
        """Return the rows; what is wrong in them the check of the document says."""
        return list(value or [])


def sent(name: str, rows: Iterable[Mapping[str, str]], *, columns: Sequence[Column]) -> dict[str, str]:
    """Return what a browser sends for rows as they are shown."""
    found = {}
    for number, row in enumerate(rows):
        for column in (*(one.name for one in columns), _HIDDEN):
            found[f"{name}-{number}-{column}"] = row.get(column, "")
    return found


def rows_of(name: str, value: Any) -> list[dict[str, str]]:
    """Return a field of a document as rows."""
    if value in (None, ""):
        return []
    several = value if isinstance(value, list | tuple) else [value]
    if name != "facts":
        return [
            _texts({"to" if name.endswith("_to") else "source": one} if isinstance(one, str) else one)
            for one in several
        ]
    rows = []
    for number, part in enumerate(several):
        about = _texts({key: part[key] for key in ABOUT if key in part})
        for written in (one for one in part if one not in ABOUT):
            values = part[written]
            for one in values if isinstance(values, list | tuple) else [values]:
                rows.append(
                    {"what": written, **_value_texts(_ATTRIBUTE_OF[written], one), **about, _HIDDEN: str(number)}
                )
    return rows


def document_of(name: str, rows: Sequence[Mapping[str, str]]) -> Any:
    """Return rows as a document writes the field; what is no number stays a text, which the check then names."""
    if name == "facts":
        return _parts(rows)
    written = [_plain(row) for row in rows]
    if name == "reports_to":
        return written[0] if written else None
    return written


def _parts(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return parts of a life: rows of one part, with the same time and sources, stay together."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for number, row in enumerate(rows):
        about = {key: row[key] for key in ABOUT if row.get(key)}
        place = (row.get(_HIDDEN) or f"new {number}", *(about.get(key, "") for key in ABOUT))
        part = found.setdefault(place, {**_plain(about)})
        attribute = _ATTRIBUTE_OF.get(row["what"])
        value = _value(attribute, row)
        if row["what"] in PLURALS or (attribute is not None and attribute.many):
            part.setdefault(row["what"], []).append(value)
        else:
            part[row["what"]] = value
    return list(found.values())


def _value_texts(attribute: Attribute, value: Any) -> dict[str, str]:
    """Return a value of a part in the columns of its row."""
    if isinstance(value, Mapping):
        first = {Line: "to", Funding: "source", Limit: "kind"}[attribute.type]
        said = _texts({name: one for name, one in value.items() if name != first})
        if attribute.type is Limit:
            said["amount"] = said.pop("most", "")
        return {"value": str(value[first]), **said}
    return {"value": _text(value)}


def _value(attribute: Attribute | None, row: Mapping[str, str]) -> Any:
    text = row.get("value", "")
    if attribute is None:
        return text
    if attribute.type is Line:
        return _plain({"to": text, "type": row.get("type", "")})
    if attribute.type is Funding:
        return _plain({"source": text, **{one.name: row.get(one.name, "") for one in _MONEY}})
    if attribute.type is Limit:
        return _plain({"kind": text, "most": row.get("amount", "")})
    if attribute.type is bool:
        return {"true": True, "false": False}.get(text, text)
    return number_in(text) if attribute.type.__name__ == "Decimal" else text


def _plain(row: Mapping[str, str]) -> dict[str, Any]:
    """Return what is filled in, numbers and lists as such."""
    found: dict[str, Any] = {}
    for name, text in row.items():
        if not text or name == _HIDDEN:
            continue
        if name == "sources":
            found[name] = [one.strip() for one in text.split(",") if one.strip()]
        elif name in {"share", "amount", "most"}:
            found[name] = number_in(text)
        else:
            found[name] = True if name == "yearly" else text
    return found


def number_in(text: str) -> Any:
    """Return a number where the text is one; else the text, which the check of the document then names."""
    plain = text.replace(",", "")
    try:
        found = int(plain) if plain.isdigit() else float(plain)
    except ValueError:
        return text
    return found if isfinite(found) else text


def _texts(said: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in said.items() if value not in (None, "", (), [], False)}


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _says(row: Mapping[str, str]) -> str:
    """Return a row in short, for what is folded."""
    attribute = _ATTRIBUTE_OF.get(row.get("what", ""))
    if attribute is None:
        return row.get("what", "")
    value = row.get("value", "")
    times = (row.get(name) or row.get(act, "") for name, act in (("since", "begun_by"), ("until", "ended_by")))
    known = ", ".join(time for time in times if time)
    told = f"{WORDS[attribute.name]}: {word(value)}"
    return f"{told} ({known})" if known else told


def _name(written: str) -> str:
    attribute = _ATTRIBUTE_OF.get(written)
    return word(written) if attribute is None else str(WORDS[attribute.name])


def _cell(place: str, column: Column, row: Mapping[str, str]) -> dict[str, Any]:
    """Return one control. place: name of the field and number of the row."""
    value = row.get(column.name, "")
    codes = [*column.choices, *([value] if value and value not in column.choices else [])] if column.choices else []
    spoken = [(code, _name(code) if column.name == "what" else word(code)) for code in codes]
    return {
        "id": f"id_{place}-{column.name}",
        "name": f"{place}-{column.name}",
        "label": column.label,
        "help": column.help,
        "value": value,
        "choices": [("", gettext("(none)")), *spoken] if codes else [],
        "known": column.known,
        "truth": column.truth,
    }
