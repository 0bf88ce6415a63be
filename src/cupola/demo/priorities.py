"""Who led the example city, and what they wanted to change."""

from typing import Any

from cupola.demo.engagements import INNOVATION, TECHNOLOGY

Document = dict[str, Any]
RELEASED = {"released": True}


def administrations() -> list[Document]:
    """Return every administration, as the folder writes it."""
    base = {"kind": "administration", "leader": "Mayor", **RELEASED}
    return [
        {**base, "key": "first-term", "name": "First term", "since": "2018-01-02", "until": "2022-01-03"},
        {**base, "key": "second-term", "name": "Second term", "since": "2022-01-03", "until": "2026-01-05"},
        {
            **base,
            "key": "third-term",
            "name": "Third term",
            "since": "2026-01-05",
            "transition": {"since": "2025-11-05", "until": "2026-01-05"},
        },
    ]


def priorities() -> list[Document]:
    """Return every priority, as the folder writes it."""
    base = {"kind": "priority", "administration": "third-term", "since": "2026-01-05", **RELEASED}
    return [
        {
            **base,
            "key": "safe-streets",
            "name": "Safe streets",
            "owner": "public-works",
            "outcome": "Potholes, street lights and sidewalks are repaired sooner, in every ward.",
            "measure": "pothole-days",
            "target": {"value": 6.5, "on": "2027-12-31"},
        },
        {
            **base,
            "key": "a-city-that-works",
            "name": "A city that works",
            "owner": INNOVATION,
            "outcome": "People get what they ask the city for without standing in line.",
            "measure": "services-online",
        },
        {
            **base,
            "key": "homes",
            "name": "Homes",
            "owner": "planning-and-housing",
            "outcome": "Who wants to build or repair a home gets an answer sooner.",
            "measure": "permit-days",
            "target": {"value": 30, "on": "2027-06-30"},
        },
        {
            **base,
            "key": "free-wireless",
            "name": "Free wireless in parks",
            "administration": "first-term",
            "since": "2019-03-01",
            "owner": TECHNOLOGY,
            "outcome": "Every park has a network that costs nothing.",
        },
    ]
