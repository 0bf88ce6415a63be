"""A badge: a name and a word about it in one small drawing, for pages of other sites."""

from django.utils.html import escape

LETTER, SIDE, HEIGHT = 7.4, 10.0, 26.0  # of 13 px text, measured generously, for no font is known here
LONGEST = 48
TONES = {"fresh": "#2f7a4d", "complete": "#2f7a4d", "late": "#a3480f"}
OTHER = "#4b5a68"
PLAIN_FACE = "Verdana, Geneva, Helvetica, Arial, sans-serif"


def badge(name: str, word: str, *, tone: str) -> str:
    """Return the drawing as SVG. `tone` colours the word, which says the same without the colour."""
    shown = name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
    left, right = (len(text) * LETTER + 2 * SIDE for text in (shown, word))
    whole = escape(f"{name}: {word}")
    text = f'y="17.5" font-family="{PLAIN_FACE}" font-size="13" fill="#fff" text-anchor="middle"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right:.0f}" height="{HEIGHT:.0f}"'
        f' viewBox="0 0 {left + right:.1f} {HEIGHT:.0f}" role="img" aria-label="{whole}"><title>{whole}</title>'
        f'<rect width="{left:.1f}" height="{HEIGHT:.0f}" fill="#16304a"/>'
        f'<rect x="{left:.1f}" width="{right:.1f}" height="{HEIGHT:.0f}" fill="{TONES.get(tone, OTHER)}"/>'
        f'<text x="{left / 2:.1f}" {text} textLength="{left - 2 * SIDE:.1f}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(shown)}</text>"
        f'<text x="{left + right / 2:.1f}" {text} textLength="{right - 2 * SIDE:.1f}"'
        f' lengthAdjust="spacingAndGlyphs">{escape(word)}</text></svg>'
    )
