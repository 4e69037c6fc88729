"""Whatever a signed-in caller creates is created once for each Idempotency-Key."""

import concurrent.futures
import json

import httpx
import pytest

from authorization import REQUESTS
from harness.authorization import Cell
from harness.factory import Factory
from harness.matrix_requests import MatrixRequest, unique

ADMINS = "POST /api/organizations/{organizationId}/admins"
CREATING = [
    "POST /api/auth/keys", "POST /api/auth/second-factor", "POST /api/counselor/sessions/book",
    "POST /api/organizations", ADMINS, "POST /api/organizations/{organizationId}/groups",
    "POST /api/organizations/{organizationId}/invitations",
    "POST /api/organizations/{organizationId}/invitations/{id}/resend",
    "POST /api/organizations/{organizationId}/members",
]
# Their responses show a secret once.
SECRET = {
    "POST /api/auth/keys", "POST /api/auth/second-factor",
    # Where no mail goes out, these have the link.
    "POST /api/organizations/{organizationId}/admins", "POST /api/organizations/{organizationId}/invitations",
    "POST /api/organizations/{organizationId}/invitations/{id}/resend",
}


@pytest.fixture(scope="module")
def factory(world):
    return Factory(world)


class Creation:
    """A request that creates something, to be sent any number of times."""

    def __init__(self, factory, route):
        caller = "super" if route == "POST /api/organizations" else "admin"
        self.factory, self.route, self.key = factory, route, unique()
        request = MatrixRequest(factory, Cell(route, caller, "colleague's", "ok"))
        self.caller, self.headers = request.caller, request.by_header
        self.path, self.more = REQUESTS[route](request)
        if route == "POST /api/auth/second-factor":  # which asks for no password after signing in by a link
            self.factory.postgresql.run(f"UPDATE sign_ins SET method = 'link' WHERE id = '{self.caller.sign_in}'")
        if route == ADMINS:
            self.more = {"json": {"email": f"{unique()}@guests.example"}}

    def send(self, key=None, caller=None, **changes):
        more = self.more | ({"json": self.more["json"] | changes} if changes else {})
        headers = self.headers | {"Idempotency-Key": key or self.key}
        status, headers, body = self.factory.ask(caller or self.caller, "POST", self.path, headers=headers, **more)
        return status, headers.get("location"), body


def test_every_request_that_creates_something_takes_a_key(factory):
    paths = factory.http.get("/openapi.json").json()["paths"]
    posts = {f"POST {path}": operations["post"] for path, operations in paths.items() if "post" in operations}
    creating = {route for route, post in posts.items() if "201" in post["responses"] and post["security"]}
    keyed = {route for route, post in posts.items()
             if any(parameter["name"] == "Idempotency-Key" for parameter in post.get("parameters", []))}

    assert creating == keyed == set(CREATING)


@pytest.mark.parametrize("route", CREATING)
def test_the_same_request_again_gets_the_same_response_again(factory, route):
    creation = Creation(factory, route)

    first = creation.send()

    assert first[0] == 201, first
    assert [creation.send() for _ in range(2)] == [first, first]


@pytest.mark.parametrize("route", [route for route in CREATING if "resend" not in route])
def test_another_request_with_the_key_is_refused(factory, route):
    creation = Creation(factory, route)
    assert creation.send()[0] == 201
    other = {
        "POST /api/auth/second-factor": {"currentPassword": "plum-harbour-lantern"},
        "POST /api/counselor/sessions/book": {"title": "Other"}, ADMINS: {"email": f"{unique()}@guests.example"},
        "POST /api/organizations/{organizationId}/invitations": {"role": "mentor"},
        "POST /api/organizations/{organizationId}/members": {"role": "mentor"},
    }.get(route, {"name": "Other"})

    status, _, body = creation.send(**other)

    assert (status, json.loads(body)["code"]) == (422, "idempotency_key_reused")


def test_another_person_with_the_same_key_is_another_request(factory):
    creation = Creation(factory, "POST /api/organizations/{organizationId}/groups")
    first = creation.send()

    second = creation.send(caller=factory.somebody("admin", factory.home), name=unique())

    assert first[0] == second[0] == 201 and first[2] != second[2]


def test_of_many_at_once_one_is_done(factory):
    creation = Creation(factory, "POST /api/organizations/{organizationId}/groups")

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: creation.send(), range(8)))

    assert len(answers) == 1 and answers.pop()[0] == 201


def test_whoever_was_taken_out_since_gets_no_response_again(factory):
    creation = Creation(factory, "POST /api/organizations/{organizationId}/groups")
    assert creation.send()[0] == 201
    factory.leave(creation.caller)

    assert creation.send()[0] == 404


@pytest.mark.parametrize("route", CREATING)
def test_a_response_that_shows_a_secret_is_sealed(factory, route):
    creation = Creation(factory, route)
    assert creation.send()[0] == 201

    sealed = factory.postgresql.value(
        f"SELECT body IS NULL FROM idempotency_keys WHERE key = '{creation.key}'")

    assert (sealed in (True, "t")) == (route in SECRET)


def test_two_keys_are_refused(world):
    answer = httpx.post(
        f"{world.server.url}/api/counselor/sessions/book", json=world.booking(),
        headers=[*world.demo.counselor.headers.items(), ("Idempotency-Key", "one"), ("Idempotency-Key", "two")])

    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "Idempotency-Key"
