"""A memo as a document people edit: headings, sentences, tables, and charts as pictures."""

import re
from io import BytesIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx import Document as new_document
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from PIL import Image, ImageDraw, ImageFont

from cupola.web.planning.queries.memo.parts import NUMBER, Memo, OrgChart, Section, Table
from cupola.web.structure.queries.drawing import Drawing
from cupola.web.ui.charts import Chart

_INK, _BAR, _REST, _OFFICE = (18, 38, 58), (31, 64, 96), (168, 186, 204), (232, 238, 245)
_WIDE, _ROW, _NAMES, _SCALE = 1400, 44, 520, 2
_BOX_TALL, _TALLEST = 34, 22.0  # of a box on a chart, in its own units; of a picture on paper, in cm
_STROKE = re.compile(r"([MVH])(-?\d+)(?: (-?\d+))?")


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
        _write_text(document.add_paragraph(), paragraph, part)
    for point in part.points:
        _write_text(document.add_paragraph(style="List Bullet"), point, part)
    for one in part.orgcharts:
        _write_orgchart(document, one)
    for chart in part.charts:
        document.add_paragraph(chart.title).runs[0].bold = True
        document.add_paragraph(chart.reading)
        _write_picture(document, chart_png(chart), says=f"{chart.title}. {chart.reading}", wide=17.0)
    for table in part.tables:
        if table.title != part.title:
            document.add_heading(table.title, level=2)
        _write_table(document, table, part)


def _write_text(paragraph: Paragraph, text: str, part: Section) -> None:
    """Write a text with every number in it as a link to how it is known."""
    last = 0
    for found in NUMBER.finditer(text) if part.known else ():
        paragraph.add_run(text[last : found.start()])
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), _bookmark(part))
        link.append(paragraph.add_run(found[0])._r)
        paragraph._p.append(link)
        last = found.end()
    paragraph.add_run(text[last:])


def _bookmark(part: Section) -> str:
    return f"how_{part.key}"


def _write_orgchart(document: Document, one: OrgChart) -> None:
    """Write an organisation chart as a picture, and what it shows as a list, which people can edit."""
    document.add_heading(one.title, level=2)
    document.add_paragraph(one.reading)
    drawing = one.drawing
    wide = min(17.0, _TALLEST * drawing.width / max(drawing.height, 1), drawing.width / 45)
    _write_picture(document, orgchart_png(drawing), says=f"{one.title}. {one.reading}", wide=wide)
    for row in drawing.rows:
        said = f"{row.name} ({row.small})" if row.small else row.name
        document.add_paragraph(said, style="List Bullet").paragraph_format.left_indent = Cm(0.6 + 0.6 * row.depth)


def _write_picture(document: Document, picture: bytes, *, says: str, wide: float) -> None:
    shape = document.add_picture(BytesIO(picture), width=Cm(wide))
    shape._inline.docPr.set("descr", says)  # what a screen reader says


def _write_table(document: Document, table: Table, part: Section) -> None:
    written = document.add_table(rows=1, cols=len(table.header), style="Light Grid Accent 1")
    for cell, words in zip(written.rows[0].cells, table.header, strict=True):
        cell.text = words
    for row in table.rows:
        cells = written.add_row().cells
        for place, (cell, words) in enumerate(zip(cells, row, strict=True)):
            _write_text(cell.paragraphs[0], words, part)
            if place in table.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for cell in (cell for row in written.rows for cell in row.cells):
        for piece in cell.paragraphs[0].iter_inner_content():
            for run in [piece] if isinstance(piece, Run) else piece.runs:
                run.font.size = Pt(9)
    document.add_paragraph()


def _write_chains(document: Document, memo: Memo) -> None:
    """Write for each part how its numbers are known, and the command that computes them again."""
    document.add_heading(_("How we know"), level=1)
    for number, part in enumerate(memo.sections):
        known = part.known
        if known:
            sources = ", ".join(link.text for link in known.sources)
            said = f"{part.title}: {sources}, {known.version.text}. {known.method} "
            paragraph = document.add_paragraph(style="List Bullet")
            for place, (tag, name) in enumerate((("w:bookmarkStart", _bookmark(part)), ("w:bookmarkEnd", ""))):
                mark = OxmlElement(tag)
                mark.set(qn("w:id"), str(number))
                if name:
                    mark.set(qn("w:name"), name)
                paragraph._p.append(mark)
                if not place:
                    paragraph.add_run(said)
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


def orgchart_png(drawing: Drawing) -> bytes:
    """Return an organisation chart as its page draws it: boxes with names, and lines to what is above them."""
    image = Image.new("RGB", (drawing.width * _SCALE, drawing.height * _SCALE), "white")
    draw = ImageDraw.Draw(image)
    name, small = (ImageFont.load_default(size=size * _SCALE) for size in (13, 11))
    for box in drawing.boxes:
        draw.line([(x * _SCALE, y * _SCALE) for x, y in _corners(box.elbow)], fill=_REST, width=2 * _SCALE)
    for box in drawing.boxes:
        post = box.row.kind == "post"
        frame = [value * _SCALE for value in (box.x, box.y, box.x + drawing.box_width, box.y + _BOX_TALL)]
        radius = (_BOX_TALL // 2 if post else 3) * _SCALE
        draw.rounded_rectangle(frame, radius, fill="white" if post else _OFFICE, outline=_BAR, width=_SCALE)
        draw.text((box.text_x * _SCALE, (box.name_y - 13) * _SCALE), box.name, fill=_INK, font=name)
        if box.small:
            draw.text((box.text_x * _SCALE, (box.small_y - 11) * _SCALE), box.small, fill=_INK, font=small)
    held = BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()


def _corners(path: str) -> list[tuple[int, int]]:
    """Return the corners of a path of straight strokes, as in M20 40V75H34."""
    x = y = 0
    found = []
    for stroke, first, second in _STROKE.findall(path):
        x, y = (int(first), int(second)) if stroke == "M" else (int(first), y) if stroke == "H" else (x, int(first))
        found.append((x, y))
    return found


def _fitting(words: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    while len(words) > 1 and font.getlength(words) > _NAMES - 16:
        words = words[:-2].rstrip() + "…"
    return words
