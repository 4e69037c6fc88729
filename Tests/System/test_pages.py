"""What the pages answer to requests that no page of ours makes, and the headers they carry."""

import re

import httpx
import pytest

from harness.client import PASSWORD

PAGES = ["/week", "/book", "/sessions", "/settings"]


@pytest.fixture(scope="module")
def counselor(world):
    """The counselor's browser, without a browser."""
    with httpx.Client(base_url=world.server.url, headers={"Accept": "text/html"}) as client:
        form = {"email": world.demo.counselor.email, "password": PASSWORD, "next": "/week"}
        assert client.post("/sign-in", data=form).status_code == 303
        yield client


@pytest.mark.parametrize("path", [
    "/week?from=garbage", "/week?from=2026-13-45", "/week?from=0001-01-01", "/week?from=9999-12-31", "/week?from=%00",
    "/week?from=%ff", "/week?from=", "/week?from=-1", "/sessions?cursor=garbage", "/sessions?cursor=%00",
    "/sessions?cursor=eyJhIjoxfQ", "/sessions?status=x", "/sessions?kind=%27", "/sessions?status=&kind=&cursor=",
    "/book?day=x&time=y", "/week?&&==&", "/sign-in?next=%00",
])
def test_a_query_that_makes_no_sense_is_ignored(counselor, path):
    # Who is signed in already is led on from there.
    answer = counselor.get(path, follow_redirects=path.startswith("/sign-in"))

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/sessions/x", "/sessions/%00", "/sessions/%ff", "/nowhere", "/week/2026", "/assets/x/y"])
def test_what_there_is_not_is_said_on_a_page_with_a_way_back(counselor, path):
    answer = counselor.get(path)

    assert answer.status_code == 404
    assert 'href="/week"' in answer.text


def test_programs_get_a_problem_document(counselor):
    answer = counselor.get("/api/nowhere")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_kept_nowhere(counselor, path):
    headers = counselor.get(path).headers

    assert headers["cache-control"] == "no-store"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


def test_assets_are_kept_for_ever_under_the_address_that_pages_name(counselor):
    paths = set(re.findall(r'"(/assets/[^"#]+)', counselor.get("/week").text))
    assert paths

    for path in paths:
        answer = counselor.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    old = re.sub("/assets/[^/]+/", "/assets/older/", paths.pop())
    assert counselor.get(old).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [*PAGES, "/sign-in", "/sessions/x", "/nowhere", "/api/auth/me"])
def test_head_answers_as_get_does_without_the_body(counselor, path):
    get, head = counselor.get(path), counselor.head(path)

    assert head.status_code == get.status_code
    assert head.headers.get("content-type") == get.headers.get("content-type")
    assert head.content == b""


@pytest.mark.parametrize("path", [*PAGES, "/sessions/00000000-0000-7000-8000-000000000000"])
def test_who_is_not_signed_in_is_sent_to_sign_in(world, path):
    answer = httpx.get(world.server.url + path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("next", [
    "//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example", "week",
    "/week\r\nX-Made-Up: 1", "javascript:alert(1)", "/\t/elsewhere.example",
])
def test_signing_in_leads_nowhere_else(world, next):
    form = {"email": world.demo.counselor.email, "password": PASSWORD, "next": next}
    answer = httpx.post(world.server.url + "/sign-in", data=form)

    assert answer.headers["location"] == "/week"
    assert "x-made-up" not in answer.headers


def test_another_site_cannot_sign_anybody_in_or_out(world, counselor):
    form = {"email": world.demo.counselor.email, "password": PASSWORD}
    foreign = httpx.post(world.server.url + "/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site", "Accept": "text/html"})
    assert foreign.status_code == 403
    assert foreign.headers["content-type"].startswith("text/html")

    assert counselor.post("/sign-out", data={"csrf": "guessed"}).status_code == 403
    assert counselor.get("/week").status_code == 200


def test_an_account_in_no_organization_is_told_so(world):
    with httpx.Client(base_url=world.server.url) as client:
        client.post("/sign-in", data={"email": "root@platform.example", "password": PASSWORD})
        answer = client.get("/week")

    assert answer.status_code == 403
    assert "No organization" in answer.text
    assert 'action="/sign-out"' in answer.text
    assert 'href="/platform"' in answer.text


def entered(page):
    """The organization that a page's scripts name."""
    return re.search(r'<meta name="organization" content="([^"]+)"', page.text)[1]


def switch(client, organization):
    csrf = re.search(r'<meta name="csrf" content="([^"]+)"', client.get("/settings/security").text)[1]
    return client.post("/organization/switch", data={"csrf": csrf, "organization": organization})


def test_an_organization_that_is_not_theirs_is_nobodys_to_choose(world, counselor):
    assert switch(counselor, world.rival.id).status_code == 404
    assert switch(counselor, "x").status_code == 404
    assert counselor.post("/organization/switch", data={"organization": world.demo.id}).status_code == 403

    counselor.cookies.set("convene_organization", world.rival.id)
    assert entered(counselor.get("/week")) == world.demo.id
    counselor.cookies.set("convene_organization", "garbage")
    assert entered(counselor.get("/week")) == world.demo.id
    counselor.cookies.delete("convene_organization")


def test_a_super_admin_enters_any_organization(world):
    with httpx.Client(base_url=world.server.url) as client:
        client.post("/sign-in", data={"email": "root@platform.example", "password": PASSWORD})
        answer = switch(client, world.rival.id)
        assert answer.status_code == 303
        assert "HttpOnly; SameSite=Lax" in answer.headers["set-cookie"]
        assert entered(client.get("/week")) == world.rival.id

        assert switch(client, "00000000-0000-7000-8000-000000000000").status_code == 404


def test_a_program_gets_no_page(world):
    answer = httpx.get(f"{world.server.url}/week", headers=world.demo.counselor.headers)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_a_week_of_more_than_it_shows_says_so(new_world):
    world = new_world()
    people = world.rival
    with httpx.Client(base_url=world.server.url, headers={"Accept": "text/html"}) as client:
        form = {"email": people.admin.email, "password": PASSWORD, "next": "/week"}
        assert client.post("/sign-in", data=form).status_code == 303
        for count, says_so in [(200, False), (1, True)]:
            world.postgresql.run(f"""
                INSERT INTO comm_sessions (id, organization_id, meeting_provider, title, status, scheduled_at, duration,
                    counselor_user_id, created_by_counselor_id, student_user_id, cancelled_at)
                SELECT gen_random_uuid(), '{people.id}', 'zoom', 'One of many', 'cancelled', '2031-03-05T10:00:00Z', 30,
                    '{people.counselor.id}', '{people.counselor.id}', '{people.student.id}', now()
                FROM generate_series(1, {count})""")

            week = client.get("/week?from=2031-03-05").text

            assert week.count("One of many") == 200
            assert ("these are its first 200" in week) == says_so
