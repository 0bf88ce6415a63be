"""The page of a question, over rows that were really loaded."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import duckdb
import pytest
from django.test import Client
from tests.factories import NOON, make_city, make_dataset, make_staff

from cupola.web.data.actions import Refresh, refresh
from cupola.web.data.models import Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

COLUMNS = [
    {"name": "number", "type": "text", "title": "Number", "required": True},
    {"name": "issued_on", "type": "date", "title": "Issued on"},
    {"name": "status", "type": "code", "title": "Status", "allowed": {"open": "still open", "closed": ""}},
    {"name": "ward", "type": "text", "title": "Ward"},
    {"name": "cost", "type": "money", "title": "Cost"},
    {"name": "phone", "type": "text", "sensitive": True},
]
HEAD = "number,issued_on,status,ward,cost,phone\n"


def lines() -> Iterator[str]:
    """Yield 240 permits, twenty a month of 2025; ward 4 has most, costs grow by the month, April has none."""
    for at in range(240):
        month = at // 20 + 1
        day = f"2025-{month:02d}-{at % 20 + 1:02d}" if month != 4 else "2025-03-31"
        ward = ("4", "4", "11", "O'Hare", "")[at % 5]
        cost = str(month * 100) if at % 10 else ""
        yield f"P-{at:03d},{day},{'open' if at % 3 else 'closed'},{ward},{cost},CANARY-{at}"


@pytest.fixture
def permits(load: Callable[..., Dataset]) -> Dataset:
    make_city()
    dataset = make_dataset("permits", columns=COLUMNS, time_column="issued_on", row_key=["number"])
    return load(dataset, HEAD + "\n".join(lines()) + "\n")


def shown(client: Client, query: str = "", *, status: int = 200, key: str = "permits", language: str = "") -> str:
    answer = client.get(f"{language}/data/{key}/explore/" + (f"?{query}" if query else ""))
    assert answer.status_code == status
    return answer.content.decode()


def cells(page: str) -> list[list[str]]:
    """Return the lines of the table of the answer, as people read them."""
    body = re.search(r'class="table table--rows".*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert body
    found = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL)
    return [[unescape(re.sub(r"<.*?>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", one)] for one in found]


def test_rows_are_shown_newest_first(permits: Dataset, client: Client) -> None:
    page = shown(client)
    assert "240" in page
    first = cells(page)[0]
    assert first[1:] == ["December 20, 2025", "open", "", "1,200.00"]


def test_conditions_are_said_counted_and_can_be_taken_away(permits: Dataset, client: Client) -> None:
    page = shown(client, "where.issued_on.in=2025-06&where.ward=4&where.ward=O%27Hare")
    assert "Issued on is in June 2025." in page
    assert "Ward is 4 or O&#x27;Hare." in page
    assert '<span class="answer__number">12</span>' in page
    assert 'href="?where.issued_on.in=2025-06"' in page
    assert len(cells(page)) == 12


def test_groups_are_counted_and_lead_to_their_rows(permits: Dataset, client: Client) -> None:
    page = shown(client, "group=ward&sum=cost")
    assert cells(page)[0] == ["4", "96", "46,800.00"]
    assert "?where.ward=O%27Hare" in page
    assert "Highest: Ward 4 with 46,800, 33.3% of 140,400." in page
    assert "1 to 4 of 4" in page


def test_a_month_without_rows_is_a_gap_and_is_said(permits: Dataset, client: Client) -> None:
    page = shown(client, "group=issued_on.month&show=chart")
    assert "1 period has no value." in page
    assert "Highest in March 2025: 40. Lowest in January 2025: 20." in page
    assert "December 2025 is not complete and is not compared." in page
    assert "chart__line--partial" in page


def test_the_same_in_spanish(permits: Dataset, client: Client) -> None:
    page = shown(client, "group=issued_on.month&show=chart", language="/es")
    assert "El máximo en marzo de 2025: 40." in page
    assert "Diciembre de 2025 no está completo y no se compara." in page


def test_a_number_is_shown_in_round_steps_without_those_that_have_none(permits: Dataset, client: Client) -> None:
    answer = client.get("/data/permits/explore/?group=cost.steps&show=chart")
    assert answer.headers["Location"] == "/data/permits/explore/?group=cost.steps-100&show=chart"
    page = shown(client, "group=cost.steps-100&show=chart")
    assert cells(page)[0] == ["100 to 200", "18"]
    assert cells(page)[-1] == ["no value", "24"]
    assert "Half are below 650, half above. They reach from 100 to 1,200." in page


def test_two_groups_make_lines_or_panels(permits: Dataset, client: Client) -> None:
    assert shown(client, "group=issued_on.month,ward&show=chart").count("chart__line-3") >= 2
    page = shown(client, "group=status,ward&show=chart")
    assert "Highest: open, 4 with 64" in page


def test_what_a_form_sends_is_answered_at_the_short_address(permits: Dataset, client: Client) -> None:
    answer = client.get("/data/permits/explore/?q=&where.ward=4&where.cost.from=&group=status&group=&measure=&sort=")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/data/permits/explore/?where.ward=4&group=status")


def test_a_wrong_value_is_shown_beside_its_control_and_the_rest_is_answered(permits: Dataset, client: Client) -> None:
    page = shown(client, "where.cost.from=lots&where.ward=4")
    assert page.count("“lots” is no number. Write digits, as 1250 or 1250.50.") == 2
    assert 'name="where.cost.from" value="lots"' in page
    assert '<span class="answer__number">96</span>' in page


@pytest.mark.parametrize(
    "query",
    [
        "where.cost.from=999999999999999&where.cost.to=0",
        "where.issued_on.from=0001-01-01",
        "where.issued_on.in=9999",
        "page=99999",
        "group=cost.steps-0.000001",
        "q=%00",
        "where.ward=%ff%fe",
        "where.number.contains='||1;--",
        "sort=-phone",
        "&".join(f"where.ward={n}" for n in range(300)),
        "group=issued_on.day,ward&median=cost&show=map",
        "=&&&=x&where..from=1",
    ],
)
def test_nothing_that_can_be_written_breaks_the_page(permits: Dataset, client: Client, query: str) -> None:
    assert client.get(f"/data/permits/explore/?{query}", follow=True).status_code == 200


def test_sensitive_columns_are_neither_shown_nor_known(permits: Dataset, client: Client) -> None:
    for query in ("", "columns=phone", "where.phone=CANARY-1", "group=phone", "sort=phone", "q=CANARY"):
        page = client.get(f"/data/permits/explore/?{query}", follow=True).content.decode()
        assert "CANARY-" not in page.replace("where.phone=CANARY-1", "")
    assert shown(client, "where.phone=CANARY-1").count("There is no column “phone”.") == 1


def test_datasets_without_public_rows_say_so_and_unknown_ones_do_not_exist(
    permits: Dataset, client: Client, load: Callable[..., Dataset]
) -> None:
    load(make_dataset("roster", payroll=True))
    assert "The rows of this dataset are not shown." in shown(client, key="roster")
    assert client.get("/data/roster/explore.svg").status_code == 404
    shown(client, key="nothing", status=404)


def test_a_draft_is_seen_by_staff_alone(load: Callable[..., Dataset], client: Client) -> None:
    load(make_dataset("draft", released=False))
    shown(client, key="draft", status=404)
    client.force_login(make_staff())
    page = shown(client, "group=status", key="draft")
    assert "Draft" in page
    assert cells(page) == [["closed", "2"], ["open", "1"]]
    assert client.get("/data/draft/explore.svg").status_code == 404


def test_a_version_that_is_not_public_is_said_and_the_newest_shown(permits: Dataset, client: Client) -> None:
    page = shown(client, "version=7")
    assert "There is no public version like that; this is the newest." in page
    assert '<span class="answer__number">240</span>' in page


def test_the_picture_stands_alone_and_may_be_kept(permits: Dataset, client: Client) -> None:
    answer = client.get("/data/permits/explore.svg?group=ward")
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "style=" not in text
    assert "<script" not in text
    assert "Springfield: Permits, version 1" in text
    assert client.get("/data/permits/explore.svg?group=ward&version=1").headers["Cache-Control"].endswith("immutable")
    again = client.get("/data/permits/explore.svg?group=ward", headers={"if-none-match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_sql_beside_an_answer_gives_the_same_from_the_download(
    permits: Dataset, client: Client, home: Any, tmp_path: Any
) -> None:
    page = shown(client, "where.issued_on.in=2025-06&group=ward&average=cost")
    found = re.search(r"SQL \(DuckDB\)</summary><pre[^>]*><code>(.*?)</code>", page, re.DOTALL)
    assert found
    files = list((home / "lake" / "tables").rglob("*.parquet"))
    local = re.sub(r"'http[^']*\.parquet'", f"{[str(file) for file in files]}", unescape(found[1]))
    assert duckdb.sql(local).fetchall() == [("11", 4, 600.0), ("4", 8, 600.0), ("O'Hare", 4, 600.0), (None, 4, 600.0)]


def test_editions_can_be_chosen(home: Any, tmp_path: Any, client: Client) -> None:
    sources = [{"file": f"{year}.csv", "vintage": str(year)} for year in (2015, 2016)]
    for year in (2015, 2016):
        lines = "".join(f"P-{n},{year}-05-01,open\n" for n in range(year - 2010))
        (tmp_path / f"{year}.csv").write_text("permit_number,issued_on,status\n" + lines)
    dataset = make_dataset("posts", sources=sources)
    assert not refresh(dataset, Refresh(sources_folder=tmp_path, now=NOON, by="tests")).needs_person
    assert '<span class="answer__number">6</span>' in shown(client, key="posts")
    assert '<span class="answer__number">5</span>' in shown(client, "vintage=2015-01-01", key="posts")
    page = shown(client, "group=vintage.year&vintage=all", key="posts")
    assert cells(page) == [["2015", "5"], ["2016", "6"]]
    assert "vintage=all" in unescape(page).split("/resource/posts.json?")[1].split('"')[0]
