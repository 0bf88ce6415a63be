"""What other portals have, read from their catalogues into the fields of a city folder. Nothing said is lost."""

from cupola.sources.catalogues.datastores import with_columns
from cupola.sources.catalogues.entries import Entry, Inventory, modified_said, name_of, names_here, promised_days
from cupola.sources.catalogues.faults import catalogue_faults, counted
from cupola.sources.catalogues.filefaults import Fault
from cupola.sources.catalogues.looking import column_faults, late_fault, vanished
from cupola.sources.catalogues.periodicity import day_of, days_between
from cupola.sources.catalogues.reading import read_any_catalogue, read_catalogue, read_catalogue_file
from cupola.sources.catalogues.remainder import public_id

__all__ = [
    "Entry",
    "Fault",
    "Inventory",
    "catalogue_faults",
    "column_faults",
    "counted",
    "day_of",
    "days_between",
    "late_fault",
    "modified_said",
    "name_of",
    "names_here",
    "promised_days",
    "public_id",
    "read_any_catalogue",
    "read_catalogue",
    "read_catalogue_file",
    "vanished",
    "with_columns",
]
