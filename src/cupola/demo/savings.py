"""The savings claims of the example city: some sound, in every state, and some with the defects real ledgers have."""

from typing import Any

Document = dict[str, Any]
_CLAIMED, _EVIDENCED, _VERIFIED = "claimed", "evidenced", "verified"
_BUDGETED, _REALISED, _LAPSED = "budgeted", "realised", "lapsed"
_INNOVATION, _BUDGET, _CONTROLLER = "Office of Innovation", "Budget office", "Controller"


def claims() -> list[Document]:
    """Return every claim, as the folder writes it."""
    return [
        _phones(),
        _letters(),
        _overtime(),
        _call_hours(),
        _damages(),
        _fees(),
        _reminders(),
        _announced(),
        _twice(),
    ]


def _claim(key: str, name: str, initiative: str, **more: Any) -> Document:
    return {"kind": "claim", "key": key, "name": name, "initiative": initiative, **more}


def _evaluated(of: tuple[str, str], initiative: str, **how: Any) -> Document:
    """Return a quantity that is computed from the first evaluation of an initiative. of: its name and its unit."""
    return {"name": of[0], "unit": of[1], "evaluation": {"initiative": initiative, **how}}


def _steps(*steps: tuple[Any, ...]) -> list[Document]:
    names = ("status", "on", "by", "evidence", "amount", "year")
    return [dict(zip(names, step, strict=False)) for step in steps]


def _phones() -> Document:
    return _claim(
        "desk-phones",
        "Desk phones no longer paid",
        "simple-purchasing",
        released=True,
        type="cashable",
        definition="Lines of the old contract that are cancelled and no longer billed",
        recurrence="recurring",
        first_year=2025,
        last_year=2029,
        quantity={"name": "Phone lines cancelled", "unit": "line", "value": 640, "low": 612, "high": 655},
        price={"amount": 216, "source": "Contract T-118, yearly rate", "year": 2025},
        costs=[
            {"year": 2025, "amount": 8000, "what": "Moving numbers"},
            {"year": 2025, "amount": 12500, "what": "Taking the exchange down", "kind": "disposal"},
        ],
        disposes="the old telephone exchange",
        decay=0.05,
        fund="100",
        line="31 Contractual services",
        decided_on="2024-02-12",
        proof={"method": "invoices", "run": "Invoices of contract T-118, FY2024 and FY2025"},
        steps=_steps(
            (_CLAIMED, "2024-08-15", _INNOVATION),
            (_EVIDENCED, "2024-09-20", _INNOVATION, "Invoices of July and August 2024"),
            (_VERIFIED, "2024-10-11", _BUDGET, "Memo 24-71"),
            (_BUDGETED, "2025-06-17", "City council", "Appropriation ordinance FY2026", 110000, 2026),
            (_REALISED, "2025-12-19", _CONTROLLER, "Half-year account FY2026", 110000, 2026),
        ),
    )


def _letters() -> Document:
    return _claim(
        "letters-not-printed",
        "Letters no longer printed",
        "online-request-form",
        released=True,
        type="cashable",
        definition="Printing and postage of answers that now go out by e-mail",
        recurrence="recurring",
        first_year=2025,
        last_year=2028,
        quantity=_evaluated(
            ("Letters printed", "letter"),
            "online-request-form",
            counts="rise",
            times=285000,
            because="188,000 letters went to the two thirds of requests that did not come online",
        ),
        price={"amount": 1.18, "source": "Print shop price list FY2025", "year": 2025},
        costs=[{"year": 2024, "amount": 30000, "what": "Templates and training"}],
        deadweight=0.1,
        fund="100",
        line="31 Commodities",
        decided_on="2023-01-10",
        baseline={"since": "2021-07-01", "until": "2022-07-01", "value": 188000},
        steps=_steps(
            (_CLAIMED, "2024-07-30", _INNOVATION),
            (_EVIDENCED, "2024-11-04", _INNOVATION, "Interrupted series over 36 months"),
            (_VERIFIED, "2024-12-12", _BUDGET, "Memo 24-88"),
            (_BUDGETED, "2025-06-17", "City council", "Appropriation ordinance FY2026", 34000, 2026),
        ),
    )


def _overtime() -> Document:
    return _claim(
        "crew-overtime",
        "Less overtime of repair crews",
        "district-crews",
        released=True,
        type="cashable",
        definition="Overtime that is no longer paid because crews do not drive to the central yard",
        recurrence="recurring",
        first_year=2026,
        last_year=2029,
        quantity=_evaluated(
            ("Overtime of crews", "overtime hour"),
            "district-crews",
            counts="fall",
            because="Overtime of the three wards' crews goes with the days a hole waits for them",
        ),
        price={"amount": 52.4, "source": "Overtime rate of crew leaders FY2026", "year": 2026},
        costs=[{"year": 2025, "amount": 64000, "what": "Two sheds"}],
        displacement=0.05,
        fund="100",
        line="61 Personnel",
        decided_on="2024-03-15",
        baseline={"since": "2023-01-01", "until": "2024-01-01", "value": 14800},
        steps=_steps(
            (_CLAIMED, "2025-05-02", "Public Works"),
            (_EVIDENCED, "2025-08-20", "Public Works", "Evaluation of the pilot wards"),
            (_VERIFIED, "2025-11-14", _BUDGET, "Memo 25-40"),
        ),
    )


