"""Questions put to the same engine as the public API, over a public release or, for staff, a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cupola import serving, soql
from cupola.lake import PublicFacts, Release
from cupola.web.data.models import Dataset
from cupola.web.data.queries.exploring.exploration import Exploration
from cupola.web.data.queries.exploring.soqltext import Question
from cupola.web.data.queries.lake import home, lake

NOT_TOLD = ("sources", "select", "duties")


@dataclass(frozen=True)
class Asked:
    """A release that can be asked, of all its editions or the one named. `draft`: it is not public."""

    service: serving.Service
    release: Release
    vintage: str = ""
    draft: bool = False

    @property
    def visible(self) -> tuple[str, ...]:
        """Return the columns that may be seen, in their order."""
        return tuple(column.name for column in self.service.schema(self.release).columns)

    def columns(self, question: Question, *, limit: int, offset: int = 0, select: str = "") -> dict[str, Sequence[Any]]:
        """Return the answer column by column. Raises soql.SoqlError and what the service raises."""
        compiled = self.compiled(question, limit=limit, offset=offset, select=select)
        table = self.service.table(self.release, compiled, vintage=self.vintage)
        return {name: table.column(at).to_pylist() for at, name in enumerate(table.column_names)}

    def compiled(self, question: Question, *, limit: int = 0, offset: int = 0, select: str = "") -> soql.Compiled:
        """Return the question as one tree of SQL over the table `rows`. `select`: instead of its own."""
        given = dict(question.parameters(limit=limit, offset=offset))
        if select:
            given["$select"] = select
        return self.service.compile(self.release, soql.read_request(list(given.items())))


def released(dataset: Dataset, asked: Exploration) -> Asked:
    """Return the public release a question is for. Raises NotReleased, Recalled."""
    service = serving.service(home() / "lake")
    release = service.release(dataset.key, version=asked.version or None, as_of=moment(asked.as_of))
    return Asked(service, release, vintage=asked.vintage)


def drafted(dataset: Dataset, asked: Exploration) -> Asked:
    """Return a version as if it were released, for staff. Raises NoSuchVersion."""
    held = lake().version(dataset.key, number=asked.version or None)
    told = {name: value for name, value in dataset.definition.items() if name not in NOT_TOLD}
    release = lake().draft(held, public=PublicFacts(public_id=dataset.public_id, metadata=told))
    return Asked(serving.service(home() / "lake"), release, vintage=asked.vintage, draft=True)


def moment(as_of: str) -> datetime | None:
    """Return the instant a day or instant of the address means: a day until its end, in UTC."""
    if not as_of:
        return None
    found = datetime.fromisoformat(as_of)
    if len(as_of) <= len("2026-07-01"):
        found = found.replace(hour=23, minute=59, second=59)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
