"""20,000 values of which we know what they are: each kind written in several ways, and what only looks like it."""

import random
import re
from collections.abc import Callable

from cupola.privacy import Kind

SEED = 20261122
# the first four are in no list of ours, as one name in five of a city's people may be
UNLISTED = "Thandiwe Saoirse Zbigniew Ragnhild"
LISTED = "Maria John Linda Carlos Susan Wei Aisha Peter Lucía Robert Fatima Denise Jamal Ingrid Tomás Olga Priya"
GIVEN = f"{UNLISTED} {LISTED}".split()
FAMILY = "Garcia Smith O'Brien Nguyen Johnson Kowalski López Washington Patel Okafor Rivera Chen Müller Davis".split()  # noqa: SIM905
STREETS = ("Oak", "Martin Luther King", "W 63rd", "N Clark", "S Dr. Vera Wells", "Elm Grove", "E 9th", "Peach Tree")
WAYS = ("St", "Avenue", "Blvd", "Rd.", "Drive", "LN", "Court", "Parkway")
CALLES = ("Calle Mayor", "Avenida de la Constitución", "Paseo del Prado", "Av. Insurgentes Sur", "Plaza San Martín")
WORDS = re.findall(
    r"\w+",
    "inspector found water behind wall owner repaired fence before second visit crew removed tree after storm while"
    " neighbours asked for new lights near school entrance and city replaced two broken signs",
)
MONTHS = ("January", "March", "June", "October")


def luhn(digits: str) -> str:
    """Return the digit that makes the sum divide by ten."""
    total = sum(sum(divmod(int(one) * (2 - at % 2), 10)) for at, one in enumerate(reversed(digits)))
    return str(-total % 10)


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _email(chance: random.Random) -> str:
    name = chance.choice(GIVEN).lower().replace("í", "i").replace("á", "a")
    host = chance.choice(("city.org", "mail.example.com", "permits-office.gov", "correo.example.mx"))
    return chance.choice(("{}", "contact: {}", "<{}>", "Reply to {} please.")).format(
        f"{name}{chance.choice('._-')}{_digits(chance, 2)}@{host}"
    )


def _phone(chance: random.Random) -> str:
    area, office, line = (
        f"{chance.choice('23456789')}{_digits(chance, 2)}",
        f"7{_digits(chance, 2)}",
        _digits(chance, 4),
    )
    shapes = ("({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "1-{}-{}-{}", "+1 {} {} {}", "call {}-{}-{} after 5", "tel. {}{}{}")
    return chance.choice((*shapes, "+52 {} {} {}")).format(area, office, line)


def _ssn(chance: random.Random) -> str:
    number = f"{chance.randint(1, 665):03d}-{chance.randint(1, 99):02d}-{chance.randint(1, 9999):04d}"
    return chance.choice(("{}", "SSN {}", "ssn: {}.")).format(number)


def _card(chance: random.Random) -> str:
    start = chance.choice(("4", "51", "55", "6011", "37"))
    body = start + _digits(chance, (14 if start == "37" else 15) - len(start))
    number = body + luhn(body)
    if start == "37":
        return chance.choice((number, f"{number[:4]} {number[4:10]} {number[10:]}"))
    return chance.choice((number, " ".join(number[at : at + 4] for at in range(0, 16, 4)), f"paid with {number}"))


def _plate(chance: random.Random) -> str:
    letters = "".join(chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(3))
    return chance.choice(
        (
            f"{letters} {_digits(chance, 4)}",
            f"{letters}{_digits(chance, 3)}",
            f"{chance.randint(1, 9)}{letters}{_digits(chance, 3)}",
            f"{letters[:2]} {_digits(chance, 5)}",
        )
    )


def _ip(chance: random.Random) -> str:
    four = ".".join(str(chance.randint(10, 255)) for _ in range(4))
    six = ":".join(f"{chance.randint(4096, 65535):x}" for _ in range(8))
    return chance.choice((four, f"from {four}", six, f"2001:db8::{chance.randint(1, 65535):x}"))


def _born(chance: random.Random) -> str:
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1930, 2015)
    name = chance.choice(MONTHS)
    return chance.choice(
        (
            f"DOB: {month}/{day}/{year}",
            f"born {year}-{month:02d}-{day:02d}",
            f"Date of birth {name} {day}, {year}",
            f"nacida el {day} de marzo de {year}",
            f"dob {month}-{day}-{year % 100:02d}",
        )
    )


