"""What statements of measures run on: DuckDB in this process, or Spark where the city says so."""

import importlib
from functools import cache
from typing import Any

import pyarrow as pa
from django.conf import settings

from cupola import indicators
from cupola.contracts import VINTAGE
from cupola.errors import NotAllowed
from cupola.indicators import Statement
from cupola.lake import Version
from cupola.web.data.queries import lake


class SparkMissing(NotAllowed):
    """Spark is to compute the measures, and is not installed."""

    def __init__(self) -> None:
        super().__init__("CUPOLA_ENGINE=spark needs the extra `spark` and Java 17: pip install 'cupola[spark]'.")


def answer(statement: Statement, held: Version) -> pa.Table:
    """Run one statement over a version. Raises SparkMissing, NotForSpark, QueryFailed."""
    given, vintages = {indicators.DATA: held}, statement.time == VINTAGE
    if settings.ENGINE == "spark":
        answered: pa.Table = _spark().query(lake(), statement.tree, inputs=given, all_vintages=vintages)
        return answered
    return lake().query(statement.tree, inputs=given, all_vintages=vintages)


@cache
def _spark() -> Any:
    """Return the one session of this process. Its library is an extra, so it is looked for only when asked for."""
    try:
        module = importlib.import_module("cupola.lake.spark")
    except ImportError as error:
        raise SparkMissing from error
    return module.Spark(settings.SPARK_URL)
