"""What an evaluation found, in the reader's language: finding, naive figure refused, checks, chart and chain."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cupola.evaluation import EFFECTS, Check, Estimate, Result, Sentence, check_said, finding, naive_finding, plain
from cupola.folder import MeasureRecord
from cupola.web.agenda.models import Evaluation
from cupola.web.agenda.queries.words import said
from cupola.web.data.models import Version
from cupola.web.data.queries.provenance import evidence
from cupola.web.performance.queries import described, find_measure, fiscal_years, public_measures
from cupola.web.performance.queries.drawing import ticks
from cupola.web.performance.queries.words import brief_words, in_language, period_words, value_words
from cupola.web.ui.charts import Chart, Drawing, Grid, Label, Line, text
from cupola.web.ui.charts_lines import Series, Times, lines
from cupola.web.ui.evidence import Evidence, Link

LINES = ("observed", "expected", "controls")
START_TOP = 20


@dataclass(frozen=True)
class CheckLine:
    """A diagnostic as a sentence. holds: None where it only informs."""

    holds: bool | None
    says: str


@dataclass(frozen=True)
class Told:
    """An evaluation as a page or a terminal shows it. effect, interval and naive are empty where none is claimed."""

    key: str
    number: int
    at: datetime
    design: str
    effect: str
    interval: str
    naive: str
    finding: str
    reason: str
    refused: str
    naive_told: tuple[str, ...]
    checks: tuple[CheckLine, ...]
    beside: tuple[tuple[str, str], ...]
    deviations: tuple[str, ...]
    missing: tuple[str, ...]
    late: bool
    inputs: tuple[str, ...]
    chart: Chart | None
    content: Mapping[str, Any]


def newest(key: str, *, staff: bool) -> Told | None:
    """Return the newest evaluation of an initiative; None before the first, and where its measure is not public."""
    found = Evaluation.objects.filter(initiative__key=key).order_by("-number").first()
    if found is None or not (staff or public_measures().filter(key=found.measure).exists()):
        return None
    return told(found)


def told(evaluation: Evaluation) -> Told:
    """Return an evaluation in words, drawn, with its chain."""
    content = evaluation.content
    measure = find_measure(evaluation.measure)
    record = described(measure)
    result = None if content["result"] is None else Result.from_json(content["result"])
    naive = None if content["naive"] is None else Estimate(**content["naive"])
    title = in_language(measure, "title")
    words = _Words(record, title)
    found = _say(Sentence(_("{outcome} is tracked; no effect is claimed."), {"outcome": title}))
    if result is not None:
        found = words.finding(result.estimate)
    return Told(
        key=evaluation.initiative.key,
        number=evaluation.number,
        at=evaluation.at,
        design=said(evaluation.design),
        effect=words.effect(result.estimate) if result else "",
        interval=words.interval(result.estimate) if result else "",
        naive=words.effect(naive) if naive else "",
        finding=found,
        reason=_say(Sentence(**content["reason"])),
        refused=_say(Sentence(**content["refused"])),
        naive_told=words.naive(result) if result else (),
        checks=tuple(words.check(one, result.estimate) for one in result.checks) if result else (),
        beside=tuple((said(one["design"]), words.shown(Estimate(**one["estimate"]))) for one in content["beside"]),
        deviations=tuple(_deviation(one) for one in content["deviations"]),
        missing=tuple(content["missing"]),
        late=bool(content["late"]),
        inputs=tuple(result.inputs) if result else tuple(content["question"]["inputs"]),
        chart=_chart(evaluation, result, words=words) if result else None,
        content=content,
    )


@dataclass(frozen=True)
class _Words:
    """Writes effects as the measure's values are written: percent of a ratio, percentage points of a share."""

    record: MeasureRecord
    title: str

    @property
    def unit(self) -> str:
        return _("percentage points") if self.record.percent else self.record.unit

    def scaled(self, estimate: Estimate) -> Estimate:
        """Return a difference of shares in percentage points."""
        if estimate.scale == "ratio" or not self.record.percent:
            return estimate
        return replace(estimate, effect=estimate.effect * 100, low=estimate.low * 100, high=estimate.high * 100)

    def finding(self, estimate: Estimate) -> str:
        return _say(finding(self.scaled(estimate), outcome=self.title, unit=self.unit))

    def naive(self, result: Result) -> tuple[str, ...]:
        assert result.naive is not None
        scaled = replace(result, estimate=self.scaled(result.estimate), naive=self.scaled(result.naive))
        return tuple(_say(one) for one in naive_finding(scaled, unit=self.unit))

    def check(self, check: Check, estimate: Estimate) -> CheckLine:
        """Return a diagnostic with effects written as the effect is."""
        names = [name for name in EFFECTS.get(check.key, ()) if name in check.facts]
        effects = {name: self._number(estimate, float(check.facts[name]), unit=False) for name in names}
        if "date" in check.facts:
            effects["date"] = date_format(date.fromisoformat(str(check.facts["date"])))
        if "covariate" in check.facts:
            effects["covariate"] = said(check.facts["covariate"])
        return CheckLine(check.holds, _say(check_said(replace(check, facts={**check.facts, **effects}))))

    def effect(self, estimate: Estimate) -> str:
        return self._number(estimate, estimate.effect, unit=True)

    def interval(self, estimate: Estimate) -> str:
        low, high = (self._number(estimate, one, unit=False) for one in (estimate.low, estimate.high))
        return _("%(low)s to %(high)s") % {"low": low, "high": high}

    def shown(self, estimate: Estimate) -> str:
        return f"{self.effect(estimate)} ({self.interval(estimate)})"

    def _number(self, estimate: Estimate, value: float, *, unit: bool) -> str:
        if estimate.scale == "ratio":
            return _("%(percent)s %%") % {"percent": number((value - 1) * 100)}
        scaled = value * 100 if self.record.percent else value
        return f"{number(scaled)} {self.unit}" if unit else number(scaled)


