import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.utils.translation import gettext, ngettext, override
from django.utils.translation.template import templatize
from tests.factories import NOON, make_dataset, make_load_report, make_version

import cupola.web
from cupola.web.data.queries.rows import all_columns
from cupola.web.data.queries.wording import column_title

WEB = Path(cupola.web.__file__).parent
SPANISH = WEB / "locale" / "es" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
TEMPLATE_CALL = re.compile(r"""\bn?gettext\(u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\b_\(("(?:[^"\\]|\\.)*")\)""")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def asked_for() -> Iterator[str]:
    """Yield every text the web floor asks a translation for."""
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.value
    for path in WEB.rglob("templates/**/*.html"):
        for match in TEMPLATE_CALL.finditer(templatize(path.read_text())):
            yield str(ast.literal_eval(match[1] or match[2]))


def said_by_engines() -> Iterator[str]:
    """Yield every text the engines give the web floor to say in the reader's language."""
    for path in WEB.parent.rglob("*.py"):
        text = path.read_text()
        if "from cupola.sentences import" in text:
            calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
            for node in (one for one in calls if getattr(one.func, "id", "") == "Sentence"):
                (first, *_facts) = node.args
                assert isinstance(first, ast.Constant) or is_kept(first), f"{path}: translators cannot know this text"
                if isinstance(first, ast.Constant):
                    yield str(first.value)


def is_kept(text: ast.expr) -> bool:
    """Whether it is the text of a sentence that stands elsewhere."""
    return isinstance(text, ast.Attribute) and text.attr == "text"


def test_every_text_is_in_the_spanish_catalogue() -> None:
    with SPANISH.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    texts = {text for text in (*asked_for(), *said_by_engines()) if text}
    assert len(texts) > 200
    assert sorted(text for text in texts if text not in catalogue) == []


def test_every_spanish_text_is_complete_and_names_the_same_facts() -> None:
    with SPANISH.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    for message in catalogue:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        spanish = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(spanish), f"{english[0]!r} lacks Spanish"
        assert not message.fuzzy, f"{english[0]!r} is marked as a guess"
        facts = set(PLACEHOLDER.findall(english[-1]))
        assert all(set(PLACEHOLDER.findall(text)) == facts for text in spanish), english[0]


def test_the_catalogue_is_compiled_as_it_stands() -> None:
    with override("es"):
        assert gettext("How we know") == "Cómo lo sabemos"
        assert ngettext("%(count)s row", "%(count)s rows", 2) == "%(count)s filas"


@pytest.mark.django_db
def test_the_spanish_page_says_everything_in_spanish(client: Client) -> None:
    dataset = make_dataset(translations={"es": {"title": "Permisos", "row": "un permiso"}}, row="one permit")
    make_load_report(dataset, outcome="loaded", version=make_version(dataset, rows=1234567))
    page = client.get("/es/data/permits/").content.decode()
    assert '<html lang="es">' in page
    for said in ("<title>Permisos", "Cada fila es un permiso.", "1,234,567", "22 de noviembre de 2026"):
        assert said in page
    for english in ("How we know", "Each row", "Versions", "November"):
        assert english not in page


@pytest.mark.django_db
def test_each_page_links_to_itself_in_the_other_language(client: Client) -> None:
    make_dataset()
    english = client.get("/data/permits/?page=2").content.decode()
    assert 'href="/es/data/permits/?page=2" lang="es" hreflang="es">Español</a>' in english
    spanish = client.get("/es/data/permits/").content.decode()
    assert 'href="/data/permits/" lang="en" hreflang="en">English</a>' in spanish


@pytest.mark.django_db
def test_the_language_of_the_browser_changes_no_address(client: Client) -> None:
    page = client.get("/", headers={"accept-language": "es"}).content.decode()
    assert '<html lang="en">' in page


@pytest.mark.django_db
def test_numbers_and_days_are_written_as_people_do(client: Client) -> None:
    dataset = make_dataset()
    make_load_report(dataset, outcome="loaded", version=make_version(dataset, rows=1234567), started_at=NOON)
    page = client.get("/data/permits/").content.decode()
    assert "1,234,567" in page
    assert "made November 22, 2026" in page


@pytest.mark.django_db
def test_a_column_computed_from_a_place_is_named_in_spanish_too() -> None:
    tag = {"column": "ward_now", "point": ["lon", "lat"], "places": "wards", "take": "ward"}
    words = {"es": {"columns": {"ward_now": {"title": "Distrito"}}}}
    permits = make_dataset("permits", place_tags=[tag], translations=words)
    with override("es"):
        assert column_title(all_columns(permits)[-1]) == "Distrito"
