"""Guessing and flooding are slow, for known and unknown accounts alike, and the owner gets in meanwhile."""

import concurrent.futures
import functools
import itertools
import os
import pathlib
import uuid

import httpx
import pytest

from conftest import running
from harness.client import PASSWORD

TOKEN = "/api/auth/token"
GUESSES, ADDRESSES = 1000, 50


@pytest.fixture(scope="module")
def limited():
    """A server behind one proxy, 127.0.0.1, which says where requests come from."""
    with running("limits", CONVENE_TRUSTED_PROXIES="127.0.0.1/32", CONVENE_REQUESTS_PER_SECOND="0") as world:
        yield world


@pytest.fixture(scope="module")
def networks():
    """Networks of addresses that nothing has come from yet."""
    return (f"10.{first}.{second}" for first, second in itertools.product(range(256), repeat=2))


@pytest.fixture
def network(networks):
    return next(networks)


@functools.cache
def proxy():
    """Connections as a proxy keeps them. Nothing here speaks TLS, and to load certificates costs more than to ask."""
    return httpx.Client(timeout=60, verify=False)


def through_proxy(world, address, path=TOKEN, **more):
    """One request from `address`, as the trusted proxy tells."""
    return proxy().post(f"{world.server.url}{path}", headers={"X-Forwarded-For": address}, **more)


def from_address(world, address, headers=None, path=TOKEN, **more):
    """One request from an address of this machine; all of 127.0.0.0/8 are."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address=address, verify=False), timeout=60) as client:
        return client.post(f"{world.server.url}{path}", headers=headers, **more)


def credentials(email, password="not the password"):
    return {"json": {"email": email, "password": password}}


def assert_told_to_wait(answer):
    assert answer.status_code == 429, answer.text
    assert answer.json()["code"] == "too_many_attempts"
    assert int(answer.headers["retry-after"]) >= 1


def guess_all(guess):
    """The answers to all guesses, several at a time."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(guess, range(GUESSES)))


def assert_few_are_taken(answers):
    taken = [answer for answer in answers if answer.status_code == 401]
    assert 0 < len(taken) <= 100
    for answer in answers:
        if answer.status_code != 401:
            assert_told_to_wait(answer)


@pytest.mark.timeout(600)
def test_a_thousand_guesses_through_a_proxy_leave_the_owner_their_way_in(limited, network):
    email = limited.demo.mentor.email
    owners = []

    def guess(number):
        if number == GUESSES // 2:
            owners.append(through_proxy(limited, "192.0.2.7", **credentials(email, PASSWORD)))
        return through_proxy(limited, f"{network}.{number % ADDRESSES}", **credentials(email, f"guess {number}"))

    answers = guess_all(guess)
    owners.append(through_proxy(limited, "192.0.2.8", **credentials(email, PASSWORD)))

    assert_few_are_taken(answers)
    assert [owner.status_code for owner in owners] == [200, 200]


@pytest.mark.timeout(600)
def test_a_thousand_guesses_from_fifty_addresses_leave_the_owner_their_way_in(new_world):
    world = new_world(CONVENE_REQUESTS_PER_SECOND="0")
    email = world.demo.mentor.email

    answers = guess_all(
        lambda number: from_address(
            world, f"127.0.0.{2 + number % ADDRESSES}", **credentials(email, f"guess {number}")))

    assert_few_are_taken(answers)
    assert from_address(world, "127.0.0.1", **credentials(email, PASSWORD)).status_code == 200


@pytest.mark.timeout(300)
def test_a_rush_of_guesses_at_everybody_is_refused_in_part_and_the_owner_is_not(limited, networks):
    """Each from an address of its own at an account of its own, so that no limit of attempts holds them back."""
    email = limited.rival.counselor.email
    assert through_proxy(limited, "192.0.2.9", **credentials(email, PASSWORD)).status_code == 200
    addresses = [f"{next(networks)}.1" for _ in range(400)]
    owners = []

    def guess(number):
        if number % 100 == 50:
            owners.append(through_proxy(limited, "192.0.2.9", **credentials(email, PASSWORD)))
        return through_proxy(limited, addresses[number], **credentials(f"{uuid.uuid4()}@rush.example"))

    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(guess, range(400)))

    assert [owner.status_code for owner in owners] == [200] * 4
    busy = [answer for answer in answers if answer.status_code == 503]
    assert busy and {answer.status_code for answer in answers} == {401, 503}
    for answer in busy:
        assert answer.json()["code"] == "busy" and int(answer.headers["retry-after"]) >= 1
    # A refusal was no guess: the same address may still try as often as any other.
    again = [through_proxy(limited, addresses[0], **credentials(email)) for _ in range(5)]
    assert {answer.status_code for answer in again} == {401}


@pytest.mark.parametrize("port", [":51234", ""])
def test_an_address_with_a_port_is_that_address(limited, network, port):
    """As Azure and IIS write it."""
    for address in (f"{network}.1{port}", f"[2001:db8:{next(iter(network[3:].split('.')))}:{len(port)}::7]{port}"):
        answers = [through_proxy(limited, address, **credentials(limited.demo.mentor2.email)) for _ in range(6)]
        assert [answer.status_code for answer in answers[:5]] == [401] * 5
        assert_told_to_wait(answers[5])


