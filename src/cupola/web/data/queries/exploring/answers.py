"""The answer to a question, as values: groups with what was computed of each, or rows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cupola.web.data.queries.exploring.exploration import Exploration, Grouping, How, Measure
from cupola.web.data.queries.exploring.fields import DATES, Field, Subject
from cupola.web.data.queries.exploring.soqltext import Output, Question
from cupola.web.data.queries.exploring.steps import Steps, steps_of
from cupola.web.data.queries.exploring.words import group_words

ADDITIVE = {How.COUNT, How.SUM}


@dataclass(frozen=True)
class Group:
    """One group: its values, one per grouping, the same in words, and what was computed of it."""

    values: tuple[Any, ...]
    labels: tuple[str, ...]
    measured: tuple[Any, ...]


@dataclass(frozen=True)
class Summary:
    """The groups of an answer in their order. `main`: which measure a picture shows.

    `matching`: how many rows match in all. `cut`: there are more groups than were read.
    """

    groupings: tuple[Grouping, ...]
    fields: tuple[Field, ...]
    measures: tuple[Measure, ...]
    measure_fields: tuple[Field | None, ...]
    groups: tuple[Group, ...]
    matching: int
    steps: Mapping[str, Steps]
    cut: bool = False

    @property
    def main(self) -> int:
        """Return the place of the measure a picture shows: the first that was asked for and is a number."""
        fields = self.measure_fields[1:]
        return next((at for at, field in enumerate(fields, 1) if field is None or field.kind not in DATES), 0)

    @property
    def measure(self) -> Measure:
        """Return the measure a picture shows."""
        return self.measures[self.main]

    @property
    def measure_field(self) -> Field | None:
        """Return the column of that measure; None where rows are counted."""
        return self.measure_fields[self.main]

    @property
    def additive(self) -> bool:
        """Whether values of that measure may be added up over groups."""
        return self.measure.how in ADDITIVE

    def amount(self, group: Group) -> float | None:
        """Return what the picture shows of a group."""
        value = group.measured[self.main]
        return float(value) if value is not None and math.isfinite(value) else None


def summary(
    asked: Exploration, subject: Subject, question: Question, *, columns: Mapping[str, Sequence[Any]], matching: int
) -> Summary:
    """Turn the columns of an answer into groups."""
    grouped = [one for one in question.outputs if one.grouping]
    measures = [one for one in question.outputs if one.measure]
    steps = {
        one.column: steps_of(subject.field(one.column), asked, one.step) for one in asked.groups if one.by == "steps"
    }
    labels = [_labels(one, columns[one.name], steps) for one in grouped]
    groups = tuple(
        Group(
            values=tuple(columns[one.name][at] for one in grouped),
            labels=tuple(one[columns[output.name][at]] for output, one in zip(grouped, labels, strict=True)),
            measured=tuple(columns[one.name][at] for one in measures),
        )
        for at in range(max((len(values) for values in columns.values()), default=0))
    )
    return Summary(
        groupings=asked.groups,
        fields=tuple(subject.field(one.column) for one in asked.groups),
        measures=tuple(one.measure for one in measures if one.measure),
        measure_fields=tuple(one.field for one in measures),
        groups=groups,
        matching=matching,
        steps=steps,
    )


def _labels(output: Output, values: Sequence[Any], steps: Mapping[str, Steps]) -> dict[Any, str]:
    """Return each value of a group in words; the same value stands in many groups where there are two groupings."""
    grouping, field = output.grouping, output.field
    assert grouping is not None
    assert field is not None
    return {value: group_words(value, grouping, field, steps=steps.get(grouping.column)) for value in set(values)}
