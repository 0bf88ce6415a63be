"""What holds for every request: the city and its time zone, how long a sign-in lasts, a second factor where needed."""

import time
import zoneinfo
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _

from cupola.web.accounts.actions import record_end_of_session, record_refusal
from cupola.web.accounts.queries import needs_second_factor, the_city, used_second_factor

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"  # seconds since 1970, in the session
SEEN_EVERY = 60  # seconds; the session is not written more often
# where someone may go who still has to set up a second factor
ALLOWED_BEFORE = ("mfa_", "account_logout", "account_reauthenticate", "account_email", "account_confirm_email")
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def city_context(request: HttpRequest) -> dict[str, Any]:
    """Give every template the city."""
    return {"city": getattr(request, "city", None)}


class CityMiddleware:
    """Puts the city on the request and shows every time in its time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the city's time zone."""
        city = the_city()
        request.city = city  # type: ignore[attr-defined]
        with timezone.override(zoneinfo.ZoneInfo(city.time_zone) if city else None):
            return self.get_response(request)


class SignedIn:
    """Middleware: a sign-in ends after its hours, needs a second factor where the roles do, and leaves no copies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; what a signed-in person sees is kept by no cache."""
        if not came_signed_in(request):
            response = self.get_response(request)
        elif self._is_over(request):
            record_end_of_session(request.user, at=timezone.now())
            logout(request)
            messages.info(
                request, _("You were signed out because the session had lasted too long. Please sign in again.")
            )
            response = redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        else:
            response = self.get_response(request)
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
            patch_vary_headers(response, ("Cookie",))
            if response.status_code == 403:
                record_refusal(request.user, method=request.method or "", path=request.path, at=timezone.now())
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Lead a person whose roles need a second factor to the page that sets one up, and nowhere else."""
        person = request.user
        if (
            not came_signed_in(request)
            or not needs_second_factor(person)
            or used_second_factor(request.session, person)
        ):
            return None
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name.startswith(ALLOWED_BEFORE):
            return None
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        messages.info(request, _("Your roles need a second factor. Set one up to go on."))
        return redirect("mfa_index")

    def _is_over(self, request: HttpRequest) -> bool:
        """Whether the session is too old or was idle too long; else note that it was used."""
        now, session = time.time(), request.session
        began, seen = session.setdefault(SIGNED_IN_AT, now), session.get(SEEN_AT, now)
        if now - began > settings.SESSION_HOURS * 3600 or now - seen > settings.SESSION_IDLE_MINUTES * 60:
            return True
        if SEEN_AT not in session or now - seen > SEEN_EVERY:
            session[SEEN_AT] = now
        return False


def came_signed_in(request: HttpRequest) -> bool:
    """Whether a signed-in person asks. Without a session's cookie nothing is looked up, and caches may keep answers."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
