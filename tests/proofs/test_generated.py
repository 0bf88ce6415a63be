"""Requests made from our own description of the API, by the thousand."""

import logging
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from proving import Proof
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.public_city import CANARY, write_city
from tests.servers import run_folder, serving

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.slow
def test_generated_requests_find_no_error_of_the_server(proof: Proof, tmp_path: Path) -> None:
    """Requests made from the OpenAPI documents, right ones and wrong ones: no server error, nothing undocumented"""
    examples = proof.count(small=2, full=150)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    run_folder(tmp_path / "home", write_city(tmp_path / "city"))
    statuses: Counter[int] = Counter()
    with serving(tmp_path / "home", log=tmp_path / "log", CUPOLA_QUERY_SHARE="0") as server:
        for address in ("/openapi.json", "/openapi.json?dataset=permits"):
            schema = schemathesis.openapi.from_url(f"http://{server.host}{address}")
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                for found in schema.get_all_operations():
                    with suppress(Unsatisfiable):  # without parameters there is no wrong way to ask
                        _ask(found.ok(), mode=mode, examples=examples, statuses=statuses)
    assert statuses[200] > 0
    assert statuses[400] > 0
    told = ", ".join(f"{count:,} with {status}" for status, count in sorted(statuses.items()))
    proof.found(f"{statuses.total():,} requests: {told}; no server error, nothing undocumented, nothing hidden told")


def _ask(operation: schemathesis.APIOperation, *, mode: GenerationMode, examples: int, statuses: Counter[int]) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        answer = case.call()
        case.validate_response(answer, checks=CHECKS)
        statuses[answer.status_code] += 1
        assert CANARY not in answer.text

    check()
