"""Signing in with OpenID Connect issuers, and linking accounts there with those here."""

import json
import re

import pytest

from harness.newcomers import forget_attempts
from harness.openid import ALGORITHMS, CLIENT_SECRET, parameters, signing_keys
from harness.openid_setup import COOKIE, FLOW_COOKIE, Browser, opened, refusals


@pytest.fixture(scope="module")
def setup(simulators, shared_world):
    with opened(simulators, shared_world, "openid") as made:
        yield made


@pytest.fixture
def browser(setup):
    for stand in (setup.forger, setup.named, setup.shared):
        stand.behave()
    forget_attempts(setup.world)
    return Browser(setup.world)


def test_the_issuers_are_offered_with_a_button_each(setup, browser):
    offered = browser.http.get("/api/auth/oidc").json()["items"]
    page = browser.http.get("/sign-in?next=/sessions").text

    assert offered[:2] == [{"slug": "work", "name": "Work & Co"}, {"slug": "other", "name": "Other"}]
    assert "Continue with <bdi>Work &amp; Co</bdi>" in page
    assert '"/api/auth/oidc/work/start?next=%2Fsessions"' in page


def test_who_is_linked_signs_in_again_and_again(setup, browser):
    for _ in range(2):
        answer = browser.callback("work", **setup.work.answer(browser.start("work", next="/sessions"), "ada"))

        assert (answer.status_code, answer.headers["location"]) == (303, "/sessions")
        assert browser.me["email"] == setup.world.demo.student.email
        assert FLOW_COOKIE not in browser.http.cookies
        browser.http.cookies.delete(COOKIE)


def test_the_question_has_everything_that_protects_it(setup, browser):
    asked = parameters(browser.start("work"))

    assert asked["response_type"] == "code" and asked["scope"] == "openid email profile"
    assert asked["code_challenge_method"] == "S256" and re.fullmatch(r"[\w-]{43}", asked["code_challenge"])
    assert re.fullmatch(r"[\w-]{43}", asked["state"]) and re.fullmatch(r"[\w-]{43}", asked["nonce"])
    assert len({asked["code_challenge"], asked["state"], asked["nonce"]}) == 3
    assert asked["redirect_uri"] == setup.work.redirect_uri
    assert asked["client_id"] == setup.work.client_id
    assert set(asked.values()).isdisjoint(parameters(browser.start("work"))[name] for name in ("state", "nonce"))


def test_the_cookies_are_kept_from_scripts_and_from_other_sites(setup, browser):
    start = browser.http.get("/api/auth/oidc/work/start")
    done = browser.callback("work", **setup.work.answer(start.headers["location"], "ada"))

    assert re.fullmatch(
        r"convene_oidc=[\w-]{43}; Max-Age=600; HttpOnly; SameSite=Lax; Path=/api/auth/oidc", start.headers["set-cookie"])
    assert {cookie.split("=")[0] for cookie in done.headers.get_list("set-cookie")} == {COOKIE, FLOW_COOKIE}
    assert all("HttpOnly; SameSite=Lax" in cookie for cookie in done.headers.get_list("set-cookie"))


def test_what_lies_in_the_database_is_no_secret(setup, browser):
    address = browser.start("work")
    row = json.dumps(setup.world.postgresql.rows("SELECT * FROM openid_flows"))

    sent = parameters(address)
    for secret in (sent["state"], sent["nonce"], sent["code_challenge"], browser.http.cookies[FLOW_COOKIE]):
        assert secret not in row


def test_a_public_client_needs_no_secret_and_linking_twice_is_as_good_as_once(setup):
    browser = Browser(setup.world).sign_in(setup.world.demo.mentor2)
    for _ in range(2):
        answer = browser.callback("other", **setup.other.answer(browser.link("other", "/sessions"), "grace"))
        assert answer.headers["location"] == "/sessions"

    (identity,) = browser.http.get("/api/auth/identities").json()["items"]
    assert identity["issuer"] == setup.other.issuer and identity["issuerName"] == "Other"
    assert identity["email"] == "grace" and identity["lastUsedAt"] is None


def test_an_account_is_unlinked_and_never_the_last_way_in(setup):
    person, database = setup.world.demo.counselor2, setup.world.postgresql
    browser = Browser(setup.world).sign_in(person)
    browser.callback("other", **setup.other.answer(browser.link("other"), "edsger"))
    (identity,) = person.items("/api/auth/identities")
    kept = database.value(f"SELECT hash FROM user_passwords WHERE user_id = '{person.id}'")
    path = f"/api/auth/identities/{identity['id']}"

    database.run(f"DELETE FROM user_passwords WHERE user_id = '{person.id}'")
    assert person.request("DELETE", path).json()["code"] == "last_way_to_sign_in"
    database.run(f"INSERT INTO user_passwords (user_id, hash) VALUES ('{person.id}', '{kept}')")
    assert setup.world.demo.mentor.request("DELETE", path).status_code == 404
    assert person.request("DELETE", path).status_code == 204
    assert person.items("/api/auth/identities") == []

    answer = browser.callback("other", **setup.other.answer(browser.start("other"), "edsger"))
    assert answer.headers["location"] == "/sign-in?error=openid_not_linked"


