"""The agenda of the example city: what was promised, tried, paid and saved, in step with the effects in `truth.py`.

Every claim is made up. Some are sound, and some have the defects real ledgers have, so that the pages show both.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from cupola.demo import truth
from cupola.demo.awards import award_document, prize_document
from cupola.demo.engagements import INNOVATION, TECHNOLOGY, engagements
from cupola.demo.grants import Award
from cupola.demo.posts import Post
from cupola.demo.priorities import administrations, priorities
from cupola.demo.savings import claims

Document = dict[str, Any]
_RELEASED = {"released": True}
_CONTROLS = ["1", "3", "4", "6", "8", "9", "10"]


def write(target: Path, posts: Mapping[int, tuple[Post, ...]], awards: Iterable[Award]) -> None:
    """Write `agenda/*.yaml` into the folder."""
    known = {award.key: award for award in awards}
    write_documents(target / "agenda" / "priorities.yaml", [*administrations(), *priorities()])
    write_documents(target / "agenda" / "initiatives.yaml", _initiatives())
    write_documents(target / "agenda" / "engagements.yaml", engagements())
    paid = (truth.INNOVATION_AWARD, truth.DATA_AWARD, "AW-2107")
    write_documents(
        target / "agenda" / "awards.yaml", [*(award_document(known[key], posts) for key in paid), prize_document()]
    )
    write_documents(target / "agenda" / "savings.yaml", claims())


def write_documents(path: Path, documents: Iterable[Document]) -> None:
    """Write documents into one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = [yaml.safe_dump(one, sort_keys=False, allow_unicode=True, width=120) for one in documents]
    path.write_text("---\n".join(texts), encoding="utf-8", newline="\n")


def _stage(stage: str, on: str, reason: str, *, evidence: str = "") -> Document:
    said = {"stage": stage, "on": on, "by": "Chief Innovation Officer", "reason": reason}
    return {**said, "evidence": evidence} if evidence else said


def _initiatives() -> list[Document]:
    return [
        _crews(),
        _sealing(),
        _reminders(),
        _cameras(),
        _leaflets(),
        _form(),
        _certification(),
        _purchasing(),
        _academy(),
        _fellows(),
        _challenge(),
    ]


def _initiative(key: str, name: str, kind: str, *, priority: str, **more: Any) -> Document:
    base = {"kind": "initiative", "key": key, "name": name, **_RELEASED, "type": kind, "priorities": [priority]}
    return {**base, "owner": INNOVATION, **more}


def _crews() -> Document:
    crews = truth.CREWS
    wards = [f"Ward {ward}" for ward in crews.wards]
    return _initiative(
        "district-crews",
        "District repair crews",
        "experiment",
        priority="safe-streets",
        partners=["public-works"],
        aim="A crew of its own for each of three wards repairs sooner than crews sent from the central yard.",
        success="The median days until a pothole is filled fall by a fifth or more against the other wards.",
        since="2024-03-01",
        places=wards,
        stages=[
            _stage("explore", "2024-01-15", "Foremen name the drive from the yard as the cause of delay."),
            _stage("pilot", "2024-03-15", "Three wards that want it; the others stay as they are."),
            _stage("evaluate", "2025-04-15", "A year of data is in."),
            _stage("scale", "2025-09-01", "The interval leaves no effect out.", evidence="estimate district-crews"),
        ],
        registration={
            "on": "2024-03-15",
            "measure": "pothole-days",
            "question": "Do wards with a crew of their own fill potholes sooner?",
            "direction": "down",
            "dimension": "ward",
            "treated": list(crews.wards),
            "controls": [ward for ward in _CONTROLS if ward not in crews.wards],
            "since": "2022-01-01",
            "began": crews.since.isoformat(),
            "until": "2025-04-01",
            "method": "difference_in_differences",
            "stop": "Twelve months of data, one look; the pilot ends early only when a crew is hurt.",
        },
        commitments=[{"what": "Publish the results", "to": "City council", "due": "2026-03-31", "done": "2026-03-10"}],
    )


