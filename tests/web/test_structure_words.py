"""What the engine of structures says in English is said in Spanish too."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from babel.messages.pofile import read_po
from django.utils.translation import override

import cupola.orgchart.checks
import cupola.web
from cupola.orgchart.checks import CHECKS
from cupola.orgchart.checks.verdicts import failed
from cupola.orgchart.facts import ATTRIBUTES
from cupola.orgchart.parameters import LIMITS, USUAL_SOURCES
from cupola.orgchart.scenarios import Deed, Instrument, usual_instruments
from cupola.orgchart.telling import ADVICE, NOT_RECORDED, PATTERNS
from cupola.web.planning.queries.scenarios.reasons import REASONS
from cupola.web.planning.queries.scenarios.words import DEEDS, INSTRUMENTS
from cupola.web.structure.forms.parts import MODELS
from cupola.web.structure.queries import patterns
from cupola.web.structure.queries.words import ATTRIBUTES as ATTRIBUTE_WORDS
from cupola.web.structure.queries.words import LIMITS as LIMIT_WORDS
from cupola.web.structure.queries.words import verdict_words

SPANISH = Path(cupola.web.__file__).parent / "locale" / "es" / "LC_MESSAGES" / "django.po"
VERDICTS = {"passed", "failed", "unknown"}


def said_by_checks() -> Iterator[str]:
    """Yield every reason and every change the checks can give, read from their source."""
    for path in Path(cupola.orgchart.checks.__file__).parent.glob("*.py"):
        module = import_module(f"cupola.orgchart.checks.{path.stem}") if path.stem != "__init__" else None
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in VERDICTS:
                for said in (node.args[0], *(one.value for one in node.keywords if one.arg == "change")):
                    yield said.value if isinstance(said, ast.Constant) else getattr(module, said.id)  # type: ignore[attr-defined, misc]


def test_the_catalogue_knows_every_reason_for_an_instrument() -> None:
    assert {one.why for one in usual_instruments()} == set(REASONS)
    assert set(INSTRUMENTS) == set(Instrument)
    assert set(DEEDS) == set(Deed)


def test_the_catalogue_knows_every_sentence_of_the_engine() -> None:
    assert set(PATTERNS.values()) == set(patterns.EDITS)
    assert {*ADVICE.values(), NOT_RECORDED} == set(patterns.ADVICE)
    assert set(USUAL_SOURCES.values()) == set(patterns.LIMIT_SOURCES)
    assert {check.question for check in CHECKS} == set(patterns.QUESTIONS)
    assert set(said_by_checks()) == {*patterns.REASONS, *patterns.CHANGES}
    assert len(patterns.REASONS) > 50
    assert set(ATTRIBUTE_WORDS) == set(ATTRIBUTES)
    assert set(LIMIT_WORDS) == set(LIMITS)


def test_the_catalogue_knows_the_help_of_every_field_of_a_form() -> None:
    asked = {
        str(field.description)
        for group in MODELS
        for name, field in MODELS[group].model_fields.items()
        if name not in {"key", "again"}  # the key of an act has words of its own, a later life is not in the form
    }
    assert asked == set(patterns.HELP)


def test_spanish_patterns_name_the_same_facts() -> None:
    with SPANISH.open("rb") as file:
        catalogue = read_po(file)
    for pattern in (*patterns.EDITS, *patterns.ADVICE, *patterns.REASONS):
        names = [set(re.findall(r"{(\w+)}", text)) for text in (pattern, catalogue[pattern].string)]
        assert names[0] == names[1], pattern


def test_codes_within_a_verdict_are_said_in_words() -> None:
    verdict = failed("Without an owner: {gaps}. With several: {overlaps}.", gaps="open_data, security", overlaps="-")
    with override("es"):
        assert verdict_words(verdict) == "Sin responsable: datos abiertos, seguridad. Con varios: -."
