"""`package_search`: words, filters `field:value` joined by AND, OR, NOT and parentheses, facets with counts."""

import fnmatch
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from cupola.serving.ckanerrors import BadAction, BadSearch
from cupola.serving.entries import Entry
from cupola.serving.finding import find

Package = Mapping[str, Any]
Test = Callable[[Package], bool]
USUAL_ROWS, MOST_ROWS = 10, 1000
_MOST_TOKENS = 200
_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>[()]|&&|\|\||[+!-](?=[\w("]))|(?:(?P<field>[\w.]+):)?(?:"(?P<quoted>(?:[^"\\]|\\.)*)"
    |(?P<range>[\[{][^\]}]*[\]}])|(?P<list>\((?=[^():]*\)))|(?P<word>[^\s()"]+)))""",
    re.VERBOSE,
)
_VALUES: dict[str, Callable[[Package], Iterable[str]]] = {
    "organization": lambda p: (p["organization"]["name"],),
    "owner_org": lambda p: (p["owner_org"],),
    "groups": lambda p: (one["name"] for one in p["groups"]),
    "tags": lambda p: (one["name"] for one in p["tags"]),
    "res_format": lambda p: {one["format"] for one in p["resources"] if one["format"]},
    "license_id": lambda p: (p["license_id"],),
    "name": lambda p: (p["name"],),
    "id": lambda p: (p["id"],),
    "title": lambda p: (p["title"],),
    "notes": lambda p: (p["notes"],),
    "author": lambda p: (p["author"],),
    "maintainer": lambda p: (p["maintainer"],),
    "state": lambda p: (p["state"],),
    "type": lambda p: (p["type"],),
    "dataset_type": lambda p: (p["type"],),
    "private": lambda p: ("false",),
    "metadata_modified": lambda p: (p["metadata_modified"],),
    "metadata_created": lambda p: (p["metadata_created"],),
}
_IN_TEXT = frozenset({"title", "notes", "author", "maintainer"})
_TITLES = {"organization": "Organizations", "groups": "Groups", "tags": "Tags", "res_format": "Formats"}
_SORTS = {"title_string": "title", "title": "title", "name": "name", "id": "id"}


@dataclass(frozen=True)
class Token:
    """A part of a filter: a sign, or a value with the field it is for."""

    sign: str = ""
    field: str = ""
    value: str = ""
    exact: bool = False


def tokens(text: str) -> list[Token]:
    """Return the parts of a filter. Raises BadSearch."""
    found: list[Token] = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None or match.end() == position or len(found) >= _MOST_TOKENS:
            raise BadSearch(f"it cannot be read from {text[position : position + 40]!r} on")
        position = match.end()
        if match["sign"]:
            found.append(Token(sign=match["sign"]))
        elif match["list"]:
            found.extend(_listed(match["field"] or "", text[position : text.index(")", position)]))
            position = text.index(")", position) + 1
        elif match["word"] in {"AND", "OR", "NOT"} and not match["field"]:
            found.append(Token(sign=match["word"]))
        else:
            quoted = match["quoted"]
            value = quoted.replace('\\"', '"') if quoted is not None else match["range"] or match["word"]
            found.append(Token(field=match["field"] or "", value=value, exact=quoted is not None))
    return found


def _listed(field: str, inside: str) -> list[Token]:
    """Return `field:(a OR b)` as `(field:a OR field:b)`."""
    inner = [one if one.sign else Token(field=field, value=one.value, exact=one.exact) for one in tokens(inside)]
    return [Token(sign="("), *inner, Token(sign=")")]


class Filter:
    """A filter being read: OR binds loosest, then AND (also unwritten), then NOT."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._at = 0

    def read(self) -> Test:
        """Return the whole filter as a test. Raises BadSearch."""
        if not self._tokens:
            return lambda package: True
        test = self._either()
        if self._at < len(self._tokens):
            raise BadSearch("a parenthesis is closed that was never opened")
        return test

    def _sign(self) -> str:
        return self._tokens[self._at].sign if self._at < len(self._tokens) else ""

    def _either(self) -> Test:
        tests = [self._both()]
        while self._sign() in {"OR", "||"}:
            self._at += 1
            tests.append(self._both())
        return lambda package: any(test(package) for test in tests)

    def _both(self) -> Test:
        tests = [self._single()]
        while self._at < len(self._tokens) and self._sign() not in {"OR", "||", ")"}:
            self._at += self._sign() in {"AND", "&&"}
            tests.append(self._single())
        return lambda package: all(test(package) for test in tests)

    def _single(self) -> Test:
        if self._at >= len(self._tokens):
            raise BadSearch("it ends where a value should follow")
        token = self._tokens[self._at]
        self._at += 1
        if token.sign in {"-", "!", "NOT"}:
            test = self._single()
            return lambda package: not test(package)
        if token.sign == "+":
            return self._single()
        if token.sign == "(":
            test = self._either()
            if self._sign() != ")":
                raise BadSearch("a parenthesis is not closed")
            self._at += 1
            return test
        if token.sign:
            raise BadSearch(f"{token.sign} stands where a value should")
        return _test(token)


def _test(token: Token) -> Test:
    if token.value == "*" or (token.field in {"", "*"} and token.value in {"*", "*:*"}):
        return lambda package: True
    wanted = token.value.casefold()
    names = [token.field] if token.field else ["title", "notes", "name", "tags"]
    if any(name not in _VALUES for name in names):
        raise BadSearch(f"there is no field {token.field}; there are {', '.join(_VALUES)}")
    if token.value[:1] in {"[", "{"}:
        return _between(names[0], token.value)

    def test(package: Package) -> bool:
        return any(_fits(wanted, value, name) for name in names for value in _VALUES[name](package))

    return test


def _fits(wanted: str, value: str, name: str) -> bool:
    held = str(value).casefold()
    if name in _IN_TEXT and "*" not in wanted:
        return wanted in held
    return fnmatch.fnmatchcase(held, re.sub(r"\[", "[[]", wanted)) if "*" in wanted else held == wanted


def _between(name: str, text: str) -> Test:
    low, _, high = text[1:-1].partition(" TO ")
    if not high:
        raise BadSearch(f"{text[:60]} is no range; write [2026-01-01 TO *]")
    low, high = low.strip().rstrip("Z"), high.strip().rstrip("Z")

    def test(package: Package) -> bool:
        values = [str(value) for value in _VALUES[name](package)]
        return any((low == "*" or value >= low) and (high == "*" or value[: len(high)] <= high) for value in values)

    return test


def search(found: list[tuple[Entry, Package]], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return one page of packages and the facets of all. Raises BadSearch, BadAction."""
    kept = _kept(found, given)
    start, rows = number(given, "start", 0, most=10**9), number(given, "rows", USUAL_ROWS, most=MOST_ROWS)
    names = _names(given.get("facet.field"))
    counts = {name: _counts(name, kept, given) for name in names}
    return {
        "count": len(kept),
        "results": kept[start : start + rows],
        "sort": str(given.get("sort") or "score desc, metadata_modified desc"),
        "facets": counts,
        "search_facets": {name: _facet(name, counted, kept) for name, counted in counts.items()},
    }


def _kept(found: list[tuple[Entry, Package]], given: Mapping[str, Any]) -> list[Package]:
    q = str(given.get("q") or "").strip()
    by_key = {entry.key: package for entry, package in found}
    if ":" in q or q.startswith("("):
        test = Filter(q).read()
        kept = [package for package in by_key.values() if test(package)]
    else:
        kept = [by_key[entry.key] for entry, _ in find([entry for entry, _ in found], q.replace("*", " "))]
    for text in [given.get("fq"), *_names(given.get("fq_list"))]:
        test = Filter(str(text or "")).read()
        kept = [package for package in kept if test(package)]
    return _sorted(kept, str(given.get("sort") or ""))


def _sorted(kept: list[Package], sort: str) -> list[Package]:
    for part in reversed([part.split() for part in sort.split(",") if part.split()]):
        name = _SORTS.get(part[0], part[0])
        if name == "score":
            continue
        if name not in {"title", "name", "id", "metadata_modified", "metadata_created"}:
            raise BadSearch(f"nothing can be sorted by {part[0][:60]}")
        kept = sorted(kept, key=lambda package: package[name].casefold(), reverse=part[-1].casefold() == "desc")
    return kept


def number(given: Mapping[str, Any], name: str, usual: int, *, most: int) -> int:
    """Return a whole number of an action's parameters, `most` when it is larger. Raises BadAction."""
    value = given.get(name)
    if value is None or value == "":
        return usual
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII):
        raise BadAction(name, "Invalid integer")
    if int(text) < 0:
        raise BadAction(name, "Must be a natural number")
    return min(int(text), most)


def _names(value: Any) -> list[str]:
    """Return a list that came as a list, as JSON, or as names between commas."""
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = orjson.loads(value)
        except ValueError:
            raise BadAction("facet.field", "Cannot be read as a list") from None
    if isinstance(value, str):
        value = value.split(",")
    return [str(name).strip() for name in value or () if str(name).strip()] if isinstance(value, list) else []


def _counts(name: str, kept: list[Package], given: Mapping[str, Any]) -> dict[str, int]:
    if name not in _VALUES:
        return {}
    most, least = _limit(given), number(given, "facet.mincount", 1, most=10**9)
    counts = Counter(value for package in kept for value in _VALUES[name](package))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict([pair for pair in ordered if pair[1] >= least][:most])


def _limit(given: Mapping[str, Any]) -> int | None:
    return None if str(given.get("facet.limit", "")).startswith("-") else number(given, "facet.limit", 50, most=10_000)


def _facet(name: str, counted: Mapping[str, int], kept: list[Package]) -> dict[str, Any]:
    shown: dict[str, str] = {}
    for package in kept:
        if name == "organization":
            shown[package["organization"]["name"]] = package["organization"]["title"]
        elif name == "groups":
            shown.update({one["name"]: one["title"] for one in package["groups"]})
    items = [{"name": value, "display_name": shown.get(value, value), "count": n} for value, n in counted.items()]
    return {"title": _TITLES.get(name, name), "items": items}
