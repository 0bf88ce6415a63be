"""How the city is organised, over six budget years: its departments and offices, and every post that leads or belongs
to technology, data and innovation. Made from the same posts as the roster, under the same numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from cupola.demo import truth
from cupola.demo.departments import DEPARTMENTS
from cupola.demo.posts import Post, vintage
from cupola.orgchart.events import Event
from cupola.orgchart.facts import Fact, Funding, Limit, Line, Value
from cupola.orgchart.history import History
from cupola.orgchart.jurisdiction import Administration, Jurisdiction, Source
from cupola.orgchart.moments import Moment, Span
from cupola.orgchart.parameters import Parameters, Recorded
from cupola.orgchart.vocabulary import (
    Appointment,
    EventKind,
    Function,
    FundingSource,
    HousedIn,
    LimitKind,
    LineType,
    Mandate,
    OfficeKind,
    Scope,
    Sector,
    Whole,
)
from cupola.orgchart.writing import write_jurisdiction

KEY = "dunmarrow"
_MAYORS, _TECHNOLOGY = "01", "31"
_MAYOR, _HEAD_OF_IT, _INNOVATION, _DATA = "mayor", "p-cio1", "p-inn1", "p-dat1"
_SHOWN = (_MAYORS, _TECHNOLOGY)  # departments whose posts are shown one by one; of others the number
_FUNDS = {"100": FundingSource.GENERAL_FUND, "200": FundingSource.FEES_REIMBURSEMENT}
_FUNDS |= {"300": FundingSource.FEES_REIMBURSEMENT, "500": FundingSource.PHILANTHROPY}
_HOUSED = {_MAYORS: HousedIn.MAYORS_OFFICE, _TECHNOLOGY: HousedIn.IT_DEPARTMENT, "10": HousedIn.BUDGET_OFFICE}
_HOUSED |= {"12": HousedIn.FINANCE_DEPARTMENT}
_DOES: Mapping[str, tuple[Function, ...]] = {
    "department-of-technology": (Function.IT_INFRASTRUCTURE, Function.APPLICATIONS, Function.SECURITY),
    "department-of-technology-infrastructure": (Function.IT_INFRASTRUCTURE,),
    "department-of-technology-applications": (Function.APPLICATIONS,),
    "department-of-technology-security": (Function.SECURITY,),
    "department-of-technology-data-and-analytics": (Function.DATA_ANALYTICS, Function.OPEN_DATA),
    "mayor-s-office-office-of-innovation": (Function.INNOVATION, Function.DIGITAL_SERVICES),
    "mayor-s-office-policy": (Function.POLICY_LIAISON,),
    "budget-and-management-budget": (Function.BUDGET, Function.PERFORMANCE),
    "procurement-purchasing": (Function.PURCHASING,),
}
_HEADS = {"mayor-s-office-office-of-innovation": _INNOVATION, "department-of-technology-data-and-analytics": _DATA}
_LEADS = ("Deputy Mayor", "IT Manager")
Said = set[tuple[str, Value]]


@dataclass(frozen=True)
class _Year:
    """What is said of each office and post in one fiscal year."""

    kinds: dict[str, str]
    said: dict[str, Said]


def write(target: Path, posts: Mapping[int, tuple[Post, ...]]) -> None:
    """Write `structure/dunmarrow.yaml` into the folder."""
    document = {"kind": "structure", "released": True, **write_jurisdiction(make(posts))}
    path = target / "structure" / f"{KEY}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=160, default_flow_style=None)
    path.write_text(text, encoding="utf-8", newline="\n")


def make(posts: Mapping[int, tuple[Post, ...]]) -> Jurisdiction:
    """Return the city's structure: the chart of each fiscal year, joined to facts with their time."""
    years = {year: _year(year, posts[year]) for year in truth.FISCAL_YEARS}
    kinds = {key: kind for year in years.values() for key, kind in year.kinds.items()}
    facts = tuple(fact for key in kinds for fact in _over_time(key, years))
    council = tuple(_council())
    history = History({**kinds, "technology-council": "office"}, (*facts, *_money(posts), *council), _events(kinds))
    deputies = {_key(post) for post in posts[truth.FISCAL_YEARS[-1]] if post.title == "Deputy Mayor"}
    return Jurisdiction(
        key=KEY,
        name=truth.CITY,
        kind="city",
        executive="Mayor",
        form="mayor-council",
        history=history,
        sources={
            "roster": Source("roster", title="The posts of the city on the first day of each fiscal year (made up)"),
            "awards": Source("awards", title="The grants to the city (made up)"),
            "code": Source("code", title="City code of Dunmarrow, which does not exist"),
        },
        administrations=tuple(
            Administration(Moment.parse(day), sources=("code",)) for day in ("2018-01-02", "2022-01-03", "2026-01-05")
        ),
        notes=("The city is an example and its structure is made up.",),
        complete=tuple(Recorded(what, sources=("roster",)) for what in (Whole.OFFICES, Whole.FUNCTIONS, Whole.FUNDING)),
        parameters=Parameters(
            deputies=tuple(sorted(deputies)),
            most_posts=70,
            sources={"deputies": "The roster", "most_posts": "City code, 2-12"},
        ),
    )


