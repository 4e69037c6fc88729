"""Whatever is sent to an operation of /openapi.json, the answer is one that the document promises."""

import os
import re
import subprocess

import pytest

from harness.processes import LOGS, ROOT
from harness.waiting import wait_until

SCHEMATHESIS = ROOT / ".build/venv-schemathesis/bin/schemathesis"
SEED = os.environ.get("CONVENE_TEST_SEED", "20261121")
EXAMPLES = os.environ.get("CONVENE_TEST_EXAMPLES", "200")
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "negative_data_rejection",
]
# The stream never ends (test_stream.py reads it); signing out would end the token that all the others use.
LEFT_OUT = ["/api/events/stream", "/api/auth/sign-out"]


def test_the_document_is_served_and_names_every_operation_once(world):
    document = world.demo.admin.get("/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    names = [operation["operationId"] for operations in document["paths"].values()
             for method, operation in operations.items() if method in ("get", "put", "post", "patch", "delete")]
    assert len(names) == len(set(names)) > 10


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("role", ["counselor", "admin"])
def test_no_input_gets_an_answer_that_is_not_promised(new_world, role):
    world = new_world()
    person = getattr(world.demo, role)
    command = [
        SCHEMATHESIS, "run", f"{world.server.url}/openapi.json", "--no-color",
        "--header", f"Authorization: Bearer {person.token}",
        "--max-examples", EXAMPLES, "--seed", SEED, "--checks", ",".join(CHECKS),
        "--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all", "--warnings", "off",
        "--generation-database", "none", "--request-timeout", "30", "--workers", "2",
    ]
    for path in LEFT_OUT:
        command += ["--exclude-path", path]
    report = LOGS / f"schemathesis-{role}.log"

    with report.open("w") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, cwd=LOGS)

    text = report.read_text(errors="replace")
    print(f"seed {SEED}, {EXAMPLES} examples; the whole report is in {report.relative_to(ROOT)}")
    assert done.returncode == 0, re.sub(r"Bearer [\w.-]+", "Bearer …", text)[-8000:]
    wait_until(lambda: world.demo.admin.get("/ready").status_code == 200, within=10)
    world.invariants()
