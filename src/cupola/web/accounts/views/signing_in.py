"""How django-allauth signs people in here: no open sign-up, every event in the audit log, no permissions of its own."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cupola.web.accounts.actions import (
    record_account_change,
    record_failed_sign_in,
    record_sign_in,
    record_sign_out,
)
from cupola.web.accounts.queries import CAME_BY
from cupola.web.accounts.views.floor import SIGNED_IN_AT

WAY = "password"
VOUCHED = "vouched"  # of a session before sign-in: which provider vouched, and for whom; for nobody else it counts


class Passwords(AuthenticationBackend):  # type: ignore[misc]  # the package has no types
    """Checks passwords, and says nothing about permissions: those are the table's (decision 0018)."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return none."""
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return none."""
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return none."""
        return set()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Leave the answer to the table."""
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Leave the answer to the table."""
        return False


class People(DefaultAccountAdapter):  # type: ignore[misc]  # the package has no types
    """Local accounts: made by an administrator, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: accounts are made by an administrator or by an identity provider."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it is: there is one site."""
        return str(subject)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a wrong name or password."""
        name = str(credentials.get("username") or credentials.get("email") or "")
        record_failed_sign_in(name, at=timezone.now(), way=WAY, client=self.get_client_ip(request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Note an attempt that came after too many."""
        try:
            super().pre_authenticate(request, **credentials)
        except Exception:
            name = str(credentials.get("username") or credentials.get("email") or "")
            client = self.get_client_ip(request)
            record_failed_sign_in(name, at=timezone.now(), way=WAY, client=client, why="too many attempts")
            raise

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin the session: its key is new, and its hours count from now."""
        super().login(request, user)
        request.session[SIGNED_IN_AT] = timezone.now().timestamp()
        provider, person = request.session.pop(VOUCHED, None) or ("", None)
        request.session[CAME_BY] = provider if person == user.pk else ""
        way = request.session.get(CAME_BY) or WAY
        record_sign_in(user, at=timezone.now(), way=way, client=self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        """Note who signed out, and end the session."""
        if request.user.is_authenticated:
            record_sign_out(request.user, at=timezone.now())
        super().logout(request)

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Note a change of an account's security, and mail it where mail goes out."""
        by = self.request.user if self.request.user.is_authenticated else user
        client = self.get_client_ip(self.request)
        record_account_change(user, template_prefix.rsplit("/", 1)[-1], at=timezone.now(), by=by, client=client)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Note that a blocked account was tried."""
        client = self.get_client_ip(request)
        record_failed_sign_in(user.get_username(), at=timezone.now(), way=WAY, client=client, why="account blocked")
        answer: HttpResponse = super().respond_user_inactive(request, user)
        return answer


def sealed() -> Fernet:
    """Return what encrypts the secrets of second factors: whoever has the records alone cannot read them."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factor:{settings.SECRET_KEY}".encode()).digest()))


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # the package has no types
    """Second factors, whose secrets are kept encrypted with a key made from the installation's."""

    def encrypt(self, text: str) -> str:
        """Return `text` encrypted."""
        return sealed().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given."""
        return sealed().decrypt(encrypted_text.encode()).decode()