def _year(year: int, posts: Iterable[Post]) -> _Year:
    """Return the chart of one fiscal year."""
    here = _Year({_MAYOR: "post"}, defaultdict(set))
    here.said[_MAYOR] = {("name", "Mayor"), ("works_in", "mayor-s-office"), ("appointment", Appointment.TERM)}
    teams: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        department, office = _offices(post)
        _add_office(here, department, post=post)
        if office != department:
            _add_team(here, office, department, name=post.office.removeprefix(f"{department}: "))
        teams[office].append(post)
    for department in {key for key, kind in here.kinds.items() if kind == "office"}:
        count = sum(len(team) for office, team in teams.items() if department in {office, *_above(here, office)})
        here.said[department].add(("staff", Decimal(count)))
    for office, team in teams.items():
        if team[0].department_code in _SHOWN:
            _add_posts(here, office, team, year=year)
    here.said["department-of-technology"].add(("headed_by", _HEAD_OF_IT))
    return here


def _add_office(here: _Year, key: str, *, post: Post) -> None:
    if key in here.kinds:
        return
    code = post.department_code
    fund = next((one.fund for one in DEPARTMENTS if one.code == code), "100")
    here.kinds[key] = "office"
    executive = code == _MAYORS
    here.said[key] |= {
        ("name", post.department),
        ("kind", OfficeKind.EXECUTIVE if executive else OfficeKind.DEPARTMENT),
        ("housed_in", _HOUSED.get(code, HousedIn.LINE_DEPARTMENT)),
        ("mandate", Mandate.POLICY if executive else Mandate.OPERATIONAL),
        ("funding", Funding(_FUNDS[fund])),
        ("headed_by", _MAYOR) if executive else ("reports_to", Line(_MAYOR)),
        *(("function", one) for one in _DOES.get(key, ())),
    }
    if executive:
        here.said[key].add(("limit", Limit(LimitKind.SPENDING_AUTHORITY, Decimal(25_000))))
    if code == _TECHNOLOGY:
        here.said[key].add(("scope", Scope.CITY_WIDE))


def _add_team(here: _Year, key: str, department: str, *, name: str) -> None:
    if key in here.kinds:
        return
    here.kinds[key] = "office"
    here.said[key] |= {("name", name), ("kind", OfficeKind.OFFICE), ("part_of", department)}
    here.said[key] |= {("function", one) for one in _DOES.get(key, ())}
    if key in _HEADS:
        here.said[key].add(("headed_by", _HEADS[key]))
    if _HEADS.get(key) == _INNOVATION:
        line = Line("department-of-technology", LineType.COORDINATION)
        here.said[key] |= {("mandate", Mandate.HYBRID), ("dotted_to", line)}
    if _HEADS.get(key) == _DATA:
        here.said[key] |= {("tool", "this portal"), ("user", "departments"), ("user", "the council")}


