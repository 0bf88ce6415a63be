"""What an engine says, in the language of the page."""

from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from cupola.sentences import Sentence


def said(sentence: Sentence) -> str:
    """Return a sentence of an engine in the language of the page; English where nobody translated it."""
    facts = {name: _fact(fact) for name, fact in sentence.facts.items()}
    text = gettext(sentence.text)
    return text % facts if facts else text


def in_english(error: Exception) -> str:
    """Return what an engine says of a mistake, which it says in English only, so that pages and screen readers know."""
    if (get_language() or "en").startswith("en"):
        return str(error)
    return format_html('{} <span lang="en">{}</span>', gettext("The check said, in English:"), str(error))


def _fact(fact: Any) -> str:
    if isinstance(fact, Sentence):
        return said(fact)
    return number_format(fact, use_l10n=True, force_grouping=True) if isinstance(fact, int) else str(fact)
