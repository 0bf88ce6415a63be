"""The city's identity providers: `identity.yaml` in the home, checked at start.

People of a city have accounts already, at a directory that speaks OpenID Connect or SAML 2.0. This file says where
that is, which of its groups stand for which roles, and how far it is trusted.
"""

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from django.core.exceptions import ImproperlyConfigured
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

from cupola.errors import InvalidInput

Role = Literal[
    "viewer", "steward", "custodian", "publisher", "reviewer", "coordinator", "auditor", "administrator"
]  # those of accounts.models.Role; a test holds the two together
LOCAL = {"localhost", "127.0.0.1", "::1"}


class IdentityFileWrong(InvalidInput):
    """The file that names the identity providers cannot be used."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        self.path, self.problems = path, problems
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, frozen=True)


class GroupRole(_Strict):
    """What one group of the directory stands for here."""

    group: str = Field(min_length=1)
    """The group's name, exactly as the provider says it."""
    role: Role
    """The role its members have."""
    department: str = ""
    """Only for this department's datasets; empty for the whole city."""


class _Provider(_Strict):
    key: str = Field(pattern=r"^[a-z][a-z0-9-]{1,38}$")
    """What it is called in addresses; small letters, digits and hyphens. Never changes."""
    name: str = Field(min_length=1, max_length=40)
    """What the button on the sign-in page says, as in: City account."""
    join: Literal["nobody", "roles", "everyone"] = "roles"
    """Who gets an account at the first sign-in: nobody, those whom a group gives a role, or everyone it knows."""
    second_factor: bool = False
    """Set it where the provider itself asks for a second factor at every sign-in; then Cupola does not ask again."""
    trust_email: bool = False
    """Set it where the provider lets nobody claim an address that is not theirs: its word then counts as verified."""
    link_by_email: bool = False
    """Let someone with a verified address sign in to the existing account of that address. Needs trust_email."""
    groups: str = "groups"
    """The claim or attribute that lists a person's groups."""
    roles: tuple[GroupRole, ...] = ()
    """Which groups give which roles. They are taken away again when the group is gone at the next sign-in."""

    @model_validator(mode="after")
    def check_trust(self) -> "_Provider":
        """Refuse an account taken over by an address nobody vouches for."""
        if self.link_by_email and not self.trust_email:
            raise ValueError("link_by_email needs trust_email: otherwise anyone could claim another's address")
        return self


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL):
        return value.rstrip("/")
    raise ValueError(f"{value!r} is not an https address")


class OpenIDConnect(_Provider):
    """A provider that speaks OpenID Connect."""

    kind: Literal["openid-connect"]
    """The protocol."""
    server: str
    """Its issuer, the address below which /.well-known/openid-configuration is."""
    client: str = Field(min_length=1)
    """The client id it gave this installation."""
    secret: str = ""
    """The client secret. Better in `secret_variable`."""
    secret_variable: str = ""
    """The environment variable that holds the secret."""
    sends_to: tuple[str, ...] = ()
    """Other addresses its sign-in pages live at, where they are not those of `server`."""

    _address = field_validator("server")(_web_address)

    @model_validator(mode="after")
    def check_secret(self) -> "OpenIDConnect":
        """Find the secret."""
        if bool(self.secret) == bool(self.secret_variable):
            raise ValueError("write either secret or secret_variable")
        if self.secret_variable and not os.environ.get(self.secret_variable):
            raise ValueError(f"the environment variable {self.secret_variable} is empty")
        return self

    def origins(self) -> set[str]:
        """Return where its sign-in pages are."""
        return {origin(address) for address in (self.server, *self.sends_to)}

    def app(self) -> dict[str, Any]:
        """Return what django-allauth must know."""
        return {
            "provider_id": self.key,
            "name": self.name,
            "client_id": self.client,
            "secret": self.secret or os.environ[self.secret_variable],
            "settings": {
                **{"server_url": self.server, "oauth_pkce_enabled": True},
                "email_authentication": self.link_by_email,
            },
        }


class Attributes(_Strict):
    """What the provider calls the facts about a person."""

    id: str = ""
    """A lasting identifier; empty for the NameID."""
    email: str = "email"
    first_name: str = "first_name"
    last_name: str = "last_name"
    username: str = ""
    """The account's name; empty to make one from the address."""


