"""Field types: how each value is read, what it may be, and what a mistake is told.

Each type is a pydantic annotation. `Says` is how the generated reference names the type.
"""

import re
import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from cupola.contracts import ColumnType
from cupola.folder.documents import Scalar
from cupola.folder.kinds.codes import CURRENCIES, LANGUAGES
from cupola.folder.problems import did_you_mean, listed, show
from cupola.periods import FiscalYears, NotADate, PartialDate, parse_day


@dataclass(frozen=True)
class Says:
    """How the reference page names a type."""

    text: str


def wrong(message: str, remedy: str) -> PydanticCustomError:
    """Return an error that carries its own remedy. Braces in either are kept as they are."""
    return PydanticCustomError("cupola", "{message}", {"message": message, "remedy": remedy})


# -- text


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    what = "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else show(value)
    raise wrong(f"{what or 'nothing'} is not text", "write one text here, in quotes if it holds ': '")


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def _printable(text: str) -> str:
    found = _CONTROL.search(text)
    if found is not None:
        raise wrong(f"the text holds the control character {found.group()!r}", "take it out")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise wrong("the text is empty", "write the text, or leave the line out")
    return text


AnyText = Annotated[str, BeforeValidator(_text), Says("text")]
Text = Annotated[str, BeforeValidator(_text), AfterValidator(_printable), Says("text")]
FilledText = Annotated[str, BeforeValidator(_text), AfterValidator(_printable), AfterValidator(_filled), Says("text")]


# -- names and addresses

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_PUBLIC_ID = re.compile(r"[a-z0-9]{4}-[a-z0-9]{4}", re.ASCII)
RESERVED_COLUMNS = ("vintage", "vintage_precision")
_WEB = ("http", "https")
_DATABASES = ("postgresql", "postgres", "sqlite")


