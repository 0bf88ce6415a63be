"""Two files dropped into a page: a memo, or one sentence on what it needs, and nothing stays."""

import base64
import re
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from tests.factories import make_city, make_grant, make_staff

from cupola.web.data.models import Dataset
from cupola.web.planning.forms import briefing
from cupola.web.planning.models import Budget, Roster

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ADDRESS = "/staff/plans/brief/"
ROSTER = (
    b"Dept;Stelle;Base Salary\n"
    + b"Rechenzentrum;IT Manager;$51,200.00\n" * 12
    + b"Library;Librarian;$40,000.00\n" * 30
)
BUDGET = b'Department,Line Item,FY25 Adopted\nLibrary,Software,"1,250,000"\nParks,Fuel,5\n'


@pytest.fixture
def staff(client: Client, settings: Any) -> Client:
    settings.SECOND_FACTOR = "nobody"
    make_city()
    client.force_login(make_grant(make_staff("vera"), "viewer").person)
    return client


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_two_files_become_a_memo_and_nothing_stays(
    staff: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    given = {"roster": file("staff-2025.csv", ROSTER), "budget": file("money.csv", BUDGET), "roster_title": "Stelle"}
    answer = staff.post(ADDRESS, {**given, "city": "Quillhaven"})
    text = answer.content.decode()
    assert answer.status_code == 200, text
    words = re.sub("<[^>]+>", "", text)
    assert "In 2025, Quillhaven had 12 posts in technology, data and innovation among 42" in words
    assert "$1,250,000" in words
    assert 'href="/data/roster/"' not in text  # there is no such page: it was in a home that is gone
    packed = text.partition("wordprocessingml.document;base64,")[2].partition('"')[0]
    assert "What can be done" in [one.text for one in Document(BytesIO(base64.b64decode(packed))).paragraphs]
    assert [*tmp_path.iterdir()] == []
    assert not Dataset.objects.exists()
    assert not Roster.objects.exists()
    assert not Budget.objects.exists()


def test_what_is_no_roster_says_in_one_sentence_what_it_needs(staff: Client) -> None:
    answer = staff.post(f"/es{ADDRESS}", {"roster": file("../trees=2.csv", b"Street,Species\nElm,Oak\n")})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "A roster needs a column with the department and one with the title" in text
    assert "--roster-column" not in text  # the page has a field for it
    assert "Todavía no hay memorando" in text


def test_nothing_and_too_much_are_refused_before_anything_is_read(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Give at least a list of posts or a budget." in staff.post(ADDRESS, {}).content.decode()
    monkeypatch.setattr(briefing, "MOST_BYTES", 10)
    answer = staff.post(ADDRESS, {"roster": file("a.csv", ROSTER)})
    assert answer.status_code == 400
    assert "This file is larger than" in answer.content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_grant(make_staff("ada"), "viewer").person)
    assert strict.post(ADDRESS, {"roster": file("a.csv", ROSTER)}).status_code == 403
