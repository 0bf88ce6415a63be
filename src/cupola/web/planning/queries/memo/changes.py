"""The memo's part about other structures, where the city has a chart: what each takes, costs and turns."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.folder.library import templates
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.web.planning.models import Scenario
from cupola.web.planning.queries.memo.parts import RestsOn, Section, Table
from cupola.web.planning.queries.scenarios.asking import ScenarioOfNothing, answer, asked
from cupola.web.planning.queries.scenarios.showing import Shown, shown
from cupola.web.planning.queries.words import units
from cupola.web.structure.queries import StructureUnknown
from cupola.web.ui.templatetags.ui import number

MOST_SCENARIOS = 3


def changes_section(one: Jurisdiction, on: date) -> Section:
    """Return described scenarios and every template beside each other: edits, posts, cost by fund and year."""
    found = [*_described(one, on), *_templates(one, on)]
    years = sorted({year for _name, page in found for year in page.found.labels})
    unknown = max((page.without_price for _name, page in found), default=0)
    note = _(
        "What it would take to get from the chart of today to each option. The sums are of the posts on the chart;"
        " edits hold from the first budget year after the decision, as long as counsel has not said otherwise."
    )
    left_out = ngettext(
        "%(count)s post has no known cost and is not in the sums.",
        "Up to %(count)s posts have no known cost and are not in the sums.",
        unknown,
    )
    header = (_("Option"), _("What is done"), _("Posts today"), _("Posts then"), _("Checks that turn"))
    money = (_("Option and fund"), _("Today"), *(str(year) for year in years))
    places = tuple(range(1, len(money)))
    return Section(
        key="options",
        title=_("Options side by side"),
        paragraphs=(note, *([left_out % {"count": number(unknown)}] if unknown else [])),
        tables=(
            Table(_("Options side by side"), header, tuple(_line(*pair) for pair in found), (2, 3, 4)),
            Table(_("Cost by fund and year"), money, tuple(_funds(found, years)), places),
        ),
        known=replace(found[0][1].known, result=number(len(found))) if found else None,
        rests_on=RestsOn.RECORDS,
    )


def _described(one: Jurisdiction, on: date) -> Iterator[tuple[str, Shown]]:
    for record in Scenario.objects.filter(retired_on=None, definition__of=one.key)[:MOST_SCENARIOS]:
        try:
            yield record.title, shown(answer(asked(record.definition, today=on), today=on))
        except (StructureUnknown, ScenarioOfNothing):  # its chart or branch is gone
            continue


def _templates(one: Jurisdiction, on: date) -> Iterator[tuple[str, Shown]]:
    for key, template in templates().items():
        said = {"of": one.key, "to": key, "decided": on.isoformat()}
        yield template.name, shown(answer(asked(said, today=on), today=on))


def _line(name: str, page: Shown) -> tuple[str, ...]:
    whole = page.together
    posts = [number(float(cell[0])) for cell in whole.cells] if whole else ["0"]
    return (name, _done(page), posts[0], posts[-1], number(len(page.turned)))


def _done(page: Shown) -> str:
    said = []
    for deed, offices, posts in page.counts:
        parts = [
            ngettext("%(count)s office", "%(count)s offices", offices) % {"count": number(offices)} if offices else "",
            ngettext("%(count)s post", "%(count)s posts", posts) % {"count": number(posts)} if posts else "",
        ]
        said.append(f"{deed}: {', '.join(filter(None, parts))}")
    return "; ".join(said) or _("nothing has to be done")


def _funds(found: list[tuple[str, Shown]], years: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """Yield each option's funds over all years that any option is looked at for."""
    for name, page in found:
        rows = [(f"{name}: {row.fund}", row) for row in page.funds]
        if page.together and len(rows) > 1:
            rows.append((f"{name}: {_('Together').lower()}", page.together))
        for words, row in rows:
            today, *then = (units(float(cost)) for _posts, cost, _uncosted in row.cells)
            by_year = dict(zip(page.found.labels, then, strict=True))
            yield (words, today, *(by_year.get(year, _("unknown")) for year in years))
