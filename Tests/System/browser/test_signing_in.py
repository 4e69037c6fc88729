import pytest
from playwright.sync_api import expect

from .steps import fill_in, sign_in, sign_out

COUNSELOR = "counselor@demo.example"


def test_signing_in_leads_to_the_week(page):
    sign_in(page, COUNSELOR)

    expect(page).to_have_url("/week")
    expect(page.get_by_role("heading", level=1)).to_contain_text("My week")


def test_a_wrong_password_keeps_the_address_and_says_so(page, screenshot):
    page.goto("/sign-in?next=/sessions")
    fill_in(page, COUNSELOR, "wrong")

    expect(page.get_by_role("alert")).to_contain_text("not right")
    expect(page.get_by_label("E-mail")).to_have_value(COUNSELOR)
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


def test_a_demo_account_fills_the_form_in(page):
    page.goto("/sign-in")
    page.get_by_role("button", name=COUNSELOR).click()

    expect(page.get_by_label("E-mail")).to_have_value(COUNSELOR)
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()


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
