"""The words of the ledger: what a saving is, how long it lasts, how far it has come."""

from enum import StrEnum


class Kind(StrEnum):
    """What a saving is. Only the first and the last can ever be banked."""

    CASHABLE = "cashable"  # a budget line can be cut, and is
    NON_CASHABLE = "non_cashable"  # capacity: staff time freed, no line cut
    AVOIDANCE = "avoidance"  # a cost that would have come
    REVENUE = "revenue"  # more money in


class Recurrence(StrEnum):
    """How long a saving lasts."""

    ONE_OFF = "one_off"
    RECURRING = "recurring"


class Status(StrEnum):
    """How far a claim has come. `lapsed` may follow any other."""

    CLAIMED = "claimed"
    EVIDENCED = "evidenced"
    VERIFIED = "verified"
    BUDGETED = "budgeted"
    REALISED = "realised"
    LAPSED = "lapsed"


class Method(StrEnum):
    """What the quantity was compared with. The first two name no counterfactual."""

    NONE = "none"
    BEFORE_AFTER = "before_after"
    BENCHMARK = "benchmark"
    INTERRUPTED_SERIES = "interrupted_series"
    DIFFERENCE = "difference_in_differences"
    STAGGERED = "staggered_starts"
    SYNTHETIC_CONTROL = "synthetic_control"
    SYNTHETIC_DIFFERENCE = "synthetic_difference_in_differences"
    TRIAL = "trial"
    INVOICES = "invoices"  # a contract or bill that ended: the price is the counterfactual


BANKABLE = (Kind.CASHABLE, Kind.REVENUE)
NO_COUNTERFACTUAL = (Method.NONE, Method.BEFORE_AFTER)
ESTIMATED = tuple(one for one in Method if one not in (*NO_COUNTERFACTUAL, Method.BENCHMARK, Method.INVOICES))
ORDER = tuple(Status)
