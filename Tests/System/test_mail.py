"""Mails: into a demo's folder and onto its page, to a real mail server, and never a link of theirs anywhere else."""

import contextlib
import html
import json
import re
import subprocess
import sys
import tempfile
import uuid

import httpx
import pytest

from harness.processes import ROOT, Server
from harness.waiting import wait_until

REFUSED = {"code": "mail_refused", "arguments": {"reply": "550 5.1.1"}}


def fresh_address():
    return f"new-{uuid.uuid4().hex[:12]}@demo.example"


def page(server):
    return httpx.get(f"{server.url}/demo/mail", timeout=10)


def mail_to(server, address):
    """The newest mail to `address` on the demo's page, as HTML; waits for it."""
    found = []

    def arrived():
        articles = re.findall(r"<article.*?</article>", page(server).text, re.S)
        found[:] = [article for article in articles if address in html.unescape(article)]
        return found

    wait_until(arrived, within=20, what=f"a mail to {address}")
    return found[0]


def links(article):
    return [html.unescape(link) for link in re.findall(r'<a href="([^"]+)"', article)]


def ask_for_link(server, address):
    answer = httpx.post(f"{server.url}/api/auth/magic-link", json={"email": address}, timeout=10)
    assert answer.is_success, answer.text


@contextlib.contextmanager
def mail_server(**options):
    """aiosmtpd, and the function that reads what it was given."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, ROOT / "Tests/Readers/mail_server.py", json.dumps({"folder": folder, **options})],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            port = int(process.stdout.readline())

            def mails():
                with contextlib.suppress(FileNotFoundError), open(f"{folder}/mails") as lines:
                    return [json.loads(line) for line in lines]
                return []

            yield port, mails
        finally:
            process.stdin.close()
            process.wait(10)


def test_an_invitation_in_a_demo_can_be_followed_from_its_page(world):
    admin, address = world.demo.admin, fresh_address()
    organization = admin.me["memberships"][0]["organizationId"]

    answer = admin.post(f"/api/organizations/{organization}/invitations", {"email": address, "role": "mentor"})

    assert answer.is_success, answer.text
    article = mail_to(world.server, address)
    assert "Northlight Mentoring" in article and "Amara Okafor invites you" in html.unescape(article)
    link, = links(article)
    assert link.startswith(world.server.url), link
    token = httpx.URL(link).params["token"]
    offer = httpx.post(f"{world.server.url}/api/auth/invitations/offer", json={"token": token}, timeout=10)
    assert offer.is_success and offer.json()["email"] == address


def test_a_link_that_was_mailed_lies_nowhere_else(world):
    address = world.demo.student2.email
    ask_for_link(world.server, address)

    token = httpx.URL(links(mail_to(world.server, address))[0]).params["token"]

    assert token not in world.server.log.read_text()
    jobs = world.postgresql.rows("SELECT * FROM queue_jobs WHERE kind = 'mail'")
    assert jobs and token not in str(jobs)
    assert all("sealed" not in job["payload"] for job in jobs if job["state"] == "done")


def test_the_sign_in_page_of_a_demo_leads_to_its_mails(world):
    assert 'href="/demo/mail"' in httpx.get(f"{world.server.url}/sign-in").text
    answer = page(world.server)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"


def test_what_somebody_is_called_is_text_on_the_page(world):
    admin, address = world.demo.admin, fresh_address()
    organization = admin.me["memberships"][0]["organizationId"]
    before = world.postgresql.value("SELECT name FROM users WHERE email = 'admin@demo.example'")
    world.postgresql.run("UPDATE users SET name = '<b>Eve</b>' WHERE email = 'admin@demo.example'")
    try:
        admin.post(f"/api/organizations/{organization}/invitations", {"email": address, "role": "student"})
        article = mail_to(world.server, address)
    finally:
        world.postgresql.run(f"UPDATE users SET name = '{before}' WHERE email = 'admin@demo.example'")

    assert "<b>" not in article and "&lt;b&gt;Eve" in article


def test_a_server_that_is_no_demo_has_no_such_page():
    server = Server("no-demo", arguments=())
    try:
        server.start()
        assert page(server).status_code == 404
        assert "/demo/mail" not in httpx.get(f"{server.url}/sign-in").text
    finally:
        server.stop()
        server.remove()


def test_a_mail_server_is_tried_again_and_gets_each_mail_once(new_world):
    with mail_server(tls="none", script=["rcpt:450 4.2.1 busy"]) as (port, mails):
        world = new_world(CONVENE_MAIL_URL=f"smtp://127.0.0.1:{port}", CONVENE_MAIL_FROM="Convene <convene@example.org>")
        address = world.demo.student.email

        ask_for_link(world.server, address)

        wait_until(mails, within=30, what="the mail")
        wait_until(
            lambda: world.postgresql.rows("SELECT 1 FROM queue_jobs WHERE kind = 'mail' AND state = 'done'"), within=10,
            what="the job to end")
        mail, = mails()
        assert mail["recipients"] == [address] and mail["sender"] == "convene@example.org"
        assert f"Hello {world.demo.student.me['name']}," in mail["text"]
        assert f"{world.server.url}/sign-in/link?token=" in mail["text"] and mail["defects"] == []
        # It is sent, so there is nothing to look at on a page.
        assert page(world.server).status_code == 404


def test_an_address_that_a_server_refuses_is_given_up(new_world):
    with mail_server(tls="none", script=["rcpt:550 5.1.1 nobody"]) as (port, mails):
        world = new_world(CONVENE_MAIL_URL=f"smtp://127.0.0.1:{port}")

        ask_for_link(world.server, world.demo.student.email)

        wait_until(
            lambda: world.postgresql.rows("SELECT 1 FROM queue_jobs WHERE kind = 'mail' AND state = 'dead'"), within=20,
            what="the job to be given up")
        rows = world.postgresql.rows("SELECT last_error, payload FROM queue_jobs WHERE kind = 'mail'")
        assert rows == [{"last_error": REFUSED, "payload": {}}]
        assert mails() == []


def test_an_invitation_whose_mail_is_refused_says_so_and_can_be_sent_again(new_world):
    with mail_server(tls="none", script=["rcpt:550 5.1.1 nobody"]) as (port, mails):
        world = new_world(CONVENE_MAIL_URL=f"smtp://127.0.0.1:{port}")
        path = f"/api/organizations/{world.demo.id}/invitations"
        made = world.demo.admin.post(path, {"email": "nobody@example.org", "role": "mentor"})
        assert made.status_code == 201 and made.json()["deliveryFailed"] is False

        def failed():
            invitation, = (each for each in world.demo.admin.items(path) if each["email"] == "nobody@example.org")
            return invitation["deliveryFailed"] and invitation

        invitation = wait_until(failed, within=20, what="the invitation to say that it was not delivered")
        assert invitation["deliveryFailureCode"] == "mail_refused"
        assert invitation["deliveryFailure"] == "the mail server refused it: 550 5.1.1"

        again = world.demo.admin.post(f"{path}/{invitation['id']}/resend", {})
        assert again.status_code in (200, 201, 202), again.text
        wait_until(mails, within=20, what="the second mail")
        assert not failed()


def mail_jobs(world, state):
    return world.postgresql.rows(f"SELECT last_error FROM queue_jobs WHERE kind = 'mail' AND state = '{state}'")


def test_a_strict_mail_server_takes_what_we_write_and_refuses_whom_it_does_not_know(new_world):
    known = "student@demo.example"
    with mail_server(tls="starttls", strict=True, recipients=[known, fresh := fresh_address()]) as (port, mails):
        world = new_world(
            CONVENE_MAIL_URL=f"smtp://127.0.0.1:{port}/convene.example.org", CONVENE_MAIL_FROM="Convene <a@example.org>")
        admin = world.demo.admin
        name = "Ärzte & Söhne " + "überlang" * 10
        admin.patch(f"/api/organizations/{admin.organization}", {"name": name, "version": 1})
        admin.post(
            f"/api/organizations/{admin.organization}/invitations",
            {"email": fresh, "role": "mentor"}).raise_for_status()
        ask_for_link(world.server, known)
        ask_for_link(world.server, world.demo.mentor.email)

        wait_until(lambda: len(mails()) == 2, within=30, what="two mails")
        dead = wait_until(lambda: mail_jobs(world, "dead"), within=20, what="the third to be given up")

        assert dead == [{"last_error": REFUSED}]
        assert all(mail["isTLS"] and mail["defects"] == [] for mail in mails())
        assert {mail["recipients"][0] for mail in mails()} == {known, fresh}


def test_a_greeting_that_a_mail_server_does_not_like_is_named_and_the_mail_is_kept(new_world):
    with mail_server(tls="starttls", strict=True) as (port, mails):
        world = new_world(CONVENE_MAIL_URL=f"smtp://127.0.0.1:{port}/nameless")

        ask_for_link(world.server, world.demo.student.email)

        query = "SELECT last_error FROM queue_jobs WHERE kind = 'mail' AND last_error IS NOT NULL AND state <> 'dead'"
        (job,) = wait_until(lambda: world.postgresql.rows(query), within=20, what="the first try to fail")
        assert job["last_error"]["code"] in ("mail_refused", "mail_postponed", "mail_not_sent"), job
        assert mails() == []


def test_a_slow_mail_server_that_wants_to_be_asked_again_gets_each_mail_once(new_world):
    later = "rcpt:451 4.7.1 graylisted, come again"
    with mail_server(tls="none", banner=3, script=[later, later]) as (port, mails):
        world = new_world(CONVENE_MAIL_URL=f"smtp://127.0.0.1:{port}")

        ask_for_link(world.server, world.demo.student.email)

        wait_until(lambda: mail_jobs(world, "done"), within=60, what="the job to end")
        assert len(mails()) == 1


@pytest.mark.soak
def test_a_mail_server_that_says_nothing_is_given_up_for_now_with_the_reason(new_world):
    with mail_server(tls="none", banner=-1) as (port, mails):
        world = new_world(CONVENE_MAIL_URL=f"smtp://127.0.0.1:{port}")

        ask_for_link(world.server, world.demo.student.email)

        query = "SELECT last_error FROM queue_jobs WHERE kind = 'mail' AND last_error IS NOT NULL AND state <> 'dead'"
        (job,) = wait_until(lambda: world.postgresql.rows(query), within=120, what="the first try to end", every=1)
        assert job["last_error"]["code"] in ("mail_not_sent", "mail_lost"), job
        assert world.server.stop() == 0


@pytest.mark.parametrize(("name", "value"), [
    ("CONVENE_MAIL_URL", "smtp://somebody:canary-1f9@"), ("CONVENE_MAIL_URL", "http://mail.example/canary-1f9"),
    ("CONVENE_MAIL_FROM", "canary-1f9"), ("CONVENE_COMMON_PASSWORDS", "/nowhere/canary-1f9"),
])
def test_a_setting_that_cannot_be_used_is_named_and_not_shown(name, value):
    server = Server("bad-setting", **{name: value})
    try:
        server.start(ready=False)
        assert server.wait(60) not in (0, None)
        assert name in server.log.read_text() and "canary-1f9" not in server.log.read_text()
    finally:
        server.remove()
