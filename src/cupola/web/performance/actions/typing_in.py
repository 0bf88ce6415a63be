"""A value typed in place of a computed one, and taken back: the exception, with author and reason."""

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

from django.db import transaction

from cupola.errors import Conflict, InvalidInput, NotAllowed, NotFound
from cupola.indicators import Grain, period_of
from cupola.web.accounts.models import Event, User
from cupola.web.performance.models import Measure, TypedValue
from cupola.web.performance.queries.measures import fiscal_years

PERMISSION = "performance.type_values"


class MayNotType(NotAllowed):
    """The person has no permission to type values in."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not type values in. A steward or coordinator may.")


class TypedIncomplete(InvalidInput):
    """A typed-in value lacks its reason or author, is no number, or is of no period. `field`: which."""

    def __init__(self, field: str, wanted: str) -> None:
        self.field = field
        super().__init__(wanted)


class TypedAlready(Conflict):
    """The period has a typed-in value."""

    def __init__(self, *, measure: str, period: date) -> None:
        self.measure, self.period = measure, period
        super().__init__(f"{measure} has a typed-in value for {period} already. Withdraw that one first.")


class NothingTyped(NotFound):
    """The period has no typed-in value."""

    def __init__(self, *, measure: str, period: date) -> None:
        self.measure, self.period = measure, period
        super().__init__(f"{measure} has no typed-in value for {period}.")


@dataclass(frozen=True)
class Typing:
    """What is typed: the first day of a period, the value, why, and the author as readers see it."""

    period: date
    value: float
    reason: str
    author: str


@transaction.atomic
def type_in(measure: Measure, typing: Typing, *, at: datetime, by: User | str) -> TypedValue:
    """Put a typed value in place of the computed one. Raises MayNotType, TypedIncomplete, TypedAlready."""
    _check_may(measure, by)
    _check(measure, typing)
    if measure.typed_values.filter(period=typing.period, withdrawn_at=None).exists():
        raise TypedAlready(measure=measure.key, period=typing.period)
    typed = TypedValue(
        measure=measure,
        period=typing.period,
        value=typing.value,
        reason=typing.reason.strip(),
        author=typing.author.strip(),
        account=by if isinstance(by, User) else None,
        typed_at=at,
    )
    typed.full_clean()
    typed.save()
    detail = {"period": typing.period.isoformat(), "value": typing.value, "author": typed.author}
    Event.record("performance.value_typed_in", measure, at=at, by=by, reason=typed.reason, detail=detail)
    return typed


@transaction.atomic
def withdraw(measure: Measure, period: date, *, reason: str, at: datetime, by: User | str) -> TypedValue:
    """Take a typed value back; it stays as a record. Raises MayNotType, TypedIncomplete, NothingTyped."""
    _check_may(measure, by)
    if not reason.strip():
        raise TypedIncomplete("reason", "Say why the value is taken back.")
    typed = measure.typed_values.filter(period=period, withdrawn_at=None).first()
    if typed is None:
        raise NothingTyped(measure=measure.key, period=period)
    typed.withdrawn_at, typed.withdrawn_why = at, reason.strip()
    typed.save()
    detail = {"period": period.isoformat(), "value": typed.value}
    Event.record("performance.typed_value_withdrawn", measure, at=at, by=by, reason=reason.strip(), detail=detail)
    return typed


def _check_may(measure: Measure, by: User | str) -> None:
    if isinstance(by, User) and not by.has_perm(PERMISSION):
        raise MayNotType(by.get_username())


def _check(measure: Measure, typing: Typing) -> None:
    if not typing.reason.strip():
        raise TypedIncomplete("reason", "Say why the value is typed in and not computed.")
    if not typing.author.strip():
        raise TypedIncomplete("author", "Say who answers for the value, as readers should see it.")
    if not isfinite(typing.value):
        raise TypedIncomplete("value", f"{typing.value} is not a number. Write digits, as 0.9.")
    grain = Grain(measure.grain)
    first = period_of(typing.period, grain, fiscal_years=fiscal_years()).since
    if first != typing.period:
        wanted = f"{typing.period} is not the first day of a {grain.replace('_', ' ')}. Write {first}."
        raise TypedIncomplete("period", wanted)
