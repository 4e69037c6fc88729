"""What every page weighs when it is seen first, and that nothing moves once it is seen."""

import json
import subprocess
import urllib.parse
import uuid

import pytest

from harness.newcomers import PASSWORD, forget_attempts, invite, newcomer
from harness.processes import BINARY

from .page_weights import keep, shift_while_scripts_are_late, weigh
from .steps import DESKTOP, PHONE, fill_in

MOST_BYTES = 50_000
MOST_REQUESTS = 15
MOST_SHIFT = 0.01

# What other pages ask for, or what leads to one.
NO_PAGES = {"/", "/demo/mail/{id}/html", "/assets/{version}/{feature}/{file}", "/branding/{organization}/{file}", "/form-token"}


@pytest.fixture(scope="module")
def full(shared_world):
    """A world with so much of everything that each list has a second page."""
    with shared_world("weight") as made:
        demo = made.demo
        made.session = [demo.counselor.book(made.booking()).raise_for_status().json()["sessionId"] for _ in range(35)][0]
        made.postgresql.add_people(demo.id, "student", 300)
        made.postgresql.run(f"""
            INSERT INTO groups (id, organization_id, name)
            SELECT gen_random_uuid(), '{demo.id}', 'Year ' || number FROM generate_series(1, 60) number""")
        yield made


def a_visitor(path):
    return lambda page, world: path


def a_guest(page, world):
    forget_attempts(world)
    link = urllib.parse.urlsplit(invite(world, f"{uuid.uuid4().hex[:12]}@invited.example"))
    return f"{link.path}?{link.query}"


def half_signed_in(page, world):
    """Somebody who has shown their password, and whose code is still asked for."""
    address = newcomer(world)
    page.goto("/sign-in")
    fill_in(page, address, PASSWORD)
    page.wait_for_url("**/week")
    world.postgresql.run(f"""
        UPDATE sign_ins SET needs_second_factor = true
        WHERE user_id = (SELECT id FROM users WHERE email = '{address}')""")
    return "/sign-in/code"


# By whom each page is seen, by its declaration: the email of somebody signed in, or what a visitor does before.
SEEN = {
    "/sign-in": a_visitor("/sign-in"), "/sign-in/link": a_visitor("/sign-in/link?token=x"),
    "/sign-in/code": half_signed_in, "/sign-up": a_visitor("/sign-up"), "/set-up": a_visitor("/set-up?token=x"),
    "/invitation": a_guest,
    "/demo/mail": a_visitor("/demo/mail"), "/week": "admin@demo.example", "/sessions": "admin@demo.example",
    "/sessions/{id}": "counselor@demo.example", "/book": "counselor@demo.example", "/settings": "admin@demo.example",
    "/settings/security": "admin@demo.example", "/organization": "admin@demo.example",
    "/organization/members": "admin@demo.example", "/organization/groups": "admin@demo.example",
    "/organization/branding": "admin@demo.example", "/organization/providers": "admin@demo.example",
    "/organization/audit": "admin@demo.example", "/platform": "root@platform.example",
    "/not-there": "admin@demo.example",
}


@pytest.fixture
def visit(new_page, cookies_of, full):
    """Opens a browser that has seen nothing of ours yet, for whoever sees the page; tells the page's address, too."""

    def open_browser(name, **options):
        who = SEEN[name]
        if callable(who):
            page = new_page(full.server, **options)
            return page, who(page, full)
        page = new_page(full.server, storage_state=cookies_of(full.server, who), **options)
        return page, name.replace("{id}", full.session)

    return open_browser


def test_every_page_is_weighed():
    declared = json.loads(subprocess.run([BINARY, "pages"], check=True, capture_output=True, text=True).stdout)

    assert {page["path"] for page in declared if page["method"] == "GET"} - NO_PAGES == SEEN.keys() - {"/not-there"}


def test_no_page_weighs_more_than_it_must(visit, full):
    weights = {}
    for name in SEEN:
        page, address = visit(name)
        weights[name] = weigh(page, address)
        page.context.close()
    keep(weights)

    totals = {name: (len(sent), sum(size for _, size in sent)) for name, sent in weights.items()}
    assert {name: total for name, total in totals.items() if total[0] > MOST_REQUESTS or total[1] >= MOST_BYTES} == {}


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", [*SEEN, "/book?person"])
def test_nothing_moves_when_the_scripts_come(visit, full, name, window):
    page, address = visit(name.partition("?")[0], viewport=window)
    if name == "/book?person":  # whose free times are looked up at once
        address = f"/book?person={full.demo.student.id}&person={full.demo.mentor.id}"

    shift, what = shift_while_scripts_are_late(page, address)

    assert shift < MOST_SHIFT, what
