"""A picture with everything that stands beside it: title, what it says, and how we know."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.web.data.models import Dataset
from cupola.web.data.queries.exploring.exploration import COUNT, PERIODS, By, Exploration, Grouping, How, Measure
from cupola.web.data.queries.exploring.fields import Subject
from cupola.web.data.queries.exploring.results import Result
from cupola.web.data.queries.exploring.sentences import filters_text, measure_words
from cupola.web.data.queries.provenance import sources
from cupola.web.ui.charts import Chart
from cupola.web.ui.evidence import Evidence, Link
from cupola.web.ui.templatetags.ui import number


def question_title(asked: Exploration, subject: Subject) -> str:
    """Name what a summary shows: what is computed, per what."""
    measure = asked.measures[0] if asked.measures else COUNT
    what = measure_words(measure, subject)
    if not asked.groups:
        return what
    per = [_per(one, subject) for one in asked.groups]
    if len(per) == 1:
        return _("%(what)s per %(group)s") % {"what": what, "group": per[0]}
    return _("%(what)s per %(first)s and %(second)s") % {"what": what, "first": per[0], "second": per[1]}


def _per(one: Grouping, subject: Subject) -> str:
    title = subject.field(one.column).title
    words = {
        By.YEAR: _("year (%(title)s)"),
        By.MONTH: _("month (%(title)s)"),
        By.DAY: _("day (%(title)s)"),
        By.WEEKDAY: _("day of the week (%(title)s)"),
        By.HOUR: _("hour of the day (%(title)s)"),
        By.STEPS: _("step of “%(title)s”"),
    }
    return words[one.by] % {"title": title} if one.by in words else title


def chart(asked: Exploration, subject: Subject, answer: Result, *, chain: Evidence) -> Chart | None:
    """Return the picture of an answer as the page shows it; None where there is none."""
    if answer.picture is None:
        return None
    return Chart(
        title=question_title(asked, subject),
        reading=answer.picture.reading,
        label_header="",
        value_header="",
        points=(),  # the table of the page holds every number
        drawings=answer.picture.drawings,
        evidence=chain,
    )


def evidence(
    dataset: Dataset, subject: Subject, answer: Result, *, asked: Exploration, today: date, command: str
) -> Evidence:
    """Return the chain behind an answer. `command`: computes it again."""
    page = reverse("data:dataset", args=[dataset.key])
    name = _("version %(number)s") % {"number": subject.version}
    on = date_format(localtime(subject.committed_at))
    conditions = filters_text(asked, subject, today=today)
    matching = ngettext("%(count)s row.", "%(count)s rows.", answer.matching) % {"count": number(answer.matching)}
    said = f"{question_title(asked, subject)}. {answer.picture.reading}" if answer.picture else matching
    return Evidence(
        result=said,
        sources=sources(dataset),
        dataset=Link(subject.title, page),
        version=Link(name, f"{page}#versions"),
        query=answer.question.text(),
        method=" ".join([conditions or _("All rows are taken."), *_method(answer)]),
        command=command,
        responsible=dataset.steward or dataset.department,
        true_at=subject.committed_at,
        uncertain=_("This version is a draft; it may still change.") if subject.draft else "",
        citation=f"{subject.title}, {name}, {on}. {dataset.public_id}.",
    )


def _method(answer: Result) -> list[str]:
    """Say how the numbers come about and what the words for them mean."""
    found = answer.summary
    if found is None:
        return []
    parts = [_counted(found.measure)]
    if any(one.by in PERIODS for one in found.groupings):
        parts.append(
            _(
                "“Rises” or “falls” means that the last third of the whole periods is on average a tenth or more above"
                " or below the first third; the last period is left out where the dataset or the question ends in it."
            )
        )
    if any(one.by is By.STEPS for one in found.groupings):
        parts.append(
            _("Each step begins at its first number and ends just before the next; the outer ones take the rest.")
        )
    return parts


def _counted(measure: Measure) -> str:
    return {
        How.COUNT: _("Rows are counted per group."),
        How.SUM: _("Values are added up per group; rows without a value add nothing."),
        How.AVERAGE: _("The average is taken over the rows with a value."),
        How.MEDIAN: _("The median is taken over the rows with a value: half of them are below it."),
        How.MINIMUM: _("The smallest value per group is taken."),
        How.MAXIMUM: _("The largest value per group is taken."),
    }[measure.how]
