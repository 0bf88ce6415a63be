"""What `structure compare` prints: matches by role and function, and the edits that lead from one to the other."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from cupola.orgchart.adopting import Adoption, adopt
from cupola.orgchart.chart import Chart
from cupola.orgchart.edits import effects
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.models import Matched, compare_with_model
from cupola.orgchart.states import Totals, totals
from cupola.orgchart.telling import advice_sentence

FIELDS = ("edit", "key", "like", "says", "sources", "offices", "posts", "filled", "cost")


@dataclass(frozen=True)
class Compared:
    """Two governments, or one and a template, on a day each."""

    one: Jurisdiction
    other: Jurisdiction
    model: Chart
    matched: tuple[Matched, ...]
    found: Adoption

    @classmethod
    def of(cls, ours: tuple[Jurisdiction, date], theirs: tuple[Jurisdiction, date]) -> "Compared":
        """Compare."""
        chart, model = (one.history.on(day) for one, day in (ours, theirs))
        return cls(ours[0], theirs[0], model, compare_with_model(chart, model), adopt(chart, model))

    def match_header(self) -> list[str]:
        """Return what the columns of `matches` are."""
        return ["what", "which", "match", self.one.key, "sits in", self.other.key, "sits there in"]

    def matches(self) -> list[list[Any]]:
        """Return a row for each role and function."""
        return [
            [one.what, one.code, one.match, *(", ".join(part) for part in (one.ours, one.here, one.theirs, one.there))]
            for one in self.matched
        ]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the edits by FIELDS; numbers are what the edit adds."""
        before, after = self.found.before, self.found.after
        names = {**self.other.history.names, **self.one.history.names}
        for edit, effect in effects(before, self.found.edits):
            grounds = dict.fromkeys(key for fact in self.found.grounds(edit, self.model) for key in fact.sources)
            yield {
                "edit": str(edit.kind),
                "key": edit.subject,
                "like": self.found.theirs.get(edit.subject, ""),
                "says": str(advice_sentence(edit, before, after, names=names)),
                "sources": "; ".join(grounds),
                "offices": effect.offices,
                "posts": effect.posts,
                "filled": effect.filled,
                "cost": f"{effect.cost:f}",
            }

    def lines(self) -> Iterator[str]:
        """Yield the edits as sentences, and what they add up to."""
        rows = list(self.rows())
        yield from (str(row["says"]) for row in rows)
        first, last = totals(self.found.before), totals(self.found.after)
        yield (
            f"{len(rows)} edits: {first.offices} offices become {last.offices}, {first.posts} posts {last.posts}, a"
            f" cost of {first.cost:,f} becomes {last.cost:,f}."
        )
        if self.found.uncosted:
            yield f"New posts without a known cost, not in the sum: {self.found.uncosted}."
        if self.found.extra:
            yield f"Without a counterpart, and left as they are: {', '.join(self.found.extra)}."

    def as_csv(self) -> str:
        """Return the edits as CSV."""
        out = io.StringIO()
        writer = csv.DictWriter(out, FIELDS)
        writer.writeheader()
        writer.writerows(self.rows())
        return out.getvalue()

    def as_json(self) -> dict[str, Any]:
        """Return all of it for machines."""
        matches = [dict(zip(self.match_header(), row, strict=True)) for row in self.matches()]
        sums = {"before": _sums(totals(self.found.before)), "after": _sums(totals(self.found.after))}
        left = {"extra": list(self.found.extra), "posts_without_cost": self.found.uncosted}
        return {"matches": matches, "edits": list(self.rows()), **sums, **left}


def _sums(sums: Totals) -> dict[str, Any]:
    money = {source or "unknown": f"{amount:f}" for source, amount in sums.by_source.items()}
    return {"offices": sums.offices, "posts": sums.posts, "cost": f"{sums.cost:f}", "cost_by_source": money}
