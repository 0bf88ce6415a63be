"""Full-text search over the catalogue: titles, descriptions, keywords, column names and meanings, by word stem."""

import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]  # the package has no types

from cupola.serving.entries import Entry

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 20
_TITLE, _KEYWORD, _COLUMN, _DESCRIPTION = 8.0, 4.0, 2.0, 1.0
_local = threading.local()


def words(text: str) -> list[str]:
    """Return the stems of a text without accents and case: `Permits` is `permit`, and `calles` is `calle`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return [_stem(word) for word in _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))]


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    stemmers = getattr(_local, "stemmers", None)
    if stemmers is None:
        stemmers = _local.stemmers = [snowballstemmer.stemmer(language) for language in ("english", "spanish")]
    return min((str(stemmer.stemWord(word)) for stemmer in stemmers), key=len)


@lru_cache(maxsize=4096)
def _weights(texts: tuple[tuple[str, float], ...]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for text, weight in texts:
        for word in words(text):
            found[word] = max(weight, found.get(word, 0.0))
    return found


def _texts(entry: Entry) -> tuple[tuple[str, float], ...]:
    columns = " ".join(f"{column.name} {column.title} {column.meaning}" for column in entry.columns)
    translated = entry.metadata.get("translations") or {}
    others = [part for one in translated.values() for part in (one.get("title", ""), one.get("description", ""))]
    return (
        (f"{entry.title} {entry.key}", _TITLE),
        (" ".join([*entry.keywords, *entry.topics]), _KEYWORD),
        (columns, _COLUMN),
        (" ".join([entry.text("description"), entry.text("row"), entry.text("department"), *others]), _DESCRIPTION),
    )


def score(entry: Entry, asked: Iterable[str]) -> float:
    """Return how well an entry answers to all the stems asked for; 0 when one of them is nowhere in it."""
    held = _weights(_texts(entry))
    total = 0.0
    for word in asked:
        best = held.get(word) or max((held[one] * 0.5 for one in held if one.startswith(word)), default=0.0)
        if not best:
            return 0.0
        total += best
    return total


def find(entries: Iterable[Entry], q: str) -> list[tuple[Entry, float]]:
    """Return the entries that hold every word of `q`, best first, each with its score; all of them for no word."""
    asked = words(q[:1000])[:_MOST_WORDS]
    scored = [(entry, score(entry, asked) if asked else 1.0) for entry in entries]
    return sorted(((entry, mark) for entry, mark in scored if mark), key=lambda pair: -pair[1])
