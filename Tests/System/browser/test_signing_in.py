import re

import pytest
from playwright.sync_api import expect

from harness import mails
from harness.newcomers import PASSWORD, forget_attempts, invite, newcomer

from .steps import fill_in, sign_in, sign_out, violations

COUNSELOR = "counselor@demo.example"


def test_signing_in_leads_to_the_week(page):
    sign_in(page, COUNSELOR)

    expect(page).to_have_url("/week")
    expect(page.get_by_role("heading", level=1)).to_contain_text("My week")


def test_a_wrong_password_keeps_the_address_and_says_so(page, screenshot):
    page.goto("/sign-in?next=/sessions")
    fill_in(page, COUNSELOR, "wrong")

    expect(page.get_by_role("alert")).to_contain_text("not right")
    expect(page.get_by_label("Email")).to_have_value(COUNSELOR)
    expect(page.get_by_label("Password")).to_be_focused()
    screenshot(page, "sign-in-refused")

    fill_in(page, COUNSELOR)
    expect(page).to_have_url("/sessions")


def test_signing_in_works_without_script(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/sign-in")
    fill_in(page, COUNSELOR)

    expect(page).to_have_url("/week")
    expect(page.locator(".day")).to_have_count(7)


@pytest.mark.parametrize("where", ["/sessions?status=scheduled&kind=gap_analysis", "/book?day=2099-01-05&time=10:00"])
def test_who_is_not_signed_in_comes_back_to_where_they_wanted_to_go(page, where):
    page.goto(where)
    fill_in(page, COUNSELOR)

    expect(page).to_have_url(where)


def test_the_address_of_a_session_leads_to_it_by_way_of_signing_in(page, world):
    booked = world.demo.counselor.book(world.booking()).json()
    page.goto(f"/sessions/{booked['sessionId']}")
    fill_in(page, COUNSELOR)

    expect(page).to_have_url(f"/sessions/{booked['sessionId']}")
    expect(page.get_by_role("heading", level=1)).to_have_text(booked["title"])


def test_nobody_is_led_to_another_site(page):
    page.goto("/sign-in?next=//elsewhere.example/week")
    fill_in(page, COUNSELOR)

    expect(page).to_have_url("/week")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_demo_account_is_one_click(new_page, scripts):
    page = new_page(java_script_enabled=scripts)
    page.goto("/sign-in?next=/sessions")
    page.get_by_role("button", name=COUNSELOR).click()

    expect(page).to_have_url("/sessions")
    expect(page.locator(".account summary")).to_contain_text("Clara Weiss")


def test_everybody_else_of_a_demo_is_behind_a_fold(page):
    page.goto("/sign-in")
    rival = page.get_by_role("button", name="admin@rival.example")
    expect(rival).to_be_hidden()
    page.get_by_text("more people").click()
    rival.click()

    expect(page).to_have_url("/week")
    expect(page.locator(".account summary")).to_contain_text("Ada Rival")


def test_a_mail_of_a_demo_is_shown_as_its_reader_sees_it(page, world):
    forget_attempts(world)
    address = newcomer(world)
    page.goto("/sign-in")
    page.get_by_label("Email").fill(address)
    page.get_by_role("button", name="Email me a link").click()
    mails.link(world.server, address, "/sign-in/link?")
    page.get_by_role("link", name="its mails are here").click()

    mail = page.locator("article").filter(has_text=address).first
    button = mail.frame_locator("iframe").get_by_role("link", name="Sign in")
    expect(mail.locator(".mail-text")).to_be_hidden()
    with page.context.expect_page() as opened:
        button.click()
    expect(opened.value.get_by_role("heading", name="Welcome back")).to_be_visible()
    mail.get_by_text("Plain text").click()
    expect(mail.locator(".mail-text")).to_contain_text("/sign-in/link?")


def test_after_signing_out_nothing_is_left_to_look_at(page):
    sign_in(page, COUNSELOR)
    page.goto("/sessions")
    sign_out(page)

    for look in (page.go_back, lambda: page.goto("/week"), lambda: page.goto("/sessions")):
        look()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.get_by_role("navigation", name="Main")).to_have_count(0)


