"""Nobody gets in with an OpenID Connect issuer who should not."""

import re

import pytest

from harness.newcomers import forget_attempts
from harness.openid_setup import COOKIE, Browser, opened, refusals
from harness.waiting import wait_until
from openid_attacks import ATTACKS


@pytest.fixture(scope="module")
def setup(simulators, shared_world):
    with opened(simulators, shared_world, "openid-attacks") as made:
        yield made


@pytest.fixture
def browser(setup):
    for stand in (setup.forger, setup.named, setup.shared):
        stand.behave()
    forget_attempts(setup.world)
    return Browser(setup.world)


def test_there_are_more_than_thirty_attacks():
    assert len(ATTACKS) >= 30


@pytest.mark.parametrize("words", ATTACKS)
def test_nobody_gets_in_by(setup, browser, words):
    deliver, reason = ATTACKS[words]
    database = setup.world.postgresql
    everything = "SELECT (SELECT count(*) FROM sign_ins) AS s, (SELECT count(*) FROM openid_accounts) AS a"
    before, known = database.rows(everything), len(refusals(setup.world))

    answer = deliver(setup, browser)

    cookies = {cookie.split("=")[0] for cookie in answer.headers.get_list("set-cookie")}
    assert COOKIE not in cookies and not browser.is_signed_in
    assert answer.status_code != 200 and answer.status_code < 500
    assert not answer.headers.get("location", "/").startswith(("http", "//"))
    assert database.rows(everything) == before
    if reason:
        said = wait_until(lambda: refusals(setup.world)[known:], within=5, what="a line in the log")
        assert re.fullmatch(reason, said[-1]), said