def test_an_invitation_makes_an_account_that_the_issuer_signs_in_to(setup, browser):
    setup.work.user("alan", email="alan@home.example", name="Alan")
    token = setup.invite("alan@newcomers.example")

    answer = browser.callback("work", **setup.work.answer(browser.start("work", invitation=token), "alan"))
    assert answer.headers["location"] == "/week"
    assert (browser.me["email"], browser.me["name"]) == ("alan@newcomers.example", "Alan")
    assert [membership["role"] for membership in browser.me["memberships"]] == ["student"]

    again = Browser(setup.world)
    again.callback("work", **setup.work.answer(again.start("work"), "alan"))
    assert again.me["id"] == browser.me["id"]
    thief = Browser(setup.world)
    answer = thief.callback("work", **setup.work.answer(thief.start("work", invitation=token), "mallory"))
    assert answer.headers["location"] == "/sign-in?error=openid_not_invited"


def test_the_sign_in_says_by_which_issuer(setup, browser):
    browser.callback("work", **setup.work.answer(browser.start("work"), "ada"))

    current = next(item for item in browser.http.get("/api/auth/sessions").json()["items"] if item["isCurrent"])
    assert current["method"] == "oidc:work" and current["address"] == "127.0.0.1"


def test_the_stand_gets_in_with_an_honest_token(setup, browser):
    """Else what follows would prove nothing."""
    for forge in (None, lambda header, claims: setup.forger.sign({"alg": "ES256", "kid": "ec"}, claims, setup.forger.ec)):
        setup.forger.behave(forge=forge)
        answer = browser.callback("forger", **setup.forger.answer(browser.start("forger")))
        assert answer.headers["location"] == "/week"
        assert setup.forger.asked[-1]["client_secret"] == CLIENT_SECRET
        assert setup.forger.asked[-1]["redirect_uri"] == setup.forger.redirect_uri


def signed_in_with(setup, browser, algorithm, kid, key):
    """Where a token leads that says it is signed with `algorithm` and `kid`, and is signed with that key."""
    setup.modern.behave(forge=lambda header, claims: setup.modern.sign(
        {"alg": algorithm} | ({"kid": kid} if kid else {}), claims, key, algorithms=[algorithm]))
    return browser.callback("modern", **setup.modern.answer(browser.start("modern"))).headers["location"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_signature_that_issuers_use_is_taken_by_the_key_that_it_is_of(setup, browser, algorithm):
    key = setup.signing[algorithm]

    assert signed_in_with(setup, browser, algorithm, algorithm, key) == "/week"
    # Each of them is the only one for its algorithm, so its name can be left out.
    assert signed_in_with(setup, browser, algorithm, None, key) == "/week"


def test_the_newer_name_of_a_signature_is_taken_too(setup, browser):
    assert signed_in_with(setup, browser, "Ed25519", "EdDSA", setup.signing["EdDSA"]) == "/week"


@pytest.mark.parametrize(("algorithm", "kid", "signer"), [
    ("PS256", "RS256", "PS256"), ("RS256", "PS256", "RS256"), ("RS512", "RS256", "RS512"), ("RS256", "ES256", "RS256"),
    ("ES256", "RS256", "ES256"), ("ES256", "ES384", "ES256"), ("EdDSA", "ES256", "EdDSA"), ("RS256", "sealing", "RS256"),
    ("EdDSA", "agreeing", "EdDSA"), ("ES256", "coins", "ES256"), ("ES256", "later", "ES256"), ("ES256", "unknown", "ES256"),
])
def test_a_key_is_good_for_its_own_algorithm_alone(setup, browser, algorithm, kid, signer):
    location = signed_in_with(setup, browser, algorithm, kid, setup.signing[signer])

    assert location == "/sign-in?error=openid_refused"
    assert refusals(setup.world)[-1] == "bad token: key"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signature_of_another_key_is_refused_whatever_the_algorithm(setup, browser, algorithm):
    others, _ = signing_keys()

    assert signed_in_with(setup, browser, algorithm, algorithm, others[algorithm]) == "/sign-in?error=openid_refused"
    assert refusals(setup.world)[-1] == "bad token: signature"


@pytest.mark.parametrize(("advice", "words"), [
    ("openid_not_linked", "No account here is linked with it. Sign in another way and link it under Security, or open"),
    ("openid_expired", "Try again."), ("openid_refused", "could not be accepted"),
])
def test_a_sentence_says_why_not(setup, browser, advice, words):
    assert words in browser.http.get(f"/sign-in?error={advice}").text


def test_no_other_text_gets_onto_the_page(setup, browser):
    assert "Call+me" not in (page := browser.http.get("/sign-in?error=Call+me").text) and "Call me" not in page
    assert "role=\"alert\"" not in page


def test_no_code_token_or_state_is_in_the_log(setup, browser):
    address = browser.start("work")
    answer = setup.work.answer(address, "ada")
    browser.callback("work", **answer | {"code": "made-up-and-secret"})
    log = setup.world.server.log.read_text(errors="replace")

    assert len(refusals(setup.world)) > 0
    for secret in (*answer.values(), "made-up-and-secret", parameters(address)["nonce"], CLIENT_SECRET, "eyJ"):
        assert secret not in log