def _street(chance: random.Random) -> str:
    number = chance.randint(1, 12999)
    return chance.choice(
        (
            f"{number} {chance.choice(STREETS)} {chance.choice(WAYS)}",
            f"{number} {chance.choice(STREETS)} {chance.choice(WAYS)}, Apt {chance.randint(1, 40)}",
            f"{chance.choice(CALLES)} {number % 400 + 1}",
            f"{chance.choice(CALLES)}, {number % 400 + 1}",
        )
    )


def _place(chance: random.Random) -> str:
    lon, lat = -87.6 - chance.random() / 9, 41.8 + chance.random() / 9
    return chance.choice((f"POINT ({lon:.6f} {lat:.6f})", f"({lat:.7f}, {lon:.7f})", f"{lat:.6f} {lon:.6f}"))


def _person(chance: random.Random) -> str:
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    initial = chance.choice("ABCDEJKLMRST")
    shapes = (
        f"{given} {family}",
        f"{family}, {given}",
        f"{family.upper()}, {given.upper()} {initial}",
        f"{given} {initial}. {family}",
    )
    return chance.choice((*shapes, f"Dr. {given} {family}", f"{given} {family} {chance.choice(FAMILY)}"))


def _prose(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(9, 30))).capitalize() + "."


def _decoy(chance: random.Random) -> str:
    """Return what a detector might take for something: numbers of permits, versions, firms, measures, codes."""
    number = _digits(chance, 16)
    wrong = number[:15] + str((int(luhn(number[:15])) + 1) % 10)
    return chance.choice(
        (
            f"100{_digits(chance, 6)}",
            f"{_digits(chance, 2)}-{_digits(chance, 2)}-{_digits(chance, 3)}-{_digits(chance, 3)}-0000",
            f"4{wrong[1:15]}{(int(luhn('4' + wrong[1:15])) + 3) % 10}",
            "2.4.1.3",
            f"000-{_digits(chance, 2)}-{_digits(chance, 4)}",
            f"9{_digits(chance, 2)}-45-{_digits(chance, 4)}",
            f"${chance.randint(1, 900)},{_digits(chance, 3)}.00",
            f"{chance.choice(FAMILY)} Construction Inc",
            f"{chance.choice(FAMILY).upper()} & SONS LLC",
            "Department of Streets and Sanitation",
            f"Ward {chance.randint(1, 50)}",
            f"{chance.randint(1, 12)}/{chance.randint(1, 28)}/2024",
            "PERMIT - ELECTRIC WIRING",
            "In progress",
            "@home",
            "user@host",
            f"B{_digits(chance, 9)}",
            f"{chance.randint(2000, 2026)}-Q{chance.randint(1, 4)}",
            "Lincoln Park",
            "Oak Street Beach",
            "Senior Civil Engineer",
            f"{chance.random():.4f}",
            "Open - Dup",
            "n/a",
        )
    )


MAKERS: dict[Kind | None, Callable[[random.Random], str]] = {
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.SOCIAL_SECURITY: _ssn,
    Kind.CARD: _card,
    Kind.PLATE: _plate,
    Kind.IP_ADDRESS: _ip,
    Kind.BIRTH_DATE: _born,
    Kind.STREET_ADDRESS: _street,
    Kind.PRECISE_PLACE: _place,
    Kind.PERSON_NAME: _person,
    Kind.FREE_TEXT: _prose,
    None: _decoy,
}


def labelled(count: int = 20_000) -> list[tuple[str, Kind | None]]:
    """Return values and what they are; None for what is nothing of the kind. A third of them are."""
    chance = random.Random(SEED)
    kinds = [*(kind for kind in MAKERS if kind is not None), *([None] * 6)]
    return [(MAKERS[kind](chance), kind) for kind in (chance.choice(kinds) for _ in range(count))]
