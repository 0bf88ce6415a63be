"""What departments begin together and alone: the list the mayor's office keeps of initiatives."""

from datetime import date
from pathlib import Path

import numpy as np

from cupola.demo import truth
from cupola.demo.draws import Stream
from cupola.demo.files import Layout, write_rows

LEADS = ("Office of Innovation", "Technology", "Sanitation", "Public Works", "Planning and Housing", "Parks")
LAYOUT = Layout(("Initiative", "Lead", "Began", "Departments", "Ended", "Outcome"))
_OUTCOMES = ("Scaled", "Stopped", "Adopted")
_JOINT_BEFORE, _JOINT_AFTER = 0.25, 0.55  # share with two departments or more, before and since the data team


def write(folder: Path, *, seed: int) -> None:
    """Write the initiatives, in the order they began; one that still runs has no end."""
    chance = Stream(seed, "initiatives")
    count = truth.INITIATIVES
    span = truth.LAST.toordinal() - truth.FIRST.toordinal() + 1
    began = np.sort(chance.whole(count, 0, span)).tolist()
    lead, length = chance.whole(count, 0, len(LEADS)).tolist(), chance.whole(count, 60, 700).tolist()
    joint, partners = chance.uniform(count).tolist(), chance.whole(count, 2, 5).tolist()
    outcome = chance.whole(count, 0, len(_OUTCOMES)).tolist()
    rows = []
    for number in range(count):
        day = date.fromordinal(truth.FIRST.toordinal() + began[number])
        share = _JOINT_AFTER if day.year >= truth.JOINT_SINCE else _JOINT_BEFORE
        ended = date.fromordinal(day.toordinal() + length[number])
        over = ended <= truth.LAST
        rows.append(
            (
                f"I-{number + 1:03d}",
                LEADS[lead[number]],
                day.isoformat(),
                str(partners[number] if joint[number] < share else 1),
                ended.isoformat() if over else "",
                _OUTCOMES[outcome[number]] if over else "",
            )
        )
    write_rows(folder / "initiatives.csv", LAYOUT, rows)
