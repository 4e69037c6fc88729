"""Whatever is sent to an operation of /openapi.json, the answer is one that the document promises."""

import collections
import json
import os
import pathlib
import re
import subprocess

import httpx
import pytest

from harness.bookings import KINDS
from harness.processes import LOGS, ROOT
from harness.waiting import wait_until

SCHEMATHESIS = ROOT / ".build/venv-schemathesis/bin/schemathesis"
SEED = os.environ["CONVENE_TEST_SEED"]  # another one in each run of the tests
# A few for each run of the tests, and many in `make soak`.
EXAMPLES = os.environ.get("CONVENE_TEST_EXAMPLES", "10")
MANY_EXAMPLES = os.environ.get("CONVENE_TEST_MANY_EXAMPLES", "200")
RUNS = [("counselor", "anything"), ("admin", "what exists"), ("admin", "what ends")]
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "negative_data_rejection",
]
# What would end the token that all the others use, or take away the people whom they are about. It has a run of its own.
ENDINGS = [
    "/api/auth/sign-out", "/api/auth/sign-out-everywhere", "/api/auth/password", "/api/auth/sessions/{id}",
    "/api/organizations/{organizationId}/members/{userId}",
    # With another default provider, which has no account here, nothing can be booked any more.
    "/api/organizations/{organizationId}",
    # An id that was generated to be wrong, and is replaced by one that exists, makes a right invitation.
    "/api/organizations/{organizationId}/admins",
]
# The stream never ends (test_stream.py reads it).
LEFT_OUT = ["/api/events/stream"]


def test_the_document_is_served_and_names_every_operation_once(world):
    document = world.demo.admin.get("/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    names = [operation["operationId"] for operations in document["paths"].values()
             for method, operation in operations.items() if method in ("get", "put", "post", "patch", "delete")]
    assert len(names) == len(set(names)) > 10


def things(world):
    """Sessions of every kind and state, and everybody, for requests about what exists."""
    sessions = []
    for kind in KINDS * 2:
        sessions.append(world.demo.counselor.book(world.booking(kind)).json()["sessionId"])
    world.demo.counselor.cancel(sessions[0])
    world.simulators.fault("zoom", "error", operation="create", status=400, count=1)
    sessions.append(world.demo.counselor.book(world.booking()).json()["sessionId"])
    students = [world.demo.student.id, world.demo.student2.id]
    mentors = [world.demo.mentor.id, world.demo.mentor2.id]
    return {
        "session": sessions, "studentId": students, "studentIds": students, "mentorId": mentors, "users": mentors,
        "counselorId": [world.demo.counselor.id], "organizationId": [world.demo.id],
        "X-Organization-Id": [world.demo.id],
    }


@pytest.mark.long
@pytest.mark.parametrize(("role", "about"), RUNS)
def test_no_input_gets_an_answer_that_is_not_promised(new_world, role, about):
    ask_anything(new_world(), role, about, EXAMPLES)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("role", "about"), RUNS)
def test_no_input_of_very_many_gets_an_answer_that_is_not_promised(new_world, role, about):
    ask_anything(new_world(), role, about, MANY_EXAMPLES)


def ask_anything(world, role, about, examples):
    """Asks every operation for `examples` generated things, and looks whether the server is as it was afterward."""
    person = getattr(world.demo, role)
    command = [
        SCHEMATHESIS, "run", f"{world.server.url}/openapi.json", "--no-color",
        "--header", f"Authorization: Bearer {person.token}",
        "--max-examples", examples, "--seed", SEED, "--checks", ",".join(CHECKS),
        "--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all", "--warnings", "off",
        # One worker: with two, Python 3.11's ast.parse (cpython issue 106905), which the tool uses, fails now and then.
        "--generation-database", "none", "--request-timeout", "30", "--workers", "1",
    ]
    if about == "what ends":
        for path in ENDINGS:
            command += ["--include-path", path]
    else:
        for path in LEFT_OUT + ENDINGS:
            command += ["--exclude-path", path]
    environment = dict(os.environ)
    if about == "what exists":
        environment |= {
            "CONVENE_TEST_THINGS": json.dumps(things(world)), "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
            "PYTHONPATH": str(pathlib.Path(__file__).parent / "harness"),
        }
    report = LOGS / f"schemathesis-{role}-{about.replace(' ', '-')}.log"

    with report.open("w") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, cwd=LOGS, env=environment)

    text = report.read_text(errors="replace")
    print(f"seed {SEED}, {examples} examples; the whole report is in {report.relative_to(ROOT)}")
    assert world.server.alive, f"the server ended with {world.server.running.returncode}"
    assert done.returncode == 0, re.sub(r"Bearer [\w.-]+", "Bearer …", text)[-8000:]
    if about == "what exists":
        assert answered(world)["/api/counselor/sessions/book"] >= {"201", "409", "422"}
    wait_until(lambda: httpx.get(f"{world.server.url}/ready").status_code == 200, within=10)
    world.invariants()


def answered(world):
    """The statuses that each route has answered with, from the log."""
    found = collections.defaultdict(set)
    for line in world.server.log.read_text(errors="replace").splitlines():
        entry = json.loads(line) if line.startswith("{") else {}
        if entry.get("message") == "request":
            found[entry["route"]].add(entry["status"])
    return found
