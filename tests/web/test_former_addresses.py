"""Pages and ids of an older portal lead to what they are now; what is hidden is not found, like what never was."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories import make_city, make_dataset

from cupola.web.data.models import Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]
FORMERLY = ["oldp-0001", "permit-list", "/Buildings/Permits", "/opendata.php?id=17"]


@pytest.fixture
def permits(load: Load) -> Dataset:
    make_city()
    return load(make_dataset(formerly=FORMERLY))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("/data/permit-list/", "/data/permits/"),
        ("/data/permit-list/compare/?a=1&b=2", "/data/permits/compare/?a=1&b=2"),
        ("/es/data/permit-list/", "/es/data/permits/"),
        ("/Buildings/Permits", "/data/permits/"),
        ("/Buildings/Permits/", "/data/permits/"),
        ("/opendata.php?id=17", "/data/permits/"),
        ("/Buildings/Permits-issued/oldp-0001/about_data", "/data/permits/"),
        ("/Buildings/Permits-issued/0000-0000", "/data/permits/"),
    ],
)
def test_a_former_address_leads_on_for_good(client: Client, permits: Dataset, before: str, now: str) -> None:
    answer = client.get(before)
    assert (answer.status_code, answer["Location"]) == (301, now)


def test_what_is_hidden_is_not_found_like_what_never_was(client: Client, load: Load) -> None:
    make_city()
    load(make_dataset(released=False, formerly=FORMERLY))
    for hidden, absent in (("/data/permit-list/", "/data/permit-lost/"), ("/Buildings/Permits", "/Buildings/Permitz")):
        answers: list[Any] = [client.get(address) for address in (hidden, absent)]
        assert [answer.status_code for answer in answers] == [404, 404]
        first, second = (
            answer.content.decode().replace(address, "")
            for answer, address in zip(answers, (hidden, absent), strict=True)
        )
        assert first == second


def test_a_form_sent_to_a_former_address_is_not_led_on(client: Client, permits: Dataset) -> None:
    assert client.post("/Buildings/Permits").status_code == 404