def test_nobody_but_the_proxy_is_believed_about_where_a_request_comes_from(limited):
    email = limited.demo.student2.email

    answers = [
        from_address(limited, "127.0.0.99", {"X-Forwarded-For": f"203.0.113.{number}"}, **credentials(email))
        for number in range(6)]

    assert [answer.status_code for answer in answers[:5]] == [401] * 5
    assert_told_to_wait(answers[5])


def test_what_a_client_puts_before_the_proxys_word_is_not_believed(limited, network):
    email = limited.demo.student.email

    answers = [
        through_proxy(limited, f"203.0.113.{number}, {network}.1", **credentials(email)) for number in range(6)]

    assert [answer.status_code for answer in answers[:5]] == [401] * 5
    assert_told_to_wait(answers[5])


def test_one_address_cannot_try_many_accounts(limited, network):
    answers = [
        through_proxy(limited, f"{network}.1", **credentials(f"{uuid.uuid4()}@demo.example")) for _ in range(40)]

    assert [answer.status_code for answer in answers[:30]] == [401] * 30
    for answer in answers[31:]:
        assert_told_to_wait(answer)


def test_signing_in_often_with_the_right_password_is_no_guessing(limited, network):
    answers = [
        through_proxy(limited, f"{network}.1", **credentials(limited.demo.counselor.email, PASSWORD))
        for _ in range(40)]

    assert {answer.status_code for answer in answers} == {200}


def test_an_account_that_there_is_not_is_limited_alike(limited, networks):
    def answers(email):
        network = next(networks)
        given = [through_proxy(limited, f"{network}.{number % 2}", **credentials(email)) for number in range(14)]
        # How long to wait is told to the second, and so may differ.
        return [(answer.status_code, answer.status_code == 401 and answer.json()) for answer in given]

    assert answers(limited.demo.admin.email) == answers("nobody@demo.example")


def processor_seconds(world):
    """What the server has used so far, itself and its PostgreSQL aside."""
    fields = pathlib.Path(f"/proc/{world.server.running.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_an_account_that_there_is_not_costs_the_same_work(limited, networks):
    """The processor's time, and not the clock's: other tests may run at the same moment."""
    def work(email):
        network, before = next(networks), processor_seconds(limited)
        for number in range(25):
            assert through_proxy(limited, f"{network}.{number}", **credentials(email)).status_code == 401
        return processor_seconds(limited) - before

    known, unknown = work(limited.rival.mentor.email), work("nobody@rival.example")

    # Without a password to compare with it would be a tenth of this.
    assert known / 2 < unknown < known * 2


MAIL = {
    "/api/auth/magic-link": lambda email: {"email": email},
    "/api/auth/sign-up": lambda email: {"email": email, "organizationName": "Flood"},
}


@pytest.mark.parametrize("path", MAIL)
@pytest.mark.parametrize("whose", ["somebody's", "nobody's"])
def test_one_address_gets_few_mails_whoever_asks(limited, network, path, whose):
    email = f"{uuid.uuid4()}@rival.example"
    if whose == "somebody's":
        limited.postgresql.run(f"INSERT INTO users (id, email, name) VALUES (gen_random_uuid(), '{email}', 'Test')")

    answers = [
        through_proxy(limited, f"{network}.{number}", path, json=MAIL[path](email)) for number in range(5)]

    assert [answer.status_code for answer in answers[:3]] == [202] * 3
    for answer in answers[3:]:
        assert_told_to_wait(answer)


@pytest.mark.parametrize("path", MAIL)
def test_nobody_can_mail_many_people(limited, network, path):
    answers = [
        through_proxy(limited, f"{network}.1", path, json=MAIL[path](f"{uuid.uuid4()}@rival.example"))
        for _ in range(25)]

    assert [answer.status_code for answer in answers[:20]] == [202] * 20
    for answer in answers[21:]:
        assert_told_to_wait(answer)


def test_invitations_cannot_be_guessed(limited, network):
    answers = [
        through_proxy(limited, f"{network}.1", "/api/auth/invitations/offer", json={"token": str(uuid.uuid4())})
        for _ in range(25)]

    assert [answer.status_code for answer in answers[:20]] == [404] * 20
    for answer in answers[21:]:
        assert_told_to_wait(answer)


def test_a_flood_from_one_address_leaves_the_others_alone(new_world):
    world = new_world(CONVENE_TRUSTED_PROXIES="127.0.0.1/32", CONVENE_REQUESTS_PER_SECOND="1")

    with httpx.Client(base_url=world.server.url, timeout=30) as client:
        flood = [client.get("/health", headers={"X-Forwarded-For": "203.0.113.1"}) for _ in range(200)]
        other = client.get("/health", headers={"X-Forwarded-For": "203.0.113.2"})

    refused = [answer for answer in flood if answer.status_code != 200]
    assert len(refused) > 50
    for answer in refused:
        assert_told_to_wait(answer)
    assert other.status_code == 200
