"""The rules by which titles are read, from `rules.yaml`: data, so that a city can see and contest each one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cupola.errors import InvalidInput
from cupola.orgchart.titles.groups import Group, Level
from cupola.orgchart.titles.words import Words

PAGE = Path(__file__).with_name("rules.yaml")


class WrongTitleRule(InvalidInput):
    """A rule of titles cannot be used."""

    def __init__(self, *, rule: str, what: str) -> None:
        self.rule = rule
        super().__init__(f"The title rule {rule} {what}.")


@dataclass(frozen=True)
class Rule:
    """One rule. pattern and negatives are matched against whole words of the normalised title, departments of its
    department; `adds`: the rules after it are asked too."""

    id: str
    pattern: re.Pattern[str]
    functions: tuple[Group, ...]
    reason: str
    confidence: float
    negatives: re.Pattern[str] | None = None
    departments: re.Pattern[str] | None = None
    adds: bool = False

    def holds(self, title: str, department: str) -> bool:
        """Say whether the rule speaks of this title, both normalised."""
        return bool(
            self.pattern.search(title)
            and not (self.negatives and self.negatives.search(title))
            and (self.departments is None or self.departments.search(department))
        )


@dataclass(frozen=True)
class Rules:
    """All rules, in order. of_departments: asked where no rule of titles spoke. hints: words of technology."""

    words: Words
    of_titles: tuple[Rule, ...]
    of_departments: tuple[Rule, ...]
    levels: tuple[tuple[Level, re.Pattern[str]], ...]
    hints: re.Pattern[str]


@cache
def usual_rules() -> Rules:
    """Return the rules that come with Cupola."""
    return read_rules(yaml.safe_load(PAGE.read_text(encoding="utf-8")))


def read_rules(page: Mapping[str, Any]) -> Rules:
    """Read rules from the content of a page like `rules.yaml`. Raises WrongTitleRule."""
    words = page["words"]
    rules = Rules(
        words=Words(
            written_out={short: full for full, shorts in words["written_out"].items() for short in shorts.split()},
            phrases=tuple((_compiled(one["pattern"], rule="phrase"), one["becomes"]) for one in words["phrases"]),
            dropped=frozenset(words["dropped"].split()),
            parts=frozenset(words["parts"].split()),
        ),
        of_titles=tuple(_rule(one) for one in page["titles"]),
        of_departments=tuple(_rule(one) for one in page["departments"]),
        levels=tuple((Level(level), _words_of(pattern, rule=level)) for level, pattern in page["levels"].items()),
        hints=_words_of(page["hints"], rule="hints"),
    )
    ids = [one.id for one in (*rules.of_titles, *rules.of_departments)]
    for number, one in enumerate(ids):
        if one in ids[:number]:
            raise WrongTitleRule(rule=one, what="stands there twice; give each its own id")
    return rules


def _rule(given: Mapping[str, Any]) -> Rule:
    name = given["id"]
    missing = {"pattern", "functions", "reason"} - given.keys()
    if missing:
        raise WrongTitleRule(rule=name, what=f"lacks {', '.join(sorted(missing))}")
    return Rule(
        id=name,
        pattern=_words_of(given["pattern"], rule=name),
        functions=_groups(given["functions"], rule=name),
        reason=given["reason"],
        confidence=float(given.get("confidence", 0.95)),
        negatives=_words_of(given["negatives"], rule=name) if given.get("negatives") else None,
        departments=_words_of(given["departments"], rule=name) if given.get("departments") else None,
        adds=bool(given.get("adds", False)),
    )


def _groups(given: Sequence[str], *, rule: str) -> tuple[Group, ...]:
    try:
        return tuple(Group(one) for one in given)
    except ValueError as wrong:
        known = ", ".join(Group)
        raise WrongTitleRule(rule=rule, what=f"names {wrong}; the function groups are {known}") from wrong


def _words_of(given: str | Sequence[str], *, rule: str) -> re.Pattern[str]:
    """Alternatives that must be whole words, in one pattern."""
    alternatives = [given] if isinstance(given, str) else given
    return _compiled(rf"\b(?:{'|'.join(alternatives)})\b", rule=rule)


def _compiled(given: str, *, rule: str) -> re.Pattern[str]:
    try:
        return re.compile(given)
    except re.error as wrong:
        raise WrongTitleRule(rule=rule, what=f"has a pattern that is none: {wrong}") from wrong
