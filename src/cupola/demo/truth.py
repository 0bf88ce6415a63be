"""What is true about the example city: every effect that was planted, its size and its dates.

The generators read these values; nothing else decides the effects. `truth_table.py` documents them as a page.
"""

from dataclasses import dataclass
from datetime import date

CITY = "Dunmarrow"
SEED = 20260115
REQUESTS = 250_000
POSTS = 9_000
PERMITS = 22_000
PURCHASES = 9_000
HIRES = 5_200
INITIATIVES = 140
FIRST, LAST = date(2021, 1, 1), date(2025, 12, 31)
FISCAL_YEARS = (2021, 2022, 2023, 2024, 2025, 2026)


@dataclass(frozen=True)
class OnlineForm:
    """From `since` on, more requests are made with the online form; the other channels shrink in proportion."""

    since: date
    share_before: float
    share_after: float


@dataclass(frozen=True)
class FasterClosing:
    """Requests of `types` opened in `wards` from `since` on are closed in `factor` times the days. 1: no effect."""

    since: date
    wards: tuple[str, ...]
    types: tuple[str, ...]
    factor: float


@dataclass(frozen=True)
class FewerRequests:
    """From `since` on, of the requests of `types` that would have come from `wards` only the share `factor` comes."""

    since: date
    wards: tuple[str, ...]
    types: tuple[str, ...]
    factor: float


@dataclass(frozen=True)
class EntryErrors:
    """In one month a share of a department's closing dates was typed one year early, before the opening."""

    year: int
    month: int
    department: str
    share: float


@dataclass(frozen=True)
class Storm:
    """On `days` days from `first` on, requests of `types` come `factor` times as often."""

    first: date
    days: int
    types: tuple[str, ...]
    factor: float


@dataclass(frozen=True)
class Nothing:
    """What was tried on requests of one type in wards, each from its day on, and changed nothing."""

    type: str
    since: dict[str, date]


@dataclass(frozen=True)
class SelfCertification:
    """From `since` on, permits of `kind` are issued in `factor` times the days after application."""

    since: date
    kind: str
    factor: float


@dataclass(frozen=True)
class FasterPurchasing:
    """Purchases by `method` asked for from `since` on are awarded in `factor` times the days."""

    since: date
    method: str
    factor: float


@dataclass(frozen=True)
class Overspend:
    """In one fiscal year a department's personnel spending was `factor` times what was adopted."""

    fiscal_year: int
    department: str
    factor: float


TREND_A_YEAR = 0.03
WEEKDAYS = (1.24, 1.18, 1.10, 1.08, 1.06, 0.74, 0.60)  # Monday first; they average 1
EVEN = (1.0,) * 12  # one factor a month, averaging 1
SPRING = (1.2, 1.7, 2.2, 1.6, 1.0, 0.7, 0.5, 0.5, 0.5, 0.6, 0.7, 0.8)
SUMMER = (0.5, 0.5, 0.7, 0.9, 1.2, 1.5, 1.7, 1.6, 1.2, 0.9, 0.7, 0.6)
WINTER = (1.9, 1.7, 1.1, 0.8, 0.7, 0.6, 0.6, 0.6, 0.7, 0.8, 1.0, 1.5)
ONLINE_FORM = OnlineForm(date(2023, 3, 1), 0.18, 0.34)
CREWS = FasterClosing(date(2024, 4, 1), ("2", "5", "7"), ("Pothole", "Street light out", "Sidewalk damage"), 0.75)
REMINDERS = FasterClosing(date(2023, 9, 1), ("3", "8"), ("Missed collection",), 1.0)
SEALING = FewerRequests(date(2023, 5, 1), ("1", "4", "6", "9"), ("Pothole",), 0.8)
CAMERAS = Nothing(
    "Illegal dumping",
    {
        **dict.fromkeys(("3", "9"), date(2022, 10, 1)),
        **dict.fromkeys(("5", "7"), date(2023, 4, 1)),
        "1": date(2023, 10, 1),
    },
)
LEAFLETS = Nothing("Missed collection", dict.fromkeys(("1", "4", "5", "8", "10"), date(2025, 1, 1)))
ENTRY_ERRORS = EntryErrors(2022, 10, "Code Enforcement", 0.35)
STORM = Storm(date(2024, 7, 15), 3, ("Tree debris", "Street light out", "Water leak"), 12.0)
UNREADABLE_DATES = 30  # rows of 2021 whose opening date is no date; fewer at a smaller scale
SELF_CERTIFICATION = SelfCertification(date(2023, 7, 1), "Residential repair", 0.6)
SIMPLE_PURCHASING = FasterPurchasing(date(2024, 1, 1), "Small purchase", 0.55)
JOINT_SINCE = 2023  # from this year on, more initiatives are joint
OVERSPEND = Overspend(2024, "Police Department", 1.08)
BENEFITS_PER_THOUSAND = 340  # personnel appropriations are salaries and this much on top
VACANT_SHARE = {2021: 0.07, 2022: 0.08, 2023: 0.11, 2024: 0.12, 2025: 0.10, 2026: 0.09}
RENAMED_IT = 2023  # first fiscal year of Department of Technology, until then Information Services
MERGED_SERVICES = 2024  # first fiscal year of General Services, until then Fleet Management and Facilities

INNOVATION_AWARD, DATA_AWARD = "AW-2201", "AW-2303"
INNOVATION_ENDS, DATA_ENDS = date(2024, 12, 31), date(2026, 6, 30)
INNOVATION_POSTS = {2021: (0, 0), 2022: (1, 6), 2023: (1, 6), 2024: (1, 6), 2025: (1, 6), 2026: (3, 0)}
DATA_POSTS = {2021: (2, 0), 2022: (2, 0), 2023: (3, 4), 2024: (3, 4), 2025: (3, 4), 2026: (3, 4)}
