"""The pages of structures: a day, two days, what staff change, and what nobody else sees."""

import csv
import gc
import io
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from tests.factories import NOON, make_city, make_grant, make_staff, make_structure
from tests.web.sending import filled

from cupola.web.accounts.models import User
from cupola.web.structure.actions import branch
from cupola.web.structure.forms import PartForm
from cupola.web.structure.models import Office, Post, Structure
from cupola.web.structure.queries import document_of, jurisdiction, pages
from cupola.web.structure.queries.drawing import BOX, MARK, TEXT, draw_pair, fitted

pytestmark = pytest.mark.django_db

ADDRESS = "/structure/compare/?a=springfield@2024-01-01&b=springfield@2025-01-01"
HIDDEN = [
    "/structure/{}/",
    "/es/structure/{}/",
    "/structure/{}/it/",
    "/structure/{}/it/history/",
    "/structure/{}/it/edit/",
    "/structure/{}/checks/",
    "/structure/branches/{}/",
    "/structure/compare/?a={}@2024-01-01&b={}@2025-01-01",
    "/structure/compare/edits.csv?a={}@2024-01-01&b={}@2025-01-01",
]


@pytest.fixture
def editor(client: Client, settings: Any) -> User:
    settings.SECOND_FACTOR = "nobody"
    person = make_grant(make_staff("edith"), "coordinator").person
    client.force_login(person)
    return person


def test_a_day_says_who_leads_draws_lists_and_names_its_sources(client: Client) -> None:
    make_city()
    make_structure()
    page = client.get("/structure/springfield/?on=2025-01-01").content.decode()
    assert "Technology is run by Technology; data is led by Data Team, which reports to Technology." in page
    assert page.count('href="/structure/springfield/analyst/?on=2025-01-01"') == 2  # drawn and listed
    assert "City code" in page
    assert "cupola structure show springfield --on 2025-01-01" in page
    assert page.count("<ul") == page.count("</ul>")
    assert '<a href="/structure/springfield/"><strong>Springfield' in client.get("/structure/").content.decode()


def test_two_days_stand_at_one_place_and_add_up(client: Client) -> None:
    make_structure()
    page = client.get(ADDRESS).content.decode()
    assert "Data Team moved from Mayor&#x27;s Office to Technology." in page
    assert '<span class="fact__number">0 → 90,000</span>' in page
    assert ADDRESS.replace("&", "&amp;") in page
    one = pages.seen_by("springfield", staff=False)
    charts = (one.history.on(day) for day in (date(2024, 1, 1), date(2025, 1, 1)))
    pair = draw_pair(*charts, changed=frozenset())
    before, after = ({box.row.key: box for box in drawing.boxes} for drawing in (pair.before, pair.after))
    assert all((before[key].x, before[key].y) == (after[key].x, after[key].y) for key in before)
    assert (after["analyst"].mark, before["data"].mark, after["data"].mark, after["it"].mark) == (
        "new",
        "moved",
        "moved",
        "",
    )
    rows = list(csv.DictReader(io.StringIO(client.get(ADDRESS.replace("/?", "/edits.csv?")).content.decode())))
    assert {(row["edit"], row["key"], row["posts"], row["cost"]) for row in rows} == {
        ("created", "analyst", "1", "90000"),
        ("moved", "data", "0", "0"),
    }


def test_beside_a_template_the_page_gives_edits_that_add_up_and_can_be_taken_away(client: Client) -> None:
    make_structure()
    address = "/structure/compare/?a=springfield@2025-01-01&b=three-themes@2025-01-01"
    page = client.get(address).content.decode()
    assert "Create Chief Information Security Officer." in page
    assert '/structure/three-themes/chief-information-security-officer/"' in page  # what is new leads to the model
    assert "the model names none" in page
    assert "cupola structure compare springfield three-themes --on 2025-01-01 --model-on 2025-01-01" in page
    rows = list(csv.DictReader(io.StringIO(client.get(address.replace("/?", "/edits.csv?")).content.decode())))
    told = client.get(address.replace("/?", "/edits.json?")).json()
    assert [row["says"] for row in rows] == [row["says"] for row in told["edits"]]
    for name in ("offices", "posts", "filled"):
        assert told["before"][name] + sum(int(row[name]) for row in rows) == told["after"][name]
    assert all(row["sources"] for row in rows)


