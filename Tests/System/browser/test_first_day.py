"""The first day of an installation: an empty folder, the links that are printed and shown, and nothing else.

There is neither a demo nor a mail server. The video service is the simulator's, under an account that is typed in.
"""

import contextlib
import re
import uuid

import httpx
import pytest
from playwright.sync_api import expect

from harness.processes import Server
from harness.waiting import wait_until

from .steps import booked, choose, find_free_times, join_link, pointed_at_with, submit, take_time

PASSWORD = "violet harbour 17 lanterns"


@contextlib.contextmanager
def running(name, simulators):
    server = Server(name, arguments=(), simulators=simulators)
    try:
        yield server.start()
    finally:
        server.stop()
        server.remove()


@pytest.fixture
def server(simulators):
    with running("first-day-in-the-browser", simulators) as server:
        yield server


@pytest.fixture(scope="module")
def untouched(simulators):
    """One that nobody sets up."""
    with running("first-day-untouched", simulators) as server:
        yield server


@pytest.fixture(scope="module")
def acme(simulators):
    """One that was set up a moment ago."""
    with running("first-day-acme", simulators) as server:
        url = httpx.URL(printed_link(server))
        form = {"token": url.params["token"], "organization": "Acme", "name": "Ada Acme", "email": "ada@acme.example",
                "password": PASSWORD}
        assert httpx.post(url.copy_with(query=None), data=form, timeout=60).status_code == 303
        yield server


@pytest.fixture
def admin_page(acme, new_page):
    """Opens a page of its admin."""
    def open_page(**options):
        page = new_page(acme, **options)
        answer = page.context.request.post("/api/auth/sign-in", data={"email": "ada@acme.example", "password": PASSWORD})
        assert answer.ok, answer.text()
        return page

    return open_page


def printed_link(server):
    return wait_until(lambda: re.search(r"Set it up at (\S+)", server.log.read_text()), within=10)[1]


def set_up(page, link, email="ada@acme.example", organization="Acme"):
    page.goto(link)
    page.get_by_label("Organization").fill(organization)
    page.get_by_label("Your name").fill("Ada Acme")
    page.get_by_label("Your email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Set up Convene").click()


def step(page, title):
    return page.locator(".checklist li").filter(has_text=title)


def done(page):
    return page.locator(".checklist li[data-done] .step-title")


def connect_zoom(page):
    step(page, "Connect a video service").get_by_role("link", name="Connect").click()
    card = page.locator('[data-provider="zoom"]')
    card.get_by_label("Account ID").fill("acc_demo")
    card.get_by_label("Client ID").fill("client_demo")
    card.get_by_label("Client secret").fill("secret_demo")
    card.get_by_role("button", name="Save").click()
    expect(card.locator(".done")).to_contain_text("Saved.")
    page.goto("/week")


def invite(page, address, role):
    """The link that the page shows, and its button copies."""
    page.get_by_label("Email addresses").fill(address)
    page.get_by_label("As", exact=True).select_option(label=role)
    page.get_by_role("button", name="Invite", exact=True).click()
    shown = page.locator("#invited li").filter(has_text=address)
    link = shown.get_by_label("Invitation link for").input_value()
    assert shown.get_by_role("button", name="Copy link").get_attribute("data-copy") == link
    return link


def join(new_page, server, link, name):
    page = new_page(server)
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Join Acme as").click()
    expect(page).to_have_url(re.compile("/week$"))
    return page


def fresh(name):
    return f"{name}-{uuid.uuid4().hex[:8]}@acme.example"


def test_from_an_empty_folder_to_a_booked_session(server, new_page, screenshot):
    page = new_page(server)
    set_up(page, printed_link(server))

    expect(page.get_by_role("heading", name="Get to your first session")).to_be_visible()
    expect(done(page)).to_have_count(0)
    expect(step(page, "Book the first session")).to_contain_text(
        "Possible once a video service is connected and a student has joined.")
    connect_zoom(page)
    expect(done(page)).to_have_text([re.compile("Connect a video service")])

    step(page, "Invite mentors").get_by_role("link", name="Invite").click()
    expect(page.get_by_text("This server sends no email")).to_be_visible()
    mentor = invite(page, "mentor@acme.example", "Mentor")
    student = invite(page, "student@acme.example", "Student")
    page.goto("/week")
    expect(done(page)).to_have_count(3)
    expect(step(page, "Invite mentors")).to_contain_text("once they have joined")
    screenshot(page, "checklist-partly")
    join(new_page, server, mentor, "Mia Mentor")
    join(new_page, server, student, "Stu Student")

    page.reload()
    step(page, "Book the first session").get_by_role("link", name="Book").click()
    choose(page, "Student", "Stu")
    choose(page, "Mentor", "Mia")
    find_free_times(page)
    take_time(page)
    submit(page)
    booked(page)
    expect(join_link(page)).to_be_visible(timeout=30_000)

    page.goto("/week")
    expect(page.locator(".calendar")).to_be_visible()
    expect(page.locator(".checklist")).to_have_count(0)


