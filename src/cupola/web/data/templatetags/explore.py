"""How lines and words of a chart look where no stylesheet reaches: as attributes, which any policy lets through."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

SLATE, WARM, GREY = "#1e405f", "#a3480f", "#9aa5af"
LINES: dict[str, tuple[str, str]] = {  # as explore.css has them: colour, dashes
    "line-0": (SLATE, "none"),
    "line-1": ("#7fa0bf", "none"),
    "line-2": (WARM, "none"),
    "line-3": ("#4b5a68", "7 4"),
    "line-4": ("#7fa0bf", "2 5"),
    "line-5": (WARM, "7 4"),
    "line-6": (GREY, "none"),
}
NAMES = {"name-2": WARM, "name-5": WARM, "scale": "#4b5a68"}


AREAS = ("#eef0f2", "#dbe7f1", "#abc5dc", "#7099bf", "#3d6890", "#16304a")  # as map.css has them; 0 is no value


@register.filter
def graded(grade: int) -> str:
    """Return the colour of a class of a map."""
    return AREAS[grade]


@register.filter
def drawn(kind: str) -> SafeString:
    """Return the attributes of a line of this kind."""
    colour, dashes = LINES.get(kind.split()[0], LINES["line-0"])
    return format_html('stroke="{}" stroke-dasharray="{}"', colour, "3 5" if kind.endswith("partial") else dashes)


@register.filter
def lettered(kind: str) -> SafeString:
    """Return the attributes of a word of this kind."""
    weight = "700" if kind in {"strong", "name-0"} else "400"
    return format_html('fill="{}" font-weight="{}"', NAMES.get(kind, "#1b2733"), weight)
