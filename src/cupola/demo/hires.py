"""Five years of posts filled: from the day a vacancy is posted to the day the new employee starts."""

from datetime import date
from pathlib import Path

import numpy as np

from cupola.demo import truth
from cupola.demo.draws import Stream
from cupola.demo.files import Layout, write_rows

GROUPS = (("Clerical", 0.34, 52.0), ("Trades", 0.28, 64.0), ("Public safety", 0.26, 148.0), ("Technology", 0.12, 97.0))
LAYOUT = Layout(("Posting", "Group", "Service", "Posted", "Offer", "Started", "Applicants"))
_EXEMPT = 0.12
_ACCEPT_DAYS = 12  # from the offer to the first day


def write(folder: Path, *, seed: int, scale: float) -> None:
    """Write the postings, in the order they were posted; what is not filled by the end of the data has no start."""
    count = max(1, round(truth.HIRES * scale))
    chance = Stream(seed, "hires")
    span = truth.LAST.toordinal() - truth.FIRST.toordinal() + 1
    posted = np.sort(chance.whole(count, 0, span)).tolist()
    group = chance.pick(count, [share for _name, share, _days in GROUPS]).tolist()
    pace = chance.skewed(count).tolist()
    exempt = (chance.uniform(count) < _EXEMPT).tolist()
    applicants = chance.whole(count, 3, 90).tolist()
    rows = []
    for number in range(count):
        name, _share, days = GROUPS[group[number]]
        day = date.fromordinal(truth.FIRST.toordinal() + posted[number])
        offered = date.fromordinal(day.toordinal() + max(5, round(days * pace[number])))
        started = date.fromordinal(offered.toordinal() + _ACCEPT_DAYS)
        rows.append(
            (
                f"V{day.year % 100}-{number + 1:05d}",
                name,
                "Exempt" if exempt[number] else "Civil service",
                day.isoformat(),
                offered.isoformat() if offered <= truth.LAST else "",
                started.isoformat() if started <= truth.LAST else "",
                str(applicants[number]),
            )
        )
    write_rows(folder / "hires.csv", LAYOUT, rows)
