"""The published schemas of the metadata standards, read from the real data's folder; no network."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4, DRAFT202012


def problems_11(document: Any, data: Path) -> list[str]:
    """Return what is wrong with a data.json in the non-federal profile of DCAT-US 1.1."""
    folder = data / "schemas" / "dcat-us-1.1" / "non-federal-v1.1"
    catalog, dataset = (
        json.loads((folder / name).read_text()) for name in ("catalog.json", "dataset-non-federal.json")
    )
    named = "https://project-open-data.cio.gov/v1.1/schema/dataset-non-federal.json"
    registry = Registry().with_resources(
        [
            (named, Resource(dataset, DRAFT4)),
            (catalog["id"].rstrip("#"), Resource(catalog, DRAFT4)),
        ]
    )
    return _problems(Draft4Validator(catalog, registry=registry, format_checker=FormatChecker()), document)


def problems_3(document: Any, data: Path) -> list[str]:
    """Return what is wrong with a DCAT-US 3.0 catalogue."""
    folder = data / "schemas" / "dcat-us-3" / "definitions"
    definitions = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    registry = Registry().with_resources([(one["$id"], Resource(one, DRAFT202012)) for one in definitions])
    catalog = json.loads((folder / "Catalog.json").read_text())
    return _problems(Draft202012Validator(catalog, registry=registry, format_checker=FormatChecker()), document)


def _problems(validator: Any, document: Any) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator.iter_errors(document)]
