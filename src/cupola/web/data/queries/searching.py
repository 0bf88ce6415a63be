"""Words found in texts: accent- and case-blind, by word stem in English and Spanish, and where they were found.

Holds the words of every dataset in memory; nothing here knows records, pages or languages of a page.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]  # the package has no types

WORD = re.compile(r"[^\W_]+")
SHORTEST_PREFIX, MOST_PREFIXED, MOST_WORDS = 3, 60, 12
PREFIX_WORTH = 0.5  # a word that only begins as asked is worth half of one that means the same
MOST_PASSAGES, BEFORE, AFTER = 3, 60, 140
# words of a question that say nothing about what is looked for
IDLE = frozenset(
    WORD.findall(
        "a al and ano anos are as at by con cual cuales cuanta cuantas cuanto cuantos de del did do does el en es "
        "for from has have how i in is it la las last lo los many me much my no of on or para per por que se ser "
        "show si son sus the their to un una uno was were what when where which who with y year years "
    )
)
_stemming = threading.Lock()  # a stemmer keeps the word it works on in itself
_STEMMERS = tuple(snowballstemmer.stemmer(language) for language in ("english", "spanish"))


class Field(StrEnum):
    """Where a word can be found."""

    TITLE = "title"
    KEYWORD = "keyword"
    COLUMN = "column"
    DESCRIPTION = "description"


# each field outweighs all below it
WORTH = {Field.TITLE: 1000.0, Field.KEYWORD: 100.0, Field.COLUMN: 10.0, Field.DESCRIPTION: 1.0}


@dataclass(frozen=True)
class Passage:
    """A text that can be found. `label` says which it is (a column's heading), `also` more words that lead to it."""

    field: Field
    text: str
    label: str = ""
    also: str = ""
    language: str = ""


@dataclass(frozen=True)
class Piece:
    """A part of a text; `found` where it is a word that was asked for."""

    text: str
    found: bool = False


@dataclass(frozen=True)
class Match:
    """A passage in which something was found, cut to what is worth reading, the words found marked."""

    field: Field
    label: tuple[Piece, ...]
    text: tuple[Piece, ...]


@dataclass(frozen=True)
class Asked:
    """What is looked for: the words that say something, each with its stems."""

    words: tuple[str, ...]

    def finds(self, word: str) -> bool:
        """Whether a word of a text is one of those asked for, or begins like one."""
        stems = stems_of(word)
        return any(stems & stems_of(one) or begins(word, one) for one in self.words)


def plain(text: str) -> str:
    """Return a text in small letters without accents."""
    if text.isascii():
        return text.lower()
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """Return the words of a text, plain."""
    return WORD.findall(plain(text))


@lru_cache(maxsize=100_000)
def stems_of(word: str) -> frozenset[str]:
    """Return the stems of a plain word, one per language."""
    with _stemming:
        return frozenset(stemmer.stemWord(word) for stemmer in _STEMMERS)


def begins(word: str, asked: str) -> bool:
    """Whether `word` begins as `asked`, if that is long enough to say anything."""
    return len(asked) >= SHORTEST_PREFIX and word.startswith(asked)


def read_question(text: str) -> Asked:
    """Return what a person looks for; words like *how many* count only where there are no others."""
    words = list(dict.fromkeys(words_of(text)))
    telling = [word for word in words if word not in IDLE]
    return Asked(tuple((telling or words)[:MOST_WORDS]))


def shelf_mark(word: str) -> str:
    """Return what a word has in common with its stems: how it begins. A stemmer may write i for y."""
    return word[:2].replace("y", "i")


class Index:
    """The words of many documents, each known by a number.

    Words are kept as they stand, and stemmed when one that begins alike is asked for: stemming all words of two
    thousand documents takes seconds.
    """

    def __init__(self) -> None:
        self._passages: dict[int, tuple[Passage, ...]] = {}
        self._of: dict[int, dict[str, float]] = {}
        self._documents_of: dict[str, dict[int, float]] = {}
        self._alike: dict[str, set[str]] = {}
        self._stems: dict[str, dict[str, set[str]]] = {}

    def put(self, document: int, passages: Iterable[Passage]) -> None:
        """Add a document, or replace its words."""
        self.drop(document)
        kept = tuple(passages)
        worth: dict[str, float] = {}
        for passage in sorted(kept, key=lambda one: -WORTH[one.field]):
            value = WORTH[passage.field]
            for word in words_of(f"{passage.label} {passage.text} {passage.also}"):
                worth.setdefault(word, value)
        self._passages[document], self._of[document] = kept, worth
        for word, value in worth.items():
            held = self._documents_of.get(word)
            if held is None:
                held = self._documents_of[word] = {}
                self._alike.setdefault(shelf_mark(word), set()).add(word)
                self._stems.pop(shelf_mark(word), None)
            held[document] = value

    def drop(self, document: int) -> None:
        """Forget a document."""
        self._passages.pop(document, None)
        for word in self._of.pop(document, {}):
            del self._documents_of[word][document]

    def find(self, asked: Asked) -> dict[int, float]:
        """Return what each document that holds every word is worth."""
        found = self._each(asked)
        common = set.intersection(*(set(one) for one in found)) if found else set()
        return {document: sum(one[document] for one in found) for document in common}

    def find_some(self, asked: Asked) -> dict[int, float]:
        """Return what each document that holds any of the words is worth: the more words, the more."""
        total: dict[int, float] = {}
        for one in self._each(asked):
            for document, value in one.items():
                total[document] = total.get(document, 0.0) + value + sum(WORTH.values())
        return total

    def _each(self, asked: Asked) -> list[dict[int, float]]:
        return [self._documents(word) for word in asked.words]

    def _documents(self, word: str) -> dict[int, float]:
        found: dict[int, float] = {}
        same = self._of_one_stem(word)
        for one in same:
            _raise_to(found, self._documents_of[one], times=1.0)
        for longer in self._beginning(word):
            for one in self._of_one_stem(longer) - same:
                _raise_to(found, self._documents_of[one], times=PREFIX_WORTH)
        return found

    def _of_one_stem(self, word: str) -> set[str]:
        """Return the known words that share a stem with `word`."""
        mark = shelf_mark(word)
        stems = self._stems.get(mark)
        if stems is None:
            stems = self._stems[mark] = {}
            for known in self._alike.get(mark, ()):
                for stem in stems_of(known):
                    stems.setdefault(stem, set()).add(known)
        return set().union(*(stems.get(stem, set()) for stem in stems_of(word)))

    def _beginning(self, word: str) -> list[str]:
        """Return known words that begin with `word`."""
        if len(word) < SHORTEST_PREFIX:
            return []
        return sorted(one for one in self._alike.get(shelf_mark(word), ()) if one.startswith(word))[:MOST_PREFIXED]

    def matches(self, document: int, asked: Asked, *, language: str) -> tuple[Match, ...]:
        """Say where in a document the words were found, the weightiest passages first, in `language` if they can be.

        A title is left out: the page shows it anyway.
        """
        wanted = [p for p in self._passages.get(document, ()) if p.field != Field.TITLE and _holds(p, asked)]
        nearest = [language, ""]
        wanted.sort(
            key=lambda p: (
                -WORTH[p.field],
                nearest.index(p.language) if p.language in nearest else len(nearest),
                -_held(p, asked),
            )
        )
        seen: set[tuple[str, str]] = set()
        found: list[Match] = []
        for passage in wanted:
            twin = (passage.field, passage.also or passage.text)  # the same text in another language
            if twin not in seen and len(found) < MOST_PASSAGES:
                seen.add(twin)
                found.append(Match(passage.field, marked(passage.label, asked), excerpt(passage.text, asked)))
        return tuple(found)


def _raise_to(found: dict[int, float], postings: Mapping[int, float], *, times: float) -> None:
    for document, value in postings.items():
        found[document] = max(found.get(document, 0.0), value * times)


def _holds(passage: Passage, asked: Asked) -> bool:
    return any(asked.finds(word) for word in words_of(f"{passage.label} {passage.text} {passage.also}"))


def _held(passage: Passage, asked: Asked) -> int:
    """Count the asked words a passage holds."""
    held = words_of(f"{passage.label} {passage.text} {passage.also}")
    return sum(any(stems_of(one) & stems_of(word) or begins(word, one) for word in held) for one in asked.words)


def marked(text: str, asked: Asked) -> tuple[Piece, ...]:
    """Cut a text into pieces, marking the words asked for."""
    pieces, at = [], 0
    for match in WORD.finditer(text):
        if asked.words and asked.finds(plain(match[0])):
            if match.start() > at:
                pieces.append(Piece(text[at : match.start()]))
            pieces.append(Piece(match[0], found=True))
            at = match.end()
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def excerpt(text: str, asked: Asked) -> tuple[Piece, ...]:
    """Return the part of a text around the first word found, marked."""
    if len(text) <= BEFORE + AFTER:
        return marked(text, asked)
    first = next((match.start() for match in WORD.finditer(text) if asked.finds(plain(match[0]))), 0)
    start = 0 if first <= BEFORE else text.rfind(" ", 0, first - BEFORE) + 1
    end = len(text) if len(text) - start <= BEFORE + AFTER else text.rfind(" ", start, start + BEFORE + AFTER)
    cut = text[start : end if end > first else len(text)]
    pieces: Sequence[Piece] = marked(cut, asked)
    before = (Piece("… "),) if start else ()
    return (*before, *pieces, *((Piece(" …"),) if end < len(text) else ()))
