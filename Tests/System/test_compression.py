"""What is compressed on its way, for whom, and what never is."""

import gzip
import re

import httpx
import pytest

from harness.client import PASSWORD
from harness.events import Stream

GZIP, PLAIN = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def browser(world):
    """The counselor's, without a browser; it shows bodies as they came."""
    with httpx.Client(base_url=world.server.url, headers={"Accept": "text/html"}) as client:
        form = {"email": world.demo.counselor.email, "password": PASSWORD, "next": "/week"}
        assert client.post("/sign-in", data=form).status_code == 303
        yield client


def raw(client, path, headers, method="GET"):
    """The answer, and its body as it was sent."""
    with client.stream(method, path, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


def assets(browser):
    return sorted(set(re.findall(r'"(/assets/[^"#]+)', browser.get("/week").text)))


def test_assets_come_in_both_forms_and_are_the_same(browser):
    for path in assets(browser):
        (small, compressed), (large, plain) = raw(browser, path, GZIP), raw(browser, path, PLAIN)

        assert small.headers["vary"] == large.headers["vary"] == "Accept-Encoding"
        assert "content-encoding" not in large.headers
        if len(plain) < 1000:
            assert compressed == plain
        else:
            assert small.headers["content-encoding"] == "gzip"
            assert gzip.decompress(compressed) == plain and len(compressed) < len(plain)


@pytest.mark.parametrize("path", ["/week", "/sessions", "/openapi.json"])
def test_what_is_asked_for_compressed_is_what_it_is_otherwise(browser, path):
    (small, compressed), (large, plain) = raw(browser, path, GZIP), raw(browser, path, PLAIN)

    assert small.headers["content-encoding"] == "gzip" and "content-encoding" not in large.headers
    assert int(small.headers["content-length"]) == len(compressed) < len(plain) / 2
    assert "Accept-Encoding" in small.headers["vary"] and "Accept-Encoding" in large.headers["vary"]
    masked = re.compile(rb'(name="csrf" (?:content|value)=")[^"]+')
    assert masked.sub(rb"\1", gzip.decompress(compressed)) == masked.sub(rb"\1", plain)


@pytest.mark.parametrize("path", ["/week", "/openapi.json"])
def test_head_tells_of_the_same_form(browser, path):
    head, body = raw(browser, path, GZIP, "HEAD")

    assert body == b"" and head.headers["content-encoding"] == "gzip"
    assert head.headers["vary"] == raw(browser, path, GZIP)[0].headers["vary"]


@pytest.mark.parametrize("accepted", ["gzip;q=0", "identity", "br", "*;q=0", "identity;q=1, gzip;q=0.3"])
def test_who_does_not_take_it_does_not_get_it(browser, accepted):
    answer, body = raw(browser, "/week", {"Accept-Encoding": accepted})

    assert "content-encoding" not in answer.headers and body.startswith(b"<!doctype html>")


def test_a_part_is_not_given_of_either_form(browser):
    """A server may leave Range alone (RFC 9110, 14.2), and half of a compressed form is of no use."""
    path = assets(browser)[0]
    answer, body = raw(browser, path, GZIP | {"Range": "bytes=0-99"})

    assert answer.status_code == 200 and "content-range" not in answer.headers
    assert body == raw(browser, path, GZIP)[1]


def test_each_form_of_a_document_is_known_by_a_tag_of_its_own(browser):
    tags = {form["Accept-Encoding"]: raw(browser, "/openapi.json", form)[0].headers["etag"] for form in (GZIP, PLAIN)}
    assert tags["gzip"] != tags["identity"]

    for form in (GZIP, PLAIN):
        answer, body = raw(browser, "/openapi.json", form | {"If-None-Match": tags[form["Accept-Encoding"]]})
        assert (answer.status_code, body, answer.headers["vary"]) == (304, b"", "Accept-Encoding")


def test_no_length_tells_another_site_what_a_page_says(browser):
    for site in ("cross-site", "same-site"):
        answer, body = raw(browser, "/week", GZIP | {"Sec-Fetch-Site": site})
        assert "content-encoding" not in answer.headers and "Sec-Fetch-Site" in answer.headers["vary"]
        assert b"<!doctype html>" in body
    for site in ("same-origin", "none"):
        assert "content-encoding" in raw(browser, "/week", GZIP | {"Sec-Fetch-Site": site})[0].headers


def test_a_page_never_shows_the_same_form_token_twice(browser):
    tokens = [re.search(r'name="csrf" content="([^"]+)"', browser.get("/week").text)[1] for _ in range(10)]

    assert len(set(tokens)) == 10
    # Each of them holds.
    for token in tokens[:2]:
        answer = browser.patch("/api/auth/me", json={}, headers={"X-CSRF-Token": token})
        assert answer.status_code != 403


def test_what_gives_out_a_secret_is_sent_as_it_is(world):
    people = world.demo
    answer = httpx.post(
        f"{world.server.url}/api/auth/token", json={"email": people.admin.email, "password": PASSWORD}, headers=GZIP)

    assert answer.json()["accessToken"] and "content-encoding" not in answer.headers


def test_lists_of_the_api_are_compressed_and_short_answers_are_not(world):
    person = world.demo.admin
    world.postgresql.add_people(world.demo.id, "student", 40)
    long = person.get(f"/api/organizations/{world.demo.id}/members?limit=40", headers=GZIP)
    short = person.get("/api/auth/me", headers=GZIP)

    assert long.headers["content-encoding"] == "gzip" and len(long.json()["items"]) == 40
    assert "content-encoding" not in short.headers


def test_an_event_stream_is_never_held_back_by_a_coder(world):
    with Stream(world.demo.counselor) as stream:
        assert "gzip" in stream.response.request.headers["accept-encoding"]
        assert "content-encoding" not in stream.response.headers
