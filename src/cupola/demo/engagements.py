"""Who took part: the fellowships, workshops and challenges of the example city, and what came of them."""

from typing import Any

Document = dict[str, Any]
INNOVATION, TECHNOLOGY = "mayor-s-office-office-of-innovation", "department-of-technology"


def engagements() -> list[Document]:
    """Return every engagement, as the folder writes it."""
    base = {"kind": "engagement", "released": True, "office": INNOVATION}
    cohort = {"type": "fellowship", "initiatives": ["service-fellows"], "partner": "Dunmarrow College"}
    return [
        {
            **base,
            **cohort,
            "key": "fellows-2022",
            "name": "Service fellows, first cohort",
            "since": "2022-09-01",
            "until": "2023-09-01",
            "cohort": "2022",
            "participants": 5,
            "tracked": {"decisions": ["The request form was drawn up by this cohort"]},
        },
        {
            **base,
            **cohort,
            "key": "fellows-2023",
            "name": "Service fellows, second cohort",
            "since": "2023-09-01",
            "until": "2024-07-01",
            "cohort": "2023",
            "participants": 8,
            "hired": [{"on": "2024-07-01", "office": TECHNOLOGY, "count": 3, "fund": "100"}],
        },
        {
            **base,
            "key": "data-academy-spring-2025",
            "name": "Data academy, spring 2025",
            "type": "workshop",
            "initiatives": ["data-academy"],
            "since": "2025-03-03",
            "until": "2025-03-22",
            "participants": 58,
            "tracked": {"reach": 58, "follow_up": ["Nine reports are in use a year later"]},
        },
        {
            **base,
            "key": "crossing-proposals",
            "name": "Safe crossing challenge, first round",
            "type": "challenge",
            "initiatives": ["crossing-challenge"],
            "partner": "Lakes Community Trust",
            "since": "2025-10-01",
            "participants": 31,
        },
    ]
