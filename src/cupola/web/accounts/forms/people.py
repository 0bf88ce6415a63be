"""Forms that make accounts and give roles. Each field is named here: nothing else of an account can be posted."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cupola.web.accounts.models import Role


class PersonForm(forms.Form):
    """A new account."""

    name = forms.CharField(label=_("User name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    full_name = forms.CharField(label=_("Full name"), max_length=300, required=False)


class RoleForm(forms.Form):
    """A role to give or to take."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    department = forms.CharField(
        label=_("Department"), max_length=200, required=False, help_text=_("Empty for the whole city.")
    )
    reason = forms.CharField(label=_("Why?"), max_length=500)


class ReasonForm(forms.Form):
    """Why something is done to an account."""

    reason = forms.CharField(label=_("Why?"), max_length=500)
