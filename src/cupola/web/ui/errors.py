"""Turns the five kinds of error into a page with the right status and plain words."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cupola.errors import Conflict, CupolaError, InvalidInput, NotAllowed, NotFound, Unsolvable

STATUS: tuple[tuple[type[CupolaError], int], ...] = (
    (InvalidInput, 400),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Unsolvable, 422),
)


def status_of(error: CupolaError) -> int:
    """Return the HTTP status of an error's kind."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def heading_of(status: int) -> str:
    """Return what happened, in a few words."""
    return {
        400: _("This request cannot be read"),
        403: _("You may not see this page"),
        404: _("This page does not exist"),
        409: _("Someone else is changing this now"),
        422: _("There is no answer to this question"),
    }.get(status, _("Something went wrong on our side"))


class ErrorPages:
    """Middleware: an error of ours that reaches the top becomes a page instead of a crash."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer an error of ours; leave every other to Django, which logs it."""
        if not isinstance(exception, CupolaError):
            return None
        status = status_of(exception)
        # the message of an engine may name files of this machine: only what a visitor can act on is shown
        message = str(exception) if isinstance(exception, InvalidInput) else ""
        return render(request, "ui/error.html", {"heading": heading_of(status), "message": message}, status=status)
