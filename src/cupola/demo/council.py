"""The advisory council of the example city: its seats, meetings, recommendations, and what the city answered."""

from pathlib import Path
from typing import Any

from cupola.demo.agenda import write_documents

Document = dict[str, Any]
BODY = "technology-council"
_SECTORS = (
    "business", "business", "business", "university", "university", "nonprofit", "labor", "residents", "residents",
    "youth", "philanthropy",
)  # fmt: skip
_HOLDS = (
    "a software firm", "a hospital", "the chamber of commerce", "Dunmarrow College", "the state university",
    "a housing nonprofit", "the building trades", "Ward 2", "Ward 7", "a youth council", "Lakes Community Trust",
)  # fmt: skip
_LEFT = {"seat-03": "2025-06-01", "seat-10": "2025-09-01"}


def write(target: Path) -> None:
    """Write `councils/*.yaml` into the folder."""
    write_documents(target / "councils" / f"{BODY}.yaml", [_body()])
    write_documents(target / "councils" / "meetings.yaml", _meetings())
    write_documents(target / "councils" / "recommendations.yaml", _recommendations())


def _body() -> Document:
    return {
        "kind": "body",
        "key": BODY,
        "name": "Mayor's Technology Council",
        "released": True,
        "office": BODY,
        "established": "2022-03-01",
        "act": "Executive order 2022-4",
        "public_body": {
            "answer": "yes",
            "by": "Corporation counsel",
            "on": "2022-03-10",
            "says": "It was made by an act of the mayor and advises on the budget.",
        },
        "place": "illinois",
        "holidays": ["2025-11-11", "2025-11-27", "2025-12-25", "2026-11-11", "2026-11-26", "2026-12-25"],
        "quorum": 6,
        "fill_days": 60,
        "seats": {f"seat-{number:02d}": _seat(number) for number in range(1, len(_SECTORS) + 1)},
        "cost": 38000,
        "note": "The city is an example and its council is made up; it keeps the notice rules of a real state.",
    }


def _seat(number: int) -> Document:
    key = f"seat-{number:02d}"
    member = {"member": f"Somebody from {_HOLDS[number - 1]}"}
    if number == len(_SECTORS):
        member["interests"] = ["Lakes Community Trust"]  # type: ignore[assignment]
    first = {"since": "2022-03-01", "until": "2025-03-01", **member}
    second: Document = {"since": "2025-03-01", "until": _LEFT.get(key, "2028-03-01"), **member}
    appointed = "City council" if number % 3 == 0 else "Mayor"
    return {"sector": _SECTORS[number - 1], "appointed_by": appointed, "terms": [first, second]}


def _meetings() -> list[Document]:
    base = {"kind": "meeting", "body": BODY, "released": True, "place": "City Hall, room 4"}
    posted = {"posted_at": "City Hall board and the council's page"}
    seats = [f"seat-{number:02d}" for number in range(1, 12)]
    return [
        {
            **base,
            **posted,
            "key": "council-2025-05",
            "name": "May meeting 2025",
            "starts": "2025-05-20T18:00",
            "state": "held",
            "posted": "2025-05-16T10:00",
            "agenda": [
                {
                    "key": "innovation-posts",
                    "title": "Two posts of the Office of Innovation in the budget of FY2026",
                    "about": ["Hollis Foundation"],
                    "recommendation": "keep-innovation-posts",
                },
                {"key": "night-line", "title": "A phone line at night", "recommendation": "night-line"},
            ],
            "present": seats[:9],
            "votes": [
                {"item": "innovation-posts", "by_seat": dict.fromkeys(seats[:8], "yes") | {"seat-09": "abstain"}},
                {"item": "night-line", "by_seat": dict.fromkeys(seats[:5], "yes") | dict.fromkeys(seats[5:9], "no")},
            ],
        },
        {
            **base,
            **posted,
            "key": "council-2025-09",
            "name": "September meeting 2025",
            "starts": "2025-09-16T18:00",
            "state": "held",
            "posted": "2025-09-12T16:30",
            "agenda": [
                {
                    "key": "crossings",
                    "title": "A challenge for safe crossings",
                    "about": ["Lakes Community Trust"],
                    "recommendation": "crossing-challenge",
                }
            ],
            "present": ["seat-01", "seat-02", "seat-04", "seat-05", "seat-06", "seat-08", "seat-11"],
            "votes": [
                {
                    "item": "crossings",
                    "by_seat": {
                        **dict.fromkeys(("seat-01", "seat-02", "seat-04", "seat-05", "seat-06", "seat-08"), "yes"),
                        "seat-11": "recused",
                    },
                }
            ],
        },
        {
            **base,
            **posted,
            "key": "council-2025-11",
            "name": "Special meeting November 2025",
            "starts": "2025-11-04T17:00",
            "type": "special",
            "state": "cancelled",
            "posted": "2025-11-03T09:00",
            "note": "Cancelled: the notice was posted too late.",
        },
        {
            **base,
            "key": "council-2027-03",
            "name": "March meeting 2027",
            "starts": "2027-03-16T18:00",
            "agenda": [
                {"key": "answers", "title": "What became of the recommendations"},
                {"key": "trust", "title": "Second round of the challenge", "about": ["Lakes Community Trust"]},
            ],
        },
    ]


def _recommendations() -> list[Document]:
    base = {"kind": "recommendation", "body": BODY, "released": True}
    return [
        {
            **base,
            "key": "keep-innovation-posts",
            "name": "Keep two posts of the Office of Innovation",
            "meeting": "council-2025-05",
            "on": "2025-05-20",
            "says": "Pay two posts of the Office of Innovation from the General Fund when the award has ended.",
            "endorses": True,
            "about": [
                {"type": "priority", "key": "a-city-that-works"},
                {"type": "award", "key": "aw-2201"},
                {"type": "budget_line", "key": "01 Personnel"},
            ],
            "answers": [
                {
                    "answer": "accepted",
                    "on": "2025-06-17",
                    "by": "City council",
                    "says": "Both posts are in the budget of FY2026.",
                }
            ],
            "budget": [
                {
                    "fund": "100",
                    "line": "01 Personnel",
                    "year": 2026,
                    "amount": 264000,
                    "act": "Appropriation ordinance FY2026",
                }
            ],
            "results": [
                {
                    "on": "2025-12-19",
                    "says": "What the office saved on phones is in the same budget and was realised.",
                    "claim": "desk-phones",
                    "initiative": "simple-purchasing",
                }
            ],
        },
        {
            **base,
            "key": "night-line",
            "name": "Answer the phone at night",
            "meeting": "council-2025-05",
            "on": "2025-05-20",
            "says": "Keep one person at the request line at night.",
            "about": [{"type": "initiative", "key": "online-request-form"}],
            "answers": [
                {
                    "answer": "declined",
                    "on": "2025-07-08",
                    "by": "Department of Technology",
                    "says": "Four calls a night came in the year before; the form is open at all hours.",
                }
            ],
        },
        {
            **base,
            "key": "crossing-challenge",
            "name": "Ask the city for ideas on safe crossings",
            "meeting": "council-2025-09",
            "on": "2025-09-16",
            "says": "Hold a challenge, with three proposals tried for half a year each.",
            "about": [{"type": "priority", "key": "safe-streets"}, {"type": "initiative", "key": "crossing-challenge"}],
            "answers": [
                {
                    "answer": "partly",
                    "on": "2025-09-30",
                    "by": "Mayor",
                    "says": "The challenge is held; how many are tried depends on what is proposed.",
                    "due": "2026-10-01",
                }
            ],
        },
    ]
