"""One question to one answer: the design that fits is chosen and run, and the naive figure is shown as refused."""

from dataclasses import dataclass, replace

import numpy as np

from cupola.evaluation.choosing import Choice, Situation, choose, planned, situation_of
from cupola.evaluation.differences import differences
from cupola.evaluation.interrupted import Model, Series, interrupted
from cupola.evaluation.naive import before_after, changes_of_units
from cupola.evaluation.panels import Panel
from cupola.evaluation.staggered import staggered
from cupola.evaluation.synthetic import synthetic
from cupola.evaluation.trials import Sample, trial, trial_of_places
from cupola.evaluation.values import Design, Estimate, Result


@dataclass(frozen=True)
class Answer:
    """What was chosen and found. result: None where no effect is claimed; beside: contrasts, by design.

    naive: what comparing before with after would have claimed, None where there is no before.
    """

    choice: Choice
    result: Result | None
    naive: Estimate | None
    beside: tuple[Result, ...] = ()


def answer_panel(
    panel: Panel, *, per_year: int, ratio: bool = False, seed: int = 1, wanted: Design | None = None
) -> Answer:
    """Return the answer to what happened to some units of a panel.

    Where all units were treated at once, their mean is one series. ratio: effects that multiply. wanted: the design a
    plan fixed before the data; it is run where it can be, with the chooser's own beside it.
    """
    choice = planned(choose(situation_of(panel, per_year=per_year)), wanted)
    if choice.design == Design.TRACKED:
        return Answer(choice, None, changes_of_units(panel.outcome, starts=panel.starts, ratio=ratio))
    if choice.design == Design.INTERRUPTED:
        series = series_of(panel, per_year=per_year)
        result = interrupted(series, Model(ratio=ratio, harmonics=_harmonics(per_year)))
        return Answer(choice, result, result.naive)
    result = run(choice.design, panel, ratio=ratio, seed=seed)
    beside = () if choice.design == Design.STAGGERED else choice.beside
    return Answer(choice, result, result.naive, tuple(run(one, panel, ratio=ratio, seed=seed) for one in beside))


def answer_series(series: Series, *, counts: bool = False, ratio: bool = False) -> Answer:
    """Return the answer to what happened to one series."""
    size = len(series.periods)
    situation = Situation(treated=1, before=series.start, after=size - series.start, per_year=series.per_year)
    choice = choose(situation)
    naive = before_after(series.rates, start=series.start, ratio=counts or ratio) if 0 < series.start < size else None
    if choice.design == Design.TRACKED:
        return Answer(choice, None, naive)
    result = interrupted(series, Model(counts=counts, ratio=ratio, harmonics=_harmonics(series.per_year)))
    return Answer(choice, result, naive)


def answer_sample(sample: Sample, *, by_chance: bool, seed: int = 1) -> Answer:
    """Return the answer of people or things seen once after the start: a trial, or no effect claimed."""
    treated = int(sample.treated.sum())
    situation = Situation(
        by_chance=by_chance, treated=treated, controls=len(sample.treated) - treated, starts=int(by_chance)
    )
    choice = choose(situation)
    result = trial(sample, seed=seed) if choice.design == Design.TRIAL else None
    return Answer(choice, result, result.naive if result else None)


def answer_places(panel: Panel, *, ratio: bool = False, gone: tuple[int, int] = (0, 0), seed: int = 1) -> Answer:
    """Return the answer of units among which chance chose some, seen before and after one start: a trial.

    Without another unit, a time before or one after, no effect is claimed. gone: as `Sample` has it.
    """
    seen = situation_of(panel, per_year=1)
    choice = choose(replace(seen, by_chance=seen.starts == 1 and seen.before > 0 and seen.after > 0))
    if choice.design != Design.TRIAL:
        return Answer(choice, None, changes_of_units(panel.outcome, starts=panel.starts, ratio=ratio))
    result = trial_of_places(panel, ratio=ratio, gone=gone, seed=seed)
    return Answer(choice, result, result.naive)


def run(design: Design, panel: Panel, *, ratio: bool = False, seed: int = 1) -> Result:
    """Return what one design for panels finds."""
    if design == Design.STAGGERED:
        never = bool((~panel.treated).any())
        return staggered(panel, controls="never" if never else "not_yet", ratio=ratio, seed=seed)
    if design == Design.DIFFERENCES:
        return differences(panel, ratio=ratio, seed=seed)
    control = design == Design.SYNTHETIC
    return synthetic(panel, method="control" if control else "differences", ratio=ratio, seed=seed)


def series_of(panel: Panel, *, per_year: int) -> Series:
    """Return the mean of the treated units as one series; places in the year count from the first period."""
    place = np.arange(len(panel.periods)) % max(per_year, 1)
    return Series(panel.periods, panel.outcome[panel.treated].mean(axis=0), panel.start, place, per_year)


def _harmonics(per_year: int) -> int:
    return 2 if per_year > 4 else 1 if per_year > 2 else 0