def test_every_figure_says_how_it_is_known(client: Client, editor: User) -> None:
    make_structure()
    for address in (
        "/structure/",
        "/structure/worked/",
        "/structure/springfield/?on=2025-01-01",
        "/structure/springfield/it/?on=2025-01-01",
        "/structure/springfield/checks/?on=2025-01-01",
        ADDRESS,
        "/structure/compare/?a=springfield@2025-01-01&b=three-themes@2025-01-01",
    ):
        assert "How we know" in client.get(address).content.decode(), address
    page = client.get("/structure/springfield/checks/?on=2025-01-01").content.decode()
    assert "Most direct reports: 11" in page
    assert "Oregon&#x27;s goal of 2011" in page


def test_the_days_of_acts_are_links_that_say_what_happened_and_the_stops_of_the_slider(client: Client) -> None:
    make_structure()
    page = client.get("/structure/springfield/?on=2025-01-01").content.decode()
    days = page[page.index('<nav class="days"') : page.index("</nav>", page.index('<nav class="days"'))]
    assert 'href="?on=2024-07-01" data-day="2024-07-01"' in days
    assert 'type="range"' in days
    assert "cupola/days" in page


def test_what_does_not_fit_its_box_is_cut() -> None:
    room = BOX - TEXT - 8 - MARK
    assert fitted("Chief Data Officer", size=14, width=room) == "Chief Data Officer"
    cut = fitted("Department of Innovation and Information Technology Services", size=14, width=room)
    assert cut.endswith("…")
    assert 20 < len(cut) < 35


def test_a_branch_is_compared_brought_back_and_stops_at_a_clash(client: Client, editor: User) -> None:
    structure = make_structure()
    assert client.post("/structure/branches/", {"of": "springfield", "name": "draft"}).status_code == 302
    draft = Structure.objects.get(key="draft")
    post = PartForm("posts", None).initial["seen"]
    new = {
        "seen": post,
        "reason": "More hands",
        "key": "engineer",
        "name": "Engineer",
        "works_in": "it",
        "cost": "100,000",
    }
    assert client.post("/structure/draft/new/post/", new).status_code == 302
    page = client.get("/structure/branches/draft/").content.decode()
    assert "Engineer is new." in page
    assert "90,000 → 190,000" in page
    assert client.post("/structure/branches/draft/", {"reason": "Budget"}).status_code == 302
    assert jurisdiction("springfield").history.on(date(2026, 1, 1)).value("engineer", "cost") == 100000
    for one, name in ((draft, "Digital"), (structure, "Computing")):
        client.post(f"/structure/{one.key}/it/edit/", {**filled(one, "offices", "it"), "name": name})
    answer = client.post("/structure/branches/draft/", {"reason": "Now"})
    assert answer.status_code == 409
    assert answer.context["clashes"] == [("Digital", "name", "Technology", "Digital", "Computing")]
    assert document_of(structure)["offices"]["it"]["name"] == "Computing"


