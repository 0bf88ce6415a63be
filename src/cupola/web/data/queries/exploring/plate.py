"""The picture of an answer on its own, for other people's pages: framed, titled, and saying where it is from."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.web.data.queries.exploring.charting import question_title
from cupola.web.data.queries.exploring.page import Opened
from cupola.web.data.queries.exploring.results import result
from cupola.web.data.queries.exploring.sentences import filters_text
from cupola.web.ui.charts import Drawing
from cupola.web.ui.templatetags.ui import number

LINE, MARGIN, LETTER = 21, 24, 8.4  # a letter as wide as in the widest of the usual typefaces
WIDE, NARROW = "wide", "narrow"


@dataclass(frozen=True)
class Plate:
    """A picture with words around it, placed in units of its own. `reading`: lines from `reading_y` down.

    `drawing` is None where there is only a number to show.
    """

    width: int
    height: int
    title: str
    conditions: tuple[str, ...]
    reading: tuple[str, ...]
    drawing: Drawing | None
    drawing_y: int
    figure: str
    source: str
    alternative: str

    @property
    def lines(self) -> tuple[tuple[int, str, bool], ...]:
        """Return every line above the drawing: how far down, its words, and whether it is a condition."""
        texts = [(line, True) for line in self.conditions] + [(line, False) for line in self.reading]
        return tuple((62 + at * LINE, line, strong) for at, (line, strong) in enumerate(texts))

    @property
    def frame_width(self) -> int:
        """Return the width of the frame, half a unit inside the edge on both sides."""
        return self.width - 1

    @property
    def frame_height(self) -> int:
        """Return the height of the frame."""
        return self.height - 1

    @property
    def figure_y(self) -> int:
        """Return how far down the number stands where there is no drawing."""
        return self.drawing_y + 24

    @property
    def foot(self) -> int:
        """Return how far down the line with the source stands."""
        return self.height - 14


def plate(one: Opened, *, size: str, site: str) -> Plate:
    """Return the picture of an answer. `size`: wide or narrow. `site`: who publishes it. Raises what the service does.

    What it says is in the language of the address.
    """
    assert one.at is not None
    assert one.subject is not None
    assert one.reading is not None
    asked, subject = one.reading.exploration, one.subject
    answer = result(one.at, asked, subject, today=one.today)
    drawing = next((each for each in answer.picture.drawings if each.name == size), None) if answer.picture else None
    inner = int(float(drawing.width)) if drawing else (720 if size == WIDE else 340)
    letters = int(inner / LETTER)
    conditions = tuple(wrapped(filters_text(asked, subject, today=one.today), letters))
    reading = tuple(wrapped(answer.picture.reading if answer.picture else "", letters))
    on = date_format(localtime(subject.committed_at))
    facts = {"site": site, "title": subject.title, "version": number(subject.version), "on": on}
    source = _("%(site)s: %(title)s, version %(version)s, %(on)s") % facts
    top = 62 + (len(conditions) + len(reading)) * LINE
    figure = "" if drawing else ngettext("%(count)s row", "%(count)s rows", answer.matching)
    tall = float(drawing.height) if drawing else 40.0
    title = question_title(asked, subject) if asked.summarises else subject.title
    return Plate(
        width=inner + 2 * MARGIN,
        height=int(top + tall) + 52,
        title=title,
        conditions=conditions,
        reading=reading,
        drawing=drawing,
        drawing_y=top,
        figure=figure % {"count": number(answer.matching)} if figure else "",
        source=source,
        alternative=". ".join([title, *conditions, *reading, source]),
    )


def wrapped(text: str, letters: int) -> list[str]:
    """Break a text into lines of at most so many letters, between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
