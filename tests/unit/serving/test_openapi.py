"""The documents about the API are true: what they promise is what is answered."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
import schemathesis
from catalogue_world import World
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from cupola.serving import close_services

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("openapi") / "lake")
    yield made
    made.lake.close()
    close_services()


def test_a_dataset_has_its_columns_as_parameters(world: World) -> None:
    document = world.json("/openapi.json?dataset=permits")
    asked = {one["name"]: one for one in document["paths"]["/resource/perm-0001.json"]["get"]["parameters"]}
    assert asked["kind"]["schema"]["enum"] == ["NEW", "SIGN"]
    assert asked["ward"]["description"] == "The aldermanic district."
    assert "phone" not in asked
    assert document["components"]["schemas"]["Column"]["enum"][:2] == ["number", "kind"]


def test_a_dataset_nobody_may_know_has_no_document(world: World) -> None:
    assert world.client.get("/openapi.json?dataset=nothing").status_code == 404


OLDER_NAMES = {  # of what is described under its newer one
    "/api/action/{action}", "/api/id/{name}", "/api/views/{name}/columns", "/d/{name}/{rest:path}",
    "/dataset/{title}/{name}", "/dataset/{title}/{name}/{rest:path}",
}  # fmt: skip


def test_every_address_is_described_and_no_other(world: World) -> None:
    described = [re.sub(r"\{\w+\}", "x", path) for path in world.json("/openapi.json")["paths"]]
    routes = [one for one in world.app.routes if isinstance(one, Route) and one.path not in OLDER_NAMES]
    assert [one.path for one in routes if not any(one.path_regex.match(path) for path in described)] == []
    unanswered = {path for path in described if not any(one.path_regex.match(path) for one in routes)}
    assert unanswered <= {"/tiles/x/x.pmtiles"}  # answered only where tiles are made


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/openapi.json", "/openapi.json?dataset=permits"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_generated_requests_find_no_fault_and_nothing_undocumented(
    world: World, address: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_asgi(address, world.app)
    asked = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @FEW
        @given(operation.as_strategy(generation_mode=mode))
        def check(case: schemathesis.Case) -> None:
            asked.append(case)
            case.call_and_validate(checks=CHECKS)

        with suppress(Unsatisfiable):  # an operation without parameters has no wrong way to be asked
            check()
    assert len(asked) > 20
