"""One odd answer, or one session that kills its server, costs that session and nothing else."""

import json
import signal
import uuid

import httpx
import pytest

from harness.waiting import wait_until

RESERVE = {"id": "7350000000000000042", "meeting_no": "235812466", "password": "480213",
           "url": "https://vc.feishu.cn/j/235812466"}


def settled(world, session, within=30):
    def found():
        view = world.demo.counselor.session(session)
        return view if view["status"] != "pending_meeting" else None

    return wait_until(found, within=within, what="the session to settle")


@pytest.mark.parametrize("end", ["99999999999999", "nan", "inf", "1e17", "-1770086400", ""])
def test_a_time_that_is_none_costs_its_session_and_nothing_else(end, world):
    answer = {"code": 0, "msg": "success", "data": {"reserve": RESERVE | {"end_time": end}}}
    world.simulators.fault("feishu", "answer", operation="create", count=1, body=json.dumps(answer))
    booked = world.demo.counselor.book(world.booking(meetingProvider="feishu")).json()["sessionId"]

    session = settled(world, booked)

    assert session["status"] == "meeting_failed"
    assert session["failure"]["code"] == "provider_answer_lost" and session["failure"]["requiresManualIntervention"]
    well = world.demo.counselor.book(world.booking(meetingProvider="feishu")).json()["sessionId"]
    assert settled(world, well)["status"] == "scheduled"


def test_a_session_that_kills_its_server_is_set_aside_and_given_up(new_world):
    world = new_world(start=False)
    server, postgresql = world.server, world.postgresql
    server.start()
    world.demo.counselor.token  # noqa: B018  signed in before anything fails
    wanted, key = world.booking(), str(uuid.uuid4())
    server.stop()
    for death in range(5):
        server.start(CONVENE_FAIL="claimed", ready=False)
        if death == 0:
            server.wait_ready()
            try:
                world.demo.counselor.book(wanted, key)
            except httpx.TransportError:
                pass
        else:
            # As if its lease had run out: the one before is gone.
            wait_until(
                lambda: postgresql.run("UPDATE sagas SET lease_until = now() - interval '1 s'") or True, within=30,
                what="PostgreSQL to be there")
        assert server.wait(60) == -signal.SIGKILL, f"it survived, after {death} deaths"

    server.start()
    postgresql.run("UPDATE sagas SET lease_until = now() - interval '1 s'")
    case, = wait_until(lambda: world.demo.admin.items("/api/manual-interventions"), within=30, what="the case")
    assert case["code"] == "set_aside"
    session = world.demo.counselor.book(wanted, key).json()["sessionId"]
    assert world.demo.counselor.session(session)["status"] == "pending_meeting"
    other = world.demo.counselor.book(world.booking()).json()["sessionId"]
    assert settled(world, other)["status"] == "scheduled"

    postgresql.run(f"UPDATE sagas SET deadline = now(), run_at = now() WHERE id = '{session}'")
    failed = settled(world, session)
    assert failed["status"] == "meeting_failed" and failed["failure"]["code"] == "set_aside"
    assert len(world.simulators.live()) == 1
    world.invariants()


def test_what_was_leased_when_the_server_was_stopped_goes_on_at_once(new_world):
    world = new_world()
    world.simulators.fault("zoom", "slow", operation="create", delayMs=12_000)
    sessions = [
        world.demo.counselor.book(world.booking(meetingProvider="zoom")).json()["sessionId"] for _ in range(5)]
    wait_until(
        lambda: world.postgresql.value("SELECT count(*) FROM provider_calls WHERE status = 'intended'") == 5, within=20,
        what="every create to be on its way")

    assert world.server.stop(within=11) == 0
    world.simulators.heal()
    world.server.start()

    # A lease that was left behind would keep them for most of a minute.
    for session in sessions:
        assert settled(world, session, within=35)["status"] == "scheduled"
    wait_until(lambda: len(world.simulators.live()) == 5, within=30, what="no stray meeting")
    world.invariants()
