"""Six years of appropriations by department, fund and category, with what was spent in the closed years."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from cupola.demo import truth
from cupola.demo.departments import FUNDS
from cupola.demo.draws import Stream
from cupola.demo.files import Layout, dollars, write_rows
from cupola.demo.posts import Post

PERSONNEL = "Personnel"
CATEGORIES = (
    ("Contractual services", 0.28),
    ("Commodities", 0.09),
    ("Equipment", 0.05),
    ("Travel and training", 0.006),
)
REIMBURSEMENTS = ("Reimbursements", -0.02)  # paid back by other funds: below zero
LAST_CLOSED = 2025
LAYOUT_HEADER = ("Fiscal Year", "Dept", "Department", "Fund Code", "Fund", "Category", "Adopted", "Spent")
Line = tuple[
    int, str, str, str, str, int, int | None
]  # year, department code, name, fund code, category, adopted, spent


def make(seed: int, posts: Mapping[int, tuple[Post, ...]]) -> tuple[Line, ...]:
    """Return the lines of every year. Personnel is exactly what the posts cost; the rest is in proportion to it."""
    lines: list[Line] = []
    for year in truth.FISCAL_YEARS:
        chance = Stream(seed, f"budget {year}")
        for (code, name, fund), salaries in sorted(_salaries(posts[year]).items()):
            personnel = salaries * (1000 + truth.BENEFITS_PER_THOUSAND) // 1000
            noise = chance.uniform(2 * (len(CATEGORIES) + 2)).tolist()
            amounts = [(PERSONNEL, personnel)]
            amounts += [
                (category, round(personnel * share * (0.8 + 0.4 * noise[number])))
                for number, (category, share) in enumerate(CATEGORIES)
            ]
            if fund == "100":
                amounts.append((REIMBURSEMENTS[0], round(personnel * REIMBURSEMENTS[1])))
            for number, (category, adopted) in enumerate(amounts):
                spent = _spent(year, name, category, adopted=adopted, noise=noise[len(CATEGORIES) + number])
                lines.append((year, code, name, fund, category, adopted, spent))
    return tuple(lines)


def write(folder: Path, lines: tuple[Line, ...]) -> None:
    """Write one file per year, with a title, totals per department and a grand total, as a printed budget has them."""
    for year in truth.FISCAL_YEARS:
        chosen = [line for line in lines if line[0] == year]
        title = (
            f"City of {truth.CITY}: Annual Appropriation Ordinance, Fiscal Year {year}",
            "All amounts in dollars",
            "",
        )
        rows = []
        for code, name in sorted({(line[1], line[2]) for line in chosen}):
            own = [line for line in chosen if line[1] == code]
            rows += [_row(line) for line in own]
            rows.append(_total(year, f"Total - {name}", own))
        rows.append(_total(year, "Total - All Departments", chosen))
        write_rows(folder / f"appropriations-fy{year}.csv", Layout(LAYOUT_HEADER, title=title), rows)


def _salaries(posts: tuple[Post, ...]) -> dict[tuple[str, str, str], int]:
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for post in posts:
        found[post.department_code, post.department, post.fund_code] += post.salary
    return found


def _spent(year: int, department: str, category: str, *, adopted: int, noise: float) -> int | None:
    """Return what was spent, None for the open year: 93 to 101 % of what was adopted, save the planted overspending."""
    if year > LAST_CLOSED:
        return None
    planted = truth.OVERSPEND
    if (year, department, category) == (planted.fiscal_year, planted.department, PERSONNEL):
        return round(adopted * planted.factor)
    return round(adopted * (0.93 + 0.08 * noise))


def _row(line: Line) -> tuple[str, ...]:
    year, code, name, fund, category, adopted, spent = line
    return (
        str(year),
        code,
        name,
        fund,
        FUNDS[fund],
        category,
        dollars(adopted),
        "-" if spent is None else dollars(spent),
    )


def _total(year: int, label: str, lines: list[Line]) -> tuple[str, ...]:
    spent = [line[6] for line in lines if line[6] is not None]
    return (
        str(year),
        "",
        label,
        "",
        "",
        "",
        dollars(sum(line[5] for line in lines)),
        dollars(sum(spent)) if spent else "-",
    )
