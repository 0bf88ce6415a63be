"""The awards of the example city as documents: the same money, days and posts as in its grants file and its roster."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from cupola.demo import truth
from cupola.demo.grants import Award
from cupola.demo.posts import Post

Document = dict[str, Any]
_RELEASED = {"released": True}
_GRANT_RECORDS = {"class": "Grants", "years": 7, "after": "closed", "source": "Records schedule of Dunmarrow, made up"}


def award_document(award: Award, posts: Mapping[int, tuple[Post, ...]]) -> Document:
    """Return an award with the posts the roster says it pays, at what they cost with benefits."""
    after = _next_day(award.ends_on)
    document: Document = {
        "kind": "award",
        "key": award.key.casefold(),
        "name": award.title,
        **_RELEASED,
        "retention": _GRANT_RECORDS,
        "funder": award.sponsor,
        "source": award.source,
        "purpose": f"{award.title}, {award.department}",
        "amount": award.amount,
        "awarded_on": date.fromordinal(award.starts_on.toordinal() - 45).isoformat(),
        "since": award.starts_on.isoformat(),
        "until": _next_day(award.extended_from or award.ends_on),
        "fund": "500",
        "acceptance": {
            "on": date.fromordinal(award.starts_on.toordinal() - 20).isoformat(),
            "by": "City council",
            "act": f"Ordinance {award.starts_on.year}-{award.starts_on.month:02d}",
        },
        "reviews": [
            {
                "type": "conflict",
                "on": date.fromordinal(award.starts_on.toordinal() - 30).isoformat(),
                "by": "Ethics office",
                "outcome": "No member of the council has an interest in the giver",
            }
        ],
        "indirect": 0.15,
        "due": _due(award),
        "spending": _spending(award),
        "posts": _paid(award, posts),
        "converts_to": "100",
        "reserve": 120000,
        "renewal": 0.1,
        "sources": [{"title": "Grants to the city (made up)"}],
    }
    document["initiatives"] = {
        truth.INNOVATION_AWARD: ["district-crews", "collection-reminders", "online-request-form", "service-fellows"],
        truth.DATA_AWARD: ["data-academy"],
    }.get(award.key, [])
    if award.extended_from is not None:
        change = {"type": "no_cost_extension", "on": "2024-05-01", "until": after, "reason": "Two posts began late"}
        document["amendments"] = [change]
    return document


def _due(award: Award) -> list[Document]:
    years = range(award.starts_on.year + 1, min(award.ends_on.year, truth.LAST.year) + 1)
    yearly = [
        {"what": f"Yearly report {year}", "due": f"{year}-09-30", "done": f"{year}-09-22", "is_report": True}
        for year in years
    ]
    last: Document = {"what": "Final report", "due": (award.ends_on + timedelta(days=90)).isoformat()}
    done = {"done": (award.ends_on + timedelta(days=80)).isoformat()} if award.ends_on < truth.LAST else {}
    return [*yearly, {**last, **done, "is_report": True}]


def prize_document() -> Document:
    """Return the prize money of a challenge, which a foundation holds and which never enters the city's books."""
    return {
        "kind": "award",
        "key": "crossing-prize",
        "name": "Prizes of the safe crossing challenge",
        **_RELEASED,
        "funder": "Lakes Community Trust",
        "source": "philanthropy",
        "purpose": "Prizes for three proposals, and trying them",
        "initiatives": ["crossing-challenge"],
        "amount": 90000,
        "awarded_on": "2025-09-25",
        "since": "2025-10-01",
        "until": "2027-10-01",
        "in_city_books": False,
        "sponsor": {"name": "Dunmarrow City Foundation", "fee": 0.05},
        "reviews": [
            {
                "type": "gift",
                "on": "2025-09-18",
                "by": "Law Department",
                "outcome": "May be taken: the giver gets nothing for it",
            },
            {
                "type": "conflict",
                "on": "2025-09-19",
                "by": "Ethics office",
                "outcome": "The holder of seat 11 of the council steps aside",
            },
        ],
        "restrictions": ["Salaries of the city", "Advertising"],
        "match": {"amount": 30000, "in_kind": True, "source": "Hours of Public Works crews"},
        "due": [{"what": "List of the proposals that are tried", "due": "2027-01-31"}],
        "sources": [{"title": "Letter of the trust (made up)", "on": "2025-09-25"}],
    }


def _spending(award: Award) -> list[Document]:
    """Return what was spent in each closed fiscal year: evenly by the day, as the grants file says."""
    total = (award.ends_on - award.starts_on).days
    found = []
    for year in truth.FISCAL_YEARS[:-1]:
        first, last = max(date(year - 1, 7, 1), award.starts_on), min(date(year, 7, 1), award.ends_on)
        if first < last:
            found.append({"year": year, "amount": award.amount * (last - first).days // total})
    if award.ends_on < truth.LAST and found:  # what no closed year holds was spent in the last months
        rest = award.amount - sum(one["amount"] for one in found)
        if award.ends_on.year == truth.LAST.year and award.ends_on.month > 6:
            found.append({"year": truth.FISCAL_YEARS[-1], "amount": rest})
        else:
            found[-1]["amount"] += rest  # what dividing by days left over
    return found


def _paid(award: Award, posts: Mapping[int, tuple[Post, ...]]) -> list[Document]:
    """Return the posts of the newest roster that names the award, each with its loaded cost."""
    year = max((year for year, made in posts.items() if any(p.award == award.key for p in made)), default=0)
    own = [post for post in posts.get(year, ()) if post.award == award.key]
    loaded = [post.salary * (1000 + truth.BENEFITS_PER_THOUSAND) // 1000 for post in own]
    a_year = award.amount * 365 / max((award.ends_on - award.starts_on).days, 1)
    share = round(min(a_year / max(sum(loaded), 1), 1.0), 4)
    after = _next_day(award.ends_on)
    kept = {"P-INN2", "P-INN3"}  # the two of the innovation office that came onto the General Fund
    found = []
    for post, cost in zip(own, loaded, strict=True):
        said: Document = {"post": post.key.casefold(), "cost": cost, "share": share}
        if award.ends_on < truth.LAST:
            said["converted" if post.key in kept else "until"] = after
        found.append(said)
    return found


def _next_day(day: date) -> str:
    return (day + timedelta(days=1)).isoformat()
