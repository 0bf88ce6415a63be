"""Column types, keys, units and allowed values as frozen values: the language sources, lake and queries share."""

from cupola.contracts.contract import DEFAULT_NULL_TOKENS, Contract, Duplicates, Tag
from cupola.contracts.landing import ROW, SOURCE, VINTAGE, CsvFile, Dialect, Landing, Reject, Vintage
from cupola.contracts.stored import contract_from_json, contract_to_json
from cupola.contracts.types import Column, ColumnType

__all__ = [
    "DEFAULT_NULL_TOKENS",
    "ROW",
    "SOURCE",
    "VINTAGE",
    "Column",
    "ColumnType",
    "Contract",
    "CsvFile",
    "Dialect",
    "Duplicates",
    "Landing",
    "Reject",
    "Tag",
    "Vintage",
    "contract_from_json",
    "contract_to_json",
]
