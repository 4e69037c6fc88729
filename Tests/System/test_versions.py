"""What two people may edit at once has a version: the second to save is told, and nothing is lost."""

import uuid

import pytest

from harness import tokens
from harness.factory import PROVIDER_ACCOUNTS


def organization(world):
    """(its path, what is read there, a change, another change)"""
    path = f"/api/organizations/{world.rival.id}"
    return path, lambda: world.rival.admin.get(path).json(), "PATCH", {"name": "Rival One"}, {"timeZone": "Asia/Tokyo"}


def group(world):
    groups = f"/api/organizations/{world.rival.id}/groups"
    made = world.rival.admin.post(groups, {"name": uuid.uuid4().hex}).raise_for_status().json()

    def read():
        return next(one for one in world.rival.admin.items(groups) if one["id"] == made["id"])

    return f"{groups}/{made['id']}", read, "PATCH", {"name": uuid.uuid4().hex}, {"name": uuid.uuid4().hex}


def member(world):
    members = f"/api/organizations/{world.rival.id}/members"
    person = tokens.people(world.postgresql, world.rival.id, "student", 1)[0]

    def read():
        return world.rival.admin.get(members, params={"search": person.id}).json()["items"][0]

    return f"{members}/{person.id}", read, "PATCH", {"role": "mentor"}, {"role": "admin"}


def account(world, provider):
    accounts = f"/api/organizations/{world.rival.id}/providers"
    one = PROVIDER_ACCOUNTS[provider]

    def read():
        found = next(it for it in world.rival.admin.get(accounts).json()["items"] if it["provider"] == provider)
        return {"version": 0} | found

    name = "accountId" if provider == "zoom" else "appId"
    return f"{accounts}/{provider}", read, "PUT", one | {name: "first"}, one | {name: "second"}


THINGS = {
    "an organization": organization, "a group": group, "a member's role": member,
    "a Zoom account": lambda world: account(world, "zoom"), "a Feishu account": lambda world: account(world, "feishu"),
}


@pytest.fixture
def rival(world):
    """The rival, as it was afterward."""
    path = f"/api/organizations/{world.rival.id}"
    before = world.rival.admin.get(path).json()
    yield world.rival
    world.rival.admin.patch(path, {"name": before["name"], "timeZone": before["timeZone"]}).raise_for_status()
    for provider in PROVIDER_ACCOUNTS:
        world.rival.admin.request("DELETE", f"{path}/providers/{provider}").raise_for_status()


@pytest.mark.parametrize("thing", THINGS)
def test_the_second_to_save_is_told(world, rival, thing):
    path, read, method, first, second = THINGS[thing](world)
    version = read()["version"]

    saved = rival.admin.request(method, path, json=first | {"version": version})
    assert saved.is_success, saved.text
    now = read()
    assert now["version"] > version
    for stale in (version, now["version"] + 1, 2**53 - 1):
        refused = rival.admin.request(method, path, json=second | {"version": stale})
        assert refused.status_code == 409, refused.text
        assert refused.json()["code"] == "stale_version" and refused.json()["currentVersion"] == now["version"]
    assert read() == now

    again = rival.admin.request(method, path, json=second | {"version": now["version"]})
    assert again.is_success, again.text
    assert read()["version"] > now["version"]


@pytest.mark.parametrize("thing", THINGS)
def test_without_a_version_a_change_is_made_as_before(world, rival, thing):
    path, read, method, first, second = THINGS[thing](world)

    for change in (first, second):
        assert rival.admin.request(method, path, json=change).is_success
    assert read().items() >= {name: value for name, value in second.items() if name in read()}.items()


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("version", [-1, "1", 1.5, 2**63, None, True])
def test_what_is_no_version_is_named(world, rival, thing, version):
    path, read, method, first, _ = THINGS[thing](world)
    before = read()

    refused = rival.admin.request(method, path, json=first | {"version": version})

    assert refused.status_code == 422, refused.text
    assert [error["field"] for error in refused.json()["errors"]] == ["version"]
    assert read() == before


def test_a_change_of_nothing_that_is_there_is_not_found(world):
    for path in ("groups", "members"):
        body = {"name": "x"} if path == "groups" else {"role": "mentor"}
        answer = world.rival.admin.patch(
            f"/api/organizations/{world.rival.id}/{path}/{uuid.uuid4()}", body | {"version": 1})
        assert answer.status_code == 404


@pytest.mark.parametrize(("first", "second"), [
    (" ISTANBUL ", "ISTANBUL"), ("istanbul 2", "ISTANBUL 2"), ("\u0130stanbul 3", "istanbul 3"),
    ("Year  12", "year\u00a012"), ("\u00c9cole", "e\u0301cole")])
def test_a_groups_name_is_one_name_however_it_is_written(world, first, second):
    path = f"/api/organizations/{world.rival.id}/groups"
    made = world.rival.admin.post(path, {"name": first})
    assert made.status_code == 201, made.text

    taken = world.rival.admin.post(path, {"name": second})

    assert taken.status_code == 409 and taken.json()["code"] == "already_taken"
    assert made.json()["name"] == first.strip()
    world.rival.admin.request("DELETE", f"{path}/{made.json()['id']}").raise_for_status()
