"""An installation without the demo: nothing is set up yet, and nothing stands in the way of the first booking."""

import concurrent.futures
import os
import pty
import re
import signal
import subprocess

import httpx
import pytest

from harness import tokens
from harness.bookings import Times, booking
from harness.database import PostgreSQL
from harness.processes import BINARY, Server
from harness.waiting import wait_until

PASSWORD = "violet harbour 17 lanterns"


class Acme:
    """An organization that was founded a minute ago, and its people."""

    def __init__(self, server, postgresql):
        self.server = server
        root, = tokens.super_admins(postgresql, 1)
        founded = httpx.post(
            f"{server.url}/api/organizations", headers=root.headers,
            json={"slug": "acme", "name": "Acme", "timeZone": "Europe/Berlin", "defaultProvider": "zoom"})
        self.id = founded.raise_for_status().json()["id"]
        self.admin, self.counselor, self.student, self.mentor = (
            tokens.people(postgresql, self.id, role, 1)[0] for role in ("admin", "counselor", "student", "mentor"))

    def page(self, person, path):
        return httpx.get(f"{self.server.url}{path}", cookies={"convene": person.cookie}).raise_for_status().text

    def ask(self, method, path, **more):
        return httpx.request(method, f"{self.server.url}{path}", headers=self.counselor.headers, **more)

    def book(self):
        wanted = booking("regular_mentoring", Times().next(), self.student.id, self.mentor.id)
        return self.ask("POST", "/api/counselor/sessions/book", json=wanted)


def test_without_a_video_service_the_page_says_what_to_do():
    server = Server("first-day", arguments=(), CONVENE_SIGNING_KEY=tokens.SIGNING_KEY)
    try:
        acme = Acme(server.start(), PostgreSQL(server.data))

        for person, told in ((acme.admin, 'href="/organization/providers"'), (acme.counselor, "Ask an administrator")):
            page = acme.page(person, "/book")
            assert "No video service is connected yet" in page and told in page
            assert 'id="booking"' not in page
        refused = acme.book()
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "meetingProvider"
    finally:
        server.stop()
        server.remove()


def test_nobody_needs_a_contract_before_units_are_billed(new_world):
    world = new_world(CONVENE_SIGNING_KEY=tokens.SIGNING_KEY)
    acme = Acme(world.server, world.postgresql)

    made = acme.book()

    assert made.status_code == 201, made.text
    session = f"/api/counselor/sessions/{made.json()['sessionId']}"
    wait_until(lambda: acme.ask("GET", session).json()["status"] == "scheduled", within=30, what="its meeting")
    world.invariants()


@pytest.fixture
def bare():
    """A server without demo, mail server and anything else, in an empty folder."""
    server = Server("first-day-bare", arguments=(), CONVENE_SIGNING_KEY=tokens.SIGNING_KEY)
    yield server
    server.stop()
    server.remove()


@pytest.fixture(scope="module")
def untouched():
    """One such server for tests that leave it as it is: nobody sets it up, and anybody may sign up."""
    server = Server("first-day-untouched", arguments=(), CONVENE_SIGN_UP="open")
    yield server.start()
    server.stop()
    server.remove()


def printed_links(server):
    return re.findall(r"Set it up at (\S+)", server.log.read_text())


def set_up(link, email="ada@acme.example"):
    url = httpx.URL(link)
    form = {"token": url.params["token"], "organization": "Acme", "name": "Ada Acme", "email": email,
            "password": PASSWORD, "timeZone": "Europe/Berlin"}
    return httpx.post(url.copy_with(query=None), data=form, timeout=60)


def signed_in(server, email="ada@acme.example"):
    client = httpx.Client(base_url=server.url)
    token = client.post("/api/auth/token", json={"email": email, "password": PASSWORD}).raise_for_status().json()
    client.headers["Authorization"] = f"Bearer {token['accessToken']}"
    return client


