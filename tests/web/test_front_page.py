"""The front page: doors to the chart, the data, the measures and the agenda, and what comes next."""

import pytest
from django.test import Client
from tests.factories import make_structure
from tests.web.agenda_city import make_agenda

pytestmark = pytest.mark.django_db


def test_a_city_without_chart_or_agenda_has_no_doors_to_them(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "on the city's chart" not in page
    assert "What the city works on" not in page


def test_doors_lead_to_the_chart_and_the_agenda_with_a_live_figure(client: Client) -> None:
    make_agenda()
    make_structure()
    answer = client.get("/")
    chart, agenda = answer.context["chart"], answer.context["agenda"]
    assert (chart.offices, chart.posts) == (3, 2)
    assert (agenda.initiatives, agenda.shown) == (1, 0)
    assert [(one.key, len(one.initiatives)) for one in agenda.priorities] == [("streets", 1)]
    assert (agenda.meeting.council, f"{agenda.meeting.starts:%Y-%m-%d %H:%M}") == ("council", "2027-05-04 18:00")
    page = answer.content.decode()
    assert 'href="/structure/springfield/"' in page
    assert 'href="/agenda/#streets"' in page
    assert 'href="/councils/council/"' in page
