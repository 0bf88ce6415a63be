"""The truth table as a page: what `truth.py` holds, in words."""

from dataclasses import dataclass
from datetime import date

from cupola.demo import truth
from cupola.demo.truth import (
    CAMERAS,
    CREWS,
    ENTRY_ERRORS,
    LEAFLETS,
    ONLINE_FORM,
    OVERSPEND,
    REMINDERS,
    SEALING,
    SELF_CERTIFICATION,
    SIMPLE_PURCHASING,
    STORM,
)


@dataclass(frozen=True)
class Fact:
    """One line of the truth table. `needs`: what a naive reading gets wrong, if anything."""

    what: str
    when: str
    where: str
    size: str
    needs: str = ""


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _requests() -> tuple[Fact, ...]:
    storm_last = date.fromordinal(STORM.first.toordinal() + STORM.days - 1)
    return (
        Fact(
            "Trend",
            f"{truth.FIRST} to {truth.LAST}",
            "service requests",
            f"volume grows {_percent(truth.TREND_A_YEAR)} a year",
            "season hides it in short windows",
        ),
        Fact(
            "Weekly cycle",
            "always",
            "service requests",
            f"Monday {truth.WEEKDAYS[0]}, Sunday {truth.WEEKDAYS[6]} times the average day",
        ),
        Fact(
            "Season",
            "every year",
            "service requests",
            f"potholes peak in March at {truth.SPRING[2]}, tree debris in July at {truth.SUMMER[6]}, "
            f"water leaks in January at {truth.WINTER[0]} times their average month",
        ),
        Fact(
            "Online form",
            f"from {ONLINE_FORM.since}",
            "service requests, all wards",
            f"share made online steps from {_percent(ONLINE_FORM.share_before)} to {_percent(ONLINE_FORM.share_after)}",
            "no control group: a before-after comparison is all there is",
        ),
        Fact(
            "Repair crews reorganised",
            f"opened from {CREWS.since}",
            f"wards {', '.join(CREWS.wards)}; {', '.join(CREWS.types).lower()}",
            f"days to close times {CREWS.factor}",
            "the other wards are the control group; before that date all wards move together",
        ),
        Fact(
            "Reminder messages",
            f"opened from {REMINDERS.since}",
            f"wards {', '.join(REMINDERS.wards)}; {', '.join(REMINDERS.types).lower()}",
            "no effect",
            "a pilot that did nothing; an honest evaluation says so",
        ),
        Fact(
            "Cracks sealed",
            f"opened from {SEALING.since}",
            f"wards {', '.join(SEALING.wards)}; {', '.join(SEALING.types).lower()}",
            f"{SEALING.factor} times the requests",
            "it begins when potholes become fewer anyway: half a year before and after says half are gone; the wards "
            "were chosen among several sets, so that what the other wards do by chance does not hide the effect",
        ),
        Fact(
            "Cameras at dumping spots",
            f"opened from {min(CAMERAS.since.values())}, by {max(CAMERAS.since.values())} in all of them",
            f"wards {', '.join(CAMERAS.since)}; {CAMERAS.type.lower()}",
            "no effect",
            "wards began at three different times, while dumping grew everywhere: before and after says it got worse; "
            "the wards were chosen among five sets, as the first showed by chance an effect that is not there",
        ),
        Fact(
            "Leaflets by lot",
            f"opened from {min(LEAFLETS.since.values())}",
            f"wards {', '.join(LEAFLETS.since)}, drawn by lot; {LEAFLETS.type.lower()}",
            "no effect",
            "chance decided who got them, so no comparison is fairer; before and after shows the growth of the city",
        ),
        Fact(
            "Typing errors",
            f"closed in {ENTRY_ERRORS.year}-{ENTRY_ERRORS.month:02d}",
            ENTRY_ERRORS.department,
            f"{_percent(ENTRY_ERRORS.share)} of closing dates are one year early, before the opening",
            "negative days pull the mean down",
        ),
        Fact(
            "Storm",
            f"{STORM.first} to {storm_last}",
            ", ".join(STORM.types).lower(),
            f"{STORM.factor:.0f} times the requests",
            "an outlier, not a trend",
        ),
        Fact(
            "Unreadable dates",
            "2021",
            "service requests",
            f"{truth.UNREADABLE_DATES} rows whose opening date is no date",
            "they go to quarantine",
        ),
    )


