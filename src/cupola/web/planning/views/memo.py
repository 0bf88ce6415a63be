"""The discussion memo as a page, as a document, and as one file that needs nothing beside it."""

import base64
import re
from datetime import date
from functools import cache
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cupola.web.data.queries import city_today
from cupola.web.planning.actions import SETTLE, keep_memo
from cupola.web.planning.models import KeptMemo
from cupola.web.planning.queries.keeping import as_it_was
from cupola.web.planning.queries.memo import Memo, NothingToSay, memo, write_docx
from cupola.web.planning.queries.reading import NotLoadedYet
from cupola.web.planning.views.reading import staff_page

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONTS = (
    ("Source Sans Pro Web", 400, "uswds/fonts/source-sans-pro/sourcesanspro-regular-webfont.woff2"),
    ("Source Sans Pro Web", 700, "uswds/fonts/source-sans-pro/sourcesanspro-bold-webfont.woff2"),
    ("Merriweather Web", 700, "uswds/fonts/merriweather/Latin-Merriweather-Bold.woff2"),
)
_STYLES = ("cupola/cupola.css", "cupola/portal.css", "cupola/structure.css", "cupola/memo.css")
_OWN = re.compile(r'href="(/[^"]*)"')


@staff_page
def page(request: HttpRequest) -> HttpResponse:
    """Show the memo, and which were kept."""
    context = {"section": "work", "memo": _made(), "kept": KeptMemo.objects.order_by("-number")}
    context["may_keep"] = request.user.has_perm(SETTLE)
    return render(request, "planning/memo.html", context)


@never_cache
@login_required
@permission_required(SETTLE, raise_exception=True)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the memo as it stands now."""
    assert request.user.is_authenticated
    kept = keep_memo(_made(), at=timezone.now(), by=request.user)
    messages.success(request, _("Kept. Its numbers can be computed again from now on."))
    return redirect("planning:kept_memo", number=kept.number)


@staff_page
def kept_memo(request: HttpRequest, number: int) -> HttpResponse:
    """Show a kept memo, made again of what it was made of."""
    kept = get_object_or_404(KeptMemo, number=number)
    try:
        made = as_it_was(kept)
    except (NothingToSay, NotLoadedYet) as error:
        raise Http404(str(error)) from error
    return render(request, "planning/memo.html", {"section": "work", "memo": made, "as_kept": kept})


@staff_page
def document(request: HttpRequest) -> HttpResponse:
    """Give the memo as DOCX."""
    made = _made()
    answer = HttpResponse(write_docx(made), content_type=DOCX)
    answer["Content-Disposition"] = f'attachment; filename="memo-{made.on}.docx"'
    return answer


def memo_file(made: Memo, *, root: str = "") -> str:
    """Return the memo as one HTML file with its styles in it; it asks nothing of any host.

    `root`: the address of the pages it leads to; without one it leads to none of them.
    """
    return _placed(render_to_string("planning/memo_file.html", {"memo": made, "styles": _styles()}), root)


def memo_body(made: Memo) -> str:
    """Return the memo as HTML for another page to hold; it leads to no page of this home."""
    return _placed(render_to_string("planning/memo_whole.html", {"memo": made}), "")


def _placed(page: str, root: str) -> str:
    return _OWN.sub(rf'href="{root}\1"' if root else "", page)


def _made() -> Memo:
    today: date = city_today()
    try:
        return memo(on=today)
    except NothingToSay as error:
        raise Http404(str(error)) from error


@cache
def _styles() -> str:
    """Return the styles of the pages with the fonts they are read in; nothing else beside them is asked for."""
    sheets = "\n".join(_asset(name).decode("utf-8") for name in _STYLES)
    plain = re.sub(r"url\([^)]*\)", "none", re.sub(r"@font-face\s*\{[^}]*\}", "", sheets))
    return plain + "".join(_font(*font) for font in _FONTS)


def _font(family: str, weight: int, name: str) -> str:
    held = base64.b64encode(_asset(name)).decode("ascii")
    source = f"url(data:font/woff2;base64,{held}) format('woff2')"
    return f"@font-face{{font-family:'{family}';font-weight:{weight};src:{source}}}"


def _asset(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), f"{name} is put in place by make setup"
    return Path(found).read_bytes()
