"""Words of charts for templates."""

import json
from decimal import Decimal

from django import template

from cupola.orgchart.vocabulary import Mandate
from cupola.web.structure.queries.words import MARKS, word
from cupola.web.ui.templatetags.ui import number

register = template.Library()
register.filter("word", word)


@register.filter
def named(key: str, names: dict[str, str]) -> str:
    """Return the name of an office or post by its key."""
    return names.get(key, key)


@register.filter
def marked(mark: str) -> str:
    """Return in words how something differs from the other day."""
    return str(MARKS[mark])


@register.inclusion_tag("structure/legend.html")
def legend(name: str) -> dict[str, object]:
    """Explain the signs of a chart. name: for the address of its pattern."""
    return {"id": name, "mandates": tuple(Mandate)}


@register.filter
def signed(value: Decimal | int) -> str:
    """Write what is added with its sign; nothing added is left empty."""
    return "" if not value else f"{'+' if value > 0 else '-'}{number(abs(float(value)))}"


@register.filter
def plain(value: object) -> str:
    """Write a value of a structure document on one line: texts side by side, what is nested as JSON."""
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple | dict) else str(value)
