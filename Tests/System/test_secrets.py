"""Organizations' own accounts at the providers, and what is kept secret: at rest, in answers and in logs."""

import json
import os
import re
import stat

import pytest

from harness.client import Organization
from harness.waiting import wait_until

ZOOM = {"accountId": "acc_demo", "clientId": "client_demo", "clientSecret": "secret_demo"}
FEISHU = {"region": "feishu", "appId": "cli_demo", "appSecret": "secret_demo", "ownerId": "ou_owner_demo"}
CANARIES = {"zoom": "canary-zoom-7b1f0e55a9", "feishu": "canary-feishu-93c2d4aa01"}


@pytest.fixture
def mine(new_world):
    return new_world()


def path(organization, rest=""):
    return f"/api/organizations/{organization.id}/providers{rest}"


def put(organization, provider, body, person=None):
    return (person or organization.admin).request("PUT", path(organization, f"/{provider}"), json=body)


def shown(organization, provider):
    items = organization.admin.get(path(organization)).raise_for_status().json()["items"]
    return next(item for item in items if item["provider"] == provider)


def check(organization, provider):
    return organization.admin.post(path(organization, f"/{provider}/test")).raise_for_status().json()


def settled(world, organization=None, **more):
    """A booking's session as soon as it waits for nothing any more."""
    people = organization or world.demo
    answer = people.counselor.book(world.booking(organization=people, **more))
    assert answer.status_code == 201, answer.text
    session = answer.json()["sessionId"]
    wait_until(
        lambda: people.counselor.session(session)["status"] != "pending_meeting", within=30, what="a meeting or none")
    return people.counselor.session(session)


# Setting


def test_without_an_account_of_its_own_the_installations_is_used(world):
    account = shown(world.demo, "zoom")

    assert account == {"provider": "zoom", "account": "installation", "hasSecret": False}


@pytest.mark.parametrize(("provider", "body"), [("zoom", ZOOM), ("feishu", FEISHU)])
def test_what_is_set_is_shown_without_its_secret(mine, provider, body):
    field = "clientSecret" if provider == "zoom" else "appSecret"
    answer = put(mine.demo, provider, body | {field: "long-enough-to-show-wxyz"})

    assert answer.status_code == 200
    account = shown(mine.demo, provider)
    assert account == answer.json()
    assert account["account"] == "organization" and account["hasSecret"] and account["secretEndsWith"] == "wxyz"
    assert account["settings"] == {name: value for name, value in body.items() if name != field}
    assert account["updatedBy"] == mine.demo.admin.id
    assert "long-enough" not in answer.text
    assert shown(mine.rival, provider)["account"] == "installation"


def test_nothing_of_a_short_secret_is_shown(mine):
    put(mine.demo, "zoom", ZOOM | {"clientSecret": "twelve-chars"})

    assert "secretEndsWith" not in shown(mine.demo, "zoom")


def test_a_secret_that_is_left_out_stays(mine):
    refused = put(mine.demo, "zoom", {name: value for name, value in ZOOM.items() if name != "clientSecret"})
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "clientSecret"

    put(mine.demo, "zoom", ZOOM)
    changed = put(mine.demo, "zoom", {"accountId": "acc_demo", "clientId": "client_demo", "host": "desk@demo.example"})

    assert changed.status_code == 200 and changed.json()["settings"]["host"] == "desk@demo.example"
    assert check(mine.demo, "zoom")["outcome"] == "ok"


