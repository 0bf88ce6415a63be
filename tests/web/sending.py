"""What a browser sends from the forms of structures."""

from typing import Any

from cupola.web.structure.forms import PartForm, sent
from cupola.web.structure.models import Structure
from cupola.web.structure.queries.recorded import fields_of


def filled(structure: Structure, group: str, key: str) -> dict[str, Any]:
    """Return what a browser sends when nothing was typed but the reason."""
    form = PartForm(group, fields_of(structure, group, key))
    found: dict[str, Any] = {"seen": form.initial["seen"], "reason": "Law 7"}
    for name in form.names:
        columns = getattr(form.fields[name], "columns", None)
        shown = form.initial.get(name, "")
        found |= {name: shown} if columns is None else sent(name, shown, columns=columns)
    return found
