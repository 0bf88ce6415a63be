"""One test per kind: SQL that says whether a text holds such a detail. Run over distinct values, so it may be thorough.

The patterns are RE2 (what DuckDB reads): no look-ahead, and time that grows only with the length of the text. What a
pattern cannot say (ranges of numbers, check digits) follows in SQL over what it found. English and Spanish.
"""

from cupola.contracts.dialect_sql import sql_text
from cupola.privacy.kinds import Kind
from cupola.privacy.names import GIVEN_NAMES, SURNAMES

V = "v"  # the text under test, a VARCHAR that is not null

_EMAIL = r"(?i)(^|[^a-z0-9._%+-])[a-z0-9._%+-]+@[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*\.[a-z]{2,24}($|[^a-z0-9-])"
_PHONE_MARKED = (
    r"(^|[^0-9A-Za-z.+-])(\+?1[ .-]?)?(\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-]"
    r"[0-9]{4}($|[^0-9A-Za-z-])"
)
_PHONE_ABROAD = r"(^|[^0-9A-Za-z])\+[1-9][0-9]{0,2}([ .-]?\(?[0-9]{1,4}\)?){2,6}($|[^0-9A-Za-z])"
_PHONE_BARE = r"^\s*(\+?1)?[2-9][0-9]{2}[2-9][0-9]{6}(\.0)?\s*$"
_PHONE_SAID = r"(?i)\b(tel|phone|cell|mobile|fax|tel[eé]fono|m[oó]vil|celular)[a-z.]*[ :#]*\+?[0-9(][0-9(). -]{6,}[0-9]"
_SSN = r"(^|[^0-9A-Za-z-])([0-9]{3})-([0-9]{2})-([0-9]{4})($|[^0-9A-Za-z-])"
_SSN_BARE = r"^\s*([0-9]{3})([0-9]{2})([0-9]{4})\s*$"
_CARD = (
    r"(?:^|[^0-9A-Za-z.-])([2-6][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{1,7}"
    r"|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5})"
    r"(?:$|[^0-9A-Za-z.-])"
)
_PLATE = (
    r"^\s*([A-Z]{3}[ -]?[0-9]{3,4}|[0-9]{3,4}[ -]?[A-Z]{3}|[0-9][A-Z]{3}[0-9]{3}|[A-Z]{2}[ -]?[0-9]{5,6}"
    r"|[A-Z][0-9]{2}[ -]?[A-Z0-9]{3}|[A-Z]{1,2}[0-9]{1,2}[ -]?[0-9]{3,4}|[0-9]{2}[A-Z]{1,2}[0-9]{3,4})\s*$"
)
_IP4 = r"(?:^|[^0-9A-Za-z.])((?:[0-9]{1,3}\.){3}[0-9]{1,3})(?:$|[^0-9A-Za-z.])"
_IP6 = (
    r"(?i)(^|[^0-9a-z:])(([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}"
    r"|([0-9a-f]{1,4}:){1,6}:([0-9a-f]{1,4}(:[0-9a-f]{1,4}){0,5})|fe80::[0-9a-f:]+)($|[^0-9a-z:])"
)
_DATE = (
    r"([0-9]{1,2}[/.-][0-9]{1,2}[/.-]([0-9]{4}|[0-9]{2})|(19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}"
    r"|[a-z]{3,10}\.? [0-9]{1,2},? (19|20)[0-9]{2}|[0-9]{1,2}( de)? [a-z]{3,10}\.?( de)? (19|20)[0-9]{2})"
)
_BORN = (
    r"(?i)\b(d\.?o\.?b\.?|born|birth ?date|date of birth|birthday|nacid[oa]|f\.? ?nac\.?|nacimiento|cumplea[nñ]os)"
    r"\b[ :,-]*(on|el|is|de|en|the)?[ :,-]*" + _DATE
)
_STREET_ENGLISH = (
    r"(?i)(^|[^0-9a-z.$])[0-9]{1,6}[a-z]?(-[0-9]{1,5})?( 1/2)? ((n|s|e|w|ne|nw|se|sw|north|south|east|west)\.? )?"
    r"([0-9]{1,3}(st|nd|rd|th)|[a-zà-ÿ.'-]+( [a-zà-ÿ.'-]+){0,3}) "
    r"(st|street|ave|av|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|pl|place|ter|terrace|way|pkwy|parkway"
    r"|hwy|highway|cir|circle|sq|square|trl|trail|aly|alley|plz|plaza|row|walk|expy|expressway)\b"
)
_STREET_SPANISH = (
    r"(?i)\b(calle|c/|avenida|avda?\.?|av\.|paseo|p\.º|plaza|camino|carretera|calzada|callej[oó]n|bulevar|cl\.|carrera"
    r"|cra\.?) ?(de |del |la |las |los |el )*[a-zà-ÿ0-9.'-]+( [a-zà-ÿ.'-]+){0,4},? "
    r"(#|n[º°o]\.? ?|num\.? |n[uú]mero )?[0-9]{1,5}\b"
)
_PLACE = r"(-?[0-9]{1,3}\.[0-9]{5,})[ ,;]+(-?[0-9]{1,3}\.[0-9]{5,})"
_LINK = r"(?i)^\s*\[?['\"]?[a-z][a-z0-9+.-]*://"
_WORD = r"[A-Za-zÀ-ÿ]+(?:['-][A-Za-zÀ-ÿ]+)*"
_NAME = (
    rf"^\s*(?:(?i:mr|mrs|ms|miss|dr|sr|sra|srta|don|doña|prof|rev|hon|lic|ing)\.? )?"
    rf"{_WORD}(?:,? (?:{_WORD}|[A-Za-z])\.?){{1,4}},?(?: (?i:jr|sr|ii|iii|iv|md|phd|esq)\.?)?\s*$"
)
_ONE_NAME = rf"^\s*{_WORD}\.?\s*$"
_FORMAL = r"(?i)^\s*(mr|mrs|ms|miss|dr|sra?|srta)\b|\b[a-z]\.?(,| |$)"
# words of firms, places and offices: a text with one of them does not name a person
_NOT_PERSONS = (
    "inc llc ltd corp corporation company co group services service center centre school church department city county"
    " street avenue road park hospital university college association foundation bank construction contractors electric"
    " plumbing heating restaurant partners enterprises properties management systems solutions design home homes"
    " escuela iglesia calle avenida hospital universidad fundación departamento servicios grupo empresa sociedad centro"
    " park beach plaza row office unit lot line high middle elementary north south east west lake river heights village"
    " square building tower house garden"
    " fund funds program project works police fire water tax board commission committee court library museum permit"
    " manager director officer engineer clerk analyst assistant supervisor inspector coordinator specialist technician"
)


