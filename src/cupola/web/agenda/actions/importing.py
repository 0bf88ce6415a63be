"""Awards taken over from files in the 360Giving standard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.folder import parse
from cupola.web.accounts.models import Event, User
from cupola.web.agenda.actions.keeper import store
from cupola.web.agenda.models import Award
from cupola.web.agenda.queries.grants360 import fields_of, grants_in


@dataclass(frozen=True)
class TakenGrants:
    """How many awards were made or changed, and how many said the same already."""

    made: int
    same: int


@transaction.atomic
def take_grants(document: Mapping[str, Any], *, at: datetime, by: User | str) -> TakenGrants:
    """Make or bring up to date one award for each grant of a package; all or none. Raises NotAGrant, FolderInvalid."""
    made = same = 0
    for grant in grants_in(document):
        fields = parse("award", fields_of(grant)).fields()
        known = Award.objects.filter(key=fields["key"], retired_on=None).first()
        if known is not None and known.definition == fields:
            same += 1
            continue
        person = by if isinstance(by, User) else None
        record = store(Award, fields["key"], fields, at=at, by=person, reason="Imported from a 360Giving file")
        Event.record("agenda.award_imported", record, at=at, by=by, detail={"id": str(grant["id"])})
        made += 1
    return TakenGrants(made, same)
