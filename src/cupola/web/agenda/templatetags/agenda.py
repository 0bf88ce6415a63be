"""Words, money and days of the agenda for templates."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from cupola.web.agenda.queries.naming import Named
from cupola.web.agenda.queries.words import said, told
from cupola.web.ui.templatetags.ui import share

register = template.Library()
register.filter("said", said)
register.filter("told", told)


@register.filter
def money(cents: int | None) -> str:
    """Write whole cents in currency, rounded to what people read; nothing known is a hyphen. Exact: `exact`."""
    return "-" if cents is None else number_format(round(cents / 100), use_l10n=True, force_grouping=True)


@register.filter
def exact(cents: int | None) -> str:
    """Write whole cents to the last one."""
    if cents is None:
        return "-"
    return number_format(Decimal(cents) / 100, decimal_pos=2, use_l10n=True, force_grouping=True)


@register.filter
def currency(amount: float | None) -> str:
    """Write an amount of a document in currency."""
    return "-" if amount is None else number_format(round(amount), use_l10n=True, force_grouping=True)


@register.filter
def plainly(year: int | None) -> str:
    """Write a year without separators."""
    return "" if year is None else str(year)


@register.filter
def moment(text: str | None) -> str:
    """Write a local time of a document as people say it."""
    return date_format(datetime.fromisoformat(text), "DATETIME_FORMAT") if text else ""


@register.filter
def plain(value: object) -> str:
    """Write a value of a document on one line."""
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple | dict) else str(value)


@register.filter
def of_one(value: Decimal | float | None) -> str:
    """Write a share between 0 and 1, decimal or not, as a percentage."""
    return share(None if value is None else float(value))


@register.filter
def named(key: str, known: Mapping[str, Named]) -> str:
    """Write a key by the name it stands for, with a link where there is a page; by itself where nobody knows it."""
    return shown((known or {}).get(key, Named(key, key)))


@register.filter
def shown(one: Named) -> str:
    """Write a name, with a link where there is a page."""
    language = mark_safe(' lang="en"') if one.english else ""
    if not one.address:
        return format_html("<span{}>{}</span>", language, one.name)
    return format_html('<a href="{}"{}>{}</a>', one.address, language, one.name)
