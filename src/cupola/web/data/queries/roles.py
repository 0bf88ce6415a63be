"""Roles that follow from duties: who is named for a dataset, or for its department, has the role of that name."""

import json
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from cupola.web.accounts.models import User
from cupola.web.data.models import Dataset, Department
from cupola.web.data.queries.duties import Departments, city_today, duties, held, in_force


def roles_by_duty(person: User, record: Any) -> frozenset[str]:
    """Return the roles `person` has for `record` by duty today, also by one of its department's; None: for any record.

    A record that is about a dataset (`record.dataset`) counts as that dataset.
    """
    if record is None:
        return _anywhere(person)
    dataset = record if isinstance(record, Dataset) else getattr(record, "dataset", None)
    if isinstance(record, Department):
        return _in_department(person, record)
    if not isinstance(dataset, Dataset):
        return frozenset()
    department = Departments().of(dataset)
    roles = {one.duty for one in duties(dataset, city_today()) if one.account == person.username}
    if department is not None:
        roles |= _granted(person, department)
    elif dataset is not record:
        roles |= {*person.grants.filter(_now(), department=dataset.department).values_list("role", flat=True)}
    return frozenset(roles)


def _in_department(person: User, department: Department) -> frozenset[str]:
    named = in_force(held(department.definition), city_today())
    return frozenset({one.duty for one in named if one.account == person.username} | _granted(person, department))


def _granted(person: User, department: Department) -> set[str]:
    """Return the roles given for a department by any of the names datasets may use for it."""
    names = [department.key, department.name, *department.definition.get("also", ())]
    return {*person.grants.filter(_now(), department__in=names).values_list("role", flat=True)}


def _now() -> Q:
    now = timezone.now()
    return Q(since__lte=now) & (Q(until=None) | Q(until__gt=now))


def _anywhere(person: User) -> frozenset[str]:
    """Return the duties of a person over whatever record. The database looks for the name, so few are read."""
    today, roles = city_today(), set()
    for model in (Dataset, Department):
        naming = model.objects.annotate(text=Cast("definition", TextField()))
        for record in naming.filter(text__contains=json.dumps(person.username)).only("definition"):
            named = [one for one in held(record.definition) if one.account == person.username]
            roles |= {one.duty for one in named if one.holds(today)}
    return frozenset(roles)