def _add_posts(here: _Year, office: str, team: list[Post], *, year: int) -> None:
    """Add posts with their lines: those who lead share out the others, the first of them leads the office."""
    leads = sorted(_key(post) for post in team if post.title in _LEADS)
    head = _HEADS.get(office, leads[0] if leads else "")
    if head and office != "mayor-s-office":
        here.said[office].add(("headed_by", head))
    for number, post in enumerate(sorted(team, key=_key)):
        key = _key(post)
        here.kinds[key] = "post"
        said = here.said[key]
        said |= {("name", post.title), ("works_in", office), ("grade", str(post.grade)), ("filled", post.filled)}
        said |= {("fte", Decimal(1)), ("appointment", Appointment.EXEMPT if post.exempt else Appointment.CLASSIFIED)}
        if not post.award:
            said.add(("funding", Funding(_FUNDS[post.fund_code])))
        if key not in {*leads, _HEAD_OF_IT} and office not in _HEADS:
            above = _MAYOR if post.department_code == _MAYORS else _HEAD_OF_IT
            said.add(("reports_to", Line(leads[number % len(leads)] if leads else above)))
    for key, role, line in ((_HEAD_OF_IT, "cio", _MAYOR), (_INNOVATION, "cino", _MAYOR), (_DATA, "", _HEAD_OF_IT)):
        if key in {_key(post) for post in team}:
            here.said[key] |= {("reports_to", Line(line)), *((("role", role),) if role else ())}
            here.said[key].add(("scope", Scope.CITY_WIDE))
    if _DATA in here.kinds and year >= truth.RENAMED_IT:
        here.said[_DATA] |= {("role", "cdo-data"), ("dotted_to", Line(_MAYOR, LineType.POLICY))}


def _money(posts: Mapping[int, tuple[Post, ...]]) -> Iterator[Fact]:
    """Yield the award that pays a post, until the day it ends and not only until the next roster.

    The office it pays for as a whole has it by the share of its posts.
    """
    first: dict[tuple[str, str], tuple[int, Post]] = {}
    teams: dict[str, tuple[int, list[Post]]] = {}
    for year in truth.FISCAL_YEARS:
        for post in posts[year]:
            if post.award and post.department_code in _SHOWN:
                first.setdefault((_key(post), post.award), (year, post))
                office = _offices(post)[1]
                teams.setdefault(office, (year, [one for one in posts[year] if _offices(one)[1] == office]))
    for office, (year, team) in teams.items():
        paid = [post for post in team if post.award]
        share = (Decimal(len(paid)) / len(team)).quantize(Decimal("0.01"))
        ends = date.fromordinal(date.fromisoformat(paid[0].ends_on).toordinal() + 1)
        during = Span(_since(year), Moment.of(ends))
        grant = Funding(FundingSource.PHILANTHROPY, share, funder=paid[0].award)
        yield Fact(office, "funding", grant, during, sources=("roster", "awards"))
        yield Fact(office, "funding", Funding(FundingSource.GENERAL_FUND, 1 - share), during, sources=("roster",))
        yield Fact(office, "funding", Funding(FundingSource.GENERAL_FUND), Span(Moment.of(ends)), sources=("roster",))
    for (key, award), (year, post) in first.items():
        ends = date.fromordinal(date.fromisoformat(post.ends_on).toordinal() + 1)
        span = Span(_since(year), Moment.of(ends))
        yield Fact(
            key, "funding", Funding(FundingSource.PHILANTHROPY, funder=award), span, sources=("roster", "awards")
        )


def _over_time(key: str, years: Mapping[int, _Year]) -> list[Fact]:
    """Return what is said of an office or post, one fact for each run of fiscal years in which it was said, in order
    of time.
    """
    return sorted(_runs(key, years), key=lambda one: (one.attribute != "exists", str(one.span.since or "")))


