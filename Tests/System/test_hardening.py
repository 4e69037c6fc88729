"""What browsers are told to be careful about, and what other sites may not do."""

import json
import re

import httpx
import pytest

from conftest import running
from harness import tokens
from harness.client import PASSWORD
from harness.events import Stream
from harness.tokens import SIGNING_KEY
from harness.raw_http import unchecked

APP = "https://app.example"

CAREFUL = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
}


@pytest.fixture(scope="module")
def http(world):
    with httpx.Client(base_url=world.server.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def secure():
    """A server that browsers reach by https, and whose answers one other site may read."""
    with running(
            "secure", CONVENE_SIGNING_KEY=SIGNING_KEY, CONVENE_PUBLIC_URL="https://convene.example",
            CONVENE_ALLOWED_ORIGINS=APP) as world:
        yield world


@pytest.fixture
def browser(world):
    """Somebody signed in by cookie: whose it is, and the headers that their browser sends along."""
    person = tokens.people(world.postgresql, world.demo.id, "admin", 1)[0]
    return person, {"Cookie": f"convene={person.cookie}"}


# Headers

def answers(world):
    """One answer of every kind, by name."""
    member = world.demo.counselor
    url = world.server.url
    with httpx.Client(base_url=url, timeout=30) as client:
        page = client.get("/sign-in")
        asset = re.search(r'"(/assets/[^"#]+)', page.text).group(1)
        yield "page", page
        yield "asset", client.get(asset)
        yield "redirect", client.get("/week")
        yield "api", client.get("/api/auth/me", headers=member.headers)
        yield "created", member.post(f"/api/organizations/{world.demo.id}/groups", {"name": "x"})
        yield "not signed in", client.get("/api/auth/me")
        yield "not found", client.get("/api/nowhere")
        yield "no page", client.get("/nowhere", headers={"Accept": "text/html"})
        yield "not allowed", client.put("/health")
        yield "invalid", client.post("/api/auth/token", json={})
        yield "too large", client.post(
            "/api/auth/token", content=b"x" * 2_000_000, headers={"Content-Type": "application/json"})
        yield "health", client.get("/health")
        yield "metrics", client.get("/metrics")
        yield "document", client.get("/openapi.json")
        yield "head", client.head("/sign-in")
        yield "options", client.options("/api/auth/me")
    with Stream(member) as stream:
        yield "stream", stream.response


def test_every_answer_carries_the_headers_that_keep_browsers_careful(world):
    for name, answer in answers(world):
        headers = answer.headers
        assert {key: headers.get(key) for key in CAREFUL} == CAREFUL, name
        policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'self'", name
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", name
        assert "unsafe" not in headers["content-security-policy"], name
        assert headers["x-request-id"], name
        assert "strict-transport-security" not in headers, name
        assert "server" not in headers and "x-powered-by" not in headers, name
        assert not any(key.startswith("access-control-") for key in headers), name


def test_nothing_that_is_somebodys_is_kept_by_a_cache(world):
    for name, answer in answers(world):
        if name not in ("asset", "document"):  # which are the same for everybody
            assert "no-store" in answer.headers["cache-control"], name


def test_pages_hold_no_script_or_style_of_their_own(world, http, browser):
    for path in ("/sign-in", "/week", "/book", "/sessions"):
        text = http.get(path, headers=browser[1]).text
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), path


def test_behind_tls_browsers_are_told_to_stay_with_it(secure):
    for name, answer in answers(secure):
        assert answer.headers["strict-transport-security"] == "max-age=31536000", name


@pytest.mark.parametrize(
    ("server", "name", "is_secure"), [("world", "convene", False), ("secure", "__Host-convene", True)])