def _sealing() -> Document:
    sealing = truth.SEALING
    return _initiative(
        "crack-sealing",
        "Cracks sealed before they open",
        "experiment",
        priority="safe-streets",
        owner="public-works",
        partners=[INNOVATION],
        aim="Streets whose cracks are sealed in spring get fewer potholes.",
        success="Fewer potholes are reported than in the other wards, by a tenth or more.",
        since="2023-03-01",
        places=[f"Ward {ward}" for ward in sealing.wards],
        stages=[
            _stage("explore", "2022-11-15", "Two cities report half as many potholes after sealing."),
            _stage("pilot", "2023-04-01", "Four wards are sealed in April; the others stay as they are."),
            _stage("evaluate", "2023-12-05", "The months until the winter are in."),
            _stage("run", "2024-02-01", "The interval leaves no effect out.", evidence="estimate crack-sealing"),
        ],
        registration={
            "on": "2023-04-01",
            "measure": "potholes-reported",
            "question": "Are fewer potholes reported where cracks were sealed?",
            "direction": "down",
            "dimension": "ward",
            "treated": list(sealing.wards),
            "controls": [str(ward) for ward in range(1, 11) if str(ward) not in sealing.wards],
            "since": "2021-01-01",
            "began": sealing.since.isoformat(),
            "until": "2023-12-01",
            "method": "difference_in_differences",
            "stop": "Seven months of data, one look.",
        },
    )


def _reminders() -> Document:
    return _initiative(
        "collection-reminders",
        "Reminders before collection day",
        "experiment",
        priority="a-city-that-works",
        partners=["sanitation"],
        aim="A message the evening before makes missed collections fewer and sooner made good.",
        success="The share made good within three days rises against the other wards.",
        since="2023-08-01",
        until="2024-10-01",
        places=["Ward 3", "Ward 8"],
        stages=[
            _stage("pilot", "2023-08-15", "Messages cost little and hurt nobody."),
            _stage("stopped", "2024-10-01", "No effect larger than chance; the money goes elsewhere."),
        ],
        registration={
            "on": "2023-08-10",
            "measure": "missed-collections-on-time",
            "question": "Are missed collections made good sooner where reminders are sent?",
            "direction": "up",
            "dimension": "ward",
            "treated": list(truth.REMINDERS.wards),
            "controls": ["1", "4", "6", "9", "10"],
            "since": "2022-01-01",
            "began": truth.REMINDERS.since.isoformat(),
            "until": "2024-09-01",
            "method": "difference_in_differences",
            "stop": "Twelve months of data, one look.",
        },
    )


def _cameras() -> Document:
    starts = {ward: day.isoformat() for ward, day in truth.CAMERAS.since.items()}
    return _initiative(
        "dumping-cameras",
        "Cameras at dumping spots",
        "experiment",
        priority="a-city-that-works",
        partners=["sanitation"],
        aim="Who dumps where a camera stands is seen, and stops.",
        success="Reports of illegal dumping fall against wards without cameras.",
        since="2022-09-01",
        until="2024-11-01",
        places=[f"Ward {ward}" for ward in starts],
        stages=[
            _stage("pilot", "2022-09-10", "Cameras are bought for two wards at a time."),
            _stage("stopped", "2024-11-01", "No effect larger than chance.", evidence="estimate dumping-cameras"),
        ],
        registration={
            "on": "2022-09-10",
            "measure": "illegal-dumping",
            "question": "Is less dumped where cameras stand?",
            "direction": "down",
            "dimension": "ward",
            "treated": list(starts),
            "starts": starts,
            "controls": [str(ward) for ward in range(1, 11) if str(ward) not in starts],
            "since": "2021-07-01",
            "began": min(starts.values()),
            "until": "2024-10-01",
            "method": "staggered_starts",
            "stop": "A year after the last ward, one look.",
        },
    )


def _leaflets() -> Document:
    wards, began = list(truth.LEAFLETS.since), min(truth.LEAFLETS.since.values())
    return _initiative(
        "collection-leaflets",
        "Leaflets on collection days, by lot",
        "experiment",
        priority="a-city-that-works",
        partners=["sanitation"],
        aim="A leaflet in five languages tells when bins have to stand out, so fewer are missed.",
        success="Fewer missed collections are reported than in wards that were not drawn.",
        since="2024-11-15",
        places=[f"Ward {ward}" for ward in wards],
        stages=[
            _stage("pilot", "2024-12-02", "Half the wards are drawn by lot before the council."),
            _stage("evaluate", "2026-01-08", "A year of data is in."),
        ],
        registration={
            "on": "2024-12-02",
            "measure": "missed-collections",
            "question": "Are fewer collections missed where leaflets were sent?",
            "direction": "down",
            "dimension": "ward",
            "treated": wards,
            "controls": [str(ward) for ward in range(1, 11) if str(ward) not in wards],
            "drawn": "Lots drawn by the city clerk before the council on 2 December 2024",
            "since": "2024-01-01",
            "began": began.isoformat(),
            "until": "2026-01-01",
            "method": "trial",
            "stop": "Twelve months of data, one look.",
        },
    )