def slugified(text: str) -> str:
    """Return the closest key to `text`."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:80] or "a-key"


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text) or len(text) > 80:
        remedy = f"write small letters, digits and single hyphens, at most 80: {slugified(text)!r}"
        raise wrong(f"{show(text)} is not a key", remedy)
    return text


def column_named(text: str) -> str:
    """Return the closest column name to `text`."""
    name = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or "column"
    return (name if name[0].isalpha() else f"c_{name}")[:63]


def _column_name(text: str) -> str:
    if text.startswith("_") or text in RESERVED_COLUMNS:
        other = f"{column_named(text)}_on" if text in RESERVED_COLUMNS else column_named(text)
        remedy = f"choose another, as {other!r}, and name the source's column under 'from:'"
        raise wrong(f"{show(text)} is reserved for Cupola's own columns", remedy)
    if not _COLUMN.fullmatch(text):
        remedy = f"write {column_named(text)!r} and name the source's column under 'from:'"
        raise wrong(f"{show(text)} is not a column name (small letters, digits, underscores)", remedy)
    return text


def _public_id(text: str) -> str:
    if not _PUBLIC_ID.fullmatch(text):
        remedy = "write four small letters or digits, a hyphen and four more, as 'ydr8-5enu', or leave it out"
        raise wrong(f"{show(text)} is not a public id", remedy)
    return text


def _url(text: str, schemes: Sequence[str] = _WEB) -> str:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        raise wrong(
            f"{show(text)} is not an address", "write one like 'https://data.example.gov/permits.csv'"
        ) from None
    if parts.scheme not in schemes or not (host or parts.scheme == "sqlite") or re.search(r"\s", text):
        remedy = f"begin it with {' or '.join(f'{scheme}://' for scheme in schemes if scheme != 'postgres')}"
        raise wrong(f"{show(text)} is not an address", remedy)
    if parts.password:
        raise wrong(
            "the address holds a password", "take it out; the database's own password file (~/.pgpass) can hold it"
        )
    return text


def _source_url(text: str) -> str:
    return _url(text, (*_WEB, *_DATABASES))


def _catalogue_place(text: str) -> str:
    return _url(text) if "://" in text else _file(text)


def _file(text: str) -> str:
    parts = re.split(r"[/\\]", text)
    if text.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", text) or ".." in parts:
        remedy = "write a path inside the folder or the --sources directory, as 'operations/permits.csv.gz'"
        raise wrong(f"{show(text)} leads out of the folder", remedy)
    return text


Slug = Annotated[str, BeforeValidator(_text), AfterValidator(_slug), Says("key: small letters, digits, hyphens")]
ColumnName = Annotated[str, BeforeValidator(_text), AfterValidator(_column_name), Says("column name")]
PublicId = Annotated[str, BeforeValidator(_text), AfterValidator(_public_id), Says("id like `ydr8-5enu`")]
Url = Annotated[str, BeforeValidator(_text), AfterValidator(_url), Says("web address")]
SourceUrl = Annotated[str, BeforeValidator(_text), AfterValidator(_source_url), Says("web or database address")]
CataloguePlace = Annotated[
    str,
    BeforeValidator(_text),
    AfterValidator(_printable),
    AfterValidator(_catalogue_place),
    Says("web address or path"),
]
RelativeFile = Annotated[str, BeforeValidator(_text), AfterValidator(_file), Says("path")]


# -- numbers, true and false


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Scalar) else value


def _whole(value: Any) -> Any:
    number = _plain(value)
    if isinstance(number, bool) or not isinstance(number, int):
        raise wrong(f"{show(value)} is not a whole number", "write digits only, as 100")
    return number


def _number(value: Any) -> Any:
    number = _plain(value)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise wrong(f"{show(value)} is not a number", "write it with a decimal point, as 0.01")
    return float(number)


def _truth(value: Any) -> Any:
    truth = _plain(value)
    if not isinstance(truth, bool):
        remedy = {"yes": "write true", "on": "write true", "no": "write false", "off": "write false"}
        found = remedy.get(str(value).casefold(), "write true or false, without quotes")
        raise wrong(f"{show(value)} is neither true nor false", found)
    return truth


def _between(low: float, high: float | None) -> Callable[[Any], Any]:
    def check(number: Any) -> Any:
        if number < low or (high is not None and number > high):
            allowed = f"at least {low:g}" if high is None else f"from {low:g} to {high:g}"
            hint = f"; {number:g} % is {number / 100:g}" if high == 1.0 and 1 < number <= 100 else ""
            raise wrong(f"{number:g} is out of range", f"write a number {allowed}{hint}")
        return number

    return check


Truth = Annotated[bool, BeforeValidator(_truth), Says("true or false")]
Count = Annotated[int, BeforeValidator(_whole), AfterValidator(_between(0, None)), Says("whole number")]
Scale = Annotated[int, BeforeValidator(_whole), AfterValidator(_between(0, 18)), Says("whole number 0-18")]
Share = Annotated[float, BeforeValidator(_number), AfterValidator(_between(0.0, 1.0)), Says("number 0-1")]


# -- one of a list


def one_of(noun: str, choices: Sequence[str]) -> BeforeValidator:
    """Return a validator that takes one of `choices`; `noun` is what a choice is called."""

    def check(value: Any) -> Any:
        text = _text(value)
        if text not in choices:
            raise wrong(
                f"{show(text)} is not {noun}",
                did_you_mean(text, choices, otherwise=f"write one of {listed(choices, most=20)}"),
            )
        return text

    return BeforeValidator(check)


def _column_type(value: Any) -> Any:
    return ColumnType(value)


COLUMN_TYPES = tuple(str(kind) for kind in ColumnType)
TypeOfColumn = Annotated[
    ColumnType,
    BeforeValidator(_column_type),
    one_of("a type", COLUMN_TYPES),
    Says(" \\| ".join(f"`{n}`" for n in COLUMN_TYPES)),
]


# -- time and place


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(zoneinfo.available_timezones()))


def _zone(text: str) -> str:
    if text not in _zones():
        raise wrong(
            f"{show(text)} is not a time zone",
            did_you_mean(text, _zones(), otherwise="write one like 'America/Chicago'"),
        )
    return text


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    text = _text(value)
    try:
        return parse_day(text)
    except NotADate as error:
        raise _no_date(error) from None


def _partial(text: str) -> str:
    try:
        return str(PartialDate.parse(text))
    except NotADate as error:
        raise _no_date(error) from None


def _month_day(text: str) -> str:
    try:
        FiscalYears.parse(text)
    except NotADate as error:
        raise _no_date(error) from None
    return text


def _no_date(error: NotADate) -> PydanticCustomError:
    why = f" ({error.reason})" if error.reason else ""
    return wrong(f"{show(error.text)} is not a date{why}", f"write {error.wanted}")


Zone = Annotated[str, BeforeValidator(_text), AfterValidator(_zone), Says("IANA time zone")]
Day = Annotated[date, BeforeValidator(_day), Says("day, as 2015-12-31")]
Partial = Annotated[str, BeforeValidator(_text), AfterValidator(_partial), Says("day, month or year")]
MonthDay = Annotated[str, BeforeValidator(_text), AfterValidator(_month_day), Says("month and day, as 07-01")]


def _currency(text: str) -> str:
    if text not in CURRENCIES:
        remedy = did_you_mean(text, CURRENCIES, otherwise="write a code of ISO 4217, as USD")
        raise wrong(
            f"{show(text)} is not a currency", f"write '{text.upper()}'" if text.upper() in CURRENCIES else remedy
        )
    return text


_LANGUAGE = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", re.ASCII)


def check_language(text: str) -> str:
    """Return a language code as it is, or raise."""
    match = _LANGUAGE.fullmatch(text)
    if match is None or match[1] not in LANGUAGES:
        named = {name.casefold(): code for code, name in LANGUAGES.items()}
        code = named.get(text.casefold())
        remedy = f"did you mean {code!r}?" if code else "write a code like 'en', 'es', 'pt-BR' or 'zh-Hans'"
        raise wrong(f"{show(text)} is not a language", remedy)
    return text


Currency = Annotated[str, BeforeValidator(_text), AfterValidator(_currency), Says("currency code of ISO 4217")]
Language = Annotated[str, BeforeValidator(_text), AfterValidator(check_language), Says("language code")]


# -- dates as sources write them

_DIRECTIVES = frozenset("aAwdbBmyYHIpMSgfnzZjUWcxXGVu%")
_UNPADDED = frozenset("dmyHIMSj")


_PARTS = "write %d day, %m month, %Y year, %y short year, %b Jan, %H hour, %I hour to 12, %p AM, %M minute, %S second"


def _strptime(text: str) -> str:
    for found in re.finditer(r"%(-?)(.?)", text, re.DOTALL):
        dash, letter = found.groups()
        if letter not in (_UNPADDED if dash else _DIRECTIVES) or not letter:
            raise wrong(f"'{found.group()}' in {show(text)} is not a part of a date", _PARTS)
    if "%" not in text:
        raise wrong(f"{show(text)} has no part of a date in it", "write a pattern like '%m/%d/%Y'")
    return text


DatePattern = Annotated[str, BeforeValidator(_text), AfterValidator(_strptime), Says("date pattern, as `%m/%d/%Y`")]


# -- lists


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else _tuple(value)


def _tuple(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(value)
    raise wrong(f"{show(value) or 'a mapping'} is not a list", "write a list, as [one, two]")


OneOrMore = BeforeValidator(_one_or_more)
Several = BeforeValidator(_tuple)
