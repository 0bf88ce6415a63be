"""An initiative evaluated by staff from its page: the same as `cupola evaluate`."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cupola.errors import CupolaError
from cupola.web.agenda import actions
from cupola.web.agenda.queries.records import RecordUnknown
from cupola.web.agenda.views.reading import MAY_EDIT


@login_required
@permission_required(MAY_EDIT, raise_exception=True)
@require_POST
def evaluate(request: HttpRequest, key: str) -> HttpResponse:
    """Evaluate it by its registration; the same values give no new row."""
    now = timezone.now()
    try:
        made = actions.evaluate(key, at=now, by=request.user.get_username())
    except RecordUnknown as error:
        raise Http404 from error
    except CupolaError as error:
        messages.error(request, str(error))
    else:
        new = made.at == now
        told = (
            _("Evaluation %(number)s is new.") if new else _("Evaluation %(number)s stands: it read the same values.")
        )
        messages.success(request, told % {"number": made.number})
    return redirect("agenda:initiative", key=key)
