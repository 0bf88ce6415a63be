"""The chart of a measure alone, for pages of other sites: title, sentence, drawing and where it comes from."""

import textwrap
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cupola.web.performance.queries.pages import MeasurePage
from cupola.web.ui.charts import Drawing, text

SIDE, TOP, LINE, LETTER = 24.0, 84.0, 19.0, 6.9
MOST_LINES = 4


@dataclass(frozen=True)
class Words:
    """A line of text and its height."""

    y: str
    text: str


@dataclass(frozen=True)
class Plate:
    """A drawing in its frame. Lengths are texts, so that no language writes a comma into them."""

    drawing: Drawing
    width: str
    height: str
    inner_width: str
    inner_height: str
    top: str
    lines: tuple[Words, ...]
    title_y: str
    foot: str
    source: str


def plate(page: MeasurePage, *, narrow: bool, site: str) -> Plate:
    """Frame the chart of a page, wide or narrow."""
    drawing = page.chart.drawings[1 if narrow else 0]
    width = float(drawing.width) + 2 * SIDE
    told = textwrap.wrap(page.chart.reading, int((width - 2 * SIDE) / LETTER))[:MOST_LINES]
    head = 40 + LINE * len(told) + 22
    height = head + float(drawing.height) + 40
    on = page.evidence.true_at
    facts = {"site": site, "version": page.evidence.version.text, "day": date_format(localtime(on)) if on else ""}
    return Plate(
        drawing=drawing,
        width=text(width),
        height=text(height),
        inner_width=text(width - 1),
        inner_height=text(height - 1),
        top=text(-head),
        lines=tuple(Words(text(-head + 60 + at * LINE), line) for at, line in enumerate(told)),
        title_y=text(-head + 36),
        foot=text(float(drawing.height) + 24),
        source=_("%(site)s, %(version)s, %(day)s") % facts,
    )


def embed(page: MeasurePage, *, base: str) -> str:
    """Return the HTML that shows the picture on another page."""
    tail = f"?{page.group_query}" if page.group else ""
    address = f"{base}{reverse('performance:measure', args=[page.card.key])}{tail}"
    picture = f"{base}{reverse('performance:picture', args=[page.card.key])}{tail}"
    title = escape(page.chart.title)
    made = f'<a href="{address}"><img src="{picture}" alt="{title}" width="720"></a>'
    return made.replace("&", "&amp;")
