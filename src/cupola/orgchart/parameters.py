"""What checks are told beside the chart: the limits a government sets itself, and what it records whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from cupola.orgchart.moments import ALWAYS, Answer, Span
from cupola.orgchart.vocabulary import Function, Status, Whole

_OWN = "Cupola's own starting value; no source binds any city to it."
_ESSAY = "The essay names the limit without a number."
USUAL_SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "expected_functions": "What the essay's three themes and its role descriptions name.",
        "fewest_direct_reports": _OWN,
        "most_direct_reports": "Oregon's goal of 2011, 11 staff per manager; see the yardsticks of the library.",
        "most_layers": "The deepest of 333 organograms of UK departments has six; see the yardsticks of the library.",
        "most_general_fund_posts": _ESSAY,
        "most_exempt_posts": _ESSAY,
        "most_posts": _ESSAY,
        "most_spending_authority": _ESSAY,
        "purchasing_allowed": "The essay: data officers left mayors' offices because those can hire and buy little.",
        "most_non_recurring_share": _OWN,
        "horizon_days": "One budget year.",
        "members_above_quorum": _OWN,
    }
)


@dataclass(frozen=True)
class Parameters:
    """The limits a city sets for itself; what stands here is where it sets none.

    elections: days of the elections of the chief executive. executive: key of the chief executive's post, empty where
    it is to be found by its office. deputies: keys of posts that count as a deputy. expected_functions: functions that
    somebody should own. Direct reports and layers: in posts. most_general_fund_posts, most_exempt_posts, most_posts: of
    the chief executive's office, None for no limit beside those recorded of the office. most_spending_authority: of the
    same, in the city's currency per purchase. most_non_recurring_share: share of a team's money, 0 to 1, that may end.
    horizon_days: how far ahead money is looked for. members_above_quorum: fewest members a council should have above
    its quorum. sources: name of a limit -> where the city has it from.
    """

    elections: tuple[date, ...] = ()
    executive: str = ""
    deputies: tuple[str, ...] = ()
    expected_functions: tuple[Function, ...] = (
        Function.IT_INFRASTRUCTURE,
        Function.APPLICATIONS,
        Function.SECURITY,
        Function.DATA_ANALYTICS,
        Function.OPEN_DATA,
        Function.DIGITAL_SERVICES,
        Function.INNOVATION,
        Function.PERFORMANCE,
    )
    fewest_direct_reports: int = 2
    most_direct_reports: int = 11
    most_layers: int = 6
    most_general_fund_posts: int | None = None
    most_exempt_posts: int | None = None
    most_posts: int | None = None
    most_spending_authority: Decimal | None = None
    purchasing_allowed: bool = False
    most_non_recurring_share: Decimal = Decimal("0.5")
    horizon_days: int = 365
    members_above_quorum: int = 1
    sources: Mapping[str, str] = field(default_factory=dict)

    def source_of(self, name: str) -> str:
        """Return where a limit is from: the city's own source, or what stands behind the usual value."""
        return self.sources.get(name) or USUAL_SOURCES.get(name, "")


LIMITS = tuple(one.name for one in fields(Parameters) if one.name != "sources")


@dataclass(frozen=True)
class Recorded:
    """That something is recorded whole for a time: what is not recorded then was not there."""

    of: Whole
    span: Span = ALWAYS
    status: Status = Status.CONFIRMED
    sources: tuple[str, ...] = ()
    note: str = ""

    def holds(self, day: date) -> bool:
        """Say whether it is certain for a day."""
        sure = self.status not in {Status.PROPOSED, Status.UNKNOWN}
        return sure and self.span.holds(day) is Answer.YES