def _runs(key: str, years: Mapping[int, _Year]) -> Iterator[Fact]:
    there = {year: one.said[key] | {("exists", True)} if key in one.kinds else set() for year, one in years.items()}
    last = truth.FISCAL_YEARS[-1]
    gone = max(year for year, said in there.items() if said)  # an office without posts for a year is still there
    for pair in sorted(set().union(*there.values()), key=lambda one: (one[0] != "exists", one[0], str(one[1]))):
        runs: list[list[int]] = []
        for year in truth.FISCAL_YEARS:
            if pair in there[year] or (pair[0] == "exists" and runs and year <= gone):
                if runs and runs[-1][-1] == year - 1:
                    runs[-1].append(year)
                else:
                    runs.append([year])
        for run in runs:
            since = None if run[0] == truth.FISCAL_YEARS[0] else _since(run[0])
            span = Span(since, None if run[-1] == last else _since(run[-1] + 1))
            yield Fact(key, pair[0], pair[1], span, sources=("roster",))


def _council() -> Iterator[Fact]:
    span = Span(Moment.parse("2022-03"))
    said: tuple[tuple[str, Value], ...] = (
        ("exists", True),
        ("name", "Mayor's Technology Council"),
        ("kind", OfficeKind.ADVISORY),
        ("mandate", Mandate.ADVISORY),
        ("seats", Decimal(11)),
        ("members", Decimal(9)),
        ("quorum", Decimal(6)),
        *(("sector", one) for one in (Sector.BUSINESS, Sector.UNIVERSITY, Sector.RESIDENTS)),
    )
    for name, value in said:
        yield Fact("technology-council", name, value, span, sources=("code",))


def _events(kinds: Mapping[str, str]) -> tuple[Event, ...]:
    """Return the acts that are planted in the rosters; a small city may lack a department that one is about."""
    renamed, merged = _since(truth.RENAMED_IT), _since(truth.MERGED_SERVICES)
    innovation = "mayor-s-office-office-of-innovation"
    ended = date.fromordinal(truth.INNOVATION_ENDS.toordinal() + 1)
    old, new = ("fleet-management", "facilities"), ("general-services",)
    services = _act("services-merged", merged, (EventKind.MERGE,), *old, *new)
    acts = (
        _act("innovation-founded", _since(2022), (EventKind.CREATE, EventKind.AWARD), innovation),
        _act("technology-renamed", renamed, (EventKind.RENAME,), "department-of-technology", _DATA),
        replace(services, origins=old, results=new),
        _act("innovation-budgeted", Moment.of(ended), (EventKind.CONVERT_FUNDING,), innovation, "p-inn2", "p-inn3"),
    )
    return tuple(act for act in acts if set(act.subjects) <= kinds.keys())


_TITLES = {
    "innovation-founded": f"The Office of Innovation begins, six of its seven posts paid by {truth.INNOVATION_AWARD}.",
    "technology-renamed": "Information Services becomes the Department of Technology.",
    "services-merged": "Fleet Management and Facilities become General Services.",
    "innovation-budgeted": "The award ends; two of its six posts come onto the General Fund, four end.",
}


def _act(key: str, on: Moment, kinds: tuple[EventKind, ...], /, *subjects: str) -> Event:
    return Event(key, on, kinds, subjects, title=_TITLES[key], sources=("roster",))


def _above(here: _Year, office: str) -> tuple[str, ...]:
    return tuple(str(value) for name, value in here.said[office] if name == "part_of")


def _since(year: int) -> Moment:
    return Moment.of(vintage(year))


def _key(post: Post) -> str:
    return post.key.casefold()


def _offices(post: Post) -> tuple[str, str]:
    """Return the keys of a post's department and office: those of the newest names, so that a new name is a rename."""
    name = "Department of Technology" if post.department_code == _TECHNOLOGY else post.department
    department = _slug(name)
    if post.department_code == _TECHNOLOGY and post.office == "Chief Information Officer":
        return department, department
    return department, f"{department}-{_slug(post.office)}"


@cache  # a few hundred names, asked for once per post and year
def _slug(text: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in text.casefold())
    return "-".join(part for part in kept.split("-") if part)
