"""Reads of accounts: the city, people, who may do what, and the audit log."""

from cupola.web.accounts.queries.audit import COLUMNS as AUDIT_COLUMNS
from cupola.web.accounts.queries.audit import Wanted, events, integrity, known_actions
from cupola.web.accounts.queries.audit import lines as audit_lines
from cupola.web.accounts.queries.city import is_export_pending, the_city
from cupola.web.accounts.queries.people import events_about, grants_of, has_second_factor, people, people_facts
from cupola.web.accounts.queries.permissions import (
    ACTIONS,
    CAME_BY,
    Action,
    declare_permissions,
    needs_second_factor,
    register_duties,
    roles_anywhere,
    roles_of,
    used_second_factor,
)

__all__ = [
    "ACTIONS",
    "AUDIT_COLUMNS",
    "CAME_BY",
    "Action",
    "Wanted",
    "audit_lines",
    "declare_permissions",
    "events",
    "events_about",
    "grants_of",
    "has_second_factor",
    "integrity",
    "is_export_pending",
    "known_actions",
    "needs_second_factor",
    "people",
    "people_facts",
    "register_duties",
    "roles_anywhere",
    "roles_of",
    "the_city",
    "used_second_factor",
]
