"""Fixtures that start the real server. Logs are kept in .build/system-test-logs and shown when a test fails."""

import contextlib
import itertools
import re
import signal

import pytest

from harness.bookings import Times, booking
from harness.client import Organization
from harness.database import PostgreSQL
from harness.tokens import SIGNING_KEY
from harness.processes import BINARY, Server, Simulators

_processes = []


def pytest_sessionstart(session):
    if not BINARY.exists() and not session.config.option.collectonly:
        pytest.exit(f"{BINARY} is missing: run `make build` first", returncode=2)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        for process in _processes:
            report.sections.append((f"end of {process.log.name}", process.tail()))


class World:
    """A server, the providers' simulators, its people and its database: what a test needs of one installation."""

    def __init__(self, name, simulators, **environment):
        self.simulators = simulators
        self.server = Server(name, simulators, **environment)
        _processes.append(self.server)
        self.times = Times()
        self.demo = Organization(self.server, "demo")
        self.rival = Organization(self.server, "rival")
        self.postgresql = PostgreSQL(self.server.data)

    def booking(self, kind="regular_mentoring", organization=None, **more):
        """A booking of the demo's people at a time of its own."""
        people = organization or self.demo
        student = [people.student.id, people.student2.id] if kind == "class_session" else people.student.id
        host = people.counselor if kind == "comm_session" else people.mentor
        return booking(kind, self.times.next(), student, host.id, **more)

    def invariants(self):
        """Runs `convene check`, which must find nothing wrong."""
        done = self.server.command("check")
        assert done.returncode == 0, f"convene check: {done.returncode}\n{done.stdout}\n{done.stderr}"

    def close(self):
        try:
            status = self.server.stop()
            assert status in (None, 0, 1, -signal.SIGKILL), f"{self.server.name} ended with {status}"
        finally:
            self.server.remove()
            _processes.remove(self.server)


def _name(node):
    return re.sub(r"[^\w.-]+", "-", node.name)[:100]


@contextlib.contextmanager
def running(name, start=True, simulators=None, **environment):
    """A world that is closed again whatever happens, with simulators of its own unless some are given."""
    with contextlib.ExitStack() as ending:
        if simulators is None:
            simulators = Simulators(f"{name}-simulators")
            ending.callback(simulators.stop)
            simulators.start()
        world = World(name, simulators, **environment)
        ending.callback(world.close)
        if start:
            world.server.start()
        yield world


@pytest.fixture(scope="session")
def simulators():
    made = Simulators("simulators").start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def world(simulators):
    """One server for all tests that only add to it."""
    with running("server", simulators=simulators, CONVENE_SIGNING_KEY=SIGNING_KEY) as made:
        yield made


@pytest.fixture(scope="session")
def shared_world():
    """Makes a server that the tests of one folder share."""
    return running


@pytest.fixture
def new_world(request):
    """Makes servers of the test's own, each with simulators of its own, for tests that kill or fault them."""
    numbers = itertools.count(1)
    with contextlib.ExitStack() as ending:
        yield lambda **environment: ending.enter_context(
            running(f"{_name(request.node)}-{next(numbers)}", **environment))


@pytest.fixture
def own_databases(world):
    """Makes empty databases of an owner who is no superuser, and gives their addresses."""
    _, port, socket, _ = world.postgresql.postmaster
    made = []

    def make(name):
        world.postgresql.psql(f"CREATE DATABASE {name} OWNER plain_owner", database="postgres")
        made.append(name)
        return f"host='{socket}' port={port} dbname={name} user=plain_owner"

    world.postgresql.psql("CREATE ROLE plain_owner LOGIN CREATEROLE", database="postgres")
    yield make
    for name in made:
        world.postgresql.psql(f"DROP DATABASE {name} WITH (FORCE)", database="postgres")
    world.postgresql.psql("DROP ROLE plain_owner", database="postgres")