def _matches(pattern: str, text: str = V) -> str:
    return f"regexp_matches({text}, {sql_text(pattern)})"


def _found(pattern: str, *, group: int = 1) -> str:
    return f"regexp_extract_all({V}, {sql_text(pattern)}, {group})"


def _any_of(found: str, condition: str) -> str:
    """Return SQL: does any text of the list `found`, called x, meet `condition`?"""
    return f"len(list_filter({found}, lambda x: {condition})) > 0"


def _then(shape: str, more: str) -> str:
    """Return SQL for both; the second, which costs more, is computed only where the first holds."""
    return f"CASE WHEN {shape} THEN {more} ELSE false END"


def _digits(text: str) -> str:
    return f"regexp_replace({text}, '[^0-9]', '', 'g')"


def _luhn(digits: str) -> str:
    """Return SQL for the check of payment cards: from the right every second digit doubled, the sum divides by 10."""
    doubled = f"(CAST(substr({digits}, i, 1) AS INTEGER) * (1 + (len({digits}) - i) % 2))"
    terms = f"list_transform(range(1, len({digits}) + 1), lambda i: {doubled} // 10 + {doubled} % 10)"
    return f"(len({digits}) BETWEEN 13 AND 19 AND list_sum({terms}) % 10 = 0)"


def _valid_ssn(pattern: str, *, shift: int) -> str:
    """Return SQL: three groups of digits that were ever given out. `shift`: groups before the first of the three."""
    area, group, serial = (f"regexp_extract({V}, {sql_text(pattern)}, {shift + at})" for at in (1, 2, 3))
    given = f"{area} NOT IN ('000', '666') AND {area} < '900' AND {group} <> '00' AND {serial} <> '0000'"
    return _then(_matches(pattern), given)


