"""A memo as a document people edit: headings, sentences, tables, and charts as pictures."""

from io import BytesIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx import Document as new_document
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from PIL import Image, ImageDraw, ImageFont

from cupola.web.planning.queries.memo.parts import Memo, Section, Table
from cupola.web.ui.charts import Chart

_INK, _BAR, _REST = (18, 38, 58), (31, 64, 96), (168, 186, 204)
_WIDE, _ROW, _NAMES, _SCALE = 1400, 44, 520, 2


def write_docx(memo: Memo) -> bytes:
    """Return the memo as a DOCX file."""
    document = new_document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10.5)
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(1.8)
    document.core_properties.title = memo.title
    document.core_properties.author = memo.government
    document.add_heading(memo.title, level=0)
    document.add_paragraph(f"{memo.government} · {date_format(memo.on)}")
    for part in memo.sections:
        _write_section(document, part)
    if memo.notes:
        document.add_heading(_("What to know"), level=1)
        for note in memo.notes:
            document.add_paragraph(note, style="List Bullet")
    _write_chains(document, memo)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _write_section(document: Document, part: Section) -> None:
    document.add_heading(part.title, level=1)
    for paragraph in part.paragraphs:
        document.add_paragraph(paragraph)
    for point in part.points:
        document.add_paragraph(point, style="List Bullet")
    for chart in part.charts:
        document.add_paragraph(chart.title).runs[0].bold = True
        document.add_paragraph(chart.reading)
        picture = document.add_picture(BytesIO(chart_png(chart)), width=Cm(17))
        picture._inline.docPr.set("descr", f"{chart.title}. {chart.reading}")  # what a screen reader says
    for table in part.tables:
        _write_table(document, table)


def _write_table(document: Document, table: Table) -> None:
    written = document.add_table(rows=1, cols=len(table.header), style="Light Grid Accent 1")
    for cell, words in zip(written.rows[0].cells, table.header, strict=True):
        cell.text = words
    for row in table.rows:
        cells = written.add_row().cells
        for place, (cell, words) in enumerate(zip(cells, row, strict=True)):
            cell.text = words
            if place in table.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for cell in (cell for row in written.rows for cell in row.cells):
        for run in cell.paragraphs[0].runs:
            run.font.size = Pt(9)
    document.add_paragraph()


def _write_chains(document: Document, memo: Memo) -> None:
    """Write for each part how its numbers are known, and the command that computes them again."""
    document.add_heading(_("How we know"), level=1)
    for part in memo.sections:
        known = part.known
        if known:
            sources = ", ".join(link.text for link in known.sources)
            said = f"{part.title}: {sources}, {known.version.text}. {known.method} "
            paragraph = document.add_paragraph(said, style="List Bullet")
            paragraph.add_run(known.command).font.name = "Consolas"


def chart_png(chart: Chart) -> bytes:
    """Return the points of a chart as lying bars with their names and values."""
    rows = max(len(chart.points), 1)
    size = (_WIDE * _SCALE // 2, rows * _ROW * _SCALE // 2 + 16)
    image = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=24 * _SCALE // 2)
    highest = max((abs(point.value) for point in chart.points), default=0) or 1
    room = size[0] - _NAMES - 260
    for row, point in enumerate(chart.points):
        top = row * _ROW * _SCALE // 2 + 8
        width = max(int(room * abs(point.value) / highest), 2)
        draw.text((0, top + 4), _fitting(point.label, font), fill=_INK, font=font)
        bar = (_NAMES, top, _NAMES + width, top + _ROW * _SCALE // 2 - 12)
        draw.rectangle(bar, fill=_BAR if row == 0 else _REST)
        draw.text((_NAMES + width + 12, top + 4), point.shown, fill=_INK, font=font)
    held = BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()


def _fitting(words: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    while len(words) > 1 and font.getlength(words) > _NAMES - 16:
        words = words[:-2].rstrip() + "…"
    return words