def test_the_printed_link_makes_the_first_admin_and_their_organization(bare):
    bare.start()
    link, = printed_links(bare)

    assert set_up(link).headers["location"] == "/week"

    me = signed_in(bare).get("/api/auth/me").json()
    assert me["superAdmin"] and me["timeZone"] == "Europe/Berlin"
    assert [(each["organizationName"], each["role"]) for each in me["memberships"]] == [("Acme", "admin")]
    assert set_up(link, "eve@acme.example").status_code == 404
    assert bare.stop() == 0
    bare.log.unlink()
    bare.start()
    assert printed_links(bare) == [], "somebody looks after it now"
    assert bare.command("check").returncode == 0


def test_each_start_replaces_the_link(bare):
    bare.start()
    assert bare.stop() == 0
    bare.start()
    first, second = printed_links(bare)

    assert httpx.get(first).status_code == 404
    assert httpx.get(second).status_code == 200


def test_a_link_ends_after_a_day_and_with_the_first_platform_admin(bare):
    bare.start()
    link, = printed_links(bare)
    postgresql = PostgreSQL(bare.data)
    postgresql.run("UPDATE invitations SET expires_at = now() - interval '1 second'")
    assert set_up(link).status_code == 404
    postgresql.run("UPDATE invitations SET expires_at = now() + interval '1 hour'")
    assert httpx.get(link).status_code == 200

    tokens.super_admins(postgresql, 1)

    assert httpx.get(link).status_code == 404
    assert set_up(link).status_code == 404


def test_of_two_who_open_it_at_once_one_wins(bare):
    bare.start()
    link, = printed_links(bare)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: set_up(link, f"ada{number}@acme.example").status_code, range(4)))

    assert sorted(answers) == [303, 404, 404, 404]
    postgresql = PostgreSQL(bare.data)
    assert postgresql.run("SELECT count(*) FROM users") == "1"
    assert postgresql.run("SELECT count(*) FROM organizations") == "1"


def test_the_link_is_in_no_log_and_opens_no_invitation(untouched):
    link, = printed_links(untouched)
    token = httpx.URL(link).params["token"]
    httpx.get(link)

    assert httpx.get(f"{untouched.url}/invitation", params={"token": token}).status_code == 404
    assert httpx.post(f"{untouched.url}/api/auth/invitations/offer", json={"token": token}).status_code == 404
    logged = [line for line in untouched.log.read_text().splitlines() if line.startswith("{")]
    assert logged and not [line for line in logged if token in line]
    assert PostgreSQL(untouched.data).run(f"SELECT count(*) FROM invitations i WHERE i::text LIKE '%{token}%'") == "0"


def test_the_start_warns_of_what_is_missing(untouched):
    warnings = [line for line in untouched.log.read_text().splitlines() if '"level":"warning"' in line]
    assert ["CONVENE_MAIL_URL" in warnings[0], "CONVENE_PUBLIC_URL" in warnings[1], len(warnings)] == [True, True, 2]


def test_a_demo_prints_no_set_up_link(world):
    assert printed_links(world.server) == []


def test_without_a_mail_server_invitations_answer_their_link_once(bare):
    bare.start()
    set_up(printed_links(bare)[0])
    admin = signed_in(bare)
    organization = admin.get("/api/auth/me").json()["memberships"][0]["organizationId"]
    invitations = f"/api/organizations/{organization}/invitations"
    wanted, key = {"email": "mia@acme.example", "role": "mentor"}, {"Idempotency-Key": "once"}

    made = admin.post(invitations, json=wanted, headers=key).json()

    assert httpx.get(made["link"]).status_code == 200
    assert admin.post(invitations, json=wanted, headers=key).json() == made
    assert ["link" in each for each in admin.get(invitations).json()["items"]] == [False]
    postgresql = PostgreSQL(bare.data)
    token = httpx.URL(made["link"]).params["token"]
    kept = "SELECT count(*) FROM idempotency_keys k WHERE k::text LIKE '%{0}%' OR k::text LIKE '%/invitation?%'"
    assert postgresql.run(kept.format(token)) == "0", "the response that is kept is sealed"
    again = admin.post(f"{invitations}/{made['id']}/resend").json()["link"]
    assert [httpx.get(link).status_code for link in (made["link"], again)] == [404, 200]
    assert postgresql.run("SELECT count(*) FROM queue_jobs WHERE kind = 'mail'") == "0"


