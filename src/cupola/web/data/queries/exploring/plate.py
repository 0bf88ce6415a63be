"""The picture of an answer on its own, for other people's pages: framed, titled, and saying where it is from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.web.data.queries.exploring.charting import evidence, question_title
from cupola.web.data.queries.exploring.exploration import Show
from cupola.web.data.queries.exploring.fields import Subject
from cupola.web.data.queries.exploring.mapping import answer_map
from cupola.web.data.queries.exploring.page import Opened
from cupola.web.data.queries.exploring.results import Result, result
from cupola.web.data.queries.exploring.sentences import filters_text
from cupola.web.ui import maps
from cupola.web.ui.charts import Drawing
from cupola.web.ui.maps import Map
from cupola.web.ui.templatetags.ui import number

LINE, MARGIN, LETTER = 21, 24, 8.4  # a letter as wide as in the widest of the usual typefaces
WIDE, NARROW = "wide", "narrow"
Sized = TypeVar("Sized", Drawing, maps.Drawing)


@dataclass(frozen=True)
class Plate:
    """A picture with words around it, placed in units of its own. `reading`: lines from `reading_y` down.

    `drawing` is None where there is only a number to show, or a map: then `area` is its drawing.
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
    area: maps.Drawing | None = None
    grades: tuple[maps.Grade, ...] = ()

    @property
    def legend(self) -> tuple[tuple[int, int, maps.Grade], ...]:
        """Return each class of a map: how far down its swatch and its words stand, and what it is."""
        under = self.drawing_y + int(float(self.area.height)) + MARGIN if self.area else 0
        return tuple((under + at * LINE, under + at * LINE + 13, grade) for at, grade in enumerate(self.grades))

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
    mapped = _map(one, answer) if asked.show is Show.MAP and answer.matching else None
    drawing = None if mapped or not answer.picture else _of_size(answer.picture.drawings, size)
    area = _of_size(mapped.drawings, size) if mapped else None
    shape = area or drawing
    inner = int(float(shape.width)) if shape else (720 if size == WIDE else 340)
    letters = int(inner / LETTER)
    said = mapped.reading if mapped else answer.picture.reading if answer.picture else ""
    conditions = tuple(wrapped(filters_text(asked, subject, today=one.today), letters))
    reading = tuple(wrapped(said, letters))
    top = 62 + (len(conditions) + len(reading)) * LINE
    tall = float(shape.height) if shape else 40.0
    title = question_title(asked, subject) if asked.summarises else subject.title
    source = _source(subject, site)
    return Plate(
        width=inner + 2 * MARGIN,
        height=int(top + tall) + 52 + (len(mapped.grades) * LINE + MARGIN if mapped else 0),
        title=title,
        conditions=conditions,
        reading=reading,
        drawing=drawing,
        drawing_y=top,
        figure="" if shape else _rows(answer.matching),
        source=source,
        alternative=". ".join([title, *conditions, *reading, source]),
        area=area,
        grades=mapped.grades if mapped else (),
    )


def _map(one: Opened, answer: Result) -> Map | None:
    """Return the map of an answer; the chain behind it is on the page the picture links to."""
    assert one.subject is not None
    assert one.reading is not None
    asked = one.reading.exploration
    chain = evidence(one.dataset, one.subject, answer, asked=asked, today=one.today, command="")
    return answer_map(one.dataset, one.subject, asked, answer=answer, chain=chain)


def _of_size(drawings: Sequence[Sized], size: str) -> Sized | None:
    return next((each for each in drawings if each.name == size), None)


def _source(subject: Subject, site: str) -> str:
    on = date_format(localtime(subject.committed_at))
    facts = {"site": site, "title": subject.title, "version": number(subject.version), "on": on}
    return _("%(site)s: %(title)s, version %(version)s, %(on)s") % facts


def _rows(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": number(count)}


def wrapped(text: str, letters: int) -> list[str]:
    """Break a text into lines of at most so many letters, between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
