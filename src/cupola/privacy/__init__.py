"""What rows give away of persons: a scan for personal details, k-anonymity, and tables of counts that keep secrets."""

from cupola.privacy.anonymity import THRESHOLD, Anonymity, NoQuasiIdentifiers, anonymity_query, read_anonymity
from cupola.privacy.dimensions import ALL, Average, Dimension, NotCountable, groups_query, read_groups
from cupola.privacy.facts import (
    ColumnFacts,
    Facts,
    Remedied,
    Times,
    filled_query,
    moved_query,
    read_times,
    times_query,
)
from cupola.privacy.kinds import ADVICE, Advice, Kind, Remedy
from cupola.privacy.messages import MESSAGE, message_query, message_table, read_message
from cupola.privacy.reasons import Accepted, Stop, Thresholds
from cupola.privacy.remedies import NotForThisColumn, applied
from cupola.privacy.rounding import least_base
from cupola.privacy.scanning import SCAN, Hit, columns_to_scan, read_scan, scan_query
from cupola.privacy.stops import stops
from cupola.privacy.suppression import TOTAL, Protected, TooManyCells, protect
from cupola.privacy.tabulation import Before, Rules, Shown, Tabulated, tabulate

__all__ = [
    "ADVICE",
    "ALL",
    "MESSAGE",
    "SCAN",
    "THRESHOLD",
    "TOTAL",
    "Accepted",
    "Advice",
    "Anonymity",
    "Average",
    "Before",
    "ColumnFacts",
    "Dimension",
    "Facts",
    "Hit",
    "Kind",
    "NoQuasiIdentifiers",
    "NotCountable",
    "NotForThisColumn",
    "Protected",
    "Remedied",
    "Remedy",
    "Rules",
    "Shown",
    "Stop",
    "Tabulated",
    "Thresholds",
    "Times",
    "TooManyCells",
    "anonymity_query",
    "applied",
    "columns_to_scan",
    "filled_query",
    "groups_query",
    "least_base",
    "message_query",
    "message_table",
    "moved_query",
    "protect",
    "read_anonymity",
    "read_groups",
    "read_message",
    "read_scan",
    "read_times",
    "scan_query",
    "stops",
    "tabulate",
    "times_query",
]
