"""Fixtures that start the real server. Logs are kept in .build/system-test-logs and shown when a test fails.

Tests run in several processes (pytest-xdist), each with servers and clusters of its own. The tests of one file stay
together and share a server; a test that makes a new world goes wherever there is room.
"""

import contextlib
import itertools
import os
import pathlib
import random
import re
import signal

import pytest

from harness import template
from harness.bookings import Times, booking
from harness.client import Organization
from harness.database import PostgreSQL
from harness.processes import BINARY, Server, Simulators
from harness.tokens import SIGNING_KEY

HERE = pathlib.Path(__file__).parent
_processes = []


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # the process that starts the others, or the only one there is
        ending = contextlib.ExitStack()
        ending.enter_context(template.kept())
        config.add_cleanup(ending.close)
        os.environ.setdefault("CONVENE_TEST_SEED", str(random.randrange(10**8)))


def pytest_report_header():
    return f"CONVENE_TEST_SEED={os.environ['CONVENE_TEST_SEED']} generates the same requests again"


def pytest_sessionstart(session):
    if not BINARY.exists() and not session.config.option.collectonly:
        pytest.exit(f"{BINARY} is missing: run `make build` first", returncode=2)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Says which tests stay together, and lets those begin first that take longest."""
    for item in items:
        if not item.get_closest_marker("xdist_group") and "new_world" not in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(HERE).as_posix()))
    long = {_group(item) for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: _group(item) not in long)


def _group(item):
    marker = item.get_closest_marker("xdist_group")
    return marker.args[0] if marker else item.nodeid


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
        self.postgresql.close()
        try:
            status = self.server.stop()
            assert status in (None, 0, 1, -signal.SIGKILL), f"{self.server.name} ended with {status}"
        finally:
            self.server.remove()
            _processes.remove(self.server)


def _name(node):
    return re.sub(r"[^\w.-]+", "-", node.name)[:100]


@contextlib.contextmanager
def running(name, start=True, simulators=None, empty=False, **environment):
    """A world that is closed again whatever happens, with simulators of its own unless some are given.

    Its server finds a copy of the template, or nothing at all when it is to be `empty`.
    """
    with contextlib.ExitStack() as ending:
        if simulators is None:
            simulators = Simulators(f"{name}-simulators")
            ending.callback(simulators.stop)
            simulators.start()
        world = World(name, simulators, **environment)
        ending.callback(world.close)
        if not empty:
            template.copy_to(world.server.data)
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
    _, port, socket = world.postgresql.postmaster
    made = []

    def make(name):
        world.postgresql.run(f"CREATE DATABASE {name} OWNER plain_owner", database="postgres")
        made.append(name)
        return f"host='{socket}' port={port} dbname={name} user=plain_owner"

    world.postgresql.run("CREATE ROLE plain_owner LOGIN CREATEROLE", database="postgres")
    yield make
    for name in made:
        world.postgresql.run(f"DROP DATABASE {name} WITH (FORCE)", database="postgres")
    world.postgresql.run("DROP ROLE plain_owner", database="postgres")
