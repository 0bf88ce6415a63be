"""`$q` and SEARCH: all words must occur in a row, in any of their forms, in any searchable column."""

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]
from sqlglot import exp

from cupola.soql.building import column, function, joined, number, text
from cupola.soql.types import Column, SoqlType

_WORD = re.compile(r"\w+")
_MOST_WORDS = 20
_LONGEST = 60
# Endings that may follow a stem. Only forms the stemmer leads back to the same stem are kept.
_ENGLISH = (
    " s es ed ing ings er ers ly y ies ied e al ally ation ations ion ions ment ments ness ity ities able ably ible "
    "ive ives ively ful fully ous ously or ors ance ence ant ants ent ents ism ist ists ic ical ically ize izes ized "
    "izing ization ate ates ated ating"
)
_SPANISH = (
    " o a os as es e s amos an ando ado ada ados adas ar er ir iendo ido ida idos idas en imos emos cion ciones acion "
    "aciones ador adora adores idad idades mente amente amiento amientos imiento imientos ico ica icos icas oso osa "
    "osos osas able ables ible ibles ista istas ismo anza ancia encia ivo iva ivos ivas eza ezas"
)
_LANGUAGES = (
    (snowballstemmer.stemmer("english"), _ENGLISH.split(" ")),
    (snowballstemmer.stemmer("spanish"), _SPANISH.split(" ")),
)
_STEMMING = threading.Lock()  # a stemmer keeps the word it works on
_COMMON = (
    "a an and are as at be but by for from has have if in into is it its no not of on or such that the their then "
    "there these they this to was were will with de la el en los las del un una y o por para con que se al es su lo"
)
_STOP_WORDS = frozenset(_COMMON.split())


def search_words(asked: str) -> list[str]:
    """Return the words to look for: small letters without accents, stop words left out unless there are no others."""
    found = [word[:_LONGEST] for word in _WORD.findall(_plain(asked))]
    unique = list(dict.fromkeys(found))
    return ([word for word in unique if word not in _STOP_WORDS] or unique)[:_MOST_WORDS]


def search(words: list[str], columns: list[Column]) -> exp.Expr:
    """Return the condition that every word occurs in one of the columns. No words, or no columns: no rows."""
    if not words or not columns:
        return exp.Boolean(this=False)
    return joined(exp.And, [joined(exp.Or, _occurrences(word, columns)) for word in words])


def _occurrences(word: str, columns: list[Column]) -> list[exp.Expr]:
    found = [_in_text(word, each) for each in columns if each.type is not SoqlType.NUMBER]
    if word.isascii() and word.isdigit() and len(word) <= 18:
        value = str(int(word))
        numbers = [each for each in columns if each.type is SoqlType.NUMBER]
        found += [exp.EQ(this=column(each.place), expression=number(value)) for each in numbers]
    return found or [exp.Boolean(this=False)]


def _in_text(word: str, each: Column) -> exp.Expr:
    # A plain search for what all forms share passes over most values; letters with accents need the slower way.
    folded = function("STRIP_ACCENTS", function("LOWER", column(each.place)))
    shared, pattern = pattern_of(word)
    whole = function("REGEXP_MATCHES", folded.copy(), text(pattern))
    return exp.Paren(this=exp.And(this=function("CONTAINS", folded, text(shared)), expression=whole))


@lru_cache(maxsize=4096)
def pattern_of(word: str) -> tuple[str, str]:
    """Return what all forms of a word begin with, and the regular expression of a text that holds one of them."""
    forms = word_forms(word)
    shared = forms[0]
    for form in forms:
        while not form.startswith(shared):
            shared = shared[:-1]
    choice = "|".join(re.escape(form) for form in forms)
    return shared, rf"(?:^|[^\pL\pN_])(?:{choice})(?:$|[^\pL\pN_])"


def word_forms(word: str) -> list[str]:
    """Return the forms of a word that share its stem in English or Spanish, itself included."""
    forms = {word}
    with _STEMMING:
        for stemmer, endings in _LANGUAGES:
            stem = _plain(stemmer.stemWord(word))
            forms |= {form for form in _candidates(stem, endings) if _plain(stemmer.stemWord(form)) == stem}
    return sorted(forms)


def _candidates(stem: str, endings: list[str]) -> set[str]:
    """Return words that may have this stem: city and cities for citi, running for run."""
    roots = {stem}
    if stem.endswith("i"):
        roots.add(f"{stem[:-1]}y")
    if len(stem) > 2 and stem[-1] not in "aeiouwxy" and stem[-2] in "aeiou":
        roots.add(stem + stem[-1])
    return {root + ending for root in roots for ending in endings}


def _plain(asked: str) -> str:
    """Return small letters without accents, as the engine makes them of the rows."""
    split = unicodedata.normalize("NFD", asked.lower())
    return unicodedata.normalize("NFC", "".join(each for each in split if not unicodedata.combining(each)))
