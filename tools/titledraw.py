"""Draw the 300 titles of Chicago and Boston that were labelled before any rule of `orgchart/titles` was written.

Usage: python tools/titledraw.py [--check]. Prints city, title and the department most of its holders work in; with
--check it compares them with the committed labels instead. Distinct titles, not rows: of all vintages of both rosters,
in capitals. A title belongs to the first family of words below that it matches; up to 17 are drawn from each family, so
that the few titles about technology are among them, and the rest from the titles that match none.
"""

import csv
import gzip
import os
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LABELS = ROOT / "tests" / "reference" / "titles_chicago_boston.tsv"
SEED, ALL, OF_A_FAMILY = 20260607, 300, 17
FAMILIES = (
    r"GIS\b|GEOG|MAPP|CARTO|SURVEY",
    r"CYBER|SECUR",
    r"TELEC|RADIO|TELEPH|COMMUNICATIONS|WIRELESS|BROADBAND",
    r"311|CALL ?CENTER|CALL TAKER|CUSTOMER SER",
    r"DIGIT|WEB|UX\b|PRODUCT|INTERNET|MEDIA",
    r"DATA|STATIST|ANALYTIC",
    r"OPEN|LIBRAR.*DATA|DATA.*LIBRAR|TRANSPAREN",
    r"INNOV|NEW URB|URBAN|MONUM|MECHANICS",
    r"FELLOW|MAYOR",
    r"PERFORM",
    r"PROJ|ENTERPRISE",
    r"PROGRAMMER|PRGM|APPLIC|SOFTW|DEVELOPER|ERP\b|DBA\b",
    r"COMPUT|NETWORK|DESKTOP|HELP ?DESK|SERVER|TECHNOL|SYS|INFO|IT\b|MIS\b",
    r"CHIEF|ANALYST|COORD",
)
TITLES = ("Position Title", "Job Titles", "TITLE", "title")
DEPARTMENTS = ("Department", "DEPARTMENT NAME", "DEPARTMENT_NAME", "department")


def roster(path: Path) -> Iterator[tuple[str, str]]:
    """Yield title and department of every row of a published roster."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";" if "semicolon" in path.name else ","):
            title = next((row[name] for name in TITLES if row.get(name)), "")
            department = next((row[name] for name in DEPARTMENTS if row.get(name)), "")
            if title and department:
                yield " ".join(title.split()).upper(), " ".join(department.split())


def departments_of_titles(data: Path, city: str) -> dict[str, Counter[str]]:
    """Return, per distinct title of all vintages, how many rows each department has."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted((data / "payroll").glob(f"{city}_*.gz")):
        for title, department in roster(path):
            found[title][department] += 1
    return found


def draw(data: Path) -> list[tuple[str, str, str]]:
    """Return city, title and department of the drawn titles, in the order of drawing."""
    cities = {city: departments_of_titles(data, city) for city in ("chicago", "boston")}
    rng = random.Random(SEED)
    left = sorted((title, city) for city, titles in cities.items() for title in titles)
    drawn: list[tuple[str, str]] = []
    for words in FAMILIES:
        family = [one for one in left if re.search(rf"\b(?:{words})", one[0])]
        drawn += (got := rng.sample(family, min(OF_A_FAMILY, len(family))))
        left = [one for one in left if one not in set(got)]
    others = [one for one in left if not re.search(rf"\b(?:{'|'.join(FAMILIES)})", one[0])]
    drawn += rng.sample(others, ALL - len(drawn))
    return [(city, title, cities[city][title].most_common(1)[0][0]) for title, city in drawn]


def main() -> None:
    """Print the draw, or check the labels against it."""
    data = Path(os.environ.get("CUPOLA_TEST_DATA", ROOT.parent / "shared" / "data"))
    drawn = draw(data)
    if "--check" in sys.argv[1:]:
        with LABELS.open(encoding="utf-8", newline="") as file:
            labelled = [(row["city"], row["title"], row["department"]) for row in csv.DictReader(file, delimiter="\t")]
        sys.exit(0 if drawn == labelled else f"{LABELS.name} does not hold the titles this draw gives")
    for row in drawn:
        print("\t".join(row))


if __name__ == "__main__":
    main()
