"""How the types of a contract are stored: contract -> DuckDB -> Iceberg, and the columns the lake adds itself."""

from dataclasses import dataclass

from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IcebergType,
    IntegerType,
    LongType,
    PrimitiveType,
    StringType,
    TimestampType,
    TimestamptzType,
)

from cupola.contracts import VINTAGE, Column, ColumnType, Contract

ID = "_id"
CREATED = "_created_at"
UPDATED = "_updated_at"
VINTAGE_PRECISION = "vintage_precision"
SYSTEM = (ID, CREATED, UPDATED, VINTAGE, VINTAGE_PRECISION)
DIGITS = 18  # of every exact decimal, so that sums of millions of rows still fit in 38

_STORED: dict[ColumnType, PrimitiveType] = {
    ColumnType.TEXT: StringType(),
    ColumnType.CODE: StringType(),
    ColumnType.URL: StringType(),
    ColumnType.POINT: StringType(),
    ColumnType.INTEGER: LongType(),
    ColumnType.MONEY: DecimalType(DIGITS, 2),
    ColumnType.PERCENT: DecimalType(DIGITS, 4),
    ColumnType.FLOAT: DoubleType(),
    ColumnType.DURATION: DoubleType(),
    ColumnType.BOOLEAN: BooleanType(),
    ColumnType.DATE: DateType(),
    ColumnType.TIMESTAMP: TimestampType(),
    ColumnType.INSTANT: TimestamptzType(),
    ColumnType.GEOMETRY: BinaryType(),
}
_DUCKDB: dict[type[IcebergType], str] = {
    StringType: "VARCHAR",
    LongType: "BIGINT",
    IntegerType: "INTEGER",
    DoubleType: "DOUBLE",
    FloatType: "FLOAT",
    BooleanType: "BOOLEAN",
    DateType: "DATE",
    TimestampType: "TIMESTAMP",
    TimestamptzType: "TIMESTAMP WITH TIME ZONE",
    BinaryType: "BLOB",
}


@dataclass(frozen=True)
class StoredColumn:
    """One column as stored. `origins`: older names of the same column; `system`: added by the lake."""

    name: str
    type: PrimitiveType
    origins: tuple[str, ...] = ()
    system: bool = False

    @property
    def duckdb(self) -> str:
        """Return the type DuckDB keeps it in."""
        return duckdb_name(self.type)


def iceberg_type(column: Column) -> PrimitiveType:
    """Return the type Iceberg stores `column` in."""
    if column.type is ColumnType.DECIMAL:
        return DecimalType(DIGITS, column.scale)
    return _STORED[column.type]


def duckdb_type(column: Column) -> str:
    """Return the type DuckDB keeps `column` in."""
    return duckdb_name(iceberg_type(column))


def duckdb_name(stored: IcebergType) -> str:
    """Return DuckDB's name for an Iceberg type."""
    if isinstance(stored, DecimalType):
        return f"DECIMAL({stored.precision},{stored.scale})"
    return _DUCKDB[type(stored)]


def stored_columns(contract: Contract) -> tuple[StoredColumn, ...]:
    """Return every column of the table, in order: the contract's, its tags, then the lake's own."""
    named = {column.name for column in contract.columns}
    columns = [StoredColumn(one.name, iceberg_type(one), one.origins) for one in contract.columns]
    columns += [StoredColumn(tag.column, StringType()) for tag in contract.tags if tag.column not in named]
    if contract.vintaged:
        columns.append(StoredColumn(VINTAGE, DateType(), system=True))
        columns.append(StoredColumn(VINTAGE_PRECISION, StringType(), system=True))
    columns.append(StoredColumn(ID, LongType(), system=True))
    columns.append(StoredColumn(CREATED, TimestamptzType(), system=True))
    columns.append(StoredColumn(UPDATED, TimestamptzType(), system=True))
    return tuple(columns)