class SAML(_Provider):
    """A provider that speaks SAML 2.0."""

    kind: Literal["saml"]
    """The protocol."""
    entity: str = Field(min_length=1)
    """The provider's entity id."""
    sign_on: str
    """Its single sign-on address for HTTP-Redirect."""
    certificate: str = ""
    """Its signing certificate, as PEM or its base64 text."""
    certificate_file: Path | None = None
    """A file with the certificate, beside the identity file or anywhere."""
    attributes: Attributes = Attributes()
    """What it calls the facts about a person."""

    _address = field_validator("sign_on")(_web_address)

    @model_validator(mode="after")
    def check_certificate(self) -> "SAML":
        """Ask for one certificate."""
        if bool(self.certificate) == bool(self.certificate_file):
            raise ValueError("write either certificate or certificate_file")
        return self

    def origins(self) -> set[str]:
        """Return where its sign-in pages are."""
        return {origin(self.sign_on)}

    def app(self) -> dict[str, Any]:
        """Return what django-allauth must know."""
        named = {
            **{"uid": self.attributes.id, "email": self.attributes.email, "username": self.attributes.username},
            **{"first_name": self.attributes.first_name, "last_name": self.attributes.last_name},
        }
        certificate = self.certificate or (self.certificate_file or Path()).read_text(encoding="ascii")
        return {
            "provider_id": self.key,
            "name": self.name,
            "client_id": self.key,
            "settings": {
                "attribute_mapping": {fact: name for fact, name in named.items() if name},
                "idp": {"entity_id": self.entity, "sso_url": self.sign_on, "x509cert": certificate},
                # an assertion nobody signed, or that was not asked for from here, signs no one in
                "advanced": {"want_assertion_signed": True, "reject_idp_initiated_sso": True, "strict": True},
                **{"verified_email": self.trust_email, "email_authentication": self.link_by_email},
            },
        }


Provider = Annotated[OpenIDConnect | SAML, Field(discriminator="kind")]
_PROVIDERS: TypeAdapter[tuple[OpenIDConnect | SAML, ...]] = TypeAdapter(tuple[Provider, ...])


def origin(address: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def read_providers(path: Path) -> tuple[OpenIDConnect | SAML, ...]:
    """Return the providers `path` names; none where there is no file. Raises IdentityFileWrong with every problem."""
    if not path.exists():
        return ()
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise IdentityFileWrong(path, [f"it cannot be read: {' '.join(str(error).split())}"]) from error
    if not isinstance(document, dict) or set(document) != {"providers"} or not isinstance(document["providers"], list):
        raise IdentityFileWrong(path, ["write one list named providers; docs/how-to/sign-in.md shows one"])
    try:
        providers = _PROVIDERS.validate_python(document["providers"])
    except ValidationError as error:
        raise IdentityFileWrong(
            path, [_problem(problem, document["providers"]) for problem in error.errors()]
        ) from error
    problems = list(_problems_between(providers, path))
    if problems:
        raise IdentityFileWrong(path, problems)
    return tuple(_beside(provider, path) for provider in providers)


def providers_at_start(path: Path) -> tuple[OpenIDConnect | SAML, ...]:
    """Return the providers `path` names. Raises ImproperlyConfigured with every problem, before anything is served."""
    try:
        return read_providers(path)
    except IdentityFileWrong as error:
        raise ImproperlyConfigured(f"The identity providers cannot be used:\n{error}") from error


def _problem(problem: Any, given: list[Any]) -> str:
    """Return one of pydantic's complaints as the place in the file and what to write. Secrets are not repeated."""
    number, *rest = problem["loc"] or (0,)
    entry = given[number] if isinstance(number, int) and number < len(given) else None
    name = (entry.get("key") if isinstance(entry, dict) else None) or f"number {int(number) + 1}"
    place = ".".join(str(part) for part in rest if part not in {"openid-connect", "saml"})
    message = re.sub(r"^Value error, ", "", problem["msg"])
    return f"provider {name}{': ' + place if place else ''}: {message}"


def _problems_between(providers: tuple[OpenIDConnect | SAML, ...], path: Path) -> list[str]:
    keys = [provider.key for provider in providers]
    problems = [
        f"provider {key} is there twice; give each a key of its own" for key in sorted(set(keys)) if keys.count(key) > 1
    ]
    for provider in providers:
        if isinstance(provider, SAML):
            if find_spec("onelogin") is None:
                problems.append(f"provider {provider.key}: SAML needs a package: pip install 'cupola[saml]'")
            file = provider.certificate_file
            if file is not None and not (path.parent / file).is_file():
                problems.append(f"provider {provider.key}: certificate_file: there is no file {path.parent / file}")
    return problems


def _beside(provider: OpenIDConnect | SAML, path: Path) -> OpenIDConnect | SAML:
    """Return the provider with its certificate's path made whole."""
    if isinstance(provider, SAML) and provider.certificate_file is not None:
        return provider.model_copy(update={"certificate_file": path.parent / provider.certificate_file})
    return provider
