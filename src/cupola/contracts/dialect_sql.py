"""How DuckDB must be told to read a delimited file, so that it reads what the careful reader reads.

Found by experiment on DuckDB 1.5.5, all columns as text, `auto_detect=false`:
- `new_line` is never passed: '\\r\\n' gives a silently empty result, and so does '\\n' where '\\r\\n' stands anywhere
  outside quotes. Without it all three line ends are found, and mixed ones are loud.
- `force_not_null` on every column: an empty value is the text '', quoted or not, as in the careful reader.
- Loud: too few or too many fields, text after a closing quote, an unterminated quote, invalid UTF-8, mixed line ends,
  a carriage return inside an unquoted value. The caller falls back to the careful reader on any error.
- Silent, hence never offered: extra empty fields at the end of a row (dropped), blanks between delimiter and quote
  (trimmed), a quoted line break in the lines that are skipped, lone '\\r' line ends mixed in.
"""

from collections.abc import Sequence

from cupola.contracts.landing import CsvFile


def sql_text(value: str) -> str:
    """Return `value` as an SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def duckdb_options(csv: CsvFile, columns: Sequence[str]) -> str:
    """Return the options of `read_csv` for `csv`, whose columns are `columns`, each read as VARCHAR."""
    dialect = csv.dialect
    types = ", ".join(f"{sql_text(name)}: 'VARCHAR'" for name in columns)
    names = ", ".join(sql_text(name) for name in columns)
    return (
        f"auto_detect=false, header=false, skip={dialect.skip_lines + dialect.header_rows}, columns={{{types}}}, "
        f"delim={sql_text(dialect.delimiter)}, quote={sql_text(dialect.quote)}, escape={sql_text(dialect.escape)}, "
        "comment='', strict_mode=true, null_padding=false, ignore_errors=false, encoding='utf-8', "
        f"force_not_null=[{names}]"
    )


def duckdb_table(csv: CsvFile, columns: Sequence[str]) -> str:
    """Return the table expression `read_csv(...)` for `csv`."""
    return f"read_csv({sql_text(str(csv.path))}, {duckdb_options(csv, columns)})"
