"""Numbers as text without exponents, every digit kept."""

from decimal import Decimal

_LARGEST, _SMALLEST = 40, -40  # beyond these a number is written with its exponent: it is no count, sum or share


def decimal_text(value: Decimal) -> str:
    """Return a decimal in plain digits, trailing zeros kept."""
    text = str(value)
    if "E" not in text or not _SMALLEST <= value.adjusted() <= _LARGEST:
        return text
    return format(value, "f")


def plain_number(text: str) -> str:
    """Return the text of a number in plain digits.

    >>> plain_number("1.5e+03")
    '1500'
    """
    return decimal_text(Decimal(text)) if "e" in text or "E" in text else text