def _names() -> str:
    """Return SQL: the shape of a name without a word of a firm, and a given name, or a surname as forms write it."""
    words = f"regexp_extract_all(strip_accents(lower({V})), '[a-z]+')"
    given, surnames, firms = (
        "[" + ", ".join(sql_text(word) for word in sorted(set(names.split()))) + "]"
        for names in (GIVEN_NAMES, SURNAMES, _NOT_PERSONS)
    )
    named = f"len(list_intersect({words}, {given})) > 0"
    formal = f"(contains({V}, ',') OR {_matches(_FORMAL)}) AND len(list_intersect({words}, {surnames})) > 0"
    known = f"NOT list_has_any({words}, {firms}) AND ({named} OR {formal})"
    return _then(_matches(_NAME), known)


def _words() -> str:
    return f"len(regexp_extract_all({V}, '[A-Za-zÀ-ÿ]{{2,}}'))"


def _octets() -> str:
    return "len(list_filter(string_split(x, '.'), lambda part: CAST(part AS INTEGER) > 255)) = 0"


def _address() -> str:
    """Return SQL for an IP address; 1.2.3.4 is more often a version or a section than an address, 0.0.0.0 is none."""
    numbers = f"{_octets()} AND NOT regexp_matches(x, '^[0-9](\\.[0-9]){{3}}$')"
    return f"({_any_of(_found(_IP4), numbers)} OR {_matches(_IP6)})"


# Says so by itself, wherever it stands.
TESTS: dict[Kind, str] = {
    Kind.EMAIL: _matches(_EMAIL),
    Kind.PHONE: f"({_matches(_PHONE_MARKED)} OR {_matches(_PHONE_ABROAD)} OR {_matches(_PHONE_SAID)})",
    Kind.SOCIAL_SECURITY: _valid_ssn(_SSN, shift=1),
    Kind.CARD: _any_of(_found(_CARD), _luhn(_digits("x"))),
    Kind.IP_ADDRESS: _address(),
    Kind.BIRTH_DATE: _matches(_BORN),
    Kind.STREET_ADDRESS: f"({_matches(_STREET_ENGLISH)} OR {_matches(_STREET_SPANISH)})",
    Kind.PRECISE_PLACE: _matches(_PLACE),
    Kind.PERSON_NAME: _names(),
    Kind.PLATE: f"({_matches(_PLATE)} AND {_matches('[A-Z]')})",
    Kind.FREE_TEXT: f"({_words()} >= 8 AND {V} LIKE '% % %' AND NOT {_matches(_LINK)})",
}
# Could be any number or date, and counts only in a column whose name says what it holds.
HINTED_TESTS: dict[Kind, str] = {
    Kind.PHONE: f"({TESTS[Kind.PHONE]} OR {_matches(_PHONE_BARE)})",
    Kind.SOCIAL_SECURITY: f"({TESTS[Kind.SOCIAL_SECURITY]} OR {_valid_ssn(_SSN_BARE, shift=0)})",
    Kind.BIRTH_DATE: _matches(r"(?i)" + _DATE),
    Kind.PERSON_NAME: f"({_matches(_NAME)} OR {_matches(_ONE_NAME)})",
    Kind.PLATE: _matches(r"^\s*[A-Za-z0-9][A-Za-z0-9 -]{3,8}\s*$"),
}
# Words in the name of a column, in English and Spanish.
HINTS: dict[Kind, str] = {
    Kind.PHONE: r"phone|tel\b|telefono|cell|mobile|movil|celular|fax",
    Kind.SOCIAL_SECURITY: r"ssn|social_?sec|seguro_?social",
    Kind.BIRTH_DATE: r"birth|\bdob|born|nacim|nacid|cumple",
    Kind.PERSON_NAME: r"(first|last|middle|full|owner|applicant|contact|employee|person|patient|client|complainant"
    r"|resident)_?name|surname|apellido|nombre_?(completo|del?_)|^nombres?$",
    Kind.PLATE: r"plate|placa|matricula|licen[cs]e_?(no|num)",
}
