"""The form in which people give files for a brief."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from cupola.web.planning.queries.briefs import Dropped

MOST_BYTES = 50_000_000  # a packed roster of a million posts is smaller
_TEXT = {"class": "usa-input"}
_FILE = {"class": "usa-file-input", "accept": ".csv,.tsv,.txt,.xlsx,.xls,.json,.parquet,.gz,.zip"}
_YEAR = RegexValidator(r"^\d{4}(-\d\d)?$", _("Write a year, as in 2026, or a month, as in 2026-10."))


def _file(label: Any, *, help_text: Any = "") -> forms.FileField:
    return forms.FileField(label=label, required=False, help_text=help_text, widget=forms.FileInput(_FILE))


def _words(label: Any, *, most: int = 200, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, widget=forms.TextInput(_TEXT), **more)


class BriefForm(forms.Form):
    """A roster, one of an earlier year, a budget; and, where names do not tell, what their columns mean."""

    roster = _file(
        _("List of posts or pay"), help_text=_("One row for each post or person, with its department and its title.")
    )
    earlier = _file(_("The same of an earlier year"), help_text=_("Then the memo says how it has changed."))
    budget = _file(_("Budget"), help_text=_("One row for each account, with its department and its amount."))
    city = _words(_("Name of the city"), most=100)
    roster_year = _words(_("Year of the list"), validators=[_YEAR])
    earlier_year = _words(_("Year of the earlier list"), validators=[_YEAR])
    budget_year = _words(_("Year of the budget"), validators=[_YEAR])
    roster_department = _words(_("Column with the department, in the list"))
    roster_title = _words(_("Column with the title, in the list"))
    roster_annual = _words(_("Column with the pay of a year, in the list"))
    budget_department = _words(_("Column with the department, in the budget"))
    budget_account = _words(_("Column with the account, in the budget"))
    budget_amount = _words(_("Column with the amount, in the budget"))

    def clean(self) -> dict[str, Any]:
        """Ask for one file at least, and for none that is too large."""
        said = super().clean() or {}
        if not any(said.get(name) for name in ("roster", "budget")):
            raise forms.ValidationError(_("Give at least a list of posts or a budget."))
        for name in ("roster", "earlier", "budget"):
            if said.get(name) and (said[name].size or 0) > MOST_BYTES:
                most = filesizeformat(MOST_BYTES)
                self.add_error(
                    name,
                    _("This file is larger than %(most)s. Pack it (gzip), or give fewer columns.") % {"most": most},
                )
        return said

    def files_given(self) -> list[Dropped]:
        """Return the files, each with its kind and year."""
        held: list[tuple[str, str, UploadedFile[Any] | None]] = [
            (kind, self.cleaned_data[f"{name}_year"], self.cleaned_data[name])
            for name, kind in (("roster", "roster"), ("earlier", "roster"), ("budget", "budget"))
        ]
        return [Dropped(kind, upload, year) for kind, year, upload in held if upload]

    def columns(self) -> dict[str, dict[str, str]]:
        """Return the columns that were named, by kind and role."""
        roles = {"roster": ("department", "title", "annual"), "budget": ("department", "account", "amount")}
        return {
            kind: {role: self.cleaned_data[f"{kind}_{role}"] for role in names if self.cleaned_data[f"{kind}_{role}"]}
            for kind, names in roles.items()
        }
