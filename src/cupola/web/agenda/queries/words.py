"""Codes of the agenda in the reader's language."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cupola.sentences import Sentence
from cupola.web.ui.sentences import said as say

WORDS: Mapping[str, Promise] = {
    # stages
    "explore": _("explored"),
    "pilot": _("piloted"),
    "evaluate": _("evaluated"),
    "scale": _("scaled up"),
    "run": _("running"),
    "stopped": _("stopped"),
    # kinds of initiatives and engagements
    "experiment": _("experiment"),
    "digital_service": _("digital service"),
    "procurement_reform": _("procurement reform"),
    "challenge": _("challenge"),
    "workshop": _("workshop"),
    "consulting": _("consulting"),
    "fellowship": _("fellowship"),
    "partnership": _("partnership"),
    "data_project": _("data project"),
    "training": _("training"),
    # givers, reviews, amendments
    "philanthropy": _("philanthropy"),
    "federal": _("federal government"),
    "state": _("state"),
    "county": _("county"),
    "private": _("private giver"),
    "university": _("university"),
    "city": _("city"),
    "gift": _("gift review"),
    "conflict": _("review of conflicts"),
    "legal": _("legal review"),
    "procurement": _("purchasing review"),
    "amount": _("another amount"),
    "extension": _("extension"),
    "no_cost_extension": _("extension without more money"),
    "scope": _("another scope"),
    # savings
    "cashable": _("cashable"),
    "non_cashable": _("not cashable"),
    "avoidance": _("cost avoided"),
    "revenue": _("revenue"),
    "one_off": _("once"),
    "recurring": _("every year"),
    "claimed": _("claimed"),
    "evidenced": _("evidenced"),
    "verified": _("verified"),
    "budgeted": _("in the budget"),
    "realised": _("realised"),
    "lapsed": _("lapsed"),
    "banked": _("banked"),
    "refused": _("does not count"),
    "not_cash": _("no cash"),
    # methods
    "none": _("compared with nothing"),
    "before_after": _("before and after only"),
    "benchmark": _("benchmark"),
    "interrupted_series": _("interrupted time series"),
    "difference_in_differences": _("difference in differences"),
    "synthetic_control": _("synthetic control"),
    "synthetic_difference_in_differences": _("synthetic difference in differences"),
    "staggered_starts": _("staggered starts"),
    "trial": _("randomised trial"),
    "outcome_before": _("the outcome before"),
    "invoices": _("contracts and invoices"),
    "differences": _("difference in differences"),
    "staggered": _("staggered starts"),
    "synthetic": _("synthetic control"),
    "synthetic_differences": _("synthetic difference in differences"),
    "interrupted": _("interrupted time series"),
    "tracked": _("tracked"),
    # parts of a plan
    "controls": _("groups compared with"),
    "since": _("from"),
    "until": _("until"),
    "design": _("design"),
    # councils
    "business": _("business"),
    "nonprofit": _("nonprofit"),
    "government": _("government"),
    "residents": _("residents"),
    "labor": _("labor"),
    "youth": _("youth"),
    "planned": _("planned"),
    "held": _("held"),
    "cancelled": _("cancelled"),
    "regular": _("regular"),
    "special": _("special"),
    "emergency": _("emergency"),
    "accepted": _("accepted"),
    "partly": _("accepted in part"),
    "declined": _("declined"),
    "pending": _("not answered yet"),
    "yes": _("yes"),
    "no": _("no"),
    "unclear": _("unclear"),
    "abstain": _("abstained"),
    "recused": _("stepped aside"),
    "priority": _("priority"),
    "initiative": _("initiative"),
    "award": _("funding award"),
    "budget_line": _("budget line"),
    "structure": _("structure"),
    "administration": _("administration"),
    "engagement": _("engagement"),
    "claim": _("savings claim"),
    "body": _("council"),
    "meeting": _("meeting"),
    "recommendation": _("recommendation"),
    # what budget books say
    "new money": _("new money"),
    "carry-over only": _("carry-over only"),
    "named without an amount": _("named without an amount"),
    "not in the book": _("not in the book"),
    # from when a record's years count
    "closed": _("after it is closed"),
    "end_of_administration": _("after the administration ends"),
    "end_of_fiscal_year": _("after the fiscal year ends"),
    "superseded": _("after it is replaced"),
    # defects
    "term_undefined": _("not defined"),
    "avoidance_counted": _("frees no money and is in the budget"),
    "disposal_not_deducted": _("cost of ending it not deducted"),
    "different_years": _("counted for other years than the rest"),
    "outside_period": _("outside the period"),
    "already_planned": _("was planned before"),
    "capacity_as_cash": _("staff time called cash"),
    "no_budget_line": _("no budget line"),
    "cost_not_stated": _("cost not stated"),
    "gross_announced": _("announced before costs"),
    "one_off_repeated": _("once, counted several times"),
    "no_baseline": _("no baseline"),
    "baseline_too_late": _("baseline after the beginning"),
    "no_counterfactual": _("compared with nothing"),
    "no_version": _("cannot be computed again"),
    "no_interval": _("no interval"),
    "interval_wrong": _("interval does not fit"),
    "not_evaluated": _("not evaluated"),
    "quantity_typed": _("quantity typed beside an evaluation"),
    "price_unsourced": _("price without a source"),
    "price_year_differs": _("price of another year"),
    "share_out_of_range": _("impossible share"),
    "shares_over_one": _("shares above the whole"),
    "double_counted": _("counted twice"),
    "step_not_possible": _("step out of order"),
    "step_without_evidence": _("step without evidence"),
    "verified_by_claimant": _("verified by the claimant"),
    "above_lower_bound": _("more budgeted than proven"),
    "realised_below_budget": _("less came than budgeted"),
    "superseded_counted": _("replaced and still counted"),
}


def said(code: object) -> str:
    """Return a code in the reader's language; one without a word is written with spaces."""
    text = str(code)
    return str(WORDS.get(text, text.replace("_", " ")))


def told(sentence: Sentence) -> str:
    """Return what an engine says in the reader's language, the codes among its facts, too."""
    facts = {name: said(fact) if fact in WORDS else fact for name, fact in sentence.facts.items()}
    return say(replace(sentence, facts=facts))
