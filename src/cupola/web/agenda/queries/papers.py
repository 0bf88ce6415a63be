"""Papers made from records: a funder's report, as Markdown in English, and the answer to a records request."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import override

from cupola.savings import Status
from cupola.web.agenda.models import MODELS
from cupola.web.agenda.queries.awards import Standing, paid_posts, standing
from cupola.web.agenda.queries.estimates import newest
from cupola.web.agenda.queries.initiatives import line_of
from cupola.web.agenda.queries.ledger import rows
from cupola.web.agenda.queries.records import find, history_of, records, retention_of
from cupola.web.agenda.queries.words import said

Fields = Mapping[str, Any]


def award_report(key: str, *, today: date) -> str:
    """Return the draft of the report to the funder of an award. Raises RecordUnknown."""
    award = standing(find("award", key).definition)
    with override("en"):
        return "\n".join(_report(award, today=today)) + "\n"


def _report(award: Standing, *, today: date) -> Iterator[str]:
    fields = award.fields
    currency = fields.get("currency", "USD")
    yield f"# Report to {fields['funder']}: {award.name}\n"
    yield f"Draft of {today}, made from the city's records. Award {award.key}.\n"
    yield "## The award\n"
    amount = "not known" if award.amount is None else f"{award.amount / 100:,.2f} {currency}"
    yield f"- Amount: {amount}"
    until = "not known" if award.until is None else (award.until - timedelta(days=1)).isoformat()
    yield f"- Period: {fields.get('since', 'not known')} to {until}"
    yield from _terms(fields, currency)
    for change in fields.get("amendments", ()):
        yield f"- Amended {change['on']}: {_words(change['type'])}. {change.get('reason', '')}".rstrip()
    yield from _spent(award, currency, today=today)
    yield "\n## What was tried\n"
    initiatives = records("initiative")
    for one in fields.get("initiatives", ()):
        if one in initiatives:
            yield from _tried(initiatives[one])
    yield from _counted(fields)


def _terms(fields: Fields, currency: str) -> Iterator[str]:
    """Say who holds the money, who accepted it, what the city adds, and what it may not pay for."""
    if fields.get("sponsor"):
        yield f"- Held by {fields['sponsor']['name']} for the city"
    accepted = fields.get("acceptance")
    if accepted:
        yield f"- Accepted {accepted['on']} by {accepted['by']}" + (f", {accepted['act']}" if "act" in accepted else "")
    match = fields.get("match")
    if match:
        yield f"- Match: {match['amount']:,.2f} {currency}, {'in kind' if match.get('in_kind') else 'in cash'}"
    if fields.get("indirect"):
        yield f"- Indirect cost: {fields['indirect']:.0%}"
    if fields.get("restrictions"):
        yield f"- May not pay for: {'; '.join(fields['restrictions'])}"


def _spent(award: Standing, currency: str, *, today: date) -> Iterator[str]:
    fields = award.fields
    yield "\n## Money\n"
    yield f"| fiscal year | spent ({currency}) |\n|---|---:|"
    for year in fields.get("spending", ()):
        yield f"| {year['year']} | {year['amount']:,.2f} |"
    yield f"| all | {award.spent / 100:,.2f} |"
    if award.amount is not None:
        yield f"\nLeft: {(award.amount - award.spent) / 100:,.2f} {currency}."
    paid, every = paid_posts(fields, today), fields.get("posts", ())
    stayed = [one for one in every if one.get("converted")]
    if every:
        yield f"\nThe award has paid {len(every)} posts in whole or in part, {len(paid)} of them today."
    if stayed:
        first = min(one["converted"] for one in stayed)
        yield f"{len(stayed)} became posts of the city's own budget, the first on {first}."


def _counted(fields: Fields) -> Iterator[str]:
    yield "## Savings that count\n"
    own = [row for row in rows() if row.claim.initiative in fields.get("initiatives", ()) and row.counts]
    own = [row for row in own if row.claim.stands(Status.VERIFIED) and row.claim.status is not Status.LAPSED]
    for row in own:
        yield f"- {row.name}: {_words(row.claim.status)}, {row.bankable / 100:,.2f} can be banked over its years"
    if not own:
        yield "None that someone else has verified."
    due = [one for one in fields.get("due", ()) if not one.get("done")]
    yield "\n## Still due\n"
    yield from (f"- {one['what']}, {one['due']}" for one in due)
    if not due:
        yield "Nothing."


def _tried(fields: Fields) -> Iterator[str]:
    line = line_of(fields)
    yield f"### {line.name}\n\n{line.aim} Judged by: {fields['success']}\n"
    found = newest(fields["key"], staff=True)
    if found is not None:
        yield f"{found.finding} {found.reason} Evaluation {found.number}, {', '.join(found.inputs)}.\n"
    tracked = fields.get("tracked")
    if tracked:
        reach = f" {tracked['reach']} reached." if tracked.get("reach") else ""
        kept = "; ".join([*tracked.get("decisions", ()), *tracked.get("follow_up", ())])
        yield f"Tracked, no effect claimed.{reach} {kept}".rstrip() + "\n"
    for stage in fields.get("stages", ()):
        yield f"- {stage['on']} {said(stage['stage'])}: {stage['reason']}"
    for one in records("engagement").values():
        if line.key in one.get("initiatives", ()):
            yield from _took_part(one)
    yield ""


def _took_part(fields: Fields) -> Iterator[str]:
    came = f", {fields['participants']} took part" if fields.get("participants") else ""
    hired = sum(one.get("count", 1) for one in fields.get("hired", ()))
    stayed = f", {hired} hired by the city since" if hired else ""
    yield f"- {fields['since']} {said(fields['type'])}: {fields['name']}{came}{stayed}"


def records_export(
    *, today: date, kinds: Iterable[str] = (), key: str = "", since: date | None = None
) -> list[dict[str, Any]]:
    """Return records with their whole history, retention and hold, for a public-records request; retired ones, too.

    kinds: only these; key: only this record; since: only those that changed on that day or later.
    """
    wanted = tuple(kinds) or tuple(MODELS)
    found = []
    for kind in wanted:
        for row in MODELS[kind]._default_manager.all():
            lines = history_of(kind, row.key)
            newest = lines[0].at.date() if lines else None
            if (key and row.key != key) or (since is not None and (newest is None or newest < since)):
                continue
            retention = retention_of(kind, row.definition, on=today)
            found.append(
                {
                    "kind": kind,
                    "key": row.key,
                    "retired_on": row.retired_on.isoformat() if row.retired_on else None,
                    "retention": retention.rule,
                    "legal_hold": row.definition.get("legal_hold"),
                    "fields": row.definition,
                    "history": [
                        {
                            "at": line.at.isoformat(),
                            "by": line.by,
                            "reason": line.reason,
                            "changes": [change.as_json() for change in line.changes],
                        }
                        for line in lines
                    ],
                }
            )
    return found


def _words(code: str) -> str:
    return code.replace("_", " ")