def test_signing_out_elsewhere_is_noticed(page):
    sign_in(page, COUNSELOR)
    other = page.context.new_page()
    other.goto("/week")
    sign_out(other)

    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


# By a mailed link


@pytest.fixture
def asked(page, world):
    """Somebody new who has asked for a link, and where it leads."""
    forget_attempts(world)
    address = newcomer(world)
    page.goto("/sign-in?next=/sessions")
    page.get_by_label("Email").fill(address)
    page.get_by_role("button", name="Email me a link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    return mails.link(world.server, address, "/sign-in/link?")


def test_a_mailed_link_signs_in_and_leads_on(page, asked):
    assert violations(page) == []
    page.goto(asked)
    assert violations(page) == []
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url("/sessions")


def test_a_program_that_looks_into_mails_does_not_use_the_link_up(page, asked):
    for _ in range(3):
        answer = page.request.get(asked)
        assert answer.status == 200
        assert answer.headers["referrer-policy"] == "strict-origin"
    page.goto(asked)
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url("/sessions")


def test_a_link_works_once(page, asked):
    for _ in range(2):
        page.goto(asked)
        page.get_by_role("button", name="Sign in").click()
        expect(page).not_to_have_url(asked)

    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work any more")
    assert violations(page) == []
    page.get_by_role("link", name="Go to sign-in").click()
    expect(page).to_have_url("/week")  # The first time signed them in.


def test_the_answer_is_the_same_for_an_address_that_nobody_has(page, world):
    forget_attempts(world)
    page.goto("/sign-in")
    page.get_by_label("Email").fill("nobody@elsewhere.example")
    page.get_by_role("button", name="Email me a link").click()

    expect(page.get_by_text("If there is an account for nobody@elsewhere.example")).to_be_visible()
    expect(page.get_by_text("spam")).to_be_visible()


def test_who_wants_a_link_has_to_say_where_to(page):
    page.goto("/sign-in")
    page.get_by_role("button", name="Email me a link").click()

    expect(page.get_by_label("Email")).to_be_focused()
    expect(page.locator("#email-error")).to_contain_text("Enter your address here")
    assert violations(page) == []


@pytest.mark.parametrize("button", ["Sign in", "Email me a link"])
def test_who_tries_too_often_is_told_how_long_to_wait(page, world, button):
    forget_attempts(world)
    page.goto("/sign-in")
    for _ in range(6):
        page.get_by_label("Email").fill("impatient@elsewhere.example")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name=button).click()
        page.wait_for_load_state()
        if page.get_by_text("Try again in").count():
            break
        page.goto("/sign-in")

    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Try again in \d+ (seconds|minutes)"))
    forget_attempts(world)


# In several organizations


def test_somebody_in_two_organizations_changes_between_them(page, world):
    forget_attempts(world)
    address = newcomer(world, "counselor")
    link = invite(world, address, "admin", world.rival)
    page.goto("/sign-in")
    fill_in(page, address, PASSWORD)
    page.goto(link)
    page.get_by_role("button", name="Join Rival Academy as admin").click()

    def current():
        page.locator(".account summary").click()
        return page.locator(".who")

    expect(current()).to_contain_text("Rival Academy · Admin")
    expect(page.get_by_role("button", name="Rival Academy")).to_have_attribute("aria-current", "true")
    assert violations(page) == []
    page.get_by_role("button", name="Northlight Mentoring").click()
    expect(page).to_have_url("/week")
    expect(current()).to_contain_text("Northlight Mentoring · Counselor")

    # Scripts ask and listen there too.
    with page.expect_request("**/api/events/stream*") as stream:
        page.goto("/book")
        page.goto("/week")
    assert f"organization={world.demo.id}" in stream.value.url
    assert stream.value.response().status == 200
    page.goto("/book")
    page.get_by_role("combobox", name="Student", exact=True).fill("student@")
    expect(page.get_by_role("option").filter(has_text="student@demo.example")).to_be_visible()
