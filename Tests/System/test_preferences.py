"""What a person likes: their own, whole, and checked."""

import pytest

from harness.client import Person

PATH = "/api/user/preferences"
FIELDS = {"preferredProvider", "timeZone", "locale", "reminderOffsets", "notificationChannels", "customSettings",
          "googleSettings"}
ANSWERED = FIELDS | {"version"}


@pytest.fixture
def person(world):
    """Somebody whom no other test counts on, with their preferences as they were afterward."""
    somebody = world.rival.student2
    before = somebody.get(PATH).raise_for_status().json()
    yield somebody
    del before["version"]
    somebody.request("PUT", PATH, json=before).raise_for_status()


def put(person, **changes):
    return person.request("PUT", PATH, json=person.get(PATH).json() | changes)


def test_there_are_defaults(world):
    preferences = world.rival.mentor2.get(PATH).json()

    assert set(preferences) == ANSWERED and preferences["version"] == 0
    assert preferences["preferredProvider"] is None
    assert preferences["timeZone"] == "Asia/Shanghai"
    assert preferences["locale"] == "en"


def test_everything_is_replaced_and_read_again(person, world):
    before = world.rival.mentor2.get(PATH).json()
    wanted = {
        "preferredProvider": "feishu", "timeZone": "America/New_York", "locale": "ru", "reminderOffsets": [5, 40320],
        "notificationChannels": ["inApp"],
        "customSettings": {"joinMuted": True, "joinWithCamera": False, "mirrorCamera": False},
        "googleSettings": {"addToCalendar": False, "showAsBusy": False}}

    saved = person.request("PUT", PATH, json=wanted).json()

    assert saved == wanted | {"version": saved["version"]}
    assert person.get(PATH).json() == saved
    assert person.get("/api/auth/me").json()["timeZone"] == "America/New_York"
    assert world.rival.mentor2.get(PATH).json() == before


def test_of_two_tabs_the_second_to_save_is_told_and_nothing_is_lost(person):
    first, second = person.get(PATH).json(), person.get(PATH).json()

    saved = person.request("PUT", PATH, json=first | {"locale": "ru"}).raise_for_status().json()
    refused = person.request("PUT", PATH, json=second | {"reminderOffsets": [30]})

    assert refused.status_code == 409
    assert refused.json()["code"] == "stale_version" and refused.json()["currentVersion"] == saved["version"]
    assert person.get(PATH).json() == saved
    again = person.request("PUT", PATH, json=saved | {"reminderOffsets": [30]}).raise_for_status().json()
    assert again == saved | {"reminderOffsets": [30], "version": saved["version"] + 1}


@pytest.mark.parametrize(("field", "value", "named"), [
    ("version", -1, "version"), ("version", "1", "version"), ("version", 2**63, "version"),
    ("preferredProvider", "skype", "preferredProvider"), ("timeZone", "Mars/Olympus", "timeZone"),
    ("timeZone", "CEST", "timeZone"), ("timeZone", "europe/berlin", "timeZone"), ("timeZone", "x" * 65, "timeZone"), ("timeZone", "", "timeZone"),
    ("timeZone", "Europe/Berlin'; --", "timeZone"), ("timeZone", None, "timeZone"), ("locale", "de", "locale"),
    ("reminderOffsets", [4], "reminderOffsets[0]"), ("reminderOffsets", [60, 40321], "reminderOffsets[1]"),
    ("reminderOffsets", [60, 60], "reminderOffsets"), ("reminderOffsets", [7.5], "reminderOffsets[0]"),
    ("reminderOffsets", [5, 6, 7, 8, 9, 10], "reminderOffsets"),
    ("notificationChannels", ["pigeon"], "notificationChannels[0]"),
    ("notificationChannels", ["email", "email"], "notificationChannels"),
    ("customSettings", {"joinMuted": True, "joinWithCamera": True}, "customSettings.mirrorCamera"),
    ("googleSettings", {"addToCalendar": True, "showAsBusy": True, "color": 1}, "googleSettings.color"),
])
def test_what_cannot_be_taken_is_named(person, field, value, named):
    before = person.get(PATH).json()

    refused = put(person, **{field: value})

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [named]
    assert person.get(PATH).json() == before


def test_a_part_is_not_enough(person):
    refused = person.request("PUT", PATH, json={"locale": "en"})

    assert refused.status_code == 422
    assert {error["field"] for error in refused.json()["errors"]} == FIELDS - {"locale"}


def test_a_super_admin_without_an_organization_has_preferences_too(world):
    root = Person(world.server, "root@platform.example")

    assert root.get(PATH).json()["timeZone"] == "UTC"


def test_a_person_changes_their_name(person):
    before = person.get("/api/auth/me").json()
    changed = person.patch("/api/auth/me", {"name": "Zoë Example"})
    assert changed.json() == before | {"name": "Zoë Example"}
    assert person.get("/api/auth/me").json() == changed.json()
    person.patch("/api/auth/me", {"name": before["name"]}).raise_for_status()


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "Two\nlines", "Bell\u0007", "\u2028", None, 5])
def test_a_name_is_one_line_that_says_something(person, name):
    refused = person.patch("/api/auth/me", {"name": name})

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["name"]


def test_without_signing_in_there_are_none(person):
    assert person.http.get(PATH).status_code == 401
    assert person.http.put(PATH, json={}).status_code == 401
    assert person.http.patch("/api/auth/me", json={"name": "x"}).status_code == 401


@pytest.mark.parametrize("zone", [
    "Europe/Kyiv", "Europe/Kiev", "Asia/Kolkata", "Asia/Calcutta", "Asia/Ho_Chi_Minh", "Asia/Saigon", "Asia/Yangon",
    "Asia/Rangoon", "Asia/Kathmandu", "Asia/Katmandu", "America/Nuuk", "America/Godthab", "Singapore", "GMT", "EST", "UTC",
    "Etc/GMT+5", "US/Pacific"])
def test_names_of_zones_of_today_and_older_ones_are_taken_as_they_are(person, zone):
    answer = put(person, timeZone=zone)

    assert answer.status_code == 200, answer.text
    assert person.get(PATH).json()["timeZone"] == zone
    # The pages reckon in it.
    assert person.get("/api/auth/me").json()["timeZone"] == zone
