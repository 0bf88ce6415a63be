"""The patterns of what evaluations say, which the engine writes in English, named for the catalogue of translations.

A test holds this list to what the engine says.
"""

from django.utils.translation import gettext_noop as _

FINDINGS = (
    _("{outcome} was {size} % lower than it would have been (95 % interval: {low} % to {high} %)."),
    _("{outcome} was {size} % higher than it would have been (95 % interval: {low} % to {high} %)."),
    _("{outcome} was {size} {unit} lower than it would have been (95 % interval: {low} to {high} {unit})."),
    _("{outcome} was {size} {unit} higher than it would have been (95 % interval: {low} to {high} {unit})."),
    _("No effect on {outcome} was shown: the estimate is {change} %, and anything from {low} % to {high} % fits."),
    _(
        "No effect on {outcome} was shown: the estimate is {change} {unit}, and anything from {low} to {high} {unit} "
        "fits."
    ),
    _("{outcome} is tracked; no effect is claimed."),
    _("Comparing before with after would have claimed {change} %."),
    _("Comparing before with after would have claimed {change} {unit}."),
    _("That is outside the interval: season, trend or other things moved the outcome too."),
)
CHECKS = (
    _("There are {before} periods before the start; {needed} are needed to tell season from effect."),
    _("Of {tried} starts that did not happen, {signals} looked like an effect."),
    _("Before the start the groups moved alike (p = {p_value})."),
    _("A start at {date}, before the real one, would have shown nothing (p = {p_value})."),
    _("Units in the smaller group: {least}."),
    _(
        "Leaving out one unit, the effect goes from {least} (without {least_without}) to {most} (without "
        "{most_without})."
    ),
    _("Before the start the mixture is off by {error}; the outcome itself moved by {spread}."),
    _("The other way to find the weights gives {other_solver}; {starts} starts differ by {spread_of_starts}."),
    _("{covariate}: the groups were {deviations} standard deviations apart before."),
    _("All covariates together say nothing of who was treated (p = {p_value})."),
    _("Lost of the treated: {treated}; of the others: {controls}."),
    _("There are only {before} periods before the start; {needed} are needed to tell season from effect."),
    _("Of {tried} starts that did not happen, {signals} looked like an effect: the series moves by itself."),
    _("Before the start the groups already moved apart (p = {p_value}): the comparison is in doubt."),
    _("A start at {date}, before the real one, would have shown an effect too: the comparison is in doubt."),
    _("Units in the smaller group: {least}. Under {needed} the interval takes both groups to spread alike."),
    _("The direction hangs on one unit: from {least} (without {least_without}) to {most} (without {most_without})."),
    _(
        "Before the start the mixture is off by {error}, more than the outcome moved ({spread}): it does not resemble"
        " the treated."
    ),
    _(
        "The other way to find the weights gives {other_solver}: the weights are not settled. {starts} starts differ "
        "by {spread_of_starts}."
    ),
    _(
        "{covariate}: the groups were {deviations} standard deviations apart before, more than chance should leave; "
        "read the adjusted line too."
    ),
    _("All covariates together tell who was treated (p = {p_value}): was it chance?"),
    _("Lost of the treated: {treated}; of the others: {controls}. The groups are no longer what was drawn."),
    _("Neighbouring periods are alike by {autocorrelation} (Ljung-Box p = {p_value}); the interval allows for it."),
    _("Counts spread {dispersion} times as much as chance alone; the interval allows for it."),
    _("There are too few periods before the start to see whether the groups moved alike."),
    _("An effect as large is shown by {as_far} of {tried} ways to choose the treated (p = {p_value})."),
    _("An effect as large is shown by {as_far} of {tried} untreated units or groups (p = {p_value})."),
    _("No unit can be left out."),
)
REASONS = (
    _("Chance decided who was treated, so the difference is the effect."),
    _("Units began at {starts} different times: each is compared with those not treated yet or never."),
    _(
        "Treated units: {treated}; untreated: {controls}; periods before: {before}. A mixture of the untreated can "
        "stand for the treated."
    ),
    _(
        "The untreated units ({controls}) had the same season and trend: what the treated ({treated}) changed beyond "
        "them is the effect."
    ),
    _(
        "Nobody is left to compare with; {before} periods before the start tell season and trend, and what came after"
        " is held against them."
    ),
    _("No outcome is measured: reach, decisions changed and follow-up are recorded instead."),
    _("Nothing changed at a known time or for a known group, so there is nothing to compare."),
    _(
        "Nobody is left to compare with, and {before} periods before and {after} after the start cannot tell season "
        "and trend from an effect ({needed} before and {least} after are needed)."
    ),
    _(
        "One treated and one untreated unit: nothing says how far two units drift apart by themselves, and the series"
        " is too short to stand alone."
    ),
    _(
        "Units began at {starts} different times and hardly two together: nothing says how far units drift apart by "
        "themselves."
    ),
    _("The plan fixed this design before the data; the one that would be chosen now stands beside it."),
    _("Before and after alone is refused as an answer: season, trend and all else would count as the effect."),
)