def test_only_editors_change_and_only_staff_look_back(client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR = "nobody"
    structure = make_structure()
    kept = document_of(structure)
    form = filled(structure, "offices", "it")
    for address in ("it/edit/", "new/post/", "it/history/1/undo/"):
        answer = client.post(f"/structure/springfield/{address}", form)
        assert (answer.status_code, answer["Location"][:16]) == (302, "/accounts/login/")
    yesterday = (NOON - timedelta(days=1)).date()
    assert client.get(f"/structure/springfield/?recorded={yesterday}").status_code == 200  # not asked for by the public
    client.force_login(make_staff("sam"))
    for address in ("it/edit/", "new/post/"):
        assert client.get(f"/structure/springfield/{address}").status_code == 403
        assert client.post(f"/structure/springfield/{address}", form).status_code == 403
    assert client.get("/structure/branches/").status_code == 403
    assert client.get(f"/structure/springfield/?recorded={yesterday}").status_code == 404
    assert document_of(structure) == kept


@pytest.mark.parametrize("address", HIDDEN)
def test_what_is_not_released_answers_like_what_is_not_there(client: Client, address: str) -> None:
    make_structure(released=False)
    branch("springfield", "springbranch", at=NOON, by="Ada")
    for hidden in ("springfield", "springbranch"):
        absent = "x" * len(hidden)
        answers = [client.get(address.replace("{}", key)) for key in (hidden, absent)]
        said = [answer.content.decode().replace(key, "") for answer, key in zip(answers, (hidden, absent), strict=True)]
        places = [
            answer.headers.get("Location", "").replace(key, "")
            for answer, key in zip(answers, (hidden, absent), strict=True)
        ]
        assert (answers[0].status_code, said[0], places[0]) == (answers[1].status_code, said[1], places[1])
        assert answers[0].status_code in {302, 404}


def test_a_branch_of_what_is_released_is_for_staff_alone(client: Client) -> None:
    make_structure()
    branch("springfield", "draft", at=NOON, by="Ada")
    assert client.get("/structure/springfield/").status_code == 200
    assert client.get("/structure/draft/").status_code == 404
    assert "draft" not in client.get("/structure/").content.decode()


def test_a_city_of_two_thousand_posts_is_shown_within_half_a_second_even_when_read_for_the_first_time(
    client: Client,
) -> None:
    about = {"since": "2020-01-01", "sources": ["roster"]}
    money = [{"source": "general_fund", "share": 0.5}, {"source": "grant", "share": 0.5}]
    large = Structure.objects.create(
        key="large", name="Large", definition={"name": "Large", "released": True, "sources": {"roster": {"title": "R"}}}
    )
    Office.objects.bulk_create(
        Office(
            structure=large,
            key=f"office-{n}",
            order=n,
            definition={**about, "name": f"Office {n}", **({"part_of": f"office-{(n - 1) // 6}"} if n else {})},
        )
        for n in range(120)
    )
    said = {**about, "cost": 80000, "fte": 1, "funding": money}
    Post.objects.bulk_create(
        Post(
            structure=large,
            key=f"post-{n}",
            order=n,
            definition={**said, "name": f"Analyst {n}", "works_in": f"office-{n % 120}", "filled": bool(n % 11)},
        )
        for n in range(2000)
    )
    client.get("/structure/worked/")  # a server visits pages before it says it is ready, and then does as here:
    gc.collect()
    gc.freeze()
    used_seconds = []
    for _ in range(4):
        before = time.process_time()
        page = client.get("/structure/large/?on=2025-01-01").content.decode()
        used_seconds.append(time.process_time() - before)
    gc.unfreeze()
    assert "only offices are drawn" in page
    assert 'height="5304"' in page  # a drawing knows no thousands separator
    assert page.count('class="orgchart__node"') == 120
    assert used_seconds[0] < 0.5
    assert min(used_seconds) < 0.25


def test_before_the_first_record_a_page_says_when_that_was(client: Client, editor: User) -> None:
    make_structure()  # recorded on 2026-11-22
    early = client.get("/structure/springfield/it/?on=2025-01-01&recorded=2020-01-01")
    assert early.status_code == 404
    page = early.content.decode()
    assert "The first record of springfield here is of November 22, 2026." in page
    assert "/structure/springfield/it/?on=2025-01-01&amp;recorded=2026-11-22" in page
    assert client.get("/structure/springfield/it/?on=2025-01-01&recorded=2026-11-22").status_code == 200


def test_what_changed_is_said_in_spanish(client: Client) -> None:
    make_structure()
    with override("es"):
        page = client.get("/es" + ADDRESS).content.decode()
    assert "Data Team pasó de Mayor&#x27;s Office a Technology." in page
    for english in ("What changed", ">moved<", "→ moved", ">Posts<"):
        assert english not in page
