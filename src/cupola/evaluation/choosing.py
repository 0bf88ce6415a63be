"""Which design fits: it asks what varies (who, where, when, by chance?) and refuses what cannot answer."""

from dataclasses import dataclass

from cupola.evaluation.panels import Panel
from cupola.evaluation.sentences import Sentence
from cupola.evaluation.values import Design

DONORS = 10  # untreated units from which a mixture of them can resemble the treated
LONG = 8  # periods before the start that such a mixture can be fitted on
MOST_MIXED = 2  # treated units; more of them are a group to compare
AFTER = 3
GROUPS = {Design.DIFFERENCES, Design.SYNTHETIC, Design.SYNTHETIC_DIFFERENCES}  # one start, someone to compare with

WHY_TRIAL = "Chance decided who was treated, so the difference is the effect."
WHY_STAGGERED = "Units began at {starts} different times: each is compared with those not treated yet or never."
WHY_SYNTHETIC = (
    "Treated units: {treated}; untreated: {controls}; periods before: {before}. A mixture of the untreated can "
    "stand for the treated."
)
WHY_DIFFERENCES = (
    "The untreated units ({controls}) had the same season and trend: what the treated ({treated}) changed beyond "
    "them is the effect."
)
WHY_INTERRUPTED = (
    "Nobody is left to compare with; {before} periods before the start tell season and trend, and what came after"
    " is held against them."
)
WHY_NOT_MEASURED = "No outcome is measured: reach, decisions changed and follow-up are recorded instead."
WHY_NO_START = "Nothing changed at a known time or for a known group, so there is nothing to compare."
WHY_TOO_SHORT = (
    "Nobody is left to compare with, and {before} periods before and {after} after the start cannot tell season "
    "and trend from an effect ({needed} before and {least} after are needed)."
)
WHY_ALONE = (
    "One treated and one untreated unit: nothing says how far two units drift apart by themselves, and the series"
    " is too short to stand alone."
)
WHY_EACH_ALONE = (
    "Units began at {starts} different times and hardly two together: nothing says how far units drift apart by "
    "themselves."
)
WHY_PLANNED = "The plan fixed this design before the data; the one that would be chosen now stands beside it."
REFUSED = "Before and after alone is refused as an answer: season, trend and all else would count as the effect."


@dataclass(frozen=True)
class Situation:
    """What varies. treated, controls: units; starts: different starting times; before, after: periods around the first.

    per_year: periods a year; by_chance: chance decided who was treated; repeated: the same units were seen before and
    after (else two samples of different ones).
    """

    measured: bool = True
    by_chance: bool = False
    treated: int = 0
    controls: int = 0
    starts: int = 1
    before: int = 0
    after: int = 0
    per_year: int = 12
    repeated: bool = True

    @property
    def cohorts(self) -> int:
        """Groups of units that began together, those that never did among them."""
        return self.starts + (self.controls > 0)

    @property
    def needed_before(self) -> int:
        """Periods before the start that a series without comparison needs: two years, twelve at least."""
        return max(12, 2 * self.per_year)


@dataclass(frozen=True)
class Choice:
    """The design, why, and what is shown beside it."""

    design: Design
    reason: Sentence
    beside: tuple[Design, ...] = ()

    @property
    def refused(self) -> Sentence:
        """Why comparing before with after is not among the designs."""
        return Sentence(REFUSED)


def situation_of(panel: Panel, *, per_year: int) -> Situation:
    """Return what varies in a panel. Units treated in its first period are not counted."""
    starts = sorted({int(start) for start in panel.starts if start > 0})
    first = starts[0] if starts else len(panel.periods)
    return Situation(
        treated=int((panel.starts > 0).sum()),
        controls=int((~panel.treated).sum()),
        starts=len(starts),
        before=first,
        after=len(panel.periods) - first,
        per_year=per_year,
    )


def choose(situation: Situation) -> Choice:
    """Return the strongest design the situation allows; comparing before with after is never one."""
    if not situation.measured:
        return Choice(Design.TRACKED, Sentence(WHY_NOT_MEASURED))
    if situation.by_chance and situation.treated and situation.controls:
        return Choice(Design.TRIAL, Sentence(WHY_TRIAL))
    if situation.treated == 0 or situation.starts == 0:
        return Choice(Design.TRACKED, Sentence(WHY_NO_START))
    return _compared(situation) or _alone(situation)


def planned(choice: Choice, wanted: Design | None) -> Choice:
    """Return the design a plan fixed before the data, where its kind is possible; else what was chosen."""
    if wanted is None or wanted == choice.design or not {wanted, choice.design} <= GROUPS:
        return choice
    return Choice(wanted, Sentence(WHY_PLANNED), (choice.design,))


def _compared(situation: Situation) -> Choice | None:
    """Return the design when there is someone to compare with."""
    if situation.before < 1 or situation.after < 1:
        return None
    if situation.starts > 1 and situation.treated + situation.controls > situation.cohorts:
        return Choice(Design.STAGGERED, Sentence(WHY_STAGGERED, {"starts": situation.starts}), (Design.DIFFERENCES,))
    facts: dict[str, float | str] = {
        "treated": situation.treated,
        "controls": situation.controls,
        "before": situation.before,
    }
    few_among_many = situation.starts == 1 and situation.treated <= MOST_MIXED and situation.controls >= DONORS
    if situation.repeated and few_among_many and situation.before >= LONG:
        beside = (Design.SYNTHETIC, Design.DIFFERENCES)
        return Choice(Design.SYNTHETIC_DIFFERENCES, Sentence(WHY_SYNTHETIC, facts), beside)
    if situation.starts == 1 and situation.controls and situation.treated + situation.controls > 2:
        return Choice(Design.DIFFERENCES, Sentence(WHY_DIFFERENCES, facts))
    return None


def _alone(situation: Situation) -> Choice:
    """Return the design of one series, when it is long enough."""
    facts: dict[str, float | str] = {
        "before": situation.before,
        "after": situation.after,
        "needed": situation.needed_before,
        "least": AFTER,
    }
    if situation.starts == 1 and situation.before >= situation.needed_before and situation.after >= AFTER:
        return Choice(Design.INTERRUPTED, Sentence(WHY_INTERRUPTED, facts))
    if situation.starts > 1:
        return Choice(Design.TRACKED, Sentence(WHY_EACH_ALONE, {"starts": situation.starts}))
    if situation.controls:
        return Choice(Design.TRACKED, Sentence(WHY_ALONE))
    return Choice(Design.TRACKED, Sentence(WHY_TOO_SHORT, facts))
