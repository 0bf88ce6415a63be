"""The departments of the city, their offices and titles, the funds that pay and the pay scale: a table, not rules."""

from dataclasses import dataclass

FUNDS = {"100": "General Fund", "200": "Water Fund", "300": "Airport Fund", "500": "Grant Fund"}
GRADES = {
    1: 33_400,
    2: 37_200,
    3: 41_500,
    4: 46_300,
    5: 51_600,
    6: 57_500,
    7: 64_100,
    8: 71_500,
    9: 79_700,
    10: 88_900,
    11: 99_100,
    12: 110_500,
    13: 123_200,
    14: 137_400,
    15: 153_200,
    16: 170_800,
}
RAISE = {2021: 1000, 2022: 1020, 2023: 1051, 2024: 1083, 2025: 1110, 2026: 1138}  # pay scale, thousandths of FY2021
Title = tuple[str, int, float]  # name, grade, weight


@dataclass(frozen=True)
class Department:
    """A department with about `size` ordinary posts, spread over `offices`, with `titles` by weight."""

    code: str
    name: str
    size: int
    fund: str
    offices: tuple[str, ...]
    titles: tuple[Title, ...]


_OFFICE: tuple[Title, ...] = (
    ("Office Assistant", 3, 3),
    ("Administrative Specialist", 5, 4),
    ("Analyst", 8, 3),
    ("Program Manager", 10, 2),
    ("Division Director", 13, 0.5),
)
_CREW: tuple[Title, ...] = (
    ("Laborer", 3, 5),
    ("Equipment Operator", 5, 4),
    ("Crew Leader", 7, 2),
    ("Engineer", 10, 1),
    ("Superintendent", 12, 0.5),
)
DEPARTMENTS = (
    Department(
        "01",
        "Mayor's Office",
        48,
        "100",
        ("Executive", "Policy", "Communications"),
        (("Aide", 6, 3), ("Policy Adviser", 10, 4), ("Deputy Mayor", 15, 0.5)),
    ),
    Department("05", "City Clerk", 60, "100", ("Records", "Council Support"), _OFFICE),
    Department("10", "Budget and Management", 42, "100", ("Budget", "Grants"), _OFFICE),
    Department("12", "Finance", 240, "100", ("Accounting", "Revenue", "Payroll"), _OFFICE),
    Department(
        "14",
        "Law",
        130,
        "100",
        ("Litigation", "Contracts"),
        (("Paralegal", 6, 3), ("Attorney", 11, 6), ("Senior Attorney", 13, 2)),
    ),
    Department("16", "Human Resources", 110, "100", ("Recruitment", "Benefits"), _OFFICE),
    Department("18", "Procurement", 70, "100", ("Purchasing", "Contract Compliance"), _OFFICE),
    Department(
        "31",
        "Department of Technology",
        198,
        "100",
        ("Infrastructure", "Applications", "Service Desk", "Security"),
        (
            ("Help Desk Technician", 6, 4),
            ("Systems Administrator", 9, 4),
            ("Software Developer", 11, 4),
            ("Security Analyst", 11, 1.5),
            ("IT Manager", 13, 1),
        ),
    ),
    Department(
        "41",
        "Fleet Management",
        300,
        "100",
        ("Shops", "Fuel"),
        (("Mechanic", 6, 7), ("Parts Clerk", 4, 2), ("Shop Supervisor", 9, 1)),
    ),
    Department(
        "42",
        "Facilities",
        310,
        "100",
        ("Buildings", "Custodial"),
        (("Custodian", 2, 6), ("Building Engineer", 8, 3), ("Facilities Manager", 11, 1)),
    ),
    Department(
        "51",
        "Police Department",
        2_250,
        "100",
        ("Patrol", "Investigations", "Administration"),
        (("Police Officer", 8, 7), ("Detective", 10, 1.2), ("Sergeant", 11, 1), ("Civilian Specialist", 6, 1.5)),
    ),
    Department(
        "52",
        "Fire Department",
        1_150,
        "100",
        ("Operations", "Prevention", "Emergency Medical"),
        (("Firefighter", 8, 6), ("Paramedic", 8, 2.5), ("Lieutenant", 11, 1.5)),
    ),
    Department(
        "55",
        "Emergency Communications",
        190,
        "100",
        ("Call Center",),
        (("Call Taker", 5, 5), ("Dispatcher", 7, 4), ("Shift Supervisor", 9, 1)),
    ),
    Department("61", "Public Works", 820, "100", ("Streets", "Traffic", "Engineering"), _CREW),
    Department("62", "Sanitation", 640, "100", ("Collection", "Recycling"), _CREW),
    Department("63", "Water", 700, "200", ("Treatment", "Distribution", "Billing"), _CREW),
    Department("64", "Airport", 420, "300", ("Airfield", "Terminal"), _CREW),
    Department("71", "Parks", 480, "100", ("Grounds", "Recreation", "Forestry"), _CREW),
    Department(
        "72",
        "Library",
        330,
        "100",
        ("Branches", "Central Library"),
        (("Library Page", 1, 3), ("Library Clerk", 3, 3), ("Librarian", 8, 4), ("Branch Manager", 11, 1)),
    ),
    Department(
        "81",
        "Public Health",
        310,
        "100",
        ("Clinics", "Inspection", "Epidemiology"),
        (("Intérprete", 5, 1), ("Nurse", 9, 4), ("Sanitarian", 8, 3), ("Epidemiologist", 11, 1)),
    ),
    Department(
        "82",
        "Human Services",
        262,
        "100",
        ("Seniors", "Youth", "Homelessness"),
        (("Case Worker", 6, 5), ("Program Manager", 10, 2), ("Eligibility Clerk", 4, 2)),
    ),
    Department(
        "85",
        "Code Enforcement",
        180,
        "100",
        ("Housing", "Buildings"),
        (("Inspector", 8, 6), ("Clerk", 3, 2), ("Chief Inspector", 11, 1)),
    ),
    Department(
        "86",
        "Planning and Housing",
        130,
        "100",
        ("Planning", "Housing"),
        (("Planner", 9, 5), ("Senior Planner", 11, 2), ("Permit Clerk", 4, 3)),
    ),
)
