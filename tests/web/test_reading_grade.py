"""The prose of the public pages is plain: their Flesch-Kincaid grade stays under nine."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from tests.factories import make_city, make_dataset, make_finding

from cupola.web.data.models import Dataset

PAGES = [
    "/",
    "/about/",
    "/data/",
    "/data/?q=nothing-like-it",
    "/data/permits/",
    "/data/permits/rows/",
    "/data/permits/compare/",
    "/data/roster/",
    "/data/not-loaded/",
    "/data/elsewhere/",
    "/data/api/",
    "/status/",
    "/accounts/login/",
    "/no-such-page/",
]
PROSE = {"p", "li", "dd", "summary", "figcaption", "caption"}
SILENT = {"script", "style", "code", "pre", "svg", "table", "nav", "option", "title"}
VOWELS = re.compile(r"[aeiouy]+")
WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019]*")
SENTENCE = re.compile(r"(?:[^.!?]|[.!?](?!\s|$))+[.!?](?=\s|$)")
FEWEST_WORDS = 3


class Prose(HTMLParser):
    """Collects the sentences of a page: what stands in paragraphs and lists, without code, tables and menus."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._silent = self._depth = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._silent += tag in SILENT
        if tag in PROSE:
            self._depth += 1
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT
        if tag in PROSE:
            self._depth -= 1
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self._depth and not self._silent and self.blocks:
            self.blocks[-1] += data


def sentences(page: str) -> list[list[str]]:
    """Return the sentences of a page as words."""
    prose = Prose()
    prose.feed(page)
    parts = (part for block in prose.blocks for part in SENTENCE.findall(block))
    return [words for part in parts if len(words := WORD.findall(part)) >= FEWEST_WORDS]


def syllables(word: str) -> int:
    """Return how many syllables an English word has, near enough: groups of vowels without a silent e."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    groups = len(VOWELS.findall(plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee")) and groups > 1
    silent_ed = plain.endswith("ed") and not plain.endswith(("ted", "ded")) and groups > 1
    return max(1, groups - (silent or silent_ed))


def grade(found: list[list[str]]) -> float:
    """Return the Flesch-Kincaid grade of sentences (Kincaid and others, 1975)."""
    words = [word for sentence in found for word in sentence]
    return 0.39 * len(words) / len(found) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("table", 2), ("time", 1), ("loaded", 2), ("changed", 1), ("citation", 3), ("the", 1), ("city", 2)],
)
def test_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_tells_plain_from_hard() -> None:
    plain = sentences("<p>The cat sat on the mat. It was a warm day and the sun was out.</p>")
    hard = sentences(
        "<p>Institutional interoperability necessitates comprehensive harmonisation of heterogeneous informational"
        " infrastructures notwithstanding jurisdictional particularities.</p>"
    )
    assert grade(plain) < 3
    assert grade(hard) > 20


@pytest.mark.django_db
def test_the_prose_of_the_public_pages_is_plain(client: Client, load: Callable[..., Dataset]) -> None:
    make_city(website="https://www.example.gov", pay_data={"basis": "Public Records Act, section 7"})
    permits = make_dataset("permits", time_column="issued_on", steward="Chief Data Officer", refresh="monthly")
    load(
        permits,
        "permit_number,issued_on,status\n" + "".join(f"P-{n},20{n % 17 + 5:02d}-01-11,open\n" for n in range(40)),
    )
    make_finding(permits, column="status", count=2)
    load(make_dataset("roster", payroll=True))
    make_dataset("not-loaded")
    make_dataset("elsewhere", sources=[], landing_page="https://data.example.gov/d/abcd-1234")
    pages = {page: sentences(client.get(page).content.decode()) for page in PAGES}
    grades = {page: round(grade(found), 1) for page, found in pages.items() if found}
    together = grade([sentence for found in pages.values() for sentence in found])
    assert together < 9, grades
    assert {page: one for page, one in grades.items() if one >= 9} == {}
    assert len(grades) > 10
    assert sum(len(found) for found in pages.values()) > 80
