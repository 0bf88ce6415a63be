"""Papers made from records: a funder's report, the transition book, a records request. Markdown, in English."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from cupola.web.agenda.models import MODELS
from cupola.web.agenda.queries.awards import Standing, paid_posts, standing, standings
from cupola.web.agenda.queries.initiatives import line_of
from cupola.web.agenda.queries.ledger import rows
from cupola.web.agenda.queries.records import find, history_of, records, retention_of

Fields = Mapping[str, Any]


def award_report(key: str, *, today: date) -> str:
    """Return the draft of the report to the funder of an award. Raises RecordUnknown."""
    award = standing(find("award", key).definition)
    return "\n".join(_report(award, today=today)) + "\n"


def _report(award: Standing, *, today: date) -> Iterator[str]:
    fields = award.fields
    currency = fields.get("currency", "USD")
    yield f"# Report to {fields['funder']}: {award.name}\n"
    yield f"Draft of {today}, made from the city's records. Award {award.key}.\n"
    yield "## The award\n"
    amount = "not known" if award.amount is None else f"{award.amount / 100:,.2f} {currency}"
    yield f"- Amount: {amount}"
    yield f"- Period: {fields.get('since', 'not known')} to {award.until or 'not known'} (excluded)"
    for change in fields.get("amendments", ()):
        yield f"- Amended {change['on']}: {_words(change['type'])}. {change.get('reason', '')}".rstrip()
    yield from _spent(award, currency, today=today)
    yield "\n## What was tried\n"
    initiatives = records("initiative")
    for one in fields.get("initiatives", ()):
        if one in initiatives:
            yield from _tried(initiatives[one])
    yield from _counted(fields)


def _spent(award: Standing, currency: str, *, today: date) -> Iterator[str]:
    fields = award.fields
    yield "\n## Money\n"
    yield f"| fiscal year | spent ({currency}) |\n|---|---:|"
    for year in fields.get("spending", ()):
        yield f"| {year['year']} | {year['amount']:,.2f} |"
    yield f"| all | {award.spent / 100:,.2f} |"
    if award.amount is not None:
        yield f"\nLeft: {(award.amount - award.spent) / 100:,.2f} {currency}."
    posts = paid_posts(fields, today)
    if posts:
        yield f"The award pays {len(posts)} posts in whole or in part."


def _counted(fields: Fields) -> Iterator[str]:
    yield "## Savings that count\n"
    own = [row for row in rows() if row.claim.initiative in fields.get("initiatives", ()) and row.counts]
    for row in own:
        yield f"- {row.name}: {row.claim.status}, {row.bankable / 100:,.2f} can be banked over its years"
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
    for stage in fields.get("stages", ()):
        yield f"- {stage['on']} {stage['stage']}: {stage['reason']}"
    tracked = fields.get("tracked")
    if tracked:
        reach = f" {tracked['reach']} reached." if tracked.get("reach") else ""
        yield f"- Tracked, no effect claimed.{reach} {'; '.join(tracked.get('decisions', ()))}".rstrip()
    yield ""


def transition_book(*, today: date, posts: Iterable[tuple[str, bool, str]] = ()) -> str:
    """Return the transition book: what whoever comes next must know. posts: title, filled, office."""
    return "\n".join(_book(today, list(posts))) + "\n"


def _book(today: date, posts: list[tuple[str, bool, str]]) -> Iterator[str]:
    yield f"# Transition book\n\nMade from the city's records on {today}. For whoever comes next.\n"
    yield "## Administrations\n"
    for fields in sorted(records("administration").values(), key=lambda one: one["since"]):
        yield f"- {fields['name']}: {fields['since']} to {fields.get('until', 'today')}"
    vacant = [post for post in posts if not post[1]]
    yield f"\n## Posts\n\n{len(posts)} posts of technology, data and innovation, {len(vacant)} of them vacant.\n"
    yield from (f"- vacant: {title} ({office})" for title, _filled, office in vacant)
    yield "\n## Awards and when they end\n"
    for award in standings():
        ended = award.until is not None and award.until <= today
        paid = 0 if ended else len(paid_posts(award.fields, today))
        over = " (over)" if ended else ""
        left = f"{award.left / 100:,.0f} {award.fields.get('currency', 'USD')} not spent"
        yield f"- {award.until or 'no end known'}{over}: {award.name} ({award.fields['funder']}), {left}, {paid} posts"
    initiatives = records("initiative")
    yield "\n## Contracts that end\n"
    ends = sorted(
        (one["until"], one["name"], fields["name"])
        for fields in initiatives.values()
        for one in fields.get("contracts", ())
        if one["until"] > today.isoformat()
    )
    yield from (f"- {until}: {name} ({of})" for until, name, of in ends)
    yield "\n## Open promises\n"
    promised = [
        (one["due"], one["what"], one["to"], fields["name"])
        for fields in initiatives.values()
        for one in fields.get("commitments", ())
        if not one.get("done")
    ]
    promised += [
        (answer.get("due", "no day"), fields["name"], f"council {fields['body']}", answer["says"])
        for fields in records("recommendation").values()
        for answer in fields.get("answers", ())[-1:]
        if answer["answer"] in {"accepted", "partly", "pending"} and answer.get("due")
    ]
    yield from (f"- {due}: {what}, to {to} ({of})" for due, what, to, of in sorted(promised))
    yield "\n## Initiatives\n"
    for fields in initiatives.values():
        line = line_of(fields)
        yield f"- {line.name}: {line.stage}, {line.owner}"
    yield "\n## Priorities, archived with their administration\n"
    administrations = records("administration")
    for fields in records("priority").values():
        office = administrations.get(fields["administration"], {})
        yield f"- {fields['name']} ({office.get('name', fields['administration'])})"


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
