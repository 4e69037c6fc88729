"""Mail addresses as people have them: one account however its address is written, and a clear word about the rest."""

import concurrent.futures
import uuid

import httpx
import pytest

from harness import mails
from harness.client import PASSWORD
from harness.newcomers import forget_attempts


@pytest.fixture(autouse=True)
def no_attempts(world):
    forget_attempts(world)
    yield
    forget_attempts(world)


def invited(world, address):
    admin = world.demo.admin
    return admin.post(f"/api/organizations/{admin.organization}/invitations", {"email": address, "role": "mentor"})


def token(world, address, password=PASSWORD):
    return httpx.post(f"{world.server.url}/api/auth/token", json={"email": address, "password": password})


@pytest.mark.parametrize(("typed", "address"), [
    ("kai-{}@bücher.example", "kai-{}@xn--bcher-kva.example"), ("a-{}@домен.рф", "a-{}@xn--d1acufc.xn--p1ai"),
    ("a-{}@例え。テスト", "a-{}@xn--r8jz45g.xn--zckzah"), ('"Roe, Bob" <bob-{}@demo.example>', "bob-{}@demo.example"),
    ("Bob <bob-{}@demo.example>", "bob-{}@demo.example"), ("mailto:a-{}@demo.example", "a-{}@demo.example"),
    ("\u200ba-{}@demo.example\ufeff", "a-{}@demo.example"), (" A-{}@Demo.Example\n", "a-{}@demo.example"),
    ("a-{}＠demo．example", "a-{}@demo.example"), ("o'hara+{}@a.photography", "o'hara+{}@a.photography"),
    ('"a-{}"@demo.example;', "a-{}@demo.example"),
])
def test_an_address_is_invited_as_people_have_it(world, typed, address):
    number = uuid.uuid4().hex[:12]
    before = mails.files(world.server)
    answer = invited(world, typed.format(number))

    assert answer.status_code == 201, answer.text
    assert answer.json()["email"] == address.format(number)
    assert mails.link(world.server, address.format(number), "/invitation?", besides=before)


@pytest.mark.parametrize(("typed", "words"), [
    ("ädä@demo.example", "unaccented"), ("admİn@demo.example", "unaccented"), ("ada", "such as ada@example.org"),
    ("ada@demo..example", "such as"), ("a b@demo.example", "such as"), ("ada@demo.example\r\nBcc: x@y.example", "such as"),
    ("ada@xn--a.example", "such as"), ("a" * 65 + "@demo.example", "at most 64"), ("", "such as"), ("@", "such as"),
])
def test_what_mail_cannot_go_to_is_refused_with_the_reason(world, typed, words):
    answer = invited(world, typed)

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "email" and words in error["message"]


@pytest.mark.parametrize("written", [
    "{}", " {} ", "{}\n", "\u200b{}", "mailto:{}", "<{}>", "Mentor <{}>", "MENTOR@DEMO.EXAMPLE", "mentor＠demo．example"])
def test_an_account_is_signed_in_to_however_its_address_is_written(world, written):
    assert token(world, written.format("mentor@demo.example")).status_code == 200


@pytest.mark.parametrize("typed", [
    "admİn@demo.example", "ADMİN@demo.example", "admın@demo.example", "admi\u0307n@demo.example", "аdmin@demo.example",
    "ａdmin@demo.example.", "admin@demo.exampl\u00e8"])
def test_another_letter_is_another_address_in_every_place(world, typed):
    """What the database takes for an account, the counting of guesses must take for the same one."""
    assert token(world, typed).status_code == 401


def test_all_ways_to_write_an_address_share_its_guesses(world):
    ways = ["{}", " {}", "{}\u200b", "mailto:{}", "<{}>", "X <{}>"]
    address = f"{uuid.uuid4().hex[:12]}@demo.example"
    answers = [token(world, way.format(address), "wrong").status_code for way in ways]

    assert answers == [401] * 5 + [429]
    assert token(world, address.upper(), "wrong").status_code == 429


def test_a_link_goes_to_the_account_whatever_surrounds_its_address(world):
    before = mails.files(world.server)
    answer = httpx.post(f"{world.server.url}/sign-in/mail", data={"email": "mailto:mentor2@demo.example "})

    assert answer.status_code == 200
    assert mails.link(world.server, "mentor2@demo.example", "/sign-in/link?", besides=before)


@pytest.mark.parametrize(("address", "words"), [("no address", "The address must be an email address"), ("ädä@x.example", "unaccented")])
def test_the_command_line_says_what_is_wrong_with_an_address(world, address, words):
    done = world.server.command("invite-admin", address)

    assert done.returncode != 0
    assert words in done.stdout + done.stderr


def test_an_address_that_is_invited_by_many_at_once_has_one_invitation_that_works(world):
    address = f"a-{uuid.uuid4().hex[:12]}@demo.example"
    world.demo.admin.token  # noqa: B018  signed in before the race

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: invited(world, address), range(16)))

    assert {answer.status_code for answer in answers} == {201}
    path = f"/api/organizations/{world.demo.admin.organization}/invitations"
    assert len([each for each in world.demo.admin.items(path) if each["email"] == address]) == 1
