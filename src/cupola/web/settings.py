"""Settings of the web floor. Everything a city chooses comes from CUPOLA_* variables and is checked here, at start."""

import os
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

HERE = Path(__file__).resolve().parent


class Environment(BaseSettings):
    """What may be set from outside. Each field is the variable CUPOLA_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix="CUPOLA_", env_ignore_empty=True, use_attribute_docstrings=True)

    home: Path = Path(".cupola")
    """The one folder Cupola writes to: records, lake, media, the key that signs sessions."""
    database_url: str = ""
    """Where the records are: `postgresql://user:password@host/name` or `sqlite:///path`; else SQLite in the home."""
    secret_key: str = Field(default="", min_length=0)
    """What signs sessions and forms, at least 32 random characters. Nothing: made once and kept in the home."""
    debug: bool = False
    """Show the inside of an error on the page. Never where others can reach it."""
    allowed_hosts: Annotated[list[str], NoDecode] = ["localhost", "127.0.0.1", "[::1]"]
    """The names this site answers to, separated by commas."""
    assets: Path = HERE / "ui" / "static" / "uswds"
    """The folder of the U.S. Web Design System's files, where they are not in the package."""
    https: bool = False
    """Set it where a proxy in front ends TLS: cookies then travel encrypted only, and browsers remember to.
    Clients of the query API are then told apart by the last address in X-Forwarded-For, which that proxy must write."""
    query_memory: str = Field(default="120MB", pattern=r"^[1-9][0-9]*(MB|GB)$")
    """Memory of the query engine, all public queries together: a number and MB or GB."""
    query_seconds: float = Field(default=20, gt=0, le=3600)
    """Seconds a public query may run before it is stopped."""
    query_share: float = Field(default=1, ge=0)
    """How many seconds of a processor one client may use in each second, after a burst of 120; 0 sets no limit."""

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def split_hosts(cls, value: Any) -> Any:
        """Read a comma-separated list."""
        return [host.strip() for host in value.split(",") if host.strip()] if isinstance(value, str) else value

    @field_validator("secret_key")
    @classmethod
    def check_length(cls, value: str) -> str:
        """Refuse a key that can be guessed."""
        if value and len(value) < 32:
            raise ValueError("write at least 32 random characters, or leave it out and one is made")
        return value


def read_environment() -> Environment:
    """Return the checked environment. Raises ImproperlyConfigured naming each variable that is wrong."""
    try:
        return Environment()
    except ValidationError as invalid:
        lines = [
            f"  CUPOLA_{str(problem['loc'][0]).upper()}={problem['input']!r}: {problem['msg']}"
            for problem in invalid.errors()
        ]
        raise ImproperlyConfigured("These settings cannot be used:\n" + "\n".join(lines)) from invalid


def database(url: str, home: Path) -> dict[str, Any]:
    """Return Django's description of the records database: SQLite in `home` unless `url` names another."""
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    if url and parts.scheme != "sqlite":
        raise ImproperlyConfigured(
            f"CUPOLA_DATABASE_URL starts with {parts.scheme or url!r}. Write postgresql://user:password@host/name"
            " or sqlite:///path/to/records.db, or leave it out to keep the records in the home."
        )
    # sqlite:///relative and sqlite:////absolute, as elsewhere
    path = Path(unquote(parts.path[1:])) if url else home / "records.db"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # IMMEDIATE: a transaction that will write takes the lock at its start and waits, instead of failing midway
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
    }


def secret_key(home: Path) -> str:
    """Return the key kept in `home`, making it once, readable by its owner only."""
    path = home / "secret_key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Cannot write {path}: {error.strerror}. Make the folder writable, set CUPOLA_HOME to one that is,"
            " or set CUPOLA_SECRET_KEY."
        ) from error
    key = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


environment = read_environment()

CUPOLA_HOME = environment.home.resolve()
DEBUG = environment.debug
SECRET_KEY = environment.secret_key or secret_key(CUPOLA_HOME)
ALLOWED_HOSTS = environment.allowed_hosts

QUERY_MEMORY = environment.query_memory
QUERY_SECONDS = environment.query_seconds
QUERY_SHARE = environment.query_share

INSTALLED_APPS = [
    "cupola.web.portal",
    "cupola.web.data",
    "cupola.web.accounts",
    "cupola.web.ui",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "simple_history",
    "rules",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "cupola.web.accounts.views.CityMiddleware",
    "cupola.web.ui.errors.ErrorPages",
]

ROOT_URLCONF = "cupola.web.urls"
ASGI_APPLICATION = "cupola.web.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cupola.web.ui.context.languages",
                "cupola.web.accounts.views.city_context",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "cupola.web.ui.templatetags.ui"],
        },
    }
]

DATABASES = {"default": database(environment.database_url, CUPOLA_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["rules.permissions.ObjectPermissionBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:home"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["cupola.web.ui.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [("uswds", environment.assets)] if "assets" in environment.model_fields_set else []
# Files are served from where they are installed: there is no collecting step to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Behind a proxy that ends TLS (CUPOLA_HTTPS=1), cookies travel encrypted only and browsers remember to.
SESSION_COOKIE_SECURE = environment.https
CSRF_COOKIE_SECURE = environment.https
SECURE_HSTS_SECONDS = 31536000 if environment.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.https else None
CSRF_TRUSTED_ORIGINS = (
    [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*"] if environment.https else []
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
