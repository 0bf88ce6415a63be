"""Records that are written once: neither the program nor, by its triggers, the database changes or deletes one."""

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.db import models

from cupola.errors import NotAllowed


class OnlyAdded(NotAllowed):
    """A record that is only ever added to was to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are written once: no update, no delete."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise OnlyAdded(self.model.says)

    def delete(self) -> NoReturn:
        """Refuse."""
        raise OnlyAdded(self.model.says)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> NoReturn:
        """Refuse."""
        raise OnlyAdded(self.model.says)


class AppendOnly(models.Model):
    """A record that is written once. `says`: what the program and the database answer to whoever changes it."""

    says: ClassVar[str]

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the record. Raises OnlyAdded when it was saved before."""
        if self.pk is not None:
            raise OnlyAdded(self.says)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise OnlyAdded(self.says)
