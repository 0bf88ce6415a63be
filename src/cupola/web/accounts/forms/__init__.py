"""Forms of signing in, people and the audit log."""

from cupola.web.accounts.forms.audit import AuditFilter
from cupola.web.accounts.forms.people import PersonForm, ReasonForm, RoleForm
from cupola.web.accounts.forms.signing_in import SignInForm

__all__ = ["AuditFilter", "PersonForm", "ReasonForm", "RoleForm", "SignInForm"]
