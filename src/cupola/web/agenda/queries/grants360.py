"""Awards in the 360Giving standard, and back.

Source: the 360Giving schema, version 1.4. What an imported grant says beyond our fields is kept word for word, so that
it comes out again as it came in; where our own fields changed since, they win.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from cupola.errors import InvalidInput
from cupola.folder import parse
from cupola.folder.kinds.values import slugified
from cupola.web.agenda.queries.awards import standing

VERSION = "1.4"
NEEDED = ("id", "title", "description", "currency", "amountAwarded", "awardDate", "fundingOrganization")


class NotAGrant(InvalidInput):
    """A grant lacks what the standard requires."""

    def __init__(self, which: str, missing: str) -> None:
        self.which, self.missing = which, missing
        super().__init__(f"{which}: '{missing}' is missing, and 360Giving requires it. Add it to the file.")


def package(awards: Iterable[Mapping[str, Any]], *, city: Mapping[str, str]) -> dict[str, Any]:
    """Return a package of grants. city: `name`, `id` of the organisation that receives them.

    Left out: awards without what the standard requires (amount, day, description); see `lacking`.
    """
    return {"version": VERSION, "grants": [grant_of(fields, city=city) for fields in awards if not lacking(fields)]}


def lacking(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what an award lacks to be written as a grant of the standard."""
    if fields.get("original"):
        return ()
    has = {
        "amount": fields.get("amount") is not None,
        "awarded_on": bool(fields.get("awarded_on")),
        "purpose": bool(fields.get("purpose")),
    }
    return tuple(name for name, there in has.items() if not there)


def grant_of(fields: Mapping[str, Any], *, city: Mapping[str, str]) -> dict[str, Any]:
    """Return one award as a grant."""
    original = json.loads(fields["original"]) if fields.get("original") else None
    if original is not None and _unchanged(fields, original):
        return dict(original)
    here = standing(fields)
    own: dict[str, Any] = {
        "id": f"360G-{city['key']}-{fields['key']}",
        "title": fields["name"],
        "description": fields.get("purpose") or fields["name"],
        "currency": fields.get("currency", "USD"),
        "amountAwarded": _number((here.amount or 0) / 100),
        "awardDate": _moment(fields.get("awarded_on")),
        "recipientOrganization": [{"id": city["id"], "name": city["name"]}],
        "fundingOrganization": [
            {"id": fields.get("funder_id") or f"360G-{slugified(fields['funder'])}", "name": fields["funder"]}
        ],
    }
    ends = (("startDate", fields.get("since")), ("endDate", here.until))
    dates = {name: _moment(value) for name, value in ends if value}
    if dates:
        own["plannedDates"] = [dates]
    if original is None:
        return own
    kept = {name: original[name] for name in ("id", "recipientOrganization") if name in original}
    return {**original, **own, **kept}


def fields_of(grant: Mapping[str, Any]) -> dict[str, Any]:
    """Return the canonical fields of an award from a grant of the standard. Raises NotAGrant naming what is missing."""
    which = str(grant.get("id") or grant.get("title") or "a grant")
    for name in NEEDED:
        if grant.get(name) in (None, "", []):
            raise NotAGrant(which, name)
    funder = grant["fundingOrganization"][0]
    dates = (grant.get("plannedDates") or [{}])[0]
    found = {
        "key": slugified(str(grant["id"])),
        "name": _one_line(grant["title"]),
        "sources": [{"title": "360Giving file"}],
        "funder": funder["name"],
        "source": "philanthropy",
        "purpose": _one_line(grant["description"]),
        "amount": grant["amountAwarded"],
        "currency": grant["currency"],
        "awarded_on": str(grant["awardDate"])[:10],
        "since": str(dates.get("startDate", ""))[:10],
        "until": str(dates.get("endDate", ""))[:10],
        "funder_id": funder.get("id", ""),
        "original": json.dumps(grant, ensure_ascii=False),
    }
    from_default = {"currency": "USD"}
    return {name: value for name, value in found.items() if value not in ("", None) and from_default.get(name) != value}


def grants_in(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the grants of a package. Raises NotAGrant where it is none."""
    grants = document.get("grants")
    if not isinstance(grants, list):
        raise NotAGrant("the file", "grants")
    return grants


def _unchanged(fields: Mapping[str, Any], original: Mapping[str, Any]) -> bool:
    """Whether nothing the standard speaks of changed here since the import."""
    as_imported = parse("award", fields_of(original)).fields()
    spoken = ("name", "purpose", "amount", "currency", "awarded_on", "since", "until", "funder", "funder_id")
    return not fields.get("amendments") and all(fields.get(name) == as_imported.get(name) for name in spoken)


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", text)


def _moment(day: Any) -> str:
    """Return a day as a moment: a plain day fits both forms the schema allows, and it allows only one."""
    return f"{day}T00:00:00+00:00" if day else ""


def _number(amount: float) -> int | float:
    return int(amount) if float(amount).is_integer() else amount