def number(value: float) -> str:
    """Return a number with three digits that mean something, as the page's language writes it."""
    english = plain(value).replace(",", "")
    digits = len(english.partition(".")[2])
    return number_format(float(english), decimal_pos=digits, force_grouping=True) if "e" not in english else english


def _say(sentence: Sentence) -> str:
    return sentence.said(translate=_, number=number)


def _deviation(one: Mapping[str, str]) -> str:
    facts = {"part": said(one["part"]), "planned": said(one["planned"]) or "-", "done": said(one["done"]) or "-"}
    return _("%(part)s: planned %(planned)s, done %(done)s") % facts


def _chart(evaluation: Evaluation, result: Result, *, words: _Words) -> Chart | None:
    """Draw what was seen and what would have been without it."""
    drawn = {line.key: line for line in result.lines if line.key in LINES}
    if "observed" not in drawn or "expected" not in drawn:
        return None
    names = {"observed": _("seen"), "expected": _("without it"), "controls": _("the others")}
    days = [date.fromisoformat(period) for period in result.periods]
    years, record = fiscal_years(), words.record
    times = Times(
        count=len(days),
        ticks=ticks(days, record.grain, years),
        partial=False,
        shown=lambda value: value_words(value, record, unit=False),
        brief=lambda value: brief_words(value, record),
    )
    keys = [key for key in LINES if key in drawn]
    series = [Series(names[key], drawn[key].values) for key in keys]
    shown = words.shown(result.estimate)
    rows = tuple(
        (
            period_words(day, record.grain, years),
            *(value_words(drawn[key].values[place], record, unit=False) for key in keys),
            _("yes") if result.starts is not None and place >= result.starts else "",
        )
        for place, day in enumerate(days)
    )
    return Chart(
        title=words.title,
        reading=_("Seen after the start, and what would have been without it: %(effect)s.") % {"effect": shown},
        label_header=_("Period"),
        value_header=_("Value"),
        points=(),
        drawings=tuple(_with_start(one, place=result.starts, count=len(days)) for one in lines(series, times)),
        evidence=_evidence(evaluation, words=words, result=result),
        grid=Grid((_("Period"), *(names[key] for key in keys), _("After the start")), rows),
    )


def _with_start(drawing: Drawing, *, place: int | None, count: int) -> Drawing:
    """Return the drawing with an upright line where the first treated period begins."""
    if place is None or count < 2:
        return drawing
    left, right = float(drawing.left), float(drawing.right or drawing.width)
    at = text(left + (right - left) * (place - 0.5) / (count - 1))
    line = Line(f"M{at} {START_TOP}V{drawing.baseline}", "line--start")
    label = Label(at, text(START_TOP - 6), _("start"), "middle", "start")
    return replace(drawing, lines=(line, *drawing.lines), labels=(*drawing.labels, label))


def _evidence(evaluation: Evaluation, *, words: _Words, result: Result) -> Evidence:
    """Return the chain: the measure at its version, the dataset at its version, the design, the plan's hash."""
    command = f"cupola evaluate {evaluation.initiative.key}"
    measure = find_measure(evaluation.measure)
    page = reverse("performance:measure", args=[measure.key])
    method = _("%(design)s, by the registration sha256:%(hash)s; %(settings)s") % {
        "design": said(evaluation.design),
        "hash": evaluation.registration.hash[:12],
        "settings": ", ".join(f"{name}: {value}" for name, value in result.settings.items()),
    }
    shown, query = words.shown(result.estimate), f"{measure.key}@{evaluation.values_version}"
    version = Version.objects.filter(dataset__key=measure.dataset, number=evaluation.dataset_version or 0).first()
    if version is None:
        at = Link(_("version %(number)s") % {"number": evaluation.values_version}, page)
        return Evidence(shown, (), Link(words.title, page), at, query, method, command)
    chain = evidence(version.dataset, version, query=query, method=method, result=shown)
    return replace(chain, sources=(*chain.sources, Link(words.title, page)), command=command)
