"""Spanish as written in the United States: a comma between thousands, a point before decimals."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
