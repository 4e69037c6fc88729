"""Who may do what is what Tests/System/authorization says: every cell of it, asked of a running server."""

import json
import subprocess

import pytest

from authorization import NAMING, REQUESTS
from conftest import running
from harness import authorization
from harness.factory import Factory
from harness.matrix_requests import MatrixRequest
from harness.processes import BINARY
from harness.tokens import SIGNING_KEY

MATRIX = authorization.read()
CELLS = authorization.cells(MATRIX)


def by_area(routes):
    """The routes as parameters; those of one area are asked in one process."""
    return [pytest.param(route, marks=pytest.mark.xdist_group(f"authorization-{MATRIX[route].area}"))
            for route in sorted(routes)]


@pytest.fixture(scope="module")
def factory():
    with running(
            "authorization", CONVENE_SIGNING_KEY=SIGNING_KEY, CONVENE_TRUSTED_PROXIES="127.0.0.1/32",
            CONVENE_REQUESTS_PER_SECOND="0") as world:
        yield Factory(world)


def test_the_matrix_has_every_route_as_it_is_declared():
    document = json.loads(subprocess.run([BINARY, "openapi"], check=True, capture_output=True, text=True).stdout)

    assert authorization.differences(MATRIX, document) == []
    assert MATRIX.keys() == REQUESTS.keys(), "authorization/<area>.py has a request for every route"


def is_as_written(cell, status, headers, body):
    method, path = cell.route.split()
    to_sign_in = status == 303 and headers["location"].startswith("/sign-in")
    if cell.outcome == "sign-in":
        return to_sign_in
    if cell.outcome != "ok":
        return status == int(cell.outcome)
    if method == "GET":
        return status == 200
    if status == 303 and not path.startswith("/api/"):  # a form leads on
        return not to_sign_in
    # A refusal of what was sent tells about it; one that says nothing would hide who was let in.
    return 200 <= status < 300 or (status in (409, 422) and json.loads(body)["status"] == status)


@pytest.mark.parametrize("route", by_area(MATRIX))
def test_everybody_is_answered_as_the_matrix_says(factory, route):
    wrong = []
    for cell in CELLS:
        if cell.route != route:
            continue
        status, headers, body = MatrixRequest(factory, cell).send(REQUESTS[route])
        if not is_as_written(cell, status, headers, body):
            wrong.append(f"{cell} is {cell.outcome} in the matrix: {status} {body[:200]}")

    assert wrong == []


@pytest.mark.parametrize("route", by_area(NAMING))
def test_nobody_gets_at_another_organizations_thing_by_naming_their_own(factory, route):
    wrong = []
    for cell in CELLS:
        if cell.route != route or cell.thing != "foreign":
            continue
        status, _, body = MatrixRequest(factory, cell, as_if_own=True).send(REQUESTS[route])
        if not 400 <= status < 500:
            wrong.append(f"{cell}: {status} {body[:200]}")

    assert wrong == []
