"""The rules of the house that no linter knows. Each reads the tree as git would commit it."""

import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import PROTECT, ForeignKey, OneToOneField

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "cupola"
REFERENCE = ROOT / "docs" / "reference"
MOST_LINES = 400
MOST_LINES_README = 120
VAGUE = {"utils", "util", "common", "helpers", "helper", "extras", "misc"}
# Spelled in pieces, so that this file passes its own test.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:(?:ro" + r"ot|wo" + r"rk)(?![\w.-])|(?:ho" + r"me|tm" + r"p|o" + r"pt)/\w+)")
INDEX_ADDRESS = re.compile(
    r"py" + r"pi\.org|pythonho" + r"sted|registry\.npm" + r"js|deb\.deb" + r"ian|"
    r"--(?:extra-)?index" + r"-url|--find" + r"-links|--trusted" + r"-host"
)
LOCKED_LINE = re.compile(r"[a-z0-9._-]+(\[[a-z0-9,-]+\])?==\S+( ; .+)? \\|--hash=sha256:[0-9a-f]{64}( \\)?")


def tracked() -> list[Path]:
    """Return every file git would commit, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    names = [Path(name) for name in listing.stdout.decode().split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


def text_of(name: Path) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def lines_where(pattern: re.Pattern[str], names: list[Path]) -> list[str]:
    """Return `file:line: match` for every match."""
    return [
        f"{name}:{number}: {found.group()}"
        for name in names
        for number, line in enumerate(text_of(name).splitlines(), 1)
        if (found := pattern.search(line))
    ]


def headings(folder: Path) -> set[str]:
    """Return the headings of every page below `folder`, without back-ticks."""
    return {
        line.lstrip("#").strip().replace("`", "")
        for page in folder.rglob("*.md")
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    }


TRACKED = tracked()
TEXTS = [name for name in TRACKED if b"\0" not in (ROOT / name).read_bytes()]
MODULES = [name for name in TRACKED if name.suffix == ".py"]


def test_no_module_is_long() -> None:
    # Migrations are written by a machine and read once.
    written = [name for name in MODULES if "migrations" not in name.parts]
    sizes = {str(name): len(text_of(name).splitlines()) for name in written}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}


def test_the_readme_is_short() -> None:
    assert len(text_of(Path("README.md")).splitlines()) <= MOST_LINES_README


def test_no_module_has_a_vague_name() -> None:
    assert [str(name) for name in MODULES if VAGUE & {part.lower() for part in (*name.parts[:-1], name.stem)}] == []


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    assert lines_where(MACHINE_PATH, TEXTS) == []


def test_no_tracked_file_names_an_address_of_a_package_index() -> None:
    assert lines_where(INDEX_ADDRESS, TEXTS) == []


def test_locked_requirements_have_hashes_and_nothing_else() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        lines = [line.strip() for line in lock.read_text(encoding="utf-8").splitlines() if line.strip()]
        assert lines, lock.name
        code = [line for line in lines if not line.startswith("#")]
        assert [line for line in code if not LOCKED_LINE.fullmatch(line)] == [], lock.name


def test_the_lock_names_every_dependency() -> None:
    project = tomllib.loads(text_of(Path("pyproject.toml")))
    wanted = project["project"]["dependencies"]
    locked = set(re.findall(r"(?m)^([a-z0-9._-]+)==", text_of(Path("requirements/base.txt"))))
    names = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower().replace("_", "-") for line in wanted}
    assert names - locked == set()


def test_the_npm_lock_has_hashes_and_no_addresses() -> None:
    packages = json.loads(text_of(Path("package-lock.json")))["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    del packages[""]
    assert [name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")] == []


def test_npm_packages_are_pinned_exactly() -> None:
    package = json.loads(text_of(Path("package.json")))
    wanted = package.get("dependencies", {}) | package.get("devDependencies", {})
    assert {name: version for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}


def test_every_dependency_says_why() -> None:
    text = text_of(Path("pyproject.toml"))
    requirement = re.compile(r'^\s*(?:\w+ = \[)?"[A-Za-z0-9._-]+(?:\[[\w,-]+\])?(?:[<>=~!]=?[^"]*)?",?\]?(?P<rest>.*)$')
    start, end = text.index("\ndependencies = ["), text.index("[tool.setuptools")
    body = [line for line in text[start:end].splitlines() if requirement.match(line) and not line.startswith("cupola")]
    assert len(body) > 20
    assert [line for line in body if not re.search(r"\]?,?\s*# .{8}", line)] == []


def test_decision_records_are_numbered_once_and_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [name for name in names if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name)] == []
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_every_decision_named_in_the_code_exists() -> None:
    there = {path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")}
    names = [*MODULES, Path("pyproject.toml")]
    named = {number for name in names for number in re.findall(r"decision (\d{4})", text_of(name))}
    assert named - there == set()


def test_the_glossary_defines_each_term_once() -> None:
    terms = re.findall(r"(?m)^\*\*(.+?)\*\*", text_of(Path("GLOSSARY.md")))
    assert terms
    assert [term for term, times in Counter(term.lower() for term in terms).items() if times > 1] == []
    assert terms == sorted(terms, key=str.lower)


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for name in (name for name in TEXTS if name.suffix == ".md"):
        for target in re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text_of(name)):
            if "://" not in target and not target.startswith("mailto:") and not (ROOT / name.parent / target).exists():
                broken.append(f"{name}: {target}")
    assert broken == []


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["reference.py", "sbom.py"])
def test_generated_pages_are_fresh(tool: str) -> None:
    command = [sys.executable, f"tools/{tool}", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_nothing_under_gpl_or_agpl_runs() -> None:
    components = json.loads(text_of(Path("docs/bill-of-materials.cdx.json")))["components"]
    licences = {part["name"]: part["licenses"][0]["expression"] for part in components}
    assert len(licences) > 40
    assert {name: text for name, text in licences.items() if re.search(r"(?<!L)GPL", text)} == {}


def test_every_error_has_a_heading_in_the_reference() -> None:
    named = {
        found
        for name in MODULES
        if name.is_relative_to("src")
        for found in re.findall(
            r"(?m)^class (\w+)\((?:CupolaError|InvalidInput|NotFound|NotAllowed|Conflict|Unsolvable)\b", text_of(name)
        )
    }
    assert named - headings(REFERENCE) == set()


def cross_app_keys() -> list[ForeignKey]:
    """Return the foreign keys of our models that lead to another of our apps."""
    ours = [config for config in apps.get_app_configs() if config.name.startswith("cupola.")]
    return [
        field
        for config in ours
        for model in config.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField)
        and field.related_model._meta.app_label != config.label
        and apps.get_app_config(field.related_model._meta.app_label).name.startswith("cupola.")
        and not model.__name__.startswith("Historical")
    ]


LINE_OF_APPS = ("ui", "accounts", "structure", "data", "performance", "agenda", "planning", "portal")


def test_foreign_keys_across_apps_point_down_hide_their_reverse_and_protect() -> None:
    problems = []
    for field in cross_app_keys():
        here, there = field.model._meta.app_label, field.related_model._meta.app_label
        if LINE_OF_APPS.index(there) >= LINE_OF_APPS.index(here):
            problems.append(f"{field} points up")
        if field.remote_field.related_name != "+":
            problems.append(f'{field} needs related_name="+"')
        if field.remote_field.on_delete is not PROTECT:
            problems.append(f"{field} needs on_delete=PROTECT")
    assert problems == []


@pytest.mark.parametrize("banned", ["get_model(", "django.dispatch", "models.signals"])
def test_no_module_reaches_round_the_layers(banned: str) -> None:
    offenders = [
        str(name)
        for name in MODULES
        if name.is_relative_to("src") and "migrations" not in name.parts and banned in text_of(name)
    ]
    assert offenders == []
