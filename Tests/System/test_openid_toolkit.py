"""Signing in with an OpenID provider of another make, in which nothing was arranged for us."""

import pytest

from harness.openid_setup import Browser, invite
from harness.toolkit_issuer import ToolkitIssuer


@pytest.fixture(scope="module")
def school(shared_world, tmp_path_factory):
    issuer = ToolkitIssuer(tmp_path_factory.mktemp("school"))
    with issuer.serving(), shared_world("openid-toolkit", start=False) as world:
        client, secret = issuer.register(f"{world.server.url}/api/auth/oidc/school/callback")
        world.server.start(
            CONVENE_OIDC="school", CONVENE_OIDC_SCHOOL_ISSUER=issuer.issuer, CONVENE_OIDC_SCHOOL_CLIENT_ID=client,
            CONVENE_OIDC_SCHOOL_CLIENT_SECRET=secret)
        issuer.world = world
        yield issuer
        world.invariants()


def test_who_links_an_account_there_signs_in_with_it(school):
    school.add("Sofia Petrova", "sofia@school.example")
    browser = Browser(school.world).sign_in(school.world.demo.student)
    linked = browser.callback("school", **school.answer(browser.link("school"), "sofia"))
    assert linked.headers["location"] == "/week"

    browser = Browser(school.world)
    answer = browser.callback("school", **school.answer(browser.start("school", next="/sessions"), "sofia"))

    assert (answer.status_code, answer.headers["location"]) == (303, "/sessions")
    assert browser.me["email"] == school.world.demo.student.email
    (identity,) = browser.http.get("/api/auth/identities").json()["items"]
    assert identity["issuer"] == school.issuer and identity["email"] == "sofia@school.example"


def test_who_is_not_linked_there_does_not_get_in(school):
    school.add("Stranger Danger", "stranger@school.example")
    browser = Browser(school.world)

    answer = browser.callback("school", **school.answer(browser.start("school"), "stranger"))

    assert answer.status_code == 303 and not browser.is_signed_in


def test_a_code_is_good_once(school):
    school.add("Marco Rossi", "marco@school.example")
    browser = Browser(school.world).sign_in(school.world.demo.mentor)
    browser.callback("school", **school.answer(browser.link("school"), "marco"))
    answered = school.answer(Browser(school.world).start("school"), "marco")

    # The answer to somebody else's question.
    stolen = Browser(school.world)
    stolen.start("school")
    stolen.callback("school", **answered)

    assert not stolen.is_signed_in
