"""People with accounts: their roles, their second factors, their sessions."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Exists, OuterRef, Q, QuerySet

from cupola.web.accounts.models import Event, Grant, User
from cupola.web.accounts.queries.permissions import SECOND_FACTORS

OF_PERSON = "user"


def held_now(at: datetime) -> Q:
    """Return what selects the grants that hold at a moment."""
    return Q(since__lte=at) & (Q(until=None) | Q(until__gt=at))


def grants_of(person: User, *, at: datetime) -> QuerySet[Grant]:
    """Return the grants a person has at a moment."""
    return person.grants.filter(held_now(at))


def people() -> QuerySet[User]:
    """Return every account by name, with `has_second_factor` and `came_by_provider`."""
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    account = SocialAccount.objects.filter(user=OuterRef("pk"))
    found = User.objects.annotate(has_second_factor=Exists(factor), came_by_provider=Exists(account))
    return found.prefetch_related("grants").order_by("username")


def has_second_factor(person: User) -> bool:
    """Whether a person has set up an authenticator app."""
    return bool(Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS).exists())


def people_facts(*, at: datetime) -> list[dict[str, Any]]:
    """Return one line per account as plain values."""
    return [_facts(person, at=at) for person in people()]


def _facts(person: Any, *, at: datetime) -> dict[str, Any]:
    held = [one for one in person.grants.all() if one.since <= at and (one.until is None or one.until > at)]
    return {
        "name": person.username,
        "email": person.email,
        "full_name": person.get_full_name(),
        "roles": [f"{one.role} of {one.department}" if one.department else one.role for one in held],
        "second_factor": person.has_second_factor,
        "signed_in_at": person.last_login.isoformat() if person.last_login else None,
        "active": person.is_active,
    }


def events_about(person: User) -> QuerySet[Event]:
    """Return what was done to an account, newest first."""
    return Event.objects.filter(target_kind=OF_PERSON, target_key=person.key)
