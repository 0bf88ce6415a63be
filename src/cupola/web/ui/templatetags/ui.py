"""Template tags and filters every page may use."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.periods import parse_day
from cupola.sentences import Sentence
from cupola.web.ui.charts import Chart, Drawing
from cupola.web.ui.evidence import Evidence
from cupola.web.ui.sentences import said

register = template.Library()

KILOBYTE = 1000
CODE = re.compile("`([^`]+)`")


@register.inclusion_tag("ui/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """Draw a chart with its title, reading, numbers and evidence."""
    return {"chart": chart}


@register.inclusion_tag("ui/spark.html")
def spark(drawing: Drawing | None, words: str = "") -> dict[str, Any]:
    """Draw a word-sized chart; `words` says the same for people who cannot see it."""
    return {"drawing": drawing, "words": words}


@register.inclusion_tag("ui/evidence.html")
def how_we_know(evidence: Evidence) -> dict[str, Any]:
    """Open the chain behind a figure."""
    return {"evidence": evidence}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: dict[str, Any], page: Any) -> dict[str, Any]:
    """Link to the pages of a list, keeping every other choice in the address."""
    return {"page": page, "pages": page.paginator.get_elided_page_range(page.number), "request": context["request"]}


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: Any) -> str:
    """Return this page's query string, back on page one, with some choices changed; an empty value drops one."""
    return _address(context, **changes)


@register.simple_tag(takes_context=True)
def address_choice(context: dict[str, Any], parameter: str, value: str) -> str:
    """Return this page's query string, back on page one, with one choice changed; an empty value drops it."""
    return _address(context, **{parameter: value})


@register.simple_tag(takes_context=True)
def address_with_page(context: dict[str, Any], page: int) -> str:
    """Return this page's query string for another page of the list."""
    return _address(context, page="" if page == 1 else str(page))


def _address(context: dict[str, Any], **changes: Any) -> str:
    choices = {name: value for name, value in context["request"].GET.items() if name not in changes and name != "page"}
    choices.update({name: value for name, value in changes.items() if value not in {"", None}})
    return f"?{urlencode(choices)}" if choices else "."


@register.filter
def names_as_code(text: str) -> SafeString:
    """Write what stands between back-ticks, as people mark a column's name, in the type of code."""
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(text)))


@register.filter
def say(sentence: Sentence) -> str:
    """Say a sentence of an engine in the language of the page."""
    return said(sentence)


def written(value: float, places: int) -> str:
    """Write a number rounded to some places; Django by itself would cut the rest off."""
    return number_format(round(value, places), decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def number(value: float | None) -> str:
    """Write a number with the separators of the language; nothing known is a hyphen."""
    if value is None:
        return "-"
    return written(value, 0 if float(value).is_integer() else 2)


@register.filter
def day(text: str | date | None) -> str:
    """Write a day, as a document has it or as a date, in the words of the language; nothing stays nothing."""
    if not text:
        return ""
    return date_format(text if isinstance(text, date) else parse_day(text[:10]))


@register.filter
def share(value: float | Decimal | None) -> str:
    """Write a share between 0 and 1 as a percentage; a little is never shown as none, nor almost all as all."""
    if value is None:
        return "-"
    percent = float(value) * 100
    if 0 < percent < 0.1:
        return _("under 0.1%")
    if 99.9 < percent < 100:
        return _("over 99.9%")
    return _("%(percent)s%%") % {"percent": written(percent, 0 if percent.is_integer() else 1)}


@register.filter
def size(value: float) -> str:
    """Write a number of bytes in the unit people use."""
    amount = float(value)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < KILOBYTE:
            return f"{written(amount, 0 if amount >= 10 or unit == 'bytes' else 1)} {unit}"
        amount /= KILOBYTE
    return f"{written(amount, 1)} TB"


@register.filter
def seconds(value: float) -> str:
    """Write a length of time in words."""
    if value < 10:
        return _("%(seconds)s s") % {"seconds": written(value, 1)}
    if value < 120:
        return _("%(seconds)s s") % {"seconds": written(value, 0)}
    minutes = round(value / 60)
    return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}