@pytest.mark.parametrize(("provider", "body", "field"), [
    ("zoom", {"baseUrl": "http://169.254.169.254/"}, "baseUrl"),
    ("zoom", {"tokenUrl": "http://127.0.0.1/"}, "tokenUrl"),
    ("zoom", {"host": "../../oauth"}, "host"),
    ("zoom", {"host": ".."}, "host"),
    ("zoom", {"accountId": "a&grant_type=x"}, "accountId"),
    ("zoom", {"clientId": "a:b"}, "clientId"),
    ("zoom", {"clientSecret": "with space"}, "clientSecret"),
    ("zoom", {"clientSecret": ""}, "clientSecret"),
    ("zoom", {"clientSecret": "x" * 201}, "clientSecret"),
    ("feishu", {"region": "https://evil.example"}, "region"),
    ("feishu", {"ownerId": "ou\r\nX: y"}, "ownerId"),
    ("feishu", {"appSecret": "naïve"}, "appSecret"),
])
def test_a_wrong_field_is_named_and_never_quoted(world, provider, body, field):
    answer = put(world.demo, provider, (ZOOM if provider == "zoom" else FEISHU) | body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    if body[field]:
        assert str(body[field]) not in answer.text
    assert shown(world.demo, provider)["account"] == "installation"


def test_only_admins_of_the_organization_may(mine):
    put(mine.demo, "zoom", ZOOM)
    asked = [
        ("GET", "", None), ("PUT", "/zoom", ZOOM), ("DELETE", "/zoom", None), ("POST", "/zoom/test", None),
    ]
    for method, rest, body in asked:
        def status(person):
            return person.request(method, path(mine.demo, rest), json=body).status_code  # noqa: B023

        assert {status(getattr(mine.demo, role)) for role in ("counselor", "mentor", "student")} == {403}
        assert {status(getattr(mine.rival, role)) for role in ("admin", "counselor")} == {404}
    assert shown(mine.demo, "zoom")["account"] == "organization"


def test_a_provider_that_nobody_can_have_an_account_with_is_not_there(world):
    for method, rest in (("PUT", "/teams"), ("DELETE", "/room"), ("POST", "/nobody/test")):
        assert world.demo.admin.request(method, path(world.demo, rest), json={}).status_code == 404


# Testing with one click


def test_a_test_says_what_is_wrong(mine):
    assert mine.demo.admin.post(path(mine.demo, "/zoom/test")).json()["code"] == "provider_not_set"

    for provider, body, wrong, code in (
        ("zoom", ZOOM, {"clientSecret": "not-the-right-one"}, "account_zoom_client_unknown"),
        ("zoom", ZOOM, {"accountId": "somebody-elses"}, "account_zoom_account_unknown"),
        ("feishu", FEISHU, {"appSecret": "not-the-right-one"}, "account_feishu_app_unknown"),
    ):
        put(mine.demo, provider, body | wrong)
        refused = check(mine.demo, provider)
        assert (refused["outcome"], refused["code"]) == ("refused", code)
        account = shown(mine.demo, provider)
        assert (account["checkOutcome"], account["checkCode"]) == ("refused", code)
        assert account["checkDetail"] == refused["detail"]

        put(mine.demo, provider, body)
        assert "checkOutcome" not in shown(mine.demo, provider), "another account has not been tested"
        assert check(mine.demo, provider)["outcome"] == "ok"
        assert shown(mine.demo, provider)["checkOutcome"] == "ok"


def test_a_provider_that_does_not_answer_is_told_from_one_that_refuses(mine):
    put(mine.demo, "zoom", ZOOM)
    mine.simulators.fault("zoom", "error", status=503)

    assert check(mine.demo, "zoom")["outcome"] == "unreachable"


# Using it


def test_a_booking_is_held_with_the_organizations_own_account(mine):
    put(mine.demo, "zoom", ZOOM | {"host": "license@demo.example"})
    own = settled(mine)
    other = settled(mine, mine.rival)

    assert own["status"] == other["status"] == "scheduled"
    hosts = {row["title"]: row["provider_host"] for row in mine.postgresql.rows(
        "SELECT s.title, m.provider_host FROM all_sessions s JOIN meetings m ON m.id = s.meeting_id")}
    assert hosts == {own["title"]: "license@demo.example", other["title"]: mine.rival.mentor.email}


def test_a_changed_account_is_used_by_the_next_call(mine):
    assert settled(mine)["status"] == "scheduled"

    put(mine.demo, "zoom", ZOOM | {"clientSecret": "not-the-right-one"})
    refused = settled(mine)
    assert (refused["status"], refused["failure"]["code"]) == ("meeting_failed", "provider_credentials")
    assert settled(mine, mine.rival)["status"] == "scheduled"

    put(mine.demo, "zoom", ZOOM)
    assert mine.demo.counselor.post(f"/api/counselor/sessions/{refused['sessionId']}/retry").status_code in (200, 202)
    wait_until(
        lambda: mine.demo.counselor.session(refused["sessionId"])["status"] == "scheduled", within=30, what="a meeting")

    # As many versions again as before, after it was gone: none of them is taken for an older one.
    mine.demo.admin.request("DELETE", path(mine.demo, "/zoom"))
    put(mine.demo, "zoom", ZOOM | {"clientSecret": "not-the-right-one"})
    assert settled(mine)["status"] == "meeting_failed"
    mine.demo.admin.request("DELETE", path(mine.demo, "/zoom"))
    assert settled(mine)["status"] == "scheduled"
    mine.invariants()


def test_an_account_that_cannot_be_read_is_a_clear_refusal(mine):
    put(mine.demo, "zoom", ZOOM)
    put(mine.rival, "zoom", ZOOM)
    # What was sealed for one organization opens for no other.
    mine.postgresql.run(f"""
        UPDATE provider_credentials SET secret = (SELECT secret FROM provider_credentials
                                                  WHERE organization_id = '{mine.demo.id}')
        WHERE organization_id = '{mine.rival.id}'""")

    failed = settled(mine, mine.rival, meetingProvider="zoom")
    assert (failed["status"], failed["failure"]["code"]) == ("meeting_failed", "provider_credentials_unreadable")
    refused = check(mine.rival, "zoom")
    assert (refused["outcome"], refused["code"]) == ("refused", "call_credentials_unreadable")
    assert shown(mine.rival, "zoom")["hasSecret"]

    put(mine.rival, "zoom", ZOOM)
    assert settled(mine, mine.rival, meetingProvider="zoom")["status"] == "scheduled"


# Keys


def keys(world):
    return (world.server.data / "encryption.key").read_text().split()


def key_ids(world):
    return {row["id"] for row in world.postgresql.rows(
        "SELECT encode(substring(secret FROM 2 FOR 4), 'hex') AS id FROM provider_credentials")}


def test_the_key_is_for_its_owner_alone(mine):
    assert stat.S_IMODE(os.stat(mine.server.data / "encryption.key").st_mode) == 0o600


def test_keys_are_changed_while_the_server_runs(mine):
    put(mine.demo, "zoom", ZOOM | {"host": "license@demo.example"})
    put(mine.rival, "feishu", FEISHU)
    (before,), ids = keys(mine), key_ids(mine)

    done = mine.server.command("rotate-keys")

    assert done.returncode == 0, done.stdout + done.stderr
    (after,) = keys(mine)
    assert after != before and not ids & key_ids(mine) and len(key_ids(mine)) == 1
    assert before not in done.stdout and after not in done.stdout
    assert check(mine.demo, "zoom")["outcome"] == check(mine.rival, "feishu")["outcome"] == "ok"
    assert settled(mine)["status"] == settled(mine, mine.rival, meetingProvider="feishu")["status"] == "scheduled"

    # What is set now is sealed with the new key, which the server was not told of.
    assert put(mine.rival, "zoom", ZOOM).status_code == 200
    assert len(key_ids(mine)) == 1
    assert stat.S_IMODE(os.stat(mine.server.data / "encryption.key").st_mode) == 0o600
    mine.invariants()


def test_a_rotation_that_was_broken_off_is_finished_by_the_next(mine):
    put(mine.demo, "zoom", ZOOM)
    file = mine.server.data / "encryption.key"
    (old,) = keys(mine)
    new = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    file.write_text(f"{new}\n{old}\n")

    assert mine.server.command("rotate-keys").returncode == 0

    assert keys(mine) == [new]
    assert check(mine.demo, "zoom")["outcome"] == "ok"


def test_what_cannot_be_opened_keeps_the_old_key_and_is_named(mine):
    put(mine.demo, "zoom", ZOOM)
    put(mine.rival, "zoom", ZOOM)
    mine.postgresql.run(f"""
        UPDATE provider_credentials SET secret = (SELECT secret FROM provider_credentials
                                                  WHERE organization_id = '{mine.demo.id}')
        WHERE organization_id = '{mine.rival.id}'""")

    done = mine.server.command("rotate-keys")

    assert done.returncode == 1
    assert f"provider_credentials.secret of {mine.rival.id}" in done.stdout
    assert len(keys(mine)) == 2
    assert check(mine.demo, "zoom")["outcome"] == "ok"
    assert check(mine.rival, "zoom")["code"] == "call_credentials_unreadable", "it was the other organization's"


def test_a_server_with_other_keys_does_not_start(mine):
    """It would give up the mails that it cannot open."""
    put(mine.demo, "zoom", ZOOM)
    mine.server.stop()
    file, other = mine.server.data / "encryption.key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    own = file.read_text()
    for keys_there in (other, None):
        file.write_text(f"{other}\n") if keys_there else file.unlink()

        for roles in ("web", "worker"):
            mine.server.start(ready=False, CONVENE_ROLES=roles)

            assert mine.server.wait(30) == 1
            said = mine.server.log.read_text().strip().splitlines()[-1]
            assert "not this database's" in said and "rotate-keys" in said and other not in said
    refused = mine.server.command("rotate-keys")
    assert refused.returncode == 1 and "not this database's" in refused.stderr

    file.write_text(own)
    mine.server.start()
    assert check(mine.demo, "zoom")["outcome"] == "ok"


def test_a_lost_key_is_given_up_only_when_one_says_so(mine):
    put(mine.demo, "zoom", ZOOM)
    mine.server.stop()
    (mine.server.data / "encryption.key").unlink()

    done = mine.server.command("rotate-keys", "--old-keys-are-lost")

    assert done.returncode == 0 and f"provider_credentials.secret of {mine.demo.id}" in done.stdout
    mine.server.start()
    assert check(mine.demo, "zoom")["code"] == "call_credentials_unreadable"
    put(mine.demo, "zoom", ZOOM)
    assert check(mine.demo, "zoom")["outcome"] == "ok"


def test_keys_of_the_environment_are_changed_by_hand(new_world):
    old, new = ("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=", "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=")
    world = new_world(CONVENE_ENCRYPTION_KEY=old)
    put(world.demo, "zoom", ZOOM)
    assert not (world.server.data / "encryption.key").exists()
    world.server.stop()
    world.server.start(CONVENE_ENCRYPTION_KEY=f"{new},{old}")

    done = world.server.command("rotate-keys", CONVENE_ENCRYPTION_KEY=f"{new},{old}")

    assert done.returncode == 0 and "may be removed" in done.stdout, done.stdout + done.stderr
    world.server.stop()
    world.server.start(CONVENE_ENCRYPTION_KEY=new)
    assert check(world.demo, "zoom")["outcome"] == "ok"


def test_a_key_that_is_none_stops_the_start_by_name(new_world):
    world = new_world()
    world.server.stop()
    world.server.start(ready=False, CONVENE_ENCRYPTION_KEY="not-a-key-canary")

    assert world.server.wait(15) not in (0, None)
    log = world.server.log.read_text()
    assert "CONVENE_ENCRYPTION_KEY" in log and "not-a-key-canary" not in log


# Canaries


def test_secrets_are_in_no_answer_no_log_and_no_dump(new_world):
    world = new_world(CONVENE_LOG_LEVEL="trace")
    answers = []
    organization = Organization(world.server, "demo")
    for provider, body, field in (("zoom", ZOOM, "clientSecret"), ("feishu", FEISHU, "appSecret")):
        answers.append(put(organization, provider, body | {field: CANARIES[provider]}).text)
        answers.append(put(organization, provider, body | {field: CANARIES[provider] + " "}).text)
        answers.append(put(organization, provider, body | {field: CANARIES[provider], "more": CANARIES[provider]}).text)
        answers.append(put(organization, provider, body | {field: [CANARIES[provider]]}).text)
        answers.append(put(organization, provider, body | {field: CANARIES[provider]}, organization.counselor).text)
        answers.append(json.dumps(check(organization, provider)))
        answers.append(json.dumps(settled(world, meetingProvider=provider)))
        answers.append(organization.admin.get(path(organization)).text)
    world.simulators.fault("zoom", "drop_after", count=2)
    answers.append(json.dumps(check(organization, "zoom")))
    for about in ("/api/counselor/sessions", "/api/manual-interventions", "/api/audit", "/metrics"):
        answers.append(organization.admin.get(about).text)
    rotated = world.server.command("rotate-keys", CONVENE_LOG_LEVEL="trace")
    assert rotated.returncode == 0
    invariants = world.server.command("check")
    key = keys(world)[0]
    dump = world.postgresql.dump()
    assert "provider_credentials" in dump and re.search(r"\\\\x01[0-9a-f]{8}", dump)
    audited = wait_until(
        lambda: [item for item in organization.admin.items("/api/audit") if item["subjectType"] == "provider_account"],
        within=10, what="an entry in the audit log")
    answers.append(json.dumps(audited))
    assert {item["subjectId"] for item in audited} == {"zoom", "feishu"}
    logs = world.server.log.read_text(errors="replace") + "".join(
        file.read_text(errors="replace") for file in world.server.data.rglob("*.log"))
    assert '"level":"trace"' in logs or '"level":"debug"' in logs

    everywhere = {
        "answers": "\n".join(answers), "logs": logs, "dump": dump,
        "commands": rotated.stdout + rotated.stderr + invariants.stdout + invariants.stderr}
    for secret in (*CANARIES.values(), key):
        hexadecimal = secret.encode().hex()
        assert [place for place, text in everywhere.items() if secret in text or hexadecimal in text] == []
