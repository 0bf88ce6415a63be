"""What rows give away of persons: a scan for personal details, k-anonymity, and tables of counts that keep secrets."""

from cupola.privacy.anonymity import THRESHOLD, Anonymity, NoQuasiIdentifiers, anonymity_query, read_anonymity
from cupola.privacy.kinds import ADVICE, Advice, Kind, Remedy
from cupola.privacy.remedies import NotForThisColumn, applied
from cupola.privacy.scanning import Hit, columns_to_scan, read_scan, scan_query
from cupola.privacy.suppression import TOTAL, Protected, TooManyCells, protect

__all__ = [
    "ADVICE",
    "THRESHOLD",
    "TOTAL",
    "Advice",
    "Anonymity",
    "Hit",
    "Kind",
    "NoQuasiIdentifiers",
    "NotForThisColumn",
    "Protected",
    "Remedy",
    "TooManyCells",
    "anonymity_query",
    "applied",
    "columns_to_scan",
    "protect",
    "read_anonymity",
    "read_scan",
    "scan_query",
]