def test_what_is_missing_is_said_at_each_field_and_the_rest_is_kept(untouched, new_page, pointer, suits_everybody):
    page = new_page(untouched, **pointed_at_with(pointer))
    page.goto(printed_link(untouched))
    suits_everybody(page, "set-up")
    set_up(page, printed_link(untouched), email="ada", organization=" ")

    expect(page.locator("#email-error")).to_contain_text("Enter an email address")
    expect(page.locator("#organization-error")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ada Acme")
    suits_everybody(page, "set-up-missing")
    page.get_by_label("Organization").fill("Acme")
    page.get_by_label("Your email").fill("ada@acme.example")
    page.get_by_label("Password", exact=True).fill("password1234")
    page.get_by_role("button", name="Set up Convene").click()
    expect(page.locator("#password-error")).to_be_visible()


def test_a_link_that_was_used_says_so(acme, new_page, pointer, suits_everybody):
    page = new_page(acme, **pointed_at_with(pointer))
    page.goto(printed_link(acme))

    expect(page.get_by_role("heading", level=1)).to_contain_text("does not work any more")
    suits_everybody(page, "set-up-gone")


def test_the_first_pages_suit_everybody(admin_page, new_page, acme, pointer, suits_everybody):
    page = admin_page(**pointed_at_with(pointer))
    page.goto("/week")
    expect(page.locator(".checklist")).to_be_visible()
    suits_everybody(page, "checklist")
    page.goto("/organization/members")
    invite(page, fresh("mentor"), "Mentor")
    suits_everybody(page, "members-without-mail")
    page.goto("/organization/members")
    page.get_by_role("button", name="New link for").first.click()
    expect(page.locator("#invitations-outcome input")).to_be_visible()
    suits_everybody(page, "members-new-link")
    stranger = new_page(acme, **pointed_at_with(pointer))
    stranger.goto("/sign-in")
    suits_everybody(stranger, "sign-in-without-mail")


def test_a_link_that_was_lost_is_made_again(admin_page, new_page, acme):
    page, address = admin_page(), fresh("mia")
    page.goto("/organization/members")
    first = invite(page, address, "Mentor")
    page.reload()
    assert first not in page.content()

    page.get_by_role("button", name=f"New link for {address}").click()
    second = page.locator("#invitations-outcome").get_by_label(f"Invitation link for {address}").input_value()

    other = new_page(acme)
    other.goto(first)
    expect(other.get_by_role("heading", level=1)).to_contain_text("does not work any more")
    join(new_page, acme, second, "Mia Mentor")


def test_a_platform_admin_passes_the_link_of_an_organizations_first_admin_on(admin_page):
    page, address = admin_page(), fresh("bea")
    page.goto("/platform")
    page.get_by_role("button", name="Invite an admin to Acme").click()
    page.get_by_label("Email address").fill(address)
    page.get_by_role("button", name="Invite", exact=True).click()

    link = page.locator("#platform-outcome").get_by_label(f"Invitation link for {address}").input_value()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Join Acme")


def test_counselors_see_their_part_of_the_checklist(admin_page, new_page, acme):
    page = admin_page()
    page.goto("/organization/members")
    counselor = join(new_page, acme, invite(page, fresh("cleo"), "Counselor"), "Cleo Counselor")

    expect(counselor.locator(".checklist .step-title")).to_have_text(["Book the first session"])
    expect(counselor.locator(".checklist a")).to_have_count(0)


def test_nothing_promises_a_mail_that_nobody_sends(admin_page, new_page, acme):
    page = admin_page()
    page.goto("/settings/security")
    expect(page.get_by_role("heading", name="Password", exact=True)).to_be_visible()
    assert "mailed" not in page.content()

    stranger = new_page(acme)
    stranger.goto("/sign-in")
    expect(stranger.get_by_text("this server sends no email")).to_be_visible()
    expect(stranger.get_by_role("button", name="Email me a link")).to_have_count(0)
