"""Statements of measures on Spark: the same files of the same snapshot, in local mode or on a cluster.

Needs the extra `spark` and Java 17, so nothing imports this module but who asked for it by CUPOLA_ENGINE=spark.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import (
    BinaryType,
    BooleanType,
    DataType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    StringType,
    StructField,
    StructType,
    TimestampNTZType,
    TimestampType,
)
from sqlglot import exp

from cupola.contracts import VINTAGE
from cupola.lake.lake import Lake
from cupola.lake.reading import QueryFailed, check_inputs
from cupola.lake.sparksql import quoted, spark_sql
from cupola.lake.versions import StoredField, Version

_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_TYPES: Mapping[str, DataType] = {
    "VARCHAR": StringType(),
    "BIGINT": LongType(),
    "INTEGER": IntegerType(),
    "DOUBLE": DoubleType(),
    "FLOAT": FloatType(),
    "BOOLEAN": BooleanType(),
    "DATE": DateType(),
    "TIMESTAMP": TimestampNTZType(),
    "TIMESTAMP WITH TIME ZONE": TimestampType(),
    "BLOB": BinaryType(),
}
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # what runs over fails, as on DuckDB
    "spark.sql.parquet.fieldId.read.enabled": "true",  # columns are told by number: they may have been renamed
    "spark.sql.parquet.enableVectorizedReader": "false",  # it cannot read how DuckDB splits the bytes of doubles
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


class Spark:
    """A Spark session that reads versions of a lake. `url`: `local[2]`, or the address of a cluster's master."""

    def __init__(self, url: str = "local[2]", *, memory: str = "1g") -> None:
        builder = SparkSession.builder.master(url).appName("cupola").config("spark.driver.memory", memory)
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
        self._session = builder.getOrCreate()

    def query(
        self, lake: Lake, tree: exp.Query, *, inputs: Mapping[str, Version], all_vintages: bool = False
    ) -> pa.Table:
        """Run a checked statement of measures over named versions, as `Lake.query` does.

        Raises UnknownInput, NotForSpark, QueryFailed.
        """
        check_inputs(tree, tuple(inputs))
        for name, version in inputs.items():
            given = lake.input(version, all_vintages=True)
            self._read([*given.files], given.fields, latest=not all_vintages).createOrReplaceTempView(name)
        try:
            return self._session.sql(spark_sql(tree)).toArrow()
        except (PySparkException, Py4JError) as error:
            raise QueryFailed(detail=str(error).splitlines()[0]) from error

    def _read(self, files: Sequence[Path], fields: Sequence[StoredField], *, latest: bool) -> DataFrame:
        schema = StructType([_field(one) for one in fields])
        if not files:
            return self._session.createDataFrame([], schema)
        rows = self._session.read.schema(schema).parquet(*(str(path) for path in files))
        if not latest or not any(one.name == VINTAGE for one in fields):
            return rows
        newest = rows.selectExpr(f"max({quoted(VINTAGE)}) AS newest").collect()[0]["newest"]
        return rows.where(rows[VINTAGE] == newest)

    def close(self) -> None:
        """Stop the session."""
        self._session.stop()


def _field(stored: StoredField) -> StructField:
    decimal = _DECIMAL.fullmatch(stored.type)
    kind = DecimalType(int(decimal[1]), int(decimal[2])) if decimal else _TYPES[stored.type]
    return StructField(stored.name, kind, nullable=True, metadata={"parquet.field.id": stored.id})
