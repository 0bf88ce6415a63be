"""Validators of published schemas, which never ask a network."""

import json
from pathlib import Path

from jsonschema import Draft3Validator, Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT3, DRAFT202012


def popolo_schema(popolo: Path, name: str) -> Draft3Validator:
    """Return a validator of one class of object, with the others beside it. popolo: the folder of the standard."""
    schemas = [json.loads(path.read_text()) for path in (popolo / "schemas").glob("*.json")]
    resources = [(one["id"], Resource(contents=one, specification=DRAFT3)) for one in schemas]
    registry: Registry[object] = Registry().with_resources(
        [*resources, *((key.rstrip("#"), one) for key, one in resources)]
    )
    schema = next(one for one in schemas if one["id"].endswith(f"/{name}.json#"))
    return Draft3Validator(schema, registry=registry, format_checker=FormatChecker())


def grants_schema(grants: Path) -> Draft202012Validator:
    """Return a validator of packages of grants. grants: the folder of the 360Giving schemas."""
    package = json.loads((grants / "360-giving-package-schema.json").read_text())
    grant = json.loads((grants / "360-giving-schema.json").read_text())
    named = package["properties"]["grants"]["items"]["$ref"]
    # both name their dialect by an address that no validator knows (http:), and each other by different versions
    plain = {name: value for name, value in grant.items() if name not in {"$schema", "$id"}}
    del package["$schema"]
    registry: Registry[object] = Registry().with_resources([(named, DRAFT202012.create_resource(plain))])
    return Draft202012Validator(package, registry=registry)