def _call_hours() -> Document:
    return _claim(
        "call-hours",
        "Hours on the phone freed",
        "online-request-form",
        type="non_cashable",
        definition="Time of call takers that is free for other calls",
        recurrence="recurring",
        first_year=2025,
        last_year=2027,
        quantity=_evaluated(
            ("Hours on the phone", "hours"),
            "online-request-form",
            counts="rise",
            times=62000,
            because="41,000 hours went into the two thirds of requests that did not come online",
        ),
        price={"amount": 31.9, "source": "Pay scale FY2025, grade 5 with benefits", "year": 2025},
        no_costs=True,
        fund="100",
        line="31 Personnel",
        baseline={"since": "2021-07-01", "until": "2022-07-01", "value": 41000},
        steps=_steps(
            (_CLAIMED, "2024-07-30", _INNOVATION), (_EVIDENCED, "2024-11-04", _INNOVATION, "Call records, 36 months")
        ),
    )


def _damages() -> Document:
    return _claim(
        "tyre-claims",
        "Damage claims that did not come",
        "district-crews",
        released=True,
        type="avoidance",
        definition="Claims for damaged tyres that would have come at the old speed of repair",
        recurrence="recurring",
        first_year=2025,
        last_year=2027,
        quantity=_evaluated(
            ("Damage claims", "claim"),
            "district-crews",
            counts="fall",
            times=340,
            because="Claims from the three wards in FY2023; a hole damages as long as it is open",
        ),
        price={"amount": 410, "source": "Mean settlement FY2025, Law Department", "year": 2025},
        no_costs=True,
        fund="100",
        line="61 Contractual services",
        baseline={"since": "2022-07-01", "until": "2023-07-01", "value": 610},
        steps=_steps(
            (_CLAIMED, "2025-05-02", "Public Works"),
            (_EVIDENCED, "2025-08-20", "Public Works", "Settlements by ward"),
            (_VERIFIED, "2025-11-14", _BUDGET, "Memo 25-41: an avoided cost, nothing to bank"),
        ),
    )


def _fees() -> Document:
    return _claim(
        "permit-fees",
        "More permits, more fees",
        "self-certification",
        type="revenue",
        definition="Fees of permits that would not have been asked for",
        recurrence="recurring",
        first_year=2026,
        last_year=2028,
        quantity={"name": "Permits of residential repairs", "unit": "permit", "value": 260},
        price={"amount": 145, "source": "Fee schedule FY2026", "year": 2026},
        costs=[{"year": 2026, "amount": 9000, "what": "Inspecting one in ten"}],
        fund="100",
        line="86 Permit fees",
        steps=_steps((_CLAIMED, "2025-10-07", "Planning and Housing")),
    )


def _reminders() -> Document:
    return _claim(
        "second-trips",
        "Second trips of collection trucks",
        "collection-reminders",
        released=True,
        type="cashable",
        definition="Second trips after missed collections that are no longer driven",
        recurrence="recurring",
        first_year=2025,
        last_year=2027,
        quantity=_evaluated(
            ("Second trips", "trip"),
            "collection-reminders",
            counts="rise",
            because="A collection made good in three days needs no trip of its own",
        ),
        price={"amount": 38, "source": "Fleet cost per trip FY2025", "year": 2025},
        costs=[{"year": 2024, "amount": 14000, "what": "Messages"}],
        fund="100",
        line="62 Commodities",
        baseline={"since": "2022-01-01", "until": "2023-01-01", "value": 11200},
        steps=_steps(
            (_CLAIMED, "2024-02-01", "Sanitation"),
            (_EVIDENCED, "2024-09-16", "Sanitation", "Evaluation of the pilot wards"),
            (_LAPSED, "2024-10-15", _BUDGET, "The interval holds no saving"),
        ),
    )


def _announced() -> Document:
    return _claim(
        "form-announcement",
        "What the press release said of the online form",
        "online-request-form",
        type="cashable",
        definition="Staff time saved by the form",
        recurrence="recurring",
        first_year=2025,
        last_year=2027,
        quantity={"name": "Minutes saved", "unit": "hours", "value": 18000},
        price={"amount": 44, "year": 2024},
        announced=2400000,
        fund="100",
        baseline={"since": "2022-01-01", "until": "2023-01-01", "value": 60000},
        proof={"measure": "services-online", "method": "before_after"},
        steps=_steps(
            (_CLAIMED, "2024-01-20", "Press office"),
            (_EVIDENCED, "2024-01-25", "Press office", "Two months before and after"),
        ),
    )


def _twice() -> Document:
    return _claim(
        "letters-of-permits",
        "Permit letters no longer printed",
        "self-certification",
        type="cashable",
        definition="Printing of answers that now go out by e-mail",
        recurrence="recurring",
        first_year=2025,
        last_year=2027,
        quantity={"name": "Letters printed", "unit": "letter", "value": 22000, "low": 18000, "high": 26000},
        price={"amount": 1.18, "source": "Print shop price list FY2025", "year": 2025},
        no_costs=True,
        fund="100",
        line="31 Commodities",
        steps=_steps((_CLAIMED, "2025-02-11", "Planning and Housing")),
    )
