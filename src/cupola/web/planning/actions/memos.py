"""Keeping a memo: what it was made of and every number it said, so that each can be computed again."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from cupola.web.accounts.models import Event, User
from cupola.web.planning.models import KeptMemo
from cupola.web.planning.queries.keeping import program, said
from cupola.web.planning.queries.memo import Memo


@transaction.atomic
def keep_memo(made: Memo, *, at: datetime, by: User | str) -> KeptMemo:
    """Keep a memo; one that says the same of the same day as the last is that one."""
    last = KeptMemo.objects.select_for_update().last()
    fields = {
        "on": made.on,
        "language": get_language() or "en",
        "program": program(),
        "pins": [asdict(one) for one in made.pins],
        "sections": said(made),
    }
    if last is not None and all(getattr(last, name) == value for name, value in fields.items()):
        return last
    name = by if isinstance(by, str) else by.get_username()
    kept = KeptMemo.objects.create(number=last.number + 1 if last else 1, made_at=at, by_name=name, **fields)
    Event.record("planning.memo_kept", kept, at=at, by=by, detail={"numbers": kept.numbers})
    return kept