@pytest.mark.parametrize("path, body", [
    ("/api/auth/magic-link", {"email": "ada@acme.example"}),
    ("/api/auth/sign-up", {"email": "ada@acme.example", "organizationName": "Acme"}),
])
def test_without_a_mail_server_nobody_is_told_to_look_into_their_mail(untouched, path, body):
    answer = httpx.post(f"{untouched.url}{path}", json=body)

    assert (answer.status_code, answer.json()["code"]) == (409, "no_mail_server")
    form = httpx.post(f"{untouched.url}/sign-in/mail", data={"email": "ada@acme.example"})
    assert form.status_code == 409 and "on its way" not in form.text
    assert "By invitation only" in httpx.get(f"{untouched.url}/sign-up").text


def test_with_a_mail_server_the_link_goes_to_the_mail_alone(world):
    admin = world.demo.admin
    made = admin.post(
        f"/api/organizations/{admin.organization}/invitations",
        {"email": "linkless@demo.example", "role": "mentor"}).raise_for_status().json()

    assert "link" not in made


# Starting and stopping


def at_a_terminal(server):
    """Starts it with a terminal for its output; gives the terminal."""
    ours, theirs = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CONVENE_", "DATABASE_"))}
    server.running = subprocess.Popen(
        [BINARY, *server.arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=inherited, start_new_session=True)
    os.close(theirs)
    return ours


def read_all(terminal):
    """What has come there until its last writer has gone."""
    text = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            return text.decode()
        if not part:
            return text.decode()
        text += part


def test_at_a_terminal_the_start_is_told_on_one_screen(bare):
    terminal = at_a_terminal(bare)
    bare.wait_ready()
    os.killpg(bare.running.pid, signal.SIGINT)  # as Ctrl-C does
    text = read_all(terminal).replace("\r\n", "\n")
    os.close(terminal)
    assert bare.wait(15) == 0

    screen = text[text.index("is ready."):text.index("Ctrl-C")]
    for told in (bare.url, str(bare.data), f"{bare.url}/set-up?token=", "CONVENE_MAIL_URL", "CONVENE_PUBLIC_URL"):
        assert told in screen
    assert len(screen.splitlines()) < 24
    assert not [line for line in text.splitlines() if line.startswith("{")], "no JSON for people"
    assert not re.search(r" (error|critical) ", text)


@pytest.mark.parametrize("wrong, named", [
    ({"CONVENE_COMMON_PASSWORDS": "/nowhere/list"}, "CONVENE_COMMON_PASSWORDS"),
    ({"CONVENE_MAIL_URL_FILE": "/nowhere/mail"}, "CONVENE_MAIL_URL_FILE"),
    ({"CONVENE_LOG_LEVEL": "loud"}, "CONVENE_LOG_LEVEL"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_setting_that_cannot_be_used_is_said_before_anything_is_made(bare, wrong, named):
    bare.start(ready=False, **wrong)

    assert bare.wait(15) == 1
    assert [named in line for line in bare.log.read_text().splitlines()] == [True]
    assert not bare.data.exists()


def test_a_port_that_is_taken_is_said_before_anything_is_made(bare, world):
    bare.arguments[bare.arguments.index("--port") + 1] = str(world.server.port)
    bare.start(ready=False)

    assert bare.wait(15) == 1
    assert [f"127.0.0.1:{world.server.port} is taken" in line for line in bare.log.read_text().splitlines()] == [True]
    assert not bare.data.exists()
