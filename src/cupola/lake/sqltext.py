"""Text into SQL and back: quoting names and values, the one place that does it."""

WHITESPACE = " \t\n\r\v\f\u00a0"


def name(identifier: str) -> str:
    """Return `identifier` quoted as a SQL name."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return `value` as a SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: tuple[str, ...]) -> str:
    """Return `values` as the inside of a SQL list or IN (...)."""
    return ", ".join(text(value) for value in values)


def trimmed(expression: str) -> str:
    """Return SQL for `expression` without white space (no-break spaces too) at both ends."""
    return f"trim({expression}, {text(WHITESPACE)})"
