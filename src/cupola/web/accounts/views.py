"""Signing in and out, and what every page must know about the city."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cupola.web.accounts.queries import the_city

login = LoginView.as_view(template_name="accounts/login.html", redirect_authenticated_user=True)
logout = LogoutView.as_view()


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