def _form() -> Document:
    return _initiative(
        "online-request-form",
        "Online request form",
        "digital_service",
        priority="a-city-that-works",
        owner=TECHNOLOGY,
        partners=[INNOVATION],
        aim="People report a problem on the web as easily as by phone.",
        success="A third of all requests come by the form.",
        since="2022-11-01",
        stages=[
            _stage("pilot", truth.ONLINE_FORM.since.isoformat(), "The form opens for all wards."),
            _stage("run", "2024-01-15", "It belongs to the Department of Technology now."),
        ],
        registration={
            "on": "2023-02-20",
            "measure": "services-online",
            "question": "Does a larger share of requests come by the web once the form is open?",
            "direction": "up",
            "since": "2021-01-01",
            "began": truth.ONLINE_FORM.since.isoformat(),
            "until": "2025-01-01",
            "method": "interrupted_series",
            "stop": "Two years of data after the opening, one look.",
        },
        tracked={"decisions": ["Phone lines open from eight to six, no longer at night"]},
        contracts=[{"name": "Form builder, yearly licence", "until": "2027-07-01", "amount": 48000}],
        spending=[{"year": 2023, "fund": "500", "amount": 210000, "award": truth.INNOVATION_AWARD.casefold()}],
    )


def _certification() -> Document:
    return _initiative(
        "self-certification",
        "Self-certified repairs",
        "procurement_reform",
        priority="homes",
        owner="planning-and-housing",
        partners=[INNOVATION],
        aim="Architects certify small residential repairs themselves; one in ten is inspected.",
        success="Median days until a permit for a residential repair fall by a quarter.",
        since="2023-05-01",
        stages=[
            _stage("pilot", truth.SELF_CERTIFICATION.since.isoformat(), "All residential repairs, in all wards."),
            _stage("run", "2024-09-01", "The rule is permanent by ordinance."),
        ],
        registration={
            "on": "2023-06-15",
            "measure": "permit-days",
            "question": "Are residential repairs permitted sooner than other permits?",
            "direction": "down",
            "dimension": "permit_type",
            "treated": [truth.SELF_CERTIFICATION.kind],
            "since": "2021-07-01",
            "began": truth.SELF_CERTIFICATION.since.isoformat(),
            "until": "2024-07-01",
            "method": "difference_in_differences",
            "stop": "Four quarters of data, one look.",
        },
    )


def _purchasing() -> Document:
    return _initiative(
        "simple-purchasing",
        "Simple small purchases",
        "procurement_reform",
        priority="a-city-that-works",
        owner="procurement",
        partners=[INNOVATION, TECHNOLOGY],
        aim="Purchases below 25,000 need two offers and no hearing.",
        success="Days from request to award halve.",
        since="2023-09-01",
        stages=[_stage("run", truth.SIMPLE_PURCHASING.since.isoformat(), "In force by the new purchasing rules.")],
    )


def _academy() -> Document:
    return _initiative(
        "data-academy",
        "Data academy",
        "workshop",
        priority="a-city-that-works",
        owner="department-of-technology-data-and-analytics",
        aim="Staff of all departments learn to ask their own questions of the city's data.",
        success="Each department has three people who can.",
        since="2023-02-01",
        stages=[_stage("run", "2023-02-01", "Twice a year, for whoever wants to come.")],
        tracked={
            "reach": 412,
            "decisions": ["Parks plants trees by heat, no longer by request", "Fire moved two ambulances"],
            "follow_up": ["61 of those who came have built a report of their own"],
        },
    )


def _fellows() -> Document:
    return _initiative(
        "service-fellows",
        "Service fellows",
        "fellowship",
        priority="a-city-that-works",
        partners=[TECHNOLOGY],
        aim="Designers and engineers spend a year in city hall, and some stay.",
        success="A digital team that the city pays itself.",
        since="2022-09-01",
        until="2025-01-01",
        stages=[
            _stage("pilot", "2022-09-01", "First cohort."),
            _stage("run", "2024-07-01", "Three fellows become staff of the Department of Technology."),
        ],
    )


def _challenge() -> Document:
    return _initiative(
        "crossing-challenge",
        "Safe crossing challenge",
        "challenge",
        priority="safe-streets",
        partners=["public-works"],
        aim="Firms and schools propose what makes a crossing safer; three proposals are tried.",
        success="Not fixed yet.",
        since="2025-10-01",
        stages=[_stage("explore", "2025-10-01", "The council asked for it in September.")],
    )
