"""How long it takes until somebody can start: posting, examination, seniority, bargaining, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cupola.planner.saying import AND, joined
from cupola.sentences import Sentence


@dataclass(frozen=True)
class LeadTime:
    """Days of each step a post needs. source: which rule or agreement says so."""

    approval: int = 0
    bargaining: int = 0
    posting: int = 0
    examination: int = 0
    seniority: int = 0
    start: int = 0
    source: str = ""

    @property
    def days(self) -> int:
        """Return all days together."""
        return self.approval + self.bargaining + self.posting + self.examination + self.seniority + self.start

    def first_year(self, decided: date, year_starts: Sequence[date]) -> int:
        """Return the index of the first fiscal year by whose start somebody can be there; past the last where in
        none.
        """
        ready = decided + timedelta(days=self.days)
        return next((index for index, day in enumerate(year_starts) if day >= ready), len(year_starts))

    def sentence(self, name: str, decided: date) -> Sentence:
        """Return why nobody can start sooner."""
        steps = (
            (Sentence("approval %(days)s days"), self.approval),
            (Sentence("notice to the unions %(days)s days"), self.bargaining),
            (Sentence("posting %(days)s days"), self.posting),
            (Sentence("examination %(days)s days"), self.examination),
            (Sentence("seniority and bumping %(days)s days"), self.seniority),
            (Sentence("start %(days)s days"), self.start),
        )
        told = [Sentence(what.text, {"days": days}) for what, days in steps if days]
        facts = {"name": name, "day": (decided + timedelta(days=self.days)).isoformat(), "steps": joined(told, AND)}
        if self.source:
            return Sentence(
                "%(name)s: nobody can start before %(day)s: %(steps)s (%(source)s)", {**facts, "source": self.source}
            )
        return Sentence("%(name)s: nobody can start before %(day)s: %(steps)s", facts)
