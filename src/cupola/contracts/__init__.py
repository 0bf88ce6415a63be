"""Column types, keys, units and allowed values as frozen values: the language sources, lake and queries share."""

from cupola.contracts.announcements import Announcement, Standing, announcements, former_names, next_end, standing
from cupola.contracts.contract import DEFAULT_NULL_TOKENS, Contract, Duplicates, Tag
from cupola.contracts.landing import ROW, SOURCE, VINTAGE, CsvFile, Dialect, Landing, Reject, Vintage
from cupola.contracts.promises import TODAY, Kept, Promise, promises
from cupola.contracts.stored import contract_from_json, contract_to_json
from cupola.contracts.types import Column, ColumnType

__all__ = [
    "DEFAULT_NULL_TOKENS",
    "ROW",
    "SOURCE",
    "TODAY",
    "VINTAGE",
    "Announcement",
    "Column",
    "ColumnType",
    "Contract",
    "CsvFile",
    "Dialect",
    "Duplicates",
    "Kept",
    "Landing",
    "Promise",
    "Reject",
    "Standing",
    "Tag",
    "Vintage",
    "announcements",
    "contract_from_json",
    "contract_to_json",
    "former_names",
    "next_end",
    "promises",
    "standing",
]
