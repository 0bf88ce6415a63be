"""A question to one version of a dataset, as people ask it on the command line."""

from dataclasses import dataclass

import pyarrow as pa

from cupola.lake import parse
from cupola.web.data.queries.lake import lake


@dataclass(frozen=True)
class Answer:
    """What came out, and from which version."""

    version: int
    table: pa.Table


def ask(key: str, *, sql: str, number: int | None = None) -> Answer:
    """Run one SELECT over the table `data`, which is the version `number` or the latest."""
    version = lake().version(key, number=number)
    return Answer(version.number, lake().query(parse(sql), inputs={"data": version}))
