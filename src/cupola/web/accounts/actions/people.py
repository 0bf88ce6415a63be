"""Accounts made, blocked and opened again; roles given and taken."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from cupola.errors import Conflict, InvalidInput, NotAllowed, NotFound
from cupola.web.accounts.models import Event, Grant, Role, User

PERMISSION = "accounts.manage_people"


class MayNotManagePeople(NotAllowed):
    """Only an administrator changes accounts and roles, and never their own."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not change this account. Another administrator can.")


class PersonUnknown(NotFound):
    """No account has this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is no account {name!r}. `cupola people list` shows what there is.")


class PersonExists(Conflict):
    """Another account has this name or address."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is an account {name!r} already. Choose another name, or change that account.")


class RoleUnknown(InvalidInput):
    """There is no such role."""

    def __init__(self, role: str) -> None:
        self.role = role
        super().__init__(f"There is no role {role!r}. Write one of: {', '.join(Role.values)}.")


class PersonInvalid(InvalidInput):
    """A name or an address cannot be an account's."""


@dataclass(frozen=True)
class RoleFor:
    """A role for the whole city or one department. `origin`: the provider whose groups give it, or nothing."""

    role: str
    department: str = ""
    origin: str = ""

    def facts(self) -> dict[str, str]:
        """Return its parts by name."""
        return asdict(self)


def find_person(name: str) -> User:
    """Return the account called `name`. Raises PersonUnknown."""
    person = User.objects.filter(username=name).first()
    if person is None:
        raise PersonUnknown(name)
    return person


def check_may_manage(by: User | str, person: User | None = None) -> None:
    """Raise MayNotManagePeople unless `by` administers people, and is not `person`. Commands name who typed them."""
    if isinstance(by, User) and (not by.has_perm(PERMISSION) or (person is not None and by.pk == person.pk)):
        raise MayNotManagePeople(by.get_username())


@transaction.atomic
def add_person(name: str, *, email: str, full_name: str = "", at: datetime, by: User | str) -> User:
    """Make an account without a password; its owner sets one by a link. Raises PersonExists and PersonInvalid."""
    check_may_manage(by)
    first, _, last = full_name.strip().partition(" ")
    person = User(username=name, email=email.lower(), first_name=first[:150], last_name=last[:150], is_staff=True)
    try:
        User.username_validator(name)
        validate_email(email)
    except ValidationError as error:
        raise PersonInvalid(f"{name} <{email}>: {' '.join(error.messages)}") from error
    if User.objects.filter(username__iexact=name).exists():
        raise PersonExists(name)
    if EmailAddress.objects.filter(email__iexact=email).exists() or User.objects.filter(email__iexact=email).exists():
        raise PersonExists(email)
    person.set_unusable_password()
    person.save()
    EmailAddress.objects.create(user=person, email=email.lower(), primary=True, verified=False)
    Event.record("accounts.person_added", person, at=at, by=by)
    return person


@transaction.atomic
def give_role(person: User, wanted: RoleFor, *, reason: str = "", at: datetime, by: User | str) -> Grant | None:
    """Give `person` a role, and return the grant; None where they had it. Raises RoleUnknown, MayNotManagePeople."""
    check_may_manage(by, person)
    if wanted.role not in Role.values:
        raise RoleUnknown(wanted.role)
    held = {"person": person, **wanted.facts(), "until": None}
    if Grant.objects.filter(**held).exists():
        return None
    name = by if isinstance(by, str) else by.get_username()
    grant = Grant(**held, since=at, given_by=name)
    grant._history_date = at  # type: ignore[attr-defined]  # read by simple-history
    grant.full_clean()
    grant.save()
    Event.record("accounts.role_given", person, at=at, by=by, reason=reason, detail=wanted.facts())
    return grant


@transaction.atomic
def take_role(person: User, held: RoleFor, *, reason: str = "", at: datetime, by: User | str) -> bool:
    """End a grant, and return whether there was one. Raises MayNotManagePeople, RoleUnknown."""
    check_may_manage(by, person)
    if held.role not in Role.values:
        raise RoleUnknown(held.role)
    grant = Grant.objects.filter(person=person, **held.facts(), until=None).first()
    if grant is None:
        return False
    grant.until = max(at, grant.since)
    grant._history_date = at  # type: ignore[attr-defined]  # read by simple-history
    grant.save(update_fields=["until"])
    Event.record("accounts.role_taken", person, at=at, by=by, reason=reason, detail=held.facts())
    return True


@transaction.atomic
def give_roles_of_groups(person: User, wanted: Iterable[tuple[str, str]], *, provider: str, at: datetime) -> None:
    """Bring the roles that `provider` gave `person` in line with `wanted`, pairs of role and department."""
    wanted = {*wanted}
    held = {*Grant.objects.filter(person=person, origin=provider, until=None).values_list("role", "department")}
    by = f"groups of {provider}"
    for role, department in sorted(held - wanted):
        take_role(person, RoleFor(role, department, provider), at=at, by=by)
    for role, department in sorted(wanted - held):
        give_role(person, RoleFor(role, department, provider), at=at, by=by)


@transaction.atomic
def block_person(person: User, *, reason: str = "", at: datetime, by: User | str) -> None:
    """Let `person` sign in no more, and end every session at once. Their grants stay, for the day they come back."""
    check_may_manage(by, person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    Event.record("accounts.person_blocked", person, at=at, by=by, reason=reason)
    end_sessions(person, at=at, by=by)


@transaction.atomic
def unblock_person(person: User, *, reason: str = "", at: datetime, by: User | str) -> None:
    """Let `person` sign in again."""
    check_may_manage(by, person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    Event.record("accounts.person_unblocked", person, at=at, by=by, reason=reason)


@transaction.atomic
def end_sessions(person: User, *, at: datetime, by: User | str) -> int:
    """End every session of `person`, and return how many there were."""
    check_may_manage(by, person)
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    Event.record("accounts.sessions_ended", person, at=at, by=by, detail={"sessions": len(sessions)})
    return len(sessions)


@transaction.atomic
def reset_second_factor(person: User, *, reason: str = "", at: datetime, by: User | str) -> int:
    """Remove every second factor of `person`, who lost theirs and was recognised; return how many there were."""
    check_may_manage(by, person)
    removed: int = 0
    removed, _ = Authenticator.objects.filter(user=person).delete()
    Event.record("accounts.second_factor_reset", person, at=at, by=by, reason=reason)
    end_sessions(person, at=at, by=by)
    return removed


def password_link(person: User, *, site: str = "", at: datetime, by: User | str) -> str:
    """Return the address where `person` sets a password: once, and within `PASSWORD_RESET_TIMEOUT`.

    site: what the address begins with; nothing for the first of the allowed hosts.
    """
    check_may_manage(by, person)
    token = EmailAwarePasswordResetTokenGenerator().make_token(person)
    named = {"uidb36": user_pk_to_url_str(person), "key": token}
    path = reverse("account_reset_password_from_key", kwargs=named)
    usual = f"https://{settings.ALLOWED_HOSTS[0]}" if settings.SESSION_COOKIE_SECURE else "http://127.0.0.1:8000"
    Event.record("accounts.password_link_made", person, at=at, by=by)
    return f"{(site or usual).rstrip('/')}{path}"
