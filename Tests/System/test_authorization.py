"""Who may do what is what authorization.txt says: every cell of it, asked of a running server."""

import json
import subprocess

import pytest

from conftest import running
from harness import authorization
from harness.factory import Factory
from harness.tokens import SIGNING_KEY
from harness.processes import BINARY
from harness.matrix_requests import NAMING, REQUESTS, MatrixRequest

MATRIX = authorization.read()
CELLS = authorization.cells(MATRIX)
REFUSALS = {401, 403, 404}


@pytest.fixture(scope="module")
def factory():
    with running(
            "authorization", CONVENE_SIGNING_KEY=SIGNING_KEY, CONVENE_TRUSTED_PROXIES="127.0.0.1/32",
            CONVENE_REQUESTS_PER_SECOND="0") as world:
        yield Factory(world)


def test_the_matrix_has_every_route_as_it_is_declared():
    document = json.loads(subprocess.run([BINARY, "openapi"], check=True, capture_output=True, text=True).stdout)

    assert authorization.differences(MATRIX, document) == []
    assert MATRIX.keys() == REQUESTS.keys(), "harness/matrix_requests.py has a request for every route"


def is_as_written(outcome, method, status, body):
    if outcome != "ok":
        return status == int(outcome)
    if method == "GET":
        return status == 200
    # A refusal of what was sent tells about it; one that says nothing would hide who was let in.
    return 200 <= status < 300 or (status in (409, 422) and json.loads(body)["status"] == status)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("route", MATRIX)
def test_everybody_is_answered_as_the_matrix_says(factory, route):
    wrong = []
    for cell in CELLS:
        if cell.route != route:
            continue
        status, _, body = MatrixRequest(factory, cell).send()
        if not is_as_written(cell.outcome, route.split()[0], status, body):
            wrong.append(f"{cell} is {cell.outcome} in the matrix: {status} {body[:200]}")

    assert wrong == []


@pytest.mark.timeout(900)
@pytest.mark.parametrize("route", sorted(NAMING))
def test_nobody_gets_at_another_organizations_thing_by_naming_their_own(factory, route):
    wrong = []
    for cell in CELLS:
        if cell.route != route or cell.thing != "foreign":
            continue
        status, _, body = MatrixRequest(factory, cell, as_if_own=True).send()
        if not 400 <= status < 500:
            wrong.append(f"{cell}: {status} {body[:200]}")

    assert wrong == []
