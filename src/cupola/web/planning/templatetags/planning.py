"""Filters that write money, families, periods and reorganisations."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from cupola.orgchart.rosters import Family, Reorganisation
from cupola.orgchart.titles import How
from cupola.sentences import Sentence
from cupola.web.planning.queries import words
from cupola.web.planning.queries.memo import NUMBER, Section
from cupola.web.structure.queries.words import word
from cupola.web.ui.sentences import said

register = template.Library()
_HOW = {
    How.SETTLED: _("settled by a person"),
    How.RULE: _("by a rule on the title"),
    How.DEPARTMENT: _("by a rule on the department"),
    How.NEAREST: _("like a title already read"),
    How.NO_HINT: _("no word speaks of technology"),
    How.QUEUE: _("waits for a person"),
}

register.filter("money", words.money)
register.filter("short_money", words.short_money)
register.filter("period", words.period_words)
register.filter("purpose", words.purpose_words)
register.filter("units", words.units)
register.filter("whole_money", words.whole_money)


@register.filter
def family(value: Family | None) -> str:
    """Return a family of work in words."""
    return str(words.FAMILIES[value]) if value else ""


@register.filter
def told(value: Reorganisation) -> str:
    """Return what became of departments as a sentence."""
    return words.told_words(value)


@register.filter
def in_words(value: Sentence | str) -> str:
    """Return what the planner says in the language of the page; what the city wrote stays as it wrote it."""
    return said(value) if isinstance(value, Sentence) else format_html('<span lang="en">{}</span>', value)


@register.filter
def how(value: How) -> str:
    """Return how a title was read."""
    return str(_HOW[value])


@register.filter
def functions(value: tuple[str, ...]) -> str:
    """Return functions in words."""
    return ", ".join(str(word(one)) for one in value)


@register.filter
def of_family(posts: dict[Family, int], value: Family) -> int:
    """Return how many posts of a family there are."""
    return posts.get(value, 0)


@register.filter
def with_chain(text: str, part: Section) -> SafeString:
    """Write a text of a memo with every number in it as a link to how it is known."""
    if part.known is None:
        return escape(text)
    pieces, last = [], 0
    for found in NUMBER.finditer(text):
        pieces.append(escape(text[last : found.start()]))
        pieces.append(format_html('<a class="memo__number" href="#how-{}">{}</a>', part.key, found[0]))
        last = found.end()
    return mark_safe("".join([*pieces, escape(text[last:])]))  # every piece is escaped
