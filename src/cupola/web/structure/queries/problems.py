"""What is wrong in a field, in the reader's language: the checks of documents speak English, by a few patterns."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from cupola.folder.problems import Problem

_MESSAGES = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"(?P<value>.+) is not a date", _("%(value)s is not a date.")),
        (r"(?P<value>.+) is not an amount", _("%(value)s is not an amount.")),
        (r"(?P<value>.+) is not a key", _("%(value)s is not a key.")),
        (r"(?P<value>.+) is not a (whole )?number", _("%(value)s is not a number.")),
        (r"(?P<value>.+) is not an? [a-z ]+", _("%(value)s is not one of the words allowed here.")),
        (r"(?P<value>.+) is out of range", _("%(value)s is out of range.")),
        (r"(.+: )?no office or post is called (?P<value>.+)", _("No office or post is called %(value)s.")),
        (r"(.+: )?no source is called (?P<value>.+)", _("No source is called %(value)s.")),
        (r"it is missing", _("This is needed.")),
        (r"It ends (?P<until>.+), before it begins (?P<since>.+)", _("It ends %(until)s, before it begins %(since)s.")),
        (r"(?P<value>.+) is both an office and a post", _("%(value)s is both an office and a post.")),
    )
)
_REMEDIES = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"did you mean '(?P<value>.+)'\?", _("Did you mean %(value)s?")),
        (r"write one of (?P<value>.+)", _("Write one of these: %(value)s.")),
        (r"write a number without currency or commas, as 1350000", _("Write a number without currency, as 1350000.")),
        (
            r"write a year, a month or a day as .+",
            _("Write a year, a month or a day as 2015, 2015-12 or 2015-12-31, or unknown."),
        ),
        (r"write small letters, digits and single hyphens.*", _("Write small letters, digits and single hyphens.")),
        (r"Record it, or name one that is", _("Record it, or name one that is recorded.")),
        (r"List it under sources, or correct the key", _("List it under sources, or correct the key.")),
        (r"write '.+", _("Fill in this field.")),
    )
)


def problem_words(problem: Problem) -> str:
    """Return what is wrong and what to write instead; what no pattern knows stays as the check says it."""
    return f"{_said(problem.message, _MESSAGES)} {_said(problem.remedy, _REMEDIES)}"


def _said(text: str, patterns: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, words in patterns:
        found = pattern.fullmatch(text)
        if found:
            return gettext(words) % found.groupdict()
    return text if text.endswith((".", "?")) else f"{text}."
