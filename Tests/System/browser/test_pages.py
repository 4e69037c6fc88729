import pytest
from playwright.sync_api import expect

from booking import choose_people, join_link, submit, take_time
from conftest import PHONE, sign_in, violations

PAGES = {"week": "/week", "book": "/book", "sessions": "/sessions", "not-found": "/sessions/00000000-0000-7000-8000-000000000000"}
THEMES = ["light", "dark"]


def test_signing_in_leads_to_the_week(page, screenshot):
    sign_in(page)

    expect(page).to_have_url("/week")
    expect(page.get_by_role("heading", level=1)).to_contain_text("My week")
    screenshot(page, "week")


def test_a_wrong_password_keeps_the_address_and_says_so(page, screenshot):
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("counselor@demo.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("counselor@demo.example")
    screenshot(page, "sign-in-refused")


def test_signing_in_works_without_script(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("counselor@demo.example")
    page.get_by_label("Password").fill("convene-demo")
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url("/week")
    expect(page.locator(".day")).to_have_count(7)


def test_who_is_not_signed_in_comes_back_to_where_they_wanted_to_go(page):
    page.goto("/sessions")

    page.get_by_label("E-mail").fill("counselor@demo.example")
    page.get_by_label("Password").fill("convene-demo")
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url("/sessions")


def test_a_demo_account_fills_the_form_in(page):
    page.goto("/sign-in")
    page.get_by_role("button", name="counselor@demo.example").click()

    expect(page.get_by_label("E-mail")).to_have_value("counselor@demo.example")
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()


def test_signing_out_ends_the_session(page):
    sign_in(page)
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()

    page.goto("/week")

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_arrow_keys_turn_the_week(signed_in):
    signed_in.goto("/week")
    heading = signed_in.get_by_role("heading", level=1)
    this_week = heading.inner_text()

    signed_in.keyboard.press("ArrowRight")
    expect(heading).not_to_have_text(this_week)
    signed_in.keyboard.press("ArrowLeft")
    expect(heading).to_have_text(this_week)
    signed_in.keyboard.press("ArrowLeft")
    expect(heading).not_to_have_text(this_week)
    signed_in.keyboard.press("t")
    expect(heading).to_have_text(this_week)
    signed_in.go_back()
    expect(heading).not_to_have_text(this_week)
    signed_in.keyboard.press("b")

    expect(signed_in).to_have_url("/book")


def test_shortcuts_can_be_turned_off(signed_in):
    signed_in.goto("/week")
    signed_in.locator(".account summary").click()
    signed_in.get_by_label("Keyboard shortcuts").uncheck()
    signed_in.keyboard.press("Escape")
    signed_in.get_by_role("heading", level=1).click()
    heading = signed_in.get_by_role("heading", level=1).inner_text()

    signed_in.keyboard.press("b")
    signed_in.keyboard.press("ArrowRight")

    expect(signed_in).to_have_url("/week")
    expect(signed_in.get_by_role("heading", level=1)).to_have_text(heading)


def test_the_chosen_theme_is_remembered(signed_in):
    signed_in.goto("/week")
    signed_in.locator(".account summary").click()
    signed_in.get_by_role("radio", name="Dark").check()

    signed_in.reload()

    expect(signed_in.locator("html")).to_have_css("color-scheme", "dark")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(signed_in_page, screenshot, name, theme):
    page = signed_in_page(color_scheme=theme)
    page.goto(PAGES[name])
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    screenshot(page, f"{name}-{theme}")
    assert violations(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_when_signing_in(new_page, screenshot, theme):
    page = new_page(color_scheme=theme)
    page.goto("/sign-in")

    screenshot(page, f"sign-in-{theme}")
    assert violations(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_while_and_after_booking(signed_in_page, screenshot, theme):
    page = signed_in_page(color_scheme=theme)
    choose_people(page)
    take_time(page)
    screenshot(page, f"book-chosen-{theme}")
    assert violations(page) == []

    submit(page)
    expect(join_link(page)).to_be_visible(timeout=30_000)
    screenshot(page, f"session-{theme}")
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/sign-in", "/week", "/book", "/sessions"])
def test_nothing_is_wider_than_a_phone(signed_in_page, screenshot, path):
    page = signed_in_page(viewport=PHONE, has_touch=True)
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    screenshot(page, f"phone{path.replace('/', '-')}")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_session_fits_on_a_phone(signed_in_page, screenshot):
    page = signed_in_page(viewport=PHONE, has_touch=True)
    choose_people(page)
    take_time(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    submit(page)
    expect(join_link(page)).to_be_visible(timeout=30_000)
    screenshot(page, "phone-session")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
