"""Words of charts for templates."""

from collections.abc import Mapping
from decimal import Decimal

from django import template

from cupola.orgchart.vocabulary import Mandate
from cupola.web.structure.queries.words import MARKS, moment_words, word
from cupola.web.ui.templatetags.ui import number

register = template.Library()
register.filter("word", word)
register.filter("when", moment_words)


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
    """Write a value of a structure document on one line: texts side by side, fields with their names."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ("; " if any(isinstance(one, Mapping) for one in value) else ", ").join(map(plain, value))
    return str(value)
