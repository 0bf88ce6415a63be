"""Query text -> tokens. One pass, one regular expression without backtracking."""

import re
from decimal import Decimal
from enum import Enum, auto
from typing import NamedTuple

from cupola.soql.errors import SoqlError, located
from cupola.soql.requests import MOST_CHARACTERS, too_long

MOST_TOKENS = 20_000


class Kind(Enum):
    """What a token is."""

    NAME = auto()  # bare: may be a keyword
    QUOTED = auto()  # in backticks: never a keyword
    SYSTEM = auto()  # :id
    TABLE = auto()  # @x
    NUMBER = auto()
    TEXT = auto()
    SIGN = auto()
    END = auto()


class Token(NamedTuple):
    """`value`: a name as written, the content of a text, a sign, or the digits of a number. `word`: caseless name."""

    kind: Kind
    value: str
    offset: int
    word: str = ""


_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*|/\*)
    |(?P<name>[^\W\d]\w*)
    |(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
    |(?P<text>')
    |(?P<double>")
    |(?P<quoted>`)
    |(?P<system>:@?\w+)
    |(?P<table>@[\w-]+)
    |(?P<sign>\|>|\|\||::|:\*|<=|>=|<>|!=|==|[-+*/%^<>=(),.\[\]])
    """,
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_DOUBLE = re.compile(r'[^"\\\n]+')
_HEX = re.compile(r"[0-9a-fA-F]+")


def tokens(text: str, *, base: int = 0) -> list[Token]:
    """Return the tokens of a text, the last of kind END; `base` is added to their offsets. Raises SoqlError."""
    if len(text) > MOST_CHARACTERS:
        raise too_long()
    found = _Lexer(text).run()
    return [token._replace(offset=token.offset + base) for token in found] if base else found


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Token] = []

    def run(self) -> list[Token]:
        self._check_characters()
        at, end = 0, len(self.text)
        while at < end:
            at = self._next(at)
            if len(self.found) > MOST_TOKENS:
                raise SoqlError("query.compiler.malformed", f"The query has more than {MOST_TOKENS:,} words and signs.")
        self.found.append(Token(Kind.END, "", end))
        return self.found

    def _check_characters(self) -> None:
        # The engine reads text up to a NUL, and lone surrogates have no bytes.
        if "\0" in self.text:
            raise self._fault("bad-parse", "A NUL character cannot be part of a query", self.text.index("\0"))
        try:
            self.text.encode()
        except UnicodeEncodeError as fault:
            raise self._fault("bad-parse", "This is not a Unicode character", fault.start) from None

    def _next(self, at: int) -> int:
        match = _TOKEN.match(self.text, at)
        if match is None:
            shown = self.text[at]
            raise self._fault("bad-parse", f"Unexpected character {shown!r}", at)
        group, value = match.lastgroup, match[0]
        if group == "space":
            return self._after_comment(at) if value == "/*" else match.end()
        if group == "name":
            self.found.append(Token(Kind.NAME, value, at, value.lower()))
        elif group in _READERS:
            return _READERS[group](self, at)
        else:
            self.found.append(Token(_KINDS[group or ""], value, at, value.lower()))
        return match.end()

    def _after_comment(self, at: int) -> int:
        end = self.text.find("*/", at + 2)
        if end < 0:
            raise self._fault("bad-parse", "This comment has no end; close it with */", at)
        return end + 2

    def _single(self, at: int) -> int:
        """Read a text in single quotes; two of them are one."""
        parts, here = [], at + 1
        while True:
            end = self.text.find("'", here)
            if end < 0:
                raise self._fault("unterminated-string", "This text has no end; close it with '", at)
            parts.append(self.text[here:end])
            if self.text[end + 1 : end + 2] != "'":
                self.found.append(Token(Kind.TEXT, "'".join(parts), at))
                return end + 1
            here = end + 2

    def _double(self, at: int) -> int:
        """Read a text in double quotes, with backslash escapes."""
        parts: list[str] = []
        here = at + 1
        while here < len(self.text):
            if match := _DOUBLE.match(self.text, here):
                parts.append(match[0])
                here = match.end()
            elif self.text[here] == '"':
                self.found.append(Token(Kind.TEXT, "".join(parts), at))
                return here + 1
            elif self.text[here] == "\\":
                here = self._escape(here, parts)
            else:
                break
        raise self._fault("unterminated-string", 'This text has no end; close it with "', at)

    def _escape(self, at: int, parts: list[str]) -> int:
        sign = self.text[at + 1 : at + 2]
        if sign in _ESCAPES:
            parts.append(_ESCAPES[sign])
            return at + 2
        if sign not in {"u", "U"}:
            raise self._fault("bad-parse", "Unexpected escape; after \\ comes n, t, b, f, r, u, U, \\ or a quote", at)
        digits = self.text[at + 2 : at + (6 if sign == "u" else 8)]
        whole = len(digits) == (4 if sign == "u" else 6) and _HEX.fullmatch(digits)
        if not whole or not 0 < int(digits, 16) <= 0x10FFFF or 0xD800 <= int(digits, 16) <= 0xDFFF:
            raise self._fault("bad-parse", "Bad Unicode escape; write \\u and 4 or \\U and 6 hexadecimal digits", at)
        parts.append(chr(int(digits, 16)))
        return at + 2 + len(digits)

    def _quoted(self, at: int) -> int:
        end = self.text.find("`", at + 1)
        if end < 0:
            raise self._fault("bad-parse", "This name has no end; close it with `", at)
        name = self.text[at + 1 : end]
        if not name.strip(":@ "):
            raise self._fault("bad-parse", "A name between backticks cannot be empty", at)
        self.found.append(Token(Kind.SYSTEM if name[0] == ":" else Kind.QUOTED, name, at, name.lower()))
        return end + 1

    def _number(self, at: int) -> int:
        match = _TOKEN.match(self.text, at)
        assert match is not None
        mantissa, _, exponent = match[0].lower().partition("e")
        if len(mantissa) > 100 or abs(int(exponent[:9] or "0")) > 300:
            raise self._fault("bad-parse", "This number is too large", at)
        value = Decimal(match[0])
        whole = value == value.to_integral_value()
        digits = format(value.quantize(Decimal(1)) if whole and abs(value) < Decimal("1e27") else value, "f")
        self.found.append(Token(Kind.NUMBER, digits.rstrip("0").rstrip(".") if "." in digits else digits, at))
        return match.end()

    def _fault(self, code: str, message: str, at: int) -> SoqlError:
        return located(f"query.soql.{code}", message, text=self.text, offset=at)


_KINDS = {"system": Kind.SYSTEM, "table": Kind.TABLE, "sign": Kind.SIGN}
_READERS = {"text": _Lexer._single, "double": _Lexer._double, "quoted": _Lexer._quoted, "number": _Lexer._number}
