"""Users and their roles, the city, the audit log, and what a city folder last applied."""

from cupola.web.accounts.models.appendonly import AppendOnly, AppendOnlyQuerySet, OnlyAdded
from cupola.web.accounts.models.applied import Applied
from cupola.web.accounts.models.city import City, check_time_zone
from cupola.web.accounts.models.events import Event
from cupola.web.accounts.models.people import Grant, Role, User

__all__ = [
    "AppendOnly",
    "AppendOnlyQuerySet",
    "Applied",
    "City",
    "Event",
    "Grant",
    "OnlyAdded",
    "Role",
    "User",
    "check_time_zone",
]