@pytest.mark.parametrize("way", ["api", "form"])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(request, server, name, is_secure, way):
    world = request.getfixturevalue(server)
    credentials = {"email": world.demo.student.email, "password": PASSWORD}
    answer = httpx.post(f"{world.server.url}/api/auth/sign-in", json=credentials) if way == "api" else \
        httpx.post(f"{world.server.url}/sign-in", data=credentials)

    pair, *attributes = answer.headers["set-cookie"].split("; ")

    assert pair.startswith(f"{name}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert ("Secure" in attributes) == is_secure
    assert not any(attribute.startswith("Domain") for attribute in attributes)


def test_behind_tls_a_cookie_that_any_host_could_set_counts_for_nothing(secure):
    person = tokens.people(secure.postgresql, secure.demo.id, "admin", 1)[0]
    url = f"{secure.server.url}/api/auth/me"

    assert httpx.get(url, headers={"Cookie": f"convene={person.cookie}"}).status_code == 401
    assert httpx.get(url, headers={"Cookie": f"__Host-convene={person.cookie}"}).status_code == 200


# Other sites

def preflight(world, origin):
    return httpx.options(f"{world.server.url}/api/auth/me", headers={
        "Origin": origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"})


def access_control(answer):
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


def test_by_default_no_other_site_may_read_anything(world, http):
    for origin in (APP, "null", world.server.url):
        assert access_control(http.get("/api/auth/me", headers={"Origin": origin})) == {}
        assert access_control(preflight(world, origin)) == {}


def test_a_site_that_the_operator_names_may_read_with_a_token_of_its_own(secure):
    asked = preflight(secure, APP)
    assert asked.status_code == 204
    assert access_control(asked)["access-control-allow-origin"] == APP
    assert "Authorization" in access_control(asked)["access-control-allow-headers"]

    got = httpx.get(
        f"{secure.server.url}/api/auth/me", headers={"Origin": APP} | secure.demo.counselor.headers)
    assert got.status_code == 200
    assert access_control(got)["access-control-allow-origin"] == APP
    assert got.headers["vary"] == "Origin"
    # A cookie would make every visitor's browser ask for anyone who is signed in there.
    assert "access-control-allow-credentials" not in access_control(asked) | access_control(got)


@pytest.mark.parametrize("origin", [
    "https://evil.example", "null", "http://app.example", "https://app.example.evil.example", "https://app.example:444",
    "https://sub.app.example", "HTTPS://APP.EXAMPLE", "https://app.example/", f"{APP}, https://evil.example", "*", "",
])
def test_a_site_that_the_operator_does_not_name_may_not(secure, origin):
    answer = httpx.get(f"{secure.server.url}/api/auth/me", headers={"Origin": origin} | secure.demo.counselor.headers)

    assert access_control(answer) == {} and answer.headers["vary"] == "Origin"
    assert access_control(preflight(secure, origin)) == {}


def test_pages_are_read_by_no_other_site_at_all(secure):
    assert access_control(httpx.get(f"{secure.server.url}/sign-in", headers={"Origin": APP})) == {}


# Requests that another site makes a browser send

CHANGES = [
    ("POST", "/api/auth/sign-out", None),
    ("POST", "/api/auth/sign-out-everywhere", {}),
    ("POST", "/api/auth/keys", {"name": "mine", "scopes": ["sessions:read"]}),
    ("POST", "/api/auth/password", {"newPassword": "plum-harbour-lantern"}),
    ("PATCH", "/api/organizations/{organization}", {"timeZone": "UTC"}),
    ("DELETE", "/api/organizations/{organization}/members/{person}", None),
    ("PUT", "/api/organizations/{organization}/providers/zoom",
     {"accountId": "a", "clientId": "b", "clientSecret": "c"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize("shown", ["nothing", "another sign-in's", "a guess", "the cookie itself", "an empty one"])
def test_a_cookie_alone_changes_nothing(world, browser, method, path, body, shown):
    person, cookie = browser
    other = tokens.sign_in(world.postgresql, person.id)
    token = {
        "nothing": None, "another sign-in's": tokens.form_token(other.sign_in), "a guess": "A" * 86,
        "the cookie itself": person.cookie, "an empty one": "",
    }[shown]
    headers = cookie | ({} if token is None else {"X-CSRF-Token": token})

    answer = unchecked(
        world.server.port, method, path.format(organization=world.demo.id, person=person.id), headers.items(), body)

    assert answer.status_code == 403 and answer.json()["code"] == "csrf"
    assert unchecked(world.server.port, "GET", "/api/auth/me", cookie.items()).status_code == 200


def test_with_the_token_of_its_own_sign_in_a_page_may_change_something(world, http, browser):
    person, cookie = browser
    headers = cookie | {"X-CSRF-Token": tokens.form_token(person.sign_in)}

    assert http.patch(f"/api/organizations/{world.demo.id}", json={}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "type_", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_a_form_of_another_site_is_no_request_of_ours(world, http, type_):
    body = json.dumps({"email": world.demo.student.email, "password": PASSWORD})

    for path in ("/api/auth/sign-in", "/api/auth/token"):
        answer = http.post(path, content=body, headers={"Content-Type": type_, "Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 415 and "set-cookie" not in answer.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_signs_nobody_in(http, world, site):
    form = {"email": world.demo.student.email, "password": PASSWORD}

    answer = http.post("/sign-in", data=form, headers={"Sec-Fetch-Site": site, "Origin": "https://evil.example"})

    assert answer.status_code == 403 and "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1.evil.example"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/link", "/sign-up", "/invitation", "/sign-out"])
def test_a_form_of_another_site_is_known_by_its_origin_alone(world, http, origin, path):
    """Over plain http browsers do not say by Sec-Fetch-Site whose a form is."""
    form = {"email": world.demo.student.email, "password": PASSWORD}

    answer = http.post(path, data=form, headers={"Origin": origin})

    assert answer.status_code == 403 and "set-cookie" not in answer.headers


def test_a_form_of_our_own_is_taken_by_its_origin(world, http, secure):
    form = {"email": world.demo.student.email, "password": PASSWORD}

    assert http.post("/sign-in", data=form, headers={"Origin": world.server.url}).status_code == 303
    # Behind a proxy, which may send another Host.
    answer = httpx.post(f"{secure.server.url}/sign-in", data=form, headers={"Origin": "https://convene.example"})
    assert answer.status_code == 303


def test_reading_does_not_change_anything_whatever_its_method_is_said_to_be(world, http, browser):
    person, cookie = browser
    for header in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        http.get(f"/api/organizations/{world.demo.id}/members/{person.id}", headers=cookie | {header: "DELETE"})
    http.get(f"/api/organizations/{world.demo.id}?_method=DELETE", headers=cookie)

    assert http.get("/api/counselor/sessions", headers=cookie).status_code == 200
