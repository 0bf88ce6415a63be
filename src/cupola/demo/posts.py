"""The posts of the city in six budget years: where, as what, paid by whom, filled or not. No names."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cupola.demo import truth
from cupola.demo.departments import DEPARTMENTS, FUNDS, GRADES, RAISE, Department
from cupola.demo.draws import Stream
from cupola.demo.files import Layout, dollars, write_rows

_MERGED = {"41": ("43", "General Services", "Fleet"), "42": ("43", "General Services", "Facilities")}
_TURNOVER = 0.02  # share of posts abolished each year, each replaced by a new one


@dataclass(frozen=True)
class Post:
    """One post on the first day of a fiscal year. `salary`: dollars a year. `award`, `ends_on`: if a grant pays."""

    key: str
    department_code: str
    department: str
    office: str
    title: str
    grade: int
    fund_code: str
    salary: int
    filled: bool
    vacant_since: str = ""
    award: str = ""
    ends_on: str = ""
    exempt: bool = False


_PUBLISHED = (
    "Position ID",
    "Dept Code",
    "Department",
    "Office",
    "Position Title",
    "Grade",
    "Fund Code",
    "Fund",
    "Annual Salary",
    "Status",
    "Vacant Since",
    "Award",
    "Funded Until",
    "Service",
)
_MIDDLE = ("Post", "Dept Code", "Department", "Office", "Title", *_PUBLISHED[5:8], "Budgeted Salary", *_PUBLISHED[9:])
_LATER = (
    "post_id",
    "department_code",
    "department",
    "office",
    "title",
    "grade",
    "fund_code",
    "fund",
    "annual_salary",
    "status",
    "vacant_since",
    "award",
    "funded_until",
    "service",
)
_OLD_LAYOUT, _MIDDLE_LAYOUT, _NEW_LAYOUT = (
    Layout(_PUBLISHED, delimiter=";", encoding="cp1252"),
    Layout(_MIDDLE),
    Layout(_LATER),
)
LAYOUTS = {
    2021: _OLD_LAYOUT,
    2022: _OLD_LAYOUT,
    2023: _MIDDLE_LAYOUT,
    2024: _MIDDLE_LAYOUT,
    2025: _NEW_LAYOUT,
    2026: _NEW_LAYOUT,
}


def make(seed: int, *, scale: float) -> dict[int, tuple[Post, ...]]:
    """Return the posts of each fiscal year. The planted offices are whole at every scale."""
    special = {year: tuple(_special(year)) for year in truth.FISCAL_YEARS}
    total = max(len(DEPARTMENTS) * 4, round(truth.POSTS * scale))
    return {
        year: _ordinary(seed, year, count=total - len(special[year])) + special[year] for year in truth.FISCAL_YEARS
    }


def write(folder: Path, posts: dict[int, tuple[Post, ...]]) -> None:
    """Write one file per fiscal year."""
    for year, layout in LAYOUTS.items():
        plain = layout is _NEW_LAYOUT
        write_rows(folder / f"posts-fy{year}.csv", layout, (_row(post, plain=plain) for post in posts[year]))


def vintage(year: int) -> date:
    """Return the day the posts of a fiscal year speak for: its first."""
    return date(year - 1, 7, 1)


def named(department: Department, year: int) -> tuple[str, str, str]:
    """Return code, name and office prefix of a department in a fiscal year, after renaming and merging."""
    if department.code in _MERGED and year >= truth.MERGED_SERVICES:
        return _MERGED[department.code]
    if department.code == "31" and year < truth.RENAMED_IT:
        return department.code, "Information Services", ""
    return department.code, department.name, ""


def _ordinary(seed: int, year: int, *, count: int) -> tuple[Post, ...]:
    """Return `count` posts. A post keeps its place in every year; some are abolished and another takes the place."""
    where = (
        Stream(seed, "post departments")
        .pick(truth.POSTS, [float(department.size) for department in DEPARTMENTS])[:count]
        .tolist()
    )
    office, title = Stream(seed, "post offices").uniform(truth.POSTS).tolist(), Stream(seed, "post titles")
    titles = [
        title.pick(truth.POSTS, [weight for _, _, weight in department.titles]).tolist() for department in DEPARTMENTS
    ]
    steps = Stream(seed, "post steps").whole(truth.POSTS, 0, 9).tolist()
    replaced = _replaced(seed, year)
    empty = (Stream(seed, f"vacancies {year}").uniform(truth.POSTS) < truth.VACANT_SHARE[year]).tolist()
    since = Stream(seed, f"vacant days {year}").whole(truth.POSTS, 5, 540).tolist()
    posts = []
    for place in range(count):
        department = DEPARTMENTS[where[place]]
        code, name, prefix = named(department, year)
        part = department.offices[int(office[place] * len(department.offices))]
        called, grade, _ = department.titles[titles[where[place]][place]]
        grant = code == "81" and place % 7 == 0
        posts.append(
            Post(
                key=f"P{place + 1:05d}-{replaced[place]}",
                department_code=code,
                department=name,
                office=f"{prefix}: {part}" if prefix else part,
                title=called,
                grade=grade,
                fund_code="500" if grant else department.fund,
                salary=_salary(grade, steps[place], year),
                filled=not empty[place],
                vacant_since=date.fromordinal(vintage(year).toordinal() - since[place]).isoformat()
                if empty[place]
                else "",
                award="AW-2107" if grant else "",
                ends_on="2027-06-30" if grant else "",
                exempt=code == "01" or grade >= 13,
            )
        )
    return tuple(posts)


def _replaced(seed: int, year: int) -> list[int]:
    """Return how often the post in each place has been replaced since the first year."""
    times = [0] * truth.POSTS
    for earlier in range(truth.FISCAL_YEARS[0] + 1, year + 1):
        gone = (Stream(seed, f"abolished {earlier}").uniform(truth.POSTS) < _TURNOVER).tolist()
        times = [count + lost for count, lost in zip(times, gone, strict=True)]
    return times


def _salary(grade: int, step: int, year: int) -> int:
    return GRADES[grade] * (100 + 2 * step) // 100 * RAISE[year] // 1000


def _special(year: int) -> Iterator[Post]:
    """Yield the posts of the innovation office, the data team and the head of technology."""
    technology = named(next(item for item in DEPARTMENTS if item.code == "31"), year)[1]
    chief_of_data = "Chief Data Officer" if year >= truth.RENAMED_IT else "Data Manager"
    head = Post(
        "P-CIO1",
        "31",
        technology,
        "Chief Information Officer",
        "Chief Information Officer",
        16,
        "100",
        _salary(16, 4, year),
        True,
        exempt=True,
    )
    office = replace(head, department_code="01", department="Mayor's Office", office="Office of Innovation")
    team = replace(head, office="Data and Analytics")
    yield head
    yield from _team(
        office, ("INN", "Chief Innovation Officer", "Project Manager"), truth.INNOVATION_POSTS[year], year=year
    )
    yield from _team(team, ("DAT", chief_of_data, "Data Analyst"), truth.DATA_POSTS[year], year=year)


def _team(like: Post, names: tuple[str, str, str], sizes: tuple[int, int], *, year: int) -> Iterator[Post]:
    """Yield a team, its head first. `names`: key, head, member; `sizes`: on the General Fund, paid by the award."""
    key, head, member = names
    award, ends_on = _AWARDS[key]
    for number in range(sum(sizes)):
        grade = 14 if number == 0 else 10
        post = replace(
            like,
            key=f"P-{key}{number + 1}",
            title=member if number else head,
            grade=grade,
            salary=_salary(grade, 4, year),
        )
        paid = number >= sizes[0]
        yield replace(post, fund_code="500", award=award, ends_on=ends_on) if paid else post


_AWARDS = {
    "INN": (truth.INNOVATION_AWARD, truth.INNOVATION_ENDS.isoformat()),
    "DAT": (truth.DATA_AWARD, truth.DATA_ENDS.isoformat()),
}


def _row(post: Post, *, plain: bool) -> tuple[str, ...]:
    return (
        post.key,
        post.department_code,
        post.department,
        post.office,
        post.title,
        str(post.grade),
        post.fund_code,
        FUNDS[post.fund_code],
        f"{post.salary}.00" if plain else dollars(post.salary),
        "Filled" if post.filled else "Vacant",
        post.vacant_since,
        post.award,
        post.ends_on,
        "Exempt" if post.exempt else "Civil service",
    )
