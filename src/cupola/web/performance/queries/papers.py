"""A packet as PDF, to print: letter paper, embedded fonts, the small charts as on the page."""

import io
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cupola.web.performance.queries.packetwords import FollowupLine, Line, PacketPage
from cupola.web.ui.charts import Drawing

# Bitstream Vera comes with reportlab, may be embedded, and has every letter of Spanish.
FACE, BOLD = "Vera", "VeraBd"
INK, SOFT, SLATE, PALE, WARM = (HexColor(one) for one in ("#1b2733", "#4b5a68", "#1e405f", "#a9bccd", "#a3480f"))
MARGIN = 0.8 * inch
CHART = (112.0, 28.0)
_POINT = re.compile(r"([ML])(-?[\d.]+) (-?[\d.]+)")


def paper(page: PacketPage, *, address: str) -> bytes:
    """Return the packet as PDF."""
    _fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=letter,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=f"{page.title}, {date_format(page.on)}",
        author=address,
        lang=get_language() or "en",
    )
    story: list[Any] = [
        Paragraph(escape(page.title), _style("title")),
        Paragraph(escape(_("Packet for %(day)s") % {"day": date_format(page.on)}), _style("soft")),
        Paragraph(escape(page.lead), _style("lead")),
        *_measures(_("Signals"), page.signals),
        *_measures(_("Off target"), page.off),
        *_measures(_("Not up to date"), page.grey),
        *_followups(_("Follow-ups due"), page.followups),
        *_followups(_("Closed by the data"), page.closed),
        *_list(_("Questions"), [one.text for one in page.questions]),
        *_list(_("Steady"), [", ".join(page.steady)] if page.steady else []),
        *_list(_("How well this review is kept up"), [health_words(page)]),
    ]

    def foot(canvas: Any, _document: Any) -> None:
        canvas.setFont(FACE, 8)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN, 0.5 * inch, address)
        canvas.drawRightString(letter[0] - MARGIN, 0.5 * inch, str(canvas.getPageNumber()))

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def health_words(page: PacketPage) -> str:
    """Say how well the practice is kept up, in one sentence or two."""
    found = page.health
    said = _("%(held)s of %(planned)s planned meetings were held in the last year.") % {
        "held": number_format(found.held),
        "planned": number_format(found.planned),
    }
    if found.median_age_days is None:
        return said
    facts = {"open": found.open, "overdue": found.overdue, "days": found.median_age_days}
    aged = _("Follow-ups open: %(open)s, overdue: %(overdue)s; half are older than %(days)s days.") % facts
    return f"{said} {aged}"


@lru_cache(maxsize=1)
def _fonts() -> None:
    for name in (FACE, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    pdfmetrics.registerFontFamily(FACE, normal=FACE, bold=BOLD, italic=FACE, boldItalic=BOLD)


def _style(kind: str) -> ParagraphStyle:
    face, size, color, after = {
        "title": (BOLD, 18, SLATE, 4),
        "heading": (BOLD, 12, SLATE, 4),
        "name": (BOLD, 9.5, INK, 1),
        "lead": (FACE, 11, INK, 8),
        "soft": (FACE, 8.5, SOFT, 2),
        "warm": (BOLD, 8.5, WARM, 2),
        "text": (FACE, 9, INK, 2),
    }[kind]
    before = 14 if kind == "heading" else 0
    leading = size * 1.35
    return ParagraphStyle(
        kind, fontName=face, fontSize=size, leading=leading, textColor=color, spaceBefore=before, spaceAfter=after
    )


def _measures(heading: str, lines: Sequence[Line]) -> Iterable[Any]:
    for at, line in enumerate(lines):
        card = line.card
        tone = "warm" if card.mood == "concern" else "soft"
        said = [
            Paragraph(escape(card.title), _style("name")),
            Paragraph(escape(f"{card.owner} · {card.mood_words}"), _style(tone)),
            Paragraph(escape(card.grey or card.sentence), _style("text")),
            *([Paragraph(escape(card.target), _style("text"))] if card.target else []),
            Paragraph(escape(line.question), _style("name")),
        ]
        shown = Table([[said, Small(card.drawing) if card.drawing else ""]], colWidths=[None, CHART[0] + 12])
        shown.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0)]))
        yield KeepTogether([*([Paragraph(escape(heading), _style("heading"))] if at == 0 else []), shown, Spacer(1, 4)])


def _followups(heading: str, lines: Sequence[FollowupLine]) -> Iterable[Any]:
    for at, one in enumerate(lines):
        due = _("due %(day)s") % {"day": date_format(one.due)}
        yield KeepTogether(
            [
                *([Paragraph(escape(heading), _style("heading"))] if at == 0 else []),
                Paragraph(escape(one.text), _style("name")),
                Paragraph(escape(f"{one.owner} · {due} · {one.age}"), _style("warm" if one.overdue else "soft")),
                Paragraph(escape(f"{one.measure}: {one.shows}"), _style("text")),
                Spacer(1, 4),
            ]
        )


def _list(heading: str, texts: Sequence[str]) -> Iterable[Any]:
    if texts:
        yield Paragraph(escape(heading), _style("heading"))
    for text in texts:
        yield Paragraph(escape(text), _style("text"))


class Small(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A word-sized chart."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.drawing = drawing
        self.width, self.height = CHART

    def draw(self) -> None:
        """Draw every line, upside up: paper counts from below."""
        across, up = CHART[0] / float(self.drawing.width), CHART[1] / float(self.drawing.height)
        for line in self.drawing.lines:
            path = self.canv.beginPath()
            for pen, x, y in _POINT.findall(line.path):
                place = (float(x) * across, CHART[1] - float(y) * up)
                (path.moveTo if pen == "M" else path.lineTo)(*place)
            filled = "mark" in line.kind
            self.canv.setStrokeColor(_color(line.kind))
            self.canv.setFillColor(_color(line.kind))
            self.canv.setLineWidth(1.1 if line.kind.startswith("line") else 0.6)
            self.canv.setDash([2, 2] if line.kind in {"limit", "target"} else [])
            self.canv.drawPath(path, stroke=0 if filled else 1, fill=1 if filled else 0)


def _color(kind: str) -> Any:
    if "concern" in kind or kind == "target":
        return WARM
    return PALE if kind in {"limit", "centre", "step"} else SLATE
