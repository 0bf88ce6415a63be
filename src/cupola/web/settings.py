"""Settings of the web floor. Everything a city chooses comes from CUPOLA_* variables and is checked here, at start."""

import os
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from cupola.web.identity import SAML, OpenIDConnect, providers_at_start

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

    identity: Path | None = None
    """The file that names the city's identity providers (OpenID Connect, SAML), else `identity.yaml` in the home."""
    second_factor: Literal["strong", "everyone", "nobody"] = "strong"
    """Whose sign-in needs a second factor: `strong` for those who may publish, recall, review or administer,
    `everyone`, or `nobody`, which is for trying out."""
    session_hours: float = Field(default=12, gt=0, le=24)
    """Hours after which people sign in again, whatever they do."""
    session_idle_minutes: float = Field(default=30, gt=0, le=720)
    """Minutes without a request after which people sign in again."""
    mail: str = ""
    """Where mail goes out: `smtp://user:password@host:587`, or `smtps://` for TLS from the start. Nothing: no mail is
    sent, and `cupola people` prints the links that would have been in it."""
    mail_from: str = "cupola@localhost"
    """The address mail comes from."""

    @field_validator("mail")
    @classmethod
    def check_mail(cls, value: str) -> str:
        """Refuse what is not the address of a mail server."""
        if value and (urlsplit(value).scheme not in {"smtp", "smtps"} or not urlsplit(value).hostname):
            raise ValueError("write smtp://user:password@host:587 or smtps://user:password@host:465")
        return value

    address: str = Field(default="", pattern=r"^(https?://[^/?#\s]+)?$")
    """The address of this site as others write it, as in https://data.example.gov, for links in messages. Nothing:
    people can follow its feeds, and no message is sent to subscribers."""
    webhook_hosts: Annotated[list[str], NoDecode] = []
    """Inner machines that may be sent webhooks although they are not public, as host:port, separated by commas."""
    recall_days: int = Field(default=30, ge=1, le=3650)
    """Days within which the rows of a version that was taken back leave every backup; said in public. `cupola purge`
    takes them out of backups that exist."""
    map_rows: int = Field(default=2_000_000, ge=0)
    """Rows up to which a map to zoom into is made of a dataset: some 50 seconds for each million on two cores, when
    all else of a run is done. Larger datasets keep the map of areas and its list; 0 makes none."""
    engine: Literal["duckdb", "spark"] = "duckdb"
    """What computes measures: `duckdb` here, or `spark` (extra `spark`, Java 17) on a cluster."""
    spark_url: str = "local[2]"
    """The Spark to compute on: `local[N]` for N cores of this machine, or the address of a master."""
    row_file_gb: float = Field(default=4, ge=0)
    """How large the file may be that makes pages of rows fast, in GB for each public dataset; 0 for none.
    Five million rows of 15 columns take 0.9 GB."""

    @field_validator("allowed_hosts", "webhook_hosts", mode="before")
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
            f"  CUPOLA_{str(problem['loc'][0]).upper()}={_shown(problem)}: {problem['msg']}"
            for problem in invalid.errors()
        ]
        raise ImproperlyConfigured("These settings cannot be used:\n" + "\n".join(lines)) from invalid


def _shown(problem: Any) -> str:
    """Return what was given, unless a password may be in it."""
    return "..." if problem["loc"][0] in {"mail", "database_url", "secret_key"} else repr(problem["input"])


def mail(url: str) -> dict[str, Any]:
    """Return Django's settings for the mail server at `url`; without one nothing is sent."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    encrypted = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if encrypted else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": encrypted,
        "EMAIL_USE_TLS": not encrypted and parts.hostname not in {"localhost", "127.0.0.1"},
        "EMAIL_TIMEOUT": 10,
    }


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
QUERY_SECONDS, QUERY_SHARE = environment.query_seconds, environment.query_share
ENGINE, SPARK_URL = environment.engine, environment.spark_url
ROW_FILE_GB = environment.row_file_gb
RECALL_DAYS = environment.recall_days
ADDRESS = environment.address
WEBHOOK_HOSTS = environment.webhook_hosts
MAIL = bool(environment.mail)
MAP_ROWS = environment.map_rows

IDENTITY_FILE = environment.identity or CUPOLA_HOME / "identity.yaml"
IDENTITY_PROVIDERS = providers_at_start(IDENTITY_FILE)
SECOND_FACTOR = environment.second_factor
SESSION_HOURS = environment.session_hours
SESSION_IDLE_MINUTES = environment.session_idle_minutes

INSTALLED_APPS = [
    "cupola.web.portal",
    "cupola.web.planning",
    "cupola.web.agenda",
    "cupola.web.performance",
    "cupola.web.data",
    "cupola.web.structure",
    "cupola.web.accounts",
    "cupola.web.ui.apps.UiConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(["allauth.socialaccount.providers.saml"] if find_spec("onelogin") else []),
    "cupola.web.ui.apps.TablesConfig",
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
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cupola.web.accounts.views.floor.SignedIn",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "cupola.web.accounts.views.floor.CityMiddleware",
    "cupola.web.data.views.moved.FormerAddresses",
    "cupola.web.ui.errors.ErrorPages",
]
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True  # reasons are sentences

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
                "cupola.web.accounts.views.floor.city_context",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "cupola.web.ui.templatetags.ui"],
        },
    }
]

DATABASES = {"default": database(environment.database_url, CUPOLA_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "cupola.web.accounts.views.signing_in.Passwords",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# New hashes are scrypt's (OWASP's second choice after Argon2, without a package of its own); older ones still open.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds a link to set a password works
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:home"

# django-allauth: local accounts made by an administrator, second factors, sessions, identity providers (decision 0018)
ACCOUNT_ADAPTER = "cupola.web.accounts.views.signing_in.People"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if environment.mail else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = (
    True  # People is told of every change of an account's security; it mails where mail goes out
)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/15m/key"}
ACCOUNT_FORMS = {"login": "cupola.web.accounts.forms.SignInForm"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if environment.https else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if environment.https else 0
MFA_ADAPTER = "cupola.web.accounts.views.signing_in.Factors"
MFA_ALLOW_UNVERIFIED_EMAIL = not environment.mail
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Cupola"
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "cupola.web.accounts.views.providers.Directory"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": [one.app() for one in IDENTITY_PROVIDERS if isinstance(one, OpenIDConnect)]},
    "saml": {"APPS": [one.app() for one in IDENTITY_PROVIDERS if isinstance(one, SAML)]},
}

globals().update(mail(environment.mail))
DEFAULT_FROM_EMAIL = environment.mail_from

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
        # a form that leads to a provider's sign-in page is stopped by the browser unless the provider is named here
        "form-action": [SELF, *sorted({place for one in IDENTITY_PROVIDERS for place in one.origins()})],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if environment.https else "session"
SESSION_COOKIE_AGE = int(SESSION_HOURS * 3600)
CSRF_COOKIE_NAME = "__Host-csrf" if environment.https else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SAMESITE = "Lax"
# Behind a proxy that ends TLS (CUPOLA_HTTPS=1), cookies travel encrypted only and browsers remember to.
SESSION_COOKIE_SECURE = environment.https
CSRF_COOKIE_SECURE = environment.https
SECURE_HSTS_SECONDS = 31536000 if environment.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.https
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
