"""nginx before the server: with nothing but its defaults, and as docs/operations.md has it."""

import concurrent.futures
import contextlib
import re
import types

import httpx
import pytest

from conftest import running
from harness.client import PASSWORD, Person
from harness.events import Stream
from harness.nginx import Nginx
from harness.processes import ROOT, free_port

CONFIGURATION, = re.findall(r"^```nginx\n(.*?)^```$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE | re.DOTALL)
DEFAULTS = """
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass {server};
        {more}
    }}
}}
"""


class Front:
    """What people reach, in place of the server itself."""

    def __init__(self, world, nginx, url):
        self.world, self.nginx, self.url = world, nginx, url

    def person(self, role):
        return Person(types.SimpleNamespace(url=self.url), f"{role}@demo.example")

    def client(self, address="127.0.0.1"):
        """A browser that is at `address`."""
        transport = httpx.HTTPTransport(local_address=address, verify=False)
        return httpx.Client(base_url=self.url, transport=transport, timeout=30)


def replaced(text, **changes):
    for old, new in changes.values():
        assert text.count(old) == 1, f"the page has {old!r} once"
        text = text.replace(old, new)
    return text


@contextlib.contextmanager
def before(world, port, prepare, scheme):
    nginx = Nginx(prepare)
    try:
        url = f"{scheme}://127.0.0.1:{nginx.port if port is None else port}"
        nginx.wait(url)
        yield Front(world, nginx, url)
    finally:
        nginx.stop()


@pytest.fixture(scope="module")
def plain(world):
    """nginx with its defaults."""

    def prepare(nginx):
        return DEFAULTS.format(port=nginx.port, server=world.server.url, more="")

    with before(world, None, prepare, "http") as front:
        yield front


@pytest.fixture(scope="module")
def documented(simulators):
    """The page's configuration; only addresses, ports and the certificate's place are the test's own."""
    port = free_port()
    settings = {"CONVENE_PUBLIC_URL": f"https://127.0.0.1:{port}", "CONVENE_TRUSTED_PROXIES": "127.0.0.1"}
    with running("nginx", simulators=simulators, **settings) as world:

        def prepare(nginx):
            certificate, key = nginx.certificate()
            return replaced(
                CONFIGURATION, listen=("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
                certificate=("/etc/ssl/convene.example.org.pem", str(certificate)),
                key=("/etc/ssl/convene.example.org.key", str(key)),
                server=("http://127.0.0.1:8080", world.server.url))

        with before(world, port, prepare, "https") as front:
            yield front


@pytest.fixture(params=["plain", "documented"])
def front(request):
    return request.getfixturevalue(request.param)


def test_a_browser_signs_in_and_looks_around(front):
    with front.client() as browser:
        answer = browser.post("/sign-in", data={"email": "counselor@demo.example", "password": PASSWORD})

        assert answer.status_code == 303 and answer.headers["location"] == "/week", answer.text
        (cookie,) = answer.headers.get_list("set-cookie")
        if front.url.startswith("https"):
            assert cookie.startswith("__Host-convene=") and "Secure" in cookie
            assert "strict-transport-security" in answer.headers
        for page in ("/week", "/sessions", "/book", "/settings"):
            assert browser.get(page).status_code == 200, page


def test_the_first_words_of_the_stream_come_through_at_once(front):
    """They are few: an nginx that collects until a buffer is full would keep them for minutes."""
    with Stream(front.person("counselor"), quiet_for=10) as stream:
        assert next(stream.lines()).startswith("retry:")


def test_what_happens_is_told_at_once(front):
    world = front.world
    with Stream(front.person("counselor"), quiet_for=10) as stream, concurrent.futures.ThreadPoolExecutor(1) as pool:
        events = iter(stream)
        first = pool.submit(next, events)
        booked = world.demo.counselor.book(world.booking()).json()["sessionId"]

        assert booked in str(first.result(30).data)


def test_a_large_body_is_taken_and_one_too_large_is_refused_in_our_words(documented):
    person = documented.person("counselor")

    large = person.post("/api/counselor/sessions/book", {"title": "x" * 900_000})
    too_large = person.post("/api/counselor/sessions/book", {"title": "x" * 1_500_000})

    assert large.status_code == 422
    assert too_large.status_code == 413
    assert too_large.headers["content-type"].startswith("application/problem+json"), too_large.text[:200]


def test_figures_are_for_whoever_is_behind_nginx(documented):
    with documented.client() as client:
        assert client.get("/metrics").status_code == 404
    assert httpx.get(f"{documented.world.server.url}/metrics").status_code == 200


def test_many_requests_share_a_connection(documented):
    with documented.client() as client:
        answers = [client.get("/health") for _ in range(100)]

    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.headers.get("connection", "keep-alive") == "keep-alive" for answer in answers)


@pytest.mark.parametrize("claimed", [None, "203.0.113.9", "203.0.113.9:4711, 10.0.0.1", "unknown"])
def test_the_clients_address_is_the_one_that_nginx_saw(documented, claimed):
    headers = {"X-Forwarded-For": claimed} if claimed else {}
    with documented.client(address="127.0.0.77") as client:
        body = {"email": "student2@demo.example", "password": PASSWORD}
        token = client.post("/api/auth/token", json=body, headers=headers).raise_for_status().json()["accessToken"]
        body = {"name": "Sam Carter", "timeZone": "America/New_York"}
        bearer = {"Authorization": f"Bearer {token}"}
        client.patch("/api/auth/me", json={"name": f"Sam {claimed}"[:20]}, headers=headers | bearer).raise_for_status()

    assert logged_address(documented.world) == "127.0.0.77"


def test_an_address_with_a_port_is_an_address(documented):
    """As some proxies write it."""
    world = documented.world

    def prepare(nginx):
        more = "proxy_set_header X-Forwarded-For $remote_addr:$remote_port;"
        return DEFAULTS.format(port=nginx.port, server=world.server.url, more=more)

    with before(world, None, prepare, "http") as front, front.client(address="127.0.0.78") as client:
        body = {"email": "student2@demo.example", "password": PASSWORD}
        token = client.post("/api/auth/token", json=body).raise_for_status().json()["accessToken"]
        client.patch(
            "/api/auth/me", json={"name": "Sam With a Port"},
            headers={"Authorization": f"Bearer {token}"}).raise_for_status()

    assert logged_address(world) == "127.0.0.78"


def logged_address(world):
    """Of the newest entry, whether it has its number by now or waits for it."""
    return world.postgresql.value("""
        SELECT entry::jsonb->>'address' AS address
        FROM (SELECT entry, true AS waits, id FROM audit_entries UNION ALL SELECT entry, false, position FROM audit_logs) e
        ORDER BY waits DESC, id DESC LIMIT 1""")


def test_what_is_compressed_passes_through_as_it_is(front):
    with front.client() as browser:
        browser.post("/sign-in", data={"email": "counselor@demo.example", "password": PASSWORD})
        page = browser.get("/week", headers={"Accept-Encoding": "gzip"})
        script = browser.get(re.search(r'"(/assets/[^"]+/week\.js)"', page.text)[1], headers={"Accept-Encoding": "gzip"})

    for answer in (page, script):
        assert answer.headers["content-encoding"] == "gzip" and "Accept-Encoding" in answer.headers["vary"]
        assert int(answer.headers["content-length"]) == answer.num_bytes_downloaded < len(answer.content)
    with Stream(front.person("counselor")) as stream:
        assert "content-encoding" not in stream.response.headers
