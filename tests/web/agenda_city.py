"""A small city's agenda: one of each record, and a council, made through the keeper a folder uses."""

from typing import Any

from tests.factories import NOON, make_city

from cupola.folder import parse
from cupola.web.agenda.actions import store
from cupola.web.agenda.models import MODELS, Kept

OPEN = {"released": True}
REGISTRATION = {
    "on": "2024-01-01",
    "measure": "days",
    "question": "Is it faster?",
    "since": "2023-01-01",
    "began": "2024-02-01",
    "until": "2025-02-01",
    "method": "difference_in_differences",
    "stop": "One look.",
}
CLAIM: dict[str, Any] = {
    "name": "Licences",
    "initiative": "crews",
    "type": "cashable",
    "definition": "Fees no longer paid",
    "recurrence": "recurring",
    "first_year": 2027,
    "last_year": 2029,
    "quantity": {"name": "licences", "unit": "licence", "value": 100, "low": 80, "high": 120},
    "price": {"amount": 1500, "source": "Contract", "year": 2027},
    "costs": [{"year": 2027, "amount": 500}],
    "fund": "100",
    "line": "31",
    "proof": {"method": "invoices"},
    "steps": [
        {"status": "claimed", "on": "2026-01-01", "by": "Innovation"},
        {"status": "evidenced", "on": "2026-02-01", "by": "Innovation", "evidence": "Invoices"},
    ],
}
BODY: dict[str, Any] = {
    "name": "Council",
    **OPEN,
    "place": "illinois",
    "quorum": 2,
    "seats": {
        "one": {"sector": "business", "terms": [{"since": "2025-01-01", "member": "A. Person", "consent": True}]},
        "two": {"sector": "labor", "terms": [{"since": "2025-01-01", "member": "B. Person", "interests": ["Vendor"]}]},
        "three": {"sector": "residents"},
    },
}

APRIL: dict[str, Any] = {
    "name": "April",
    "body": "council",
    "starts": "2026-04-07T18:00",
    "state": "held",
    "place": "City Hall, room 4",
    "posted": "2026-04-02T09:00",
    "posted_at": "City Hall board",
    "agenda": [{"key": "crews", "title": "Keep the crews", "about": ["Builders"], "recommendation": "keep"}],
    "present": ["one", "two", "three"],
    "votes": [{"item": "crews", "by_seat": {"one": "yes", "two": "yes", "three": "abstain"}}],
    "minutes": "https://example.org/minutes.pdf",
    **OPEN,
}


def make(kind: str, key: str, **fields: Any) -> Kept:
    """Make one record."""
    return store(MODELS[kind], key, parse(kind, {"key": key, **fields}).fields(), at=NOON)


def make_agenda(*, city: bool = True) -> None:
    """Make a city, unless there is one, with one record of each kind."""
    if city:
        make_city(
            fiscal_year_start="07-01",
            savings_ledger={"first_year": 2025, "last_year": 2030},
            budget_calendar={"filing_days": 150},
        )
    make("administration", "term", name="Term", leader="Mayor", since="2026-01-05", **OPEN)
    streets = {"administration": "term", "since": "2026-01-05", "outcome": "Repairs come sooner."}
    make("priority", "streets", name="Streets", **streets, **OPEN)
    crews = {"priorities": ["streets"], "type": "experiment", "owner": "works", "aim": "Faster.", "success": "A fifth."}
    make("initiative", "crews", name="Crews", since="2024-01-01", registration=REGISTRATION, **crews, **OPEN)
    make(
        "award",
        "grant",
        name="Grant",
        funder="Foundation",
        source="philanthropy",
        purpose="Crews",
        amount=300000,
        awarded_on="2025-06-01",
        since="2025-07-01",
        until="2027-07-01",
        initiatives=["crews"],
        converts_to="100",
        posts=[{"post": "p-1", "cost": 100000}, {"post": "p-2", "cost": 120000}],
        **OPEN,
    )
    make("claim", "licences", **CLAIM)
    make("body", "council", **BODY)
    make("meeting", "april", **APRIL)
    make("meeting", "may", name="May", body="council", starts="2027-05-04T18:00", **OPEN)
    make(
        "recommendation",
        "keep",
        name="Keep it",
        body="council",
        meeting="may",
        on="2026-05-05",
        says="Keep the crews.",
        endorses=True,
        about=[{"type": "initiative", "key": "crews"}],
        answers=[{"answer": "accepted", "on": "2026-06-01", "by": "Mayor", "says": "Yes."}],
        budget=[{"fund": "100", "line": "31", "year": 2027, "amount": 220000, "act": "Ordinance 9"}],
        results=[{"on": "2026-11-01", "says": "Less is paid.", "claim": "licences"}],
        **OPEN,
    )
