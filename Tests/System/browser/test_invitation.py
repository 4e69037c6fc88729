"""Where invitations lead: new accounts, accounts that there are, and somebody else's."""

import uuid

import httpx
import pytest
from playwright.sync_api import expect

from harness import mails
from harness.newcomers import PASSWORD, forget_attempts, invite, newcomer
from harness.waiting import wait_until

from .steps import fill_in, overflow, sign_in, violations


@pytest.fixture(autouse=True)
def fresh_limits(world):
    forget_attempts(world)


@pytest.fixture
def address():
    return f"{uuid.uuid4().hex[:12]}@invited.example"


def fill_in_account(page, name="Nia Newman", password=PASSWORD):
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Join Northlight Mentoring as").click()


def who(page):
    page.locator(".account summary").click()
    return page.locator(".who")


def test_somebody_new_joins(new_page, world, address):
    page = new_page(timezone_id="Asia/Tokyo")
    page.goto(invite(world, address, "mentor"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Join Northlight Mentoring")
    expect(page.get_by_text("Amara Okafor invites you to join as a mentor.")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value(address)
    fill_in_account(page)

    expect(page).to_have_url("/week")
    expect(page.get_by_text("Asia/Tokyo")).to_be_visible()
    expect(who(page)).to_contain_text("Northlight Mentoring · Mentor")


def test_somebody_new_joins_without_script(new_page, world, address):
    page = new_page(java_script_enabled=False)
    page.goto(invite(world, address, "student"))
    fill_in_account(page)

    expect(page).to_have_url("/week")
    expect(page.get_by_text("UTC (UTC+00:00)")).to_be_visible()


def test_a_weak_password_is_refused_with_advice_at_the_field(page, world, address):
    page.goto(invite(world, address))
    password = page.get_by_label("Password", exact=True)
    password.fill("abcdefghijk")
    expect(page.locator("#password-hint")).to_have_text("1 more character")
    password.fill("abcdefghijkl")
    expect(page.locator("#password-hint")).to_have_text("Long enough")
    fill_in_account(page, password="northlight mentoring 1")

    expect(page.locator("#password-error")).to_contain_text("Leave out your name")
    expect(password).to_be_focused()
    expect(password).to_have_value("")
    expect(page.get_by_label("Your name")).to_have_value("Nia Newman")
    assert violations(page) == []

    fill_in_account(page)
    expect(page).to_have_url("/week")


def test_what_is_missing_is_said_at_each_field(page, world, address):
    page.goto(invite(world, address))
    fill_in_account(page, name="  ", password="")

    expect(page.get_by_text("Enter your name")).to_be_visible()
    expect(page.get_by_text("Choose a password.")).to_be_visible()


def test_an_account_that_there_is_signs_in_to_accept(page, world):
    address = newcomer(world, "mentor", world.rival)
    page.goto(invite(world, address, "counselor"))
    page.get_by_role("link", name="Sign in to accept").click()
    fill_in(page, address, PASSWORD)
    assert violations(page) == []
    page.get_by_role("button", name="Join Northlight Mentoring as counselor").click()

    expect(page).to_have_url("/week")
    expect(who(page)).to_contain_text("Northlight Mentoring · Counselor")


def test_who_is_signed_in_as_somebody_else_signs_out_and_comes_back(page, world, address):
    link = invite(world, address)
    sign_in(page, "counselor@demo.example")
    page.goto(link)
    expect(page.locator(".notice")).to_contain_text(f"for {address}")
    expect(page.locator(".notice")).to_contain_text("signed in as counselor@demo.example")
    assert violations(page) == []
    page.get_by_role("button", name="Sign out and continue").click()

    fill_in_account(page)
    expect(page).to_have_url("/week")


def test_an_invitation_works_once(page, world, address):
    link = invite(world, address)
    page.goto(link)
    fill_in_account(page)
    expect(page).to_have_url("/week")
    assert page.goto(link).status == 404

    expect(page.get_by_role("heading", level=1)).to_contain_text("does not work any more")
    expect(page.get_by_text("Ask whoever invited you")).to_be_visible()
    assert violations(page) == []


def test_somebody_sets_an_organization_up(page, world, address):
    page.goto("/sign-in")
    page.get_by_role("link", name="Set up your organization").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Enter an email address")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Organization").fill("Southlight")
    page.get_by_label("Your email").fill(address)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    assert violations(page) == []
    page.goto(mails.link(world.server, address, "/invitation?"))
    page.get_by_label("Your name").fill("Sol South")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Set up Southlight").click()

    expect(page).to_have_url("/week")
    expect(who(page)).to_contain_text("Southlight · Admin")


def test_where_only_admins_found_organizations_the_page_says_so(new_page, new_world):
    world = new_world(CONVENE_SIGN_UP="invited")
    page = new_page(world.server)
    page.goto("/sign-in")
    expect(page.get_by_role("link", name="Set up your organization")).to_have_count(0)
    page.goto("/sign-up")

    expect(page.get_by_role("heading", name="By invitation only")).to_be_visible()
    assert violations(page) == []


def test_an_invitation_is_told_to_nobody(page, world, address):
    """Its address is the secret: no other site learns it, and no log."""
    link = invite(world, address)
    asked = []
    page.on("request", lambda request: asked.append(request))
    answer = page.goto(link)
    token = httpx.URL(link).params["token"]

    assert answer.headers["referrer-policy"] == "strict-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert all(request.url.startswith(world.server.url) for request in asked)
    assert all(token not in (request.headers.get("referer") or "") for request in asked)
    fill_in_account(page)
    expect(page).to_have_url("/week")
    wait_until(lambda: "/invitation" in world.server.log.read_text(), within=10, what="the requests in the log")
    assert token not in world.server.log.read_text()


def test_a_long_name_stays_on_the_page(new_page, world, address):
    world.postgresql.run("UPDATE organizations SET name = repeat('Long ', 20) || repeat('x', 60) WHERE slug = 'rival'")
    try:
        page = new_page(viewport={"width": 320, "height": 700})
        page.goto(invite(world, address, organization=world.rival))
        assert overflow(page) <= 0
    finally:
        world.postgresql.run("UPDATE organizations SET name = 'Rival Academy' WHERE slug = 'rival'")


@pytest.mark.parametrize("path", ["/invitation", "/sign-in", "/sign-in/mail", "/sign-in/link", "/sign-in/code", "/sign-up"])
def test_another_site_sends_no_form_here(world, path):
    answer = httpx.post(
        world.server.url + path, data={"token": "x", "email": "a@b.example"}, verify=False,
        headers={"Sec-Fetch-Site": "cross-site", "Accept": "text/html"})

    assert answer.status_code == 403