def _organisation() -> tuple[Fact, ...]:
    vacant = ", ".join(f"FY{year} {_percent(share)}" for year, share in truth.VACANT_SHARE.items())
    return (
        Fact("Vacancies", "each 1 July", "posts", vacant),
        Fact(
            "Department renamed",
            f"FY{truth.RENAMED_IT}",
            "posts, budget",
            "Information Services becomes Department of Technology; the code 31 stays",
        ),
        Fact(
            "Departments merged",
            f"FY{truth.MERGED_SERVICES}",
            "posts, budget",
            "Fleet Management (41) and Facilities (42) become General Services (43)",
        ),
        Fact(
            "Office of Innovation",
            "FY2022 to FY2025",
            "Mayor's Office",
            f"1 post on the General Fund and 6 paid by {truth.INNOVATION_AWARD} until {truth.INNOVATION_ENDS}; "
            "in FY2026 2 of the 6 are on the General Fund, 4 have ended",
        ),
        Fact(
            "Data team",
            "from FY2023",
            "Department of Technology",
            f"4 posts paid by {truth.DATA_AWARD} until {truth.DATA_ENDS}, beside 3 on the General Fund",
        ),
        Fact(
            "Personnel appropriations",
            "every year",
            "budget",
            f"salaries of the posts of that department and fund and {truth.BENEFITS_PER_THOUSAND / 10:.0f} % on top, "
            "rounded down to the dollar",
        ),
        Fact(
            "Overspending",
            f"FY{OVERSPEND.fiscal_year}",
            OVERSPEND.department,
            f"personnel spending is {OVERSPEND.factor} times what was adopted",
        ),
        Fact(
            "Self-certification",
            f"applied from {SELF_CERTIFICATION.since}",
            f"permits, {SELF_CERTIFICATION.kind.lower()}",
            f"days from application to issue times {SELF_CERTIFICATION.factor}",
            "the other kinds of permit are the control group",
        ),
        Fact(
            "Simple purchasing",
            f"asked for from {SIMPLE_PURCHASING.since}",
            f"purchases, {SIMPLE_PURCHASING.method.lower()}",
            f"days from requisition to award times {SIMPLE_PURCHASING.factor}",
            "the other ways to buy are the control group",
        ),
        Fact(
            "Joint initiatives",
            f"from {truth.JOINT_SINCE}",
            "initiatives",
            "more than twice the share has two departments or more",
            "some thirty initiatives a year: the share of a single year says little",
        ),
    )


def facts() -> tuple[Fact, ...]:
    """Return the truth table."""
    return _requests() + _organisation()


def page() -> str:
    """Return the page that documents the truth table, as Markdown."""
    rows = [f"| {fact.what} | {fact.when} | {fact.where} | {fact.size} | {fact.needs} |" for fact in facts()]
    return "\n".join(
        [
            _TOP.format(
                city=truth.CITY,
                seed=truth.SEED,
                requests=truth.REQUESTS,
                posts=truth.POSTS,
                first=truth.FIRST.year,
                last=truth.LAST.year,
            ),
            *rows,
            "",
            _BOTTOM,
        ]
    )


_TOP = """# {city}: what is true about the example city

{city} does not exist. `cupola demo` makes it from a seed ({seed}): about {requests:,} service requests
from {first} to {last}, {posts:,} posts in each of six budget years, appropriations, grants, permits and ten
wards. Its coordinates lie in the middle of a lake, so that no real address is meant. The same seed gives the
same bytes on every machine.

Because the city is made, we know what is true about it. The effects below were planted, so that a method can
be tested against them: does it find what is there, and does it keep quiet about what is not? This page is made
from `cupola/demo/truth.py`, which the generator reads; a test fails when the two differ.

| what | when | where | size | watch for |
|---|---|---|---|---|"""

_BOTTOM = """## How the files are made difficult

Real files are untidy in known ways, and so are these: the service requests of 2021 are in Windows-1252 with
semicolons and American dates; those of 2022 have their first quoted field after more than half the file; those
of 2023 have title lines above the header; the columns of 2025 have other names. The posts come in three layouts,
two of them with `$` in the salaries. Budget files have a title, amounts in brackets below zero and rows of totals
that would count double. Grants are a nested JSON document. Permits are separated by tabs.

Days to close are skewed: half of the requests of a type take less than about three quarters of its mean. They are
drawn before the closing is moved into working hours, which adds about a fifth of a day to every mean.
"""
