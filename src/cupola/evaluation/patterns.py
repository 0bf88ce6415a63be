"""The patterns of what results say, in English; the web floor translates them."""

from collections.abc import Mapping

FELL_RATIO = "{outcome} was {size} % lower than it would have been (95 % interval: {low} % to {high} %)."
ROSE_RATIO = "{outcome} was {size} % higher than it would have been (95 % interval: {low} % to {high} %)."
FELL = "{outcome} was {size} {unit} lower than it would have been (95 % interval: {low} to {high} {unit})."
ROSE = "{outcome} was {size} {unit} higher than it would have been (95 % interval: {low} to {high} {unit})."
NO_EFFECT_RATIO = (
    "No effect on {outcome} was shown: the estimate is {change} %, and anything from {low} % to {high} % fits."
)
NO_EFFECT = (
    "No effect on {outcome} was shown: the estimate is {change} {unit}, and anything from {low} to {high} {unit} fits."
)
TRACKED = "{outcome} is tracked; no effect is claimed."
NAIVE_RATIO = "Comparing before with after would have claimed {change} %."
NAIVE = "Comparing before with after would have claimed {change} {unit}."
NAIVE_WRONG = "That is outside the interval: season, trend or other things moved the outcome too."

# What a check says when it holds.
HOLDS: Mapping[str, str] = {
    "long_enough": "There are {before} periods before the start; {needed} are needed to tell season from effect.",
    "placebo_dates": "Of {tried} starts that did not happen, {signals} looked like an effect.",
    "trends_before": "Before the start the groups moved alike (p = {p_value}).",
    "placebo_date": "A start at {date}, before the real one, would have shown nothing (p = {p_value}).",
    "enough_units": "Units in the smaller group: {least}.",
    "leave_one_out": (
        "Leaving out one unit, the effect goes from {least} (without {least_without}) to {most} (without "
        "{most_without})."
    ),
    "fit_before": "Before the start the mixture is off by {error}; the outcome itself moved by {spread}.",
    "solver": "The other way to find the weights gives {other_solver}; {starts} starts differ by {spread_of_starts}.",
    "balance": "{covariate}: the groups were {deviations} standard deviations apart before.",
    "balance_of_all": "All covariates together say nothing of who was treated (p = {p_value}).",
    "attrition": "Lost of the treated: {treated}; of the others: {controls}.",
}
# And when it does not.
FAILS: Mapping[str, str] = {
    "long_enough": "There are only {before} periods before the start; {needed} are needed to tell season from effect.",
    "placebo_dates": (
        "Of {tried} starts that did not happen, {signals} looked like an effect: the series moves by itself."
    ),
    "trends_before": "Before the start the groups already moved apart (p = {p_value}): the comparison is in doubt.",
    "placebo_date": (
        "A start at {date}, before the real one, would have shown an effect too: the comparison is in doubt."
    ),
    "enough_units": (
        "Units in the smaller group: {least}. Under {needed} the interval takes both groups to spread alike."
    ),
    "leave_one_out": (
        "The direction hangs on one unit: from {least} (without {least_without}) to {most} (without {most_without})."
    ),
    "fit_before": (
        "Before the start the mixture is off by {error}, more than the outcome moved ({spread}): it does not resemble"
        " the treated."
    ),
    "solver": (
        "The other way to find the weights gives {other_solver}: the weights are not settled. {starts} starts differ "
        "by {spread_of_starts}."
    ),
    "balance": (
        "{covariate}: the groups were {deviations} standard deviations apart before, more than chance should leave; "
        "read the adjusted line too."
    ),
    "balance_of_all": "All covariates together tell who was treated (p = {p_value}): was it chance?",
    "attrition": "Lost of the treated: {treated}; of the others: {controls}. The groups are no longer what was drawn.",
}
# And when it only informs.
INFORMS: Mapping[str, str] = {
    "neighbours_alike": (
        "Neighbouring periods are alike by {autocorrelation} (Ljung-Box p = {p_value}); the interval allows for it."
    ),
    "spread": "Counts spread {dispersion} times as much as chance alone; the interval allows for it.",
    "trends_before": "There are too few periods before the start to see whether the groups moved alike.",
    "placebo_groups": "An effect as large is shown by {as_far} of {tried} ways to choose the treated (p = {p_value}).",
    "placebo_donors": "An effect as large is shown by {as_far} of {tried} untreated units or groups (p = {p_value}).",
    "leave_one_out": "No unit can be left out.",
}
