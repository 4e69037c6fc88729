"""Every page in every state: nothing that axe finds, nothing wider than a phone, and a picture of each."""

import uuid

import pytest
from playwright.sync_api import expect

from harness.newcomers import forget_attempts, invite

from .steps import (
    PHONE, booked, choose_people, fill_in, has_arrived, join_link, overflow, pointed_at_with, submit, take_time)


def sign_in_people(page, world):
    signed_out("/sign-in")(page, world)
    page.get_by_text("more people").click()


def demo_mail(page, world):
    invite(world, f"{uuid.uuid4().hex[:12]}@invited.example")
    page.goto("/demo/mail")
    expect(page.locator("article").first.frame_locator("iframe").locator("body")).to_be_visible()


def sign_in_refused(page, world):
    page.context.clear_cookies()
    page.goto("/sign-in")
    fill_in(page, "counselor@demo.example", "wrong")
    expect(page.get_by_role("alert")).to_be_visible()


def book_chosen(page, world):
    choose_people(page)
    take_time(page)


def book_missing(page, world):
    page.goto("/book")
    submit(page)
    expect(page.get_by_text("Choose a student.")).to_be_visible()


def account_menu(page, world):
    page.goto("/week?from=2027-12-01")  # an empty one: what the menu lies over counts as too small to press
    page.locator(".account summary").click()


def session(page, world, **more):
    made = world.demo.counselor.book(world.booking(description="What we talked about last time.\nAnd what comes next.", **more))
    page.goto(f"/sessions/{made.raise_for_status().json()['sessionId']}")
    return made.json()["sessionId"]


def scheduled(page, world):
    session(page, world)
    expect(join_link(page)).to_be_visible()


def cancelled(page, world):
    made = session(page, world, kind="ai_career")
    world.demo.counselor.cancel(made).raise_for_status()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()


def cancel_dialog(page, world):
    scheduled(page, world)
    page.get_by_role("button", name="Cancel the session").click()


def pending(page, world):
    world.simulators.fault("zoom", "slow", "create", count=1, delayMs=20_000)
    session(page, world, kind="class_session")
    expect(page.get_by_role("heading", name="Creating the meeting")).to_be_visible()


def failed(page, world):
    world.simulators.fault("zoom", "error", "create", status=400)
    session(page, world, kind="gap_analysis")
    expect(page.get_by_role("heading", name="could not be created")).to_be_visible(timeout=30_000)


def at(path):
    def go(page, world):
        page.goto(path)
        has_arrived(page)

    return go


def signed_out(path):
    def go(page, world):
        page.context.clear_cookies()
        at(path)(page, world)

    return go


def mail_sent(page, world):
    forget_attempts(world)
    signed_out("/sign-in")(page, world)
    page.get_by_label("Email").fill("somebody@elsewhere.example")
    page.get_by_role("button", name="Email me a link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()


def sign_up_missing(page, world):
    signed_out("/sign-up")(page, world)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Enter an email address")).to_be_visible()


def invitation(page, world):
    forget_attempts(world)
    signed_out(invite(world, f"{uuid.uuid4().hex[:12]}@invited.example"))(page, world)


def invitation_of_another(page, world):
    forget_attempts(world)
    at(invite(world, f"{uuid.uuid4().hex[:12]}@invited.example"))(page, world)


STATES = {
    "mail-sent": mail_sent, "sign-in-link": signed_out("/sign-in/link?token=x"),
    "sign-in-link-gone": signed_out("/sign-in/link"), "sign-up": signed_out("/sign-up"),
    "sign-up-missing": sign_up_missing, "invitation": invitation, "invitation-of-another": invitation_of_another,
    "security": at("/settings/security"),
    "sign-in": signed_out("/sign-in"), "sign-in-people": sign_in_people, "demo-mail": demo_mail, "sign-in-refused": sign_in_refused, "week": at("/week"),
    "week-empty": at("/week?from=2027-12-01"), "account-menu": account_menu, "book": at("/book"),
    "book-chosen": book_chosen, "book-missing": book_missing, "session-scheduled": scheduled,
    "session-pending": pending, "session-failed": failed, "session-cancelled": cancelled,
    "session-cancel-dialog": cancel_dialog, "sessions": at("/sessions"),
    "sessions-none": at("/sessions?status=completed&kind=comm_session"),
    "not-found": at("/sessions/00000000-0000-7000-8000-000000000000"),
}


@pytest.mark.parametrize("state", STATES)
def test_a_page_suits_everybody(page_of, world, faults, suits_everybody, pointer, state):
    page = page_of(**pointed_at_with(pointer))
    STATES[state](page, world)

    suits_everybody(page, state)


def test_a_session_is_booked_on_a_phone(page_of):
    page = page_of(viewport=PHONE, has_touch=True)
    choose_people(page)
    take_time(page)
    submit(page)

    booked(page)
    expect(join_link(page)).to_be_visible(timeout=30_000)
    assert overflow(page) <= 0


def test_the_account_menu_looks_the_same_on_every_page(signed_in):
    """A page's own styles are for what is the page's own."""
    def menu(path):
        signed_in.goto(path)
        signed_in.locator("details.account > summary").click()
        return signed_in.locator("details.account > .menu-panel").evaluate(
            "panel => [...panel.querySelectorAll('*')].map(each => [each.tagName, each.offsetWidth, each.offsetHeight])")

    wanted = menu("/week")
    for path in ("/sessions", "/book", "/settings", "/settings/security"):
        assert menu(path) == wanted, path
