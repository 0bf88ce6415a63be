"""People who sign in, and the roles they were given."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class User(AbstractUser):
    """A person who signs in. Ours from the first day, because Django cannot change the user table later.

    Never deleted, only made inactive: the audit log and the histories name them. `is_staff` says that the person works
    for the city and so sees what a viewer sees; `is_superuser` is not used, and no page or command sets it.
    """

    @property
    def key(self) -> str:
        """Return the name the audit log calls this account by."""
        return self.get_username()


class Role(models.TextChoices):
    """What a person is here for. What each role may do: `queries.permissions`."""

    VIEWER = "viewer", _("Viewer")
    STEWARD = "steward", _("Steward")
    CUSTODIAN = "custodian", _("Custodian")
    PUBLISHER = "publisher", _("Publisher")
    REVIEWER = "reviewer", _("Privacy reviewer")
    COORDINATOR = "coordinator", _("Coordinator")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Grant(models.Model):
    """A role given to a person: for the whole city, or for one department's records.

    `department` is the name datasets carry, empty for the whole city. `origin` says who keeps the grant: empty for a
    person's decision, else the key of the identity provider whose claims gave it and may take it away again.
    A grant ends, it is not deleted: `until` is the first moment at which it no longer holds.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    department = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=100, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("person", "role", "department", "-since")
        constraints = (
            models.CheckConstraint(condition=Q(role__in=[*Role.values]), name="grant_role_is_known"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="grant_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["person", "role", "department", "origin"],
                condition=Q(until=None),
                name="grant_is_held_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.role} {self.department}".rstrip()
