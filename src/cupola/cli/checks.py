"""What `cupola doctor` looks at, and what it can heal."""

import base64
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from django.conf import settings
from django.db import connection

from cupola.web.accounts.queries import integrity, people, roles_anywhere, the_city
from cupola.web.data import actions, queries
from cupola.web.identity import SAML, OpenIDConnect

FREE_BYTES = 2 * 2**30  # a load writes its new files before it lets go of any
NO_CONTACT = (
    "city.yaml names no contact, so datasets that name none are left out of /catalog.jsonld: DCAT-US 3.0 wants an"
    " e-mail address; write there contact: data@your-city.gov"
)


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return the check as plain values."""
        return asdict(self)


def examine(home: Path) -> list[Check]:
    """Look at everything; what is wrong says what to do."""
    return [
        writable(home),
        roomy(home),
        sound_records(),
        contact(),
        whole_audit_log(),
        *sign_in(),
        *sound_versions(),
        *recorded_versions(),
        *released(),
    ]


def heal(home: Path) -> list[str]:
    """Complete what a crash left undone and remove what no version needs; return what was done."""
    now = datetime.now(UTC)
    healed = actions.reconcile(at=now)
    healed += actions.make_tiles(at=now)
    swept = queries.lake().sweep(now=now)
    if swept.files:
        healed.append(f"removed {swept.files:,} leftover files ({swept.bytes / 2**20:,.1f} MB)")
    unpacked = [path for path in (home / "cache").glob("unpacked-*") if path.is_dir()]
    for path in unpacked:
        shutil.rmtree(path)
    if unpacked:
        healed.append(f"removed {len(unpacked)} unpacked copies of sources")
    return healed


def writable(home: Path) -> Check:
    """Whether this process may write into the home."""
    ok = os.access(home, os.W_OK)
    return Check("home", ok, f"{home} can be written" if ok else f"{home} cannot be written; change its owner or mode")


def roomy(home: Path) -> Check:
    """Whether there is room for the next load."""
    free = shutil.disk_usage(home).free
    sentence = f"{free / 2**30:,.1f} GB free"
    ok = free >= FREE_BYTES
    return Check("disk", ok, sentence if ok else f"only {sentence}; make room for at least {FREE_BYTES / 2**30:.0f} GB")


def sound_records() -> Check:
    """Whether the records database is whole."""
    if connection.vendor != "sqlite":
        return Check("records", True, f"on {connection.vendor}")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        answer = cursor.fetchone()[0]
    return Check("records", answer == "ok", "whole" if answer == "ok" else f"damaged ({answer}); restore a backup")


def whole_audit_log() -> Check:
    """Whether the audit log is as it was written."""
    found = integrity()
    if found.broken is not None:
        return Check("audit log", False, f"line {found.broken} is not as it was written, or one before it is missing")
    if not found.guarded:
        return Check("audit log", False, "its triggers are gone; run any command that writes, such as cupola run")
    return Check("audit log", True, f"{found.events:,} lines, newest seal {found.newest_seal[:12] or 'none'}")


def sign_in() -> Iterator[Check]:
    """Whether somebody administers, has a second factor, and identity providers can be reached."""
    wanted = [person for person in people() if person.is_active and "administrator" in roles_anywhere(person)]
    said = ", ".join(person.username for person in wanted)
    hint = "nobody administers; run cupola people add NAME --email ADDRESS --role administrator"
    yield Check("administrators", True, said or hint)
    file = settings.IDENTITY_FILE
    if file.exists() and file.stat().st_mode & 0o077:
        yield Check("identity file", False, f"{file} can be read by others; run chmod 600 {file}")
    for provider in settings.IDENTITY_PROVIDERS:
        problem = unreachable(provider)
        yield Check(f"sign-in by {provider.key}", not problem, problem or f"{provider.name} answers")


def unreachable(provider: OpenIDConnect | SAML) -> str:
    """Return what keeps people from signing in by a provider, or nothing."""
    if isinstance(provider, SAML):
        return saml_problem(provider)
    address = f"{provider.server}/.well-known/openid-configuration"
    try:
        answer = httpx.get(address, timeout=5)
        said = answer.json() if answer.status_code == 200 else {}
    except (httpx.HTTPError, ValueError) as error:
        return f"{address} does not answer: {error}"
    if said.get("issuer", "").rstrip("/") != provider.server:
        return (
            f"{address} answers {answer.status_code} and names the issuer {said.get('issuer')!r}; write that as server"
        )
    return ""


def saml_problem(provider: SAML) -> str:
    """Return what is wrong with a SAML provider's certificate, or nothing."""
    text = provider.certificate or (provider.certificate_file or Path()).read_text(encoding="ascii")
    body = "".join(line for line in text.splitlines() if "-----" not in line)
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(body, validate=True))
    except ValueError as error:
        return f"its certificate cannot be read: {error}"
    if certificate.not_valid_after_utc < datetime.now(UTC):
        return f"its certificate ended on {certificate.not_valid_after_utc:%Y-%m-%d}; ask for the new one"
    return ""


def contact() -> Check:
    """Whom the catalogue names to ask."""
    city = the_city()
    named = str(city.definition.get("contact", "")) if city else "no city yet"
    return Check("contact", True, named or NO_CONTACT)


def sound_versions() -> Iterator[Check]:
    """Whether every version still answers with the rows its snapshot promised."""
    for verified in queries.lake().verify():
        name = f"{verified.dataset} version {verified.version}"
        problems = "; ".join(verified.problems)
        yield Check(name, not problems, f"{verified.rows:,} rows" if not problems else f"{problems}; restore a backup")


def recorded_versions() -> Iterator[Check]:
    """Whether the records know every version the lake holds."""
    for dataset in queries.current_datasets():
        recorded = set(dataset.versions.values_list("number", flat=True))
        lost = [held.number for held in queries.lake().versions(dataset.key) if held.number not in recorded]
        if lost:
            yield Check(dataset.key, False, f"versions {lost} are not in the records; run cupola doctor --fix")


def released() -> Iterator[Check]:
    """Whether the registry says what the records say."""
    lake = queries.lake()
    for dataset in queries.current_datasets():
        public = lake.registry.releases(dataset.key)
        should = dataset.released and dataset.shows_rows and dataset.shown_version() is not None
        if should != bool(public):
            yield Check(dataset.key, False, "the registry and the records disagree; run cupola doctor --fix")
        elif public and not (lake.root / public[0].serving).exists():
            yield Check(dataset.key, False, "its serving copy is gone; run cupola doctor --fix")
        elif lake.lacking_downloads(dataset.key):
            yield Check(dataset.key, False, "files to download are missing; run cupola doctor --fix")
