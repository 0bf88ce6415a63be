"""What can be done on day one, with the budget, and by a vote: the steps, the instrument of each and who decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cupola.web.planning.queries.memo.parts import Section, Table


class When(StrEnum):
    """Which door a step goes through."""

    DAY_ONE = "day_one"
    BUDGET = "budget"
    VOTE = "vote"


@dataclass(frozen=True)
class Step:
    """One step. `instrument`: what it is usually done by; `who`: who usually decides. `needs`: what must be so here."""

    when: When
    does: Promise
    instrument: Promise
    who: Promise
    needs: str = ""


WHENS = {
    When.DAY_ONE: gettext_lazy("On day one"),
    When.BUDGET: gettext_lazy("With the budget"),
    When.VOTE: gettext_lazy("By a vote"),
}
_ORDER = gettext_lazy("executive order or letter of appointment")
_CHIEF = gettext_lazy("the chief executive")
_COUNCIL = gettext_lazy("the council")
STEPS: tuple[Step, ...] = (
    Step(
        When.DAY_ONE,
        gettext_lazy("Let the head of technology report to the chief executive or a deputy."),
        _ORDER,
        _CHIEF,
        needs="technology",
    ),
    Step(
        When.DAY_ONE,
        gettext_lazy(
            "Name one person who leads data, inside the technology department, with a line to the chief executive."
        ),
        _ORDER,
        _CHIEF,
        needs="data",
    ),
    Step(
        When.DAY_ONE,
        gettext_lazy("Give one person beside the chief executive the task to bring technology to the priorities."),
        gettext_lazy("appointment within the office's own posts"),
        _CHIEF,
        needs="no_innovation",
    ),
    Step(
        When.DAY_ONE,
        gettext_lazy("Call together those who do technology in other departments, under the head of technology."),
        gettext_lazy("executive order or memorandum"),
        _CHIEF,
        needs="spread",
    ),
    Step(
        When.BUDGET,
        gettext_lazy("Create posts for data and for digital services, or turn vacant ones into them."),
        gettext_lazy("budget, and a civil-service classification where the title is new"),
        gettext_lazy("the budget office, then the council"),
    ),
    Step(
        When.BUDGET,
        gettext_lazy("Move posts and money of technology between departments."),
        gettext_lazy("budget amendment, and notice to the unions"),
        gettext_lazy("the budget office, then the council"),
        needs="spread",
    ),
    Step(
        When.BUDGET,
        gettext_lazy("Put posts that a grant pays for on the budget before the grant ends."),
        gettext_lazy("position request in the budget calendar"),
        gettext_lazy("the budget office, then the council"),
    ),
    Step(
        When.VOTE,
        gettext_lazy("Make technology a department of its own, or undo a merger."),
        gettext_lazy("ordinance, or the charter where it names departments"),
        _COUNCIL,
        needs="merged",
    ),
    Step(
        When.VOTE,
        gettext_lazy("Write the duties of the head of technology and of the data officer into the code."),
        gettext_lazy("ordinance"),
        _COUNCIL,
    ),
    Step(
        When.VOTE,
        gettext_lazy("Set up an advisory council with seats by sector and open meetings."),
        gettext_lazy("ordinance or executive order"),
        _COUNCIL,
    ),
)


def steps_section(true_here: Sequence[str]) -> Section:
    """Return the memo's first part. `true_here`: which conditions of `Step.needs` hold."""
    rows = tuple(
        (str(WHENS[step.when]), str(step.does), str(step.instrument), str(step.who), _("unknown until counsel answers"))
        for step in STEPS
        if not step.needs or step.needs in true_here
    )
    header = (_("When"), _("What can be done"), _("Usual instrument"), _("Who decides"), _("Lead time and law here"))
    return Section(
        key="steps",
        title=_("What can be done"),
        paragraphs=(
            _(
                "Each step names the instrument it usually takes in a city of the United States. What this city's"
                " charter and code ask for is for counsel to say; until then it is unknown."
            ),
        ),
        tables=(Table(_("What can be done"), header, rows),),
    )
