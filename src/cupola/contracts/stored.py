"""A contract as JSON and back, so that an old version can still be explained."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cupola.contracts.contract import Contract, Duplicates, Tag
from cupola.contracts.types import Column, ColumnType


def contract_to_json(contract: Contract) -> str:
    """Return `contract` as JSON text, with its wording."""
    return json.dumps(asdict(contract), sort_keys=True, separators=(",", ":"))


def contract_from_json(text: str) -> Contract:
    """Return the contract that `contract_to_json` wrote."""
    facts = json.loads(text)
    return Contract(
        **{
            **facts,
            "columns": tuple(_column(one) for one in facts["columns"]),
            "key": tuple(facts["key"]),
            "duplicates": Duplicates(facts["duplicates"]),
            "null_tokens": tuple(facts["null_tokens"]),
            "tags": tuple(Tag(**{**one, "point": tuple(one["point"])}) for one in facts["tags"]),
        }
    )


def _column(facts: Mapping[str, Any]) -> Column:
    return Column(
        **{
            **facts,
            "type": ColumnType(facts["type"]),
            "origins": tuple(facts["origins"]),
            "formats": tuple(facts["formats"]),
            "allowed": tuple((value, meaning) for value, meaning in facts["allowed"]),
            "null_tokens": None if facts["null_tokens"] is None else tuple(facts["null_tokens"]),
        }
    )
