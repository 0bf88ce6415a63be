"""Read what must hold of one column, by its kind. A wrong value is reported and left out."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from cupola.web.data.queries.exploring.exploration import Condition
from cupola.web.data.queries.exploring.fields import DATES, NUMBERS, Field, Kind
from cupola.web.data.queries.exploring.moments import NAMED, day_after, first_day, is_day, plain_number

MOST_VALUES = 100
Tests = dict[str, list[str]]
Wrong = dict[str, tuple[str, str]]  # name of the control: message, what was given
TESTS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("", "contains", "empty"),
    Kind.CODE: ("", "contains", "empty"),
    Kind.BOOLEAN: ("", "empty"),
    Kind.NUMBER: ("", "from", "to", "empty"),
    Kind.MONEY: ("", "from", "to", "empty"),
    Kind.DATE: ("from", "to", "in", "empty"),
    Kind.TIME: ("from", "to", "in", "empty"),
    Kind.POINT: ("empty",),
    Kind.SHAPE: ("empty",),
}


def read_condition(one: Field, tests: Tests) -> tuple[Condition, Wrong]:
    """Return what must hold of the column `one`. `tests`: what the address says of it, by test ("" is `is`)."""
    wrong: Wrong = {}
    for test, given in tests.items():
        if test not in TESTS[one.kind]:
            facts = {"title": one.title, "test": test or "is"}
            wrong[_control(one, test)] = (_("“%(title)s” cannot be filtered by “%(test)s”.") % facts, given[-1])
    usable = {test: given for test, given in tests.items() if test in TESTS[one.kind]}
    since, until = _range(one, usable, wrong)
    condition = Condition(
        column=one.name,
        values=_values(one, usable.get("", []), wrong),
        contains=usable.get("contains", [""])[-1],
        since=since,
        until=until,
        period=_period(one, usable.get("in", [""])[-1], wrong),
        empty=_empty(one, usable.get("empty", [""])[-1], wrong),
    )
    return condition, wrong


def _control(one: Field, test: str) -> str:
    return f"where.{one.name}.{test}" if test else f"where.{one.name}"


def _values(one: Field, given: Sequence[str], wrong: Wrong) -> tuple[str, ...]:
    found: list[str] = []
    for text in dict.fromkeys(given):
        value = _value(one, text)
        if value is None:
            wrong[_control(one, "")] = (_expected(one, text), text)
        elif len(found) == MOST_VALUES:
            wrong[_control(one, "")] = (_("%(most)s values at most.") % {"most": MOST_VALUES}, text)
        else:
            found.append(value)
    return tuple(dict.fromkeys(found))


def _value(one: Field, text: str) -> str | None:
    if one.kind is Kind.BOOLEAN:
        return {"yes": "yes", "true": "yes", "no": "no", "false": "no"}.get(text.lower())
    if one.kind in NUMBERS:
        return plain_number(text)
    known = {offered.value for offered in one.offered}
    return text if one.kind is not Kind.CODE or text in known else None


def _expected(one: Field, text: str) -> str:
    if one.kind is Kind.BOOLEAN:
        return _("“%(text)s” is neither yes nor no.") % {"text": text}
    if one.kind in NUMBERS:
        return _("“%(text)s” is no number. Write digits, as 1250 or 1250.50.") % {"text": text}
    return _("“%(text)s” is not one of the values of “%(title)s”.") % {"text": text, "title": one.title}


def _range(one: Field, tests: Tests, wrong: Wrong) -> tuple[str, str]:
    """Return both ends of a range, empty where open or wrong."""
    if one.kind not in NUMBERS | DATES:
        return "", ""
    reader = _day if one.kind in DATES else plain_number
    ends = {test: _end(one, test, tests.get(test, [""])[-1], reader=reader, wrong=wrong) for test in ("from", "to")}
    if ends["from"] and ends["to"] and _backwards(one, ends["from"], ends["to"]):
        wrong[_control(one, "to")] = (_("The end lies before the beginning."), ends["to"])
        return ends["from"], ""
    return ends["from"], ends["to"]


def _end(one: Field, test: str, text: str, *, reader: Callable[[str], str | None], wrong: Wrong) -> str:
    if not text:
        return ""
    value = reader(text)
    if value is None:
        day = _("“%(text)s” is no day. Write one as 2025-03-31, or a month as 2025-03, or a year.") % {"text": text}
        wrong[_control(one, test)] = (day if one.kind in DATES else _expected(one, text), text)
    return value or ""


def _day(text: str) -> str | None:
    return text if is_day(text) else None


def _backwards(one: Field, since: str, until: str) -> bool:
    return first_day(since) >= day_after(until) if one.kind in DATES else float(since) > float(until)


def _period(one: Field, text: str, wrong: Wrong) -> str:
    if not text or text in NAMED or is_day(text):
        return text
    wrong[_control(one, "in")] = (
        _("“%(text)s” is no period. Write a year as 2025, a month as 2025-03, or last-year.") % {"text": text},
        text,
    )
    return ""


def _empty(one: Field, text: str, wrong: Wrong) -> bool | None:
    if text in {"", "yes", "no"}:
        return None if not text else text == "yes"
    wrong[_control(one, "empty")] = (_("“%(text)s” is neither yes nor no.") % {"text": text}, text)
    return None
