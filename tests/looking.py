"""What is looked for on every page in a real browser: what axe finds wrong, and whether the page fits its window."""

from collections.abc import Sequence
from functools import cache

from playwright.sync_api import Page
from tests.conftest import ROOT, lacking

WIDTHS = (1200, 768, 390)
HEIGHT = 900
LOAD = "source => { (0, eval)(source); }"
RUN = """async () => {
    // only what is wrong, and no paths to it: the same findings in a third of the time
    const found = await axe.run({resultTypes: ["violations"], selectors: false, preload: false});
    return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)}`));
}"""


@cache
def axe() -> str:
    """Return the source of axe-core as npm installed it."""
    path = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        lacking("no axe-core: run make setup")
    return path.read_text()


def faults(page: Page, *, widths: Sequence[int] = WIDTHS, fits: Sequence[int] = WIDTHS) -> list[str]:
    """Open what is folded on a page and return what is wrong with it, one line each: axe's findings at `widths`, and at
    `fits` how far it reaches over its window's edge. Its context must be made with `bypass_csp`."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = []
    for width in sorted({*widths, *fits}, reverse=True):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        across = page.evaluate("document.documentElement.scrollWidth")
        wrong = _wrong(page) if width in widths else []
        found += [f"{page.url} at {width} px: {one}" for one in [*wrong, *[f"{across} px wide"] * (across > width)]]
    return found


def _wrong(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):  # half a megabyte goes over once for a page, not for each width
        page.evaluate(LOAD, axe())
    found: list[str] = page.evaluate(RUN)
    return found
