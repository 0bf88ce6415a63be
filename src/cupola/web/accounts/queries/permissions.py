"""Who may do what: one table of roles and actions, and the predicates that read it.

A role comes from a grant (for the whole city or one department) or, for one record, from a duty. A permission asked
for a record (`has_perm(name, dataset)`) counts all three; asked without one it counts grants for the whole city only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rules.permissions import set_perm
from rules.predicates import Predicate

from cupola.web.accounts.models import Role

EVERYONE = frozenset(Role)
# what proves more than a password; codes on paper only stand in for one of these
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
CAME_BY = "came_by"  # of a session: the key of the identity provider the person came by


@dataclass(frozen=True)
class Action:
    """Something a person may do. `roles`: who may; `strong`: so far-reaching that it needs a second factor."""

    permission: str
    says: Promise | str
    roles: frozenset[Role]
    strong: bool = False

    def role_names(self) -> list[str]:
        """Return the names of the roles that may, as people read them, in the order of `Role`."""
        return [str(role.label) for role in Role if role in self.roles]


def _action(permission: str, says: Promise | str, *roles: Role, strong: bool = False) -> Action:
    return Action(permission, says, frozenset(roles) or EVERYONE, strong)


ACTIONS: tuple[Action, ...] = (
    _action("data.see_drafts", _("see what is not released yet, its history and what waits on whom")),
    _action(
        *("data.edit_words", _("change what is said of a dataset")),
        *(Role.STEWARD, Role.COORDINATOR),
    ),
    _action(
        *("data.see_quarantine", _("see the rows that loads set aside")),
        *(Role.STEWARD, Role.CUSTODIAN, Role.COORDINATOR),
    ),
    # every role, because without a rule of the dataset that names the role nobody reads anything
    _action("data.see_restricted", _("read rows that are not public, as far as the row and column rules allow")),
    _action(
        *("data.approve_release", _("approve that a dataset becomes public")),
        *(Role.STEWARD, Role.PUBLISHER),
        strong=True,
    ),
    _action("data.review_privacy", _("record a privacy review"), Role.REVIEWER, strong=True),
    _action(
        *("data.recall_version", _("take a public version back for good")),
        *(Role.PUBLISHER, Role.COORDINATOR),
        strong=True,
    ),
    _action(
        *("data.announce_change", _("announce that a column or an address will change")),
        *(Role.STEWARD, Role.PUBLISHER, Role.COORDINATOR),
    ),
    _action("data.edit_duties", _("say who answers for a dataset"), Role.COORDINATOR, strong=True),
    _action(
        *("data.answer_requests", _("answer feedback and requests for data")),
        *(Role.STEWARD, Role.PUBLISHER, Role.COORDINATOR),
    ),
    _action(
        *("structure.edit_structure", _("change offices, posts and lines, and bring branches back")),
        *(Role.COORDINATOR, Role.ADMINISTRATOR),
    ),
    _action("planning.see_plans", _("see posts, costs and plans: titles of small departments name people")),
    _action(
        *("planning.settle_names", _("settle titles, accounts and departments, and record what counsel says")),
        *(Role.STEWARD, Role.COORDINATOR, Role.ADMINISTRATOR),
    ),
    _action(
        *("agenda.edit_agenda", _("change priorities, initiatives, awards, savings claims and councils")),
        *(Role.STEWARD, Role.COORDINATOR),
    ),
    _action(
        *("agenda.verify_savings", _("verify savings that others claim, and say what was budgeted and realised")),
        *(Role.REVIEWER, Role.AUDITOR),
        strong=True,
    ),
    _action("agenda.release", _("release records of the agenda to the public"), Role.PUBLISHER, strong=True),
    _action(
        *("performance.type_values", _("type a value in place of a computed one, with a reason")),
        *(Role.STEWARD, Role.COORDINATOR),
    ),
    _action(
        *("performance.run_reviews", _("run reviews: plan meetings, make packets, record what people commit to")),
        *(Role.STEWARD, Role.COORDINATOR),
    ),
    _action("accounts.see_audit_log", _("read and export the audit log"), Role.AUDITOR, strong=True),
    _action(
        *("accounts.manage_people", _("make accounts, give and take roles, end sessions")),
        Role.ADMINISTRATOR,
        strong=True,
    ),
    _action("accounts.see_tables", _("look at the technical tables"), Role.ADMINISTRATOR, strong=True),
)

STRONG = frozenset(role.value for action in ACTIONS if action.strong for role in action.roles)

# What gives a person roles for one record. A higher app adds its own in its `apps.py`.
DUTIES: list[Callable[[Any, Any], frozenset[str]]] = []


def register_duties(roles_by_duty: Callable[[Any, Any], frozenset[str]]) -> None:
    """Let `roles_by_duty(person, record)` add roles a person has for one record; for None, those for any record."""
    if roles_by_duty not in DUTIES:
        DUTIES.append(roles_by_duty)


def roles_of(person: Any, record: Any = None) -> frozenset[str]:
    """Return the roles `person` has now: for `record` where one is given, else for the whole city."""
    if person is None or not person.is_authenticated or not person.is_active:
        return frozenset()
    wide = Q(department="")
    department = getattr(record, "department", "")
    now = timezone.now()
    held = person.grants.filter(Q(until=None) | Q(until__gt=now), wide | Q(department=department), since__lte=now)
    roles = {*held.values_list("role", flat=True)}
    if person.is_staff:
        roles.add(Role.VIEWER.value)
    if record is not None:
        for roles_by_duty in DUTIES:
            roles |= roles_by_duty(person, record)
    return frozenset(roles)


def roles_anywhere(person: Any) -> frozenset[str]:
    """Return every role `person` has now, for whatever record."""
    now = timezone.now()
    held = person.grants.filter(Q(until=None) | Q(until__gt=now), since__lte=now)
    roles = {*held.values_list("role", flat=True)}
    for roles_by_duty in DUTIES:
        roles |= roles_by_duty(person, None)
    return frozenset(roles)


def needs_second_factor(person: Any) -> bool:
    """Whether what `person` may do is so far-reaching that a password alone is not enough."""
    if settings.SECOND_FACTOR != "strong":
        return bool(settings.SECOND_FACTOR == "everyone")
    return person.is_superuser or not STRONG.isdisjoint(roles_anywhere(person))


def used_second_factor(session: Mapping[str, Any], person: Any) -> bool:
    """Whether this sign-in had a second factor: ours, or that of a provider which asks for one itself."""
    if Authenticator.objects.filter(user_id=person.pk, type__in=SECOND_FACTORS).exists():
        return True  # no sign-in to an account that has one is complete without it
    asking = {provider.key for provider in settings.IDENTITY_PROVIDERS if provider.second_factor}
    return session.get(CAME_BY) in asking


def may(action: Action) -> Predicate:
    """Return the predicate that holds for whoever has a role of `action`."""

    def holds(person: Any, record: Any = None) -> bool:
        return not action.roles.isdisjoint(roles_of(person, record))

    return Predicate(holds, name=f"may {action.permission}")


def declare_permissions() -> None:
    """Make every permission of the table known to `has_perm`."""
    for action in ACTIONS:
        set_perm(action.permission, may(action))  # type: ignore[no-untyped-call]
