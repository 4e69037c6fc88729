"""The page on one's own security: password, two-step sign-in, where one is signed in, and keys."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from harness.newcomers import PASSWORD, forget_attempts, newcomer
from harness.one_time_codes import code

from .steps import fill_in, pointed_at_with, sign_out, violations


@pytest.fixture(autouse=True)
def fresh_limits(world):
    forget_attempts(world)


@pytest.fixture
def address(world):
    return newcomer(world)


@pytest.fixture
def page(new_page, address):
    page = new_page()
    enter(page, address)
    return page


def enter(page, address, password=PASSWORD):
    page.goto("/sign-in?next=/settings/security")
    fill_in(page, address, password)
    page.wait_for_url(re.compile("/(sign-in/code.*|settings/security)$"))


def prove(page, password=PASSWORD):
    dialog = page.get_by_role("dialog", name="Is it you?")
    dialog.get_by_label("Password").fill(password)
    dialog.get_by_role("button", name="Continue").click()


def begin(page):
    """Shows the QR code; answers the secret."""
    page.get_by_role("button", name="Turn on").click()
    prove(page)
    expect(page.locator("#qr svg")).to_be_visible()
    return page.locator("#copy-secret").get_attribute("data-copy")


def switch_on(page):
    """Answers the secret and the recovery codes."""
    secret = begin(page)
    page.get_by_label("Type the six digits").fill(code(secret))
    page.locator("#setup").get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Save these recovery codes")).to_be_focused()
    codes = page.locator("#code-list code").all_inner_texts()
    page.get_by_role("button", name="I have saved them").click()
    return secret, codes


def change_password(page, current, new):
    page.get_by_label("Current password").fill(current)
    page.get_by_label("New password").fill(new)
    page.get_by_role("button", name="Change password").click()


# Password


def test_the_password_is_changed(page, address):
    change_password(page, PASSWORD, "amber river 42 teacups")
    expect(page.locator(".done", has_text="Your password was changed.")).to_be_visible()
    expect(page.get_by_label("New password")).to_have_value("")
    sign_out(page)

    enter(page, address, "amber river 42 teacups")
    expect(page).to_have_url("/settings/security")


def test_what_is_wrong_with_the_passwords_is_said_at_each(page):
    change_password(page, "not my password", "amber river 42 teacups")
    expect(page.locator("#currentPassword-error")).to_have_text("That is not your password.")

    change_password(page, PASSWORD, "passwordpassword")
    expect(page.locator("#newPassword-error")).to_contain_text("several words")
    expect(page.get_by_label("New password")).to_be_focused()
    assert violations(page) == []


# Two steps


def test_two_step_sign_in_asks_for_a_code(page, address):
    secret, codes = switch_on(page)
    assert len(set(codes)) == 10
    expect(page.get_by_text("Recovery codes left: 10 of 10")).to_be_visible()
    sign_out(page)

    enter(page, address)
    expect(page).to_have_url(re.compile("/sign-in/code"))
    field = page.get_by_label("Code")
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    expect(field).to_be_focused()
    field.fill("000000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("not the code")
    assert violations(page) == []

    page.get_by_label("Code").fill(code(secret, steps_later=1))
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url("/settings/security")


def test_a_recovery_code_signs_in_once_and_without_script(page, new_page, address):
    _, codes = switch_on(page)
    other = new_page(java_script_enabled=False)
    for is_first in (True, False):
        enter(other, address)
        other.get_by_role("link", name="Use a recovery code").click()
        other.get_by_label("Recovery code").fill(codes[0].upper().replace("-", " "))
        other.get_by_role("button", name="Continue").click()
        if is_first:
            expect(other).to_have_url("/settings/security")
            expect(other.get_by_text("Recovery codes left: 9 of 10")).to_be_visible()
            sign_out(other)
    expect(other.get_by_role("alert")).to_contain_text("used before")


def test_who_is_half_signed_in_sees_nothing_yet(page, new_page, address, world):
    switch_on(page)
    other = new_page()
    enter(other, address)
    for path in ("/week", "/settings/security", "/sessions"):
        other.goto(path)
        expect(other).to_have_url(re.compile("/sign-in/code"))
    assert other.request.get("/api/auth/me").json()["code"] == "second_factor_required"

    other.get_by_role("button", name="Use another account").click()
    expect(other).to_have_url("/sign-in")


def test_who_guesses_codes_is_stopped_kindly(page, new_page, address):
    switch_on(page)
    other = new_page()
    enter(other, address)
    for _ in range(6):
        other.get_by_label("Code").fill("000000")
        other.get_by_role("button", name="Continue").click()
        expect(other.get_by_role("alert")).to_be_visible()
    expect(other.get_by_role("alert")).to_contain_text("Try again in")


def test_a_second_step_that_took_too_long_begins_anew(page, new_page, address, world):
    switch_on(page)
    other = new_page()
    enter(other, address)
    expect(other).to_have_url(re.compile("/sign-in/code"))
    world.postgresql.run("UPDATE sign_ins SET expires_at = now() WHERE needs_second_factor")
    other.get_by_label("Code").fill("000000")
    other.get_by_role("button", name="Continue").click()

    expect(other.get_by_role("alert")).to_contain_text("Sign in once more")


def test_recovery_codes_are_copied_downloaded_and_renewed(page, address):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _, codes = switch_on(page)
    page.get_by_role("button", name="New recovery codes").click()
    page.get_by_role("button", name="Make new codes").click()
    prove(page)
    expect(page.get_by_role("heading", name="Save these recovery codes")).to_be_focused()
    new = page.locator("#code-list code").all_inner_texts()
    assert not set(new) & set(codes)
    assert violations(page) == []

    page.locator("#copy-codes").click()
    assert page.evaluate("navigator.clipboard.readText()").split() == new
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    text = download.value.path().read_text()
    assert address in text and all(one in text for one in new)
    page.get_by_role("button", name="I have saved them").click()


def test_two_step_sign_in_is_switched_off_with_the_password(page, address):
    switch_on(page)
    page.get_by_role("button", name="Turn off").click()
    assert violations(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Turn off").click()
    prove(page, "not my password")
    expect(page.get_by_text("That is not your password.")).to_be_visible()
    assert violations(page) == []
    prove(page)
    expect(page.locator(".done", has_text="Two-step sign-in is off.")).to_be_visible()
    sign_out(page)

    enter(page, address)
    expect(page).to_have_url("/settings/security")


def test_setting_up_can_be_left(page):
    begin(page)
    page.get_by_role("button", name="Cancel").click()

    expect(page.locator("#qr svg")).to_have_count(0)
    expect(page.get_by_role("button", name="Turn on")).to_be_focused()


def test_escape_at_the_password_leaves_everything_as_it_was(page):
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("dialog", name="Is it you?").get_by_label("Password")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="Turn on")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#setup")).to_be_hidden()


# Where one is signed in


def test_another_sign_in_is_seen_and_ended(page, new_page, address):
    phone = new_page(user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 "
                                "(KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1")
    enter(phone, address)
    page.reload()
    row = page.get_by_role("listitem").filter(has_text="Safari on iPhone")
    expect(row).to_contain_text("127.0.0.1")
    expect(page.get_by_role("listitem").filter(has_text="This one")).to_have_count(1)
    row.get_by_role("button", name="End Safari on iPhone").click()

    expect(row).to_have_count(0)
    expect(page.locator(".done", has_text="That sign-in was ended.")).to_be_visible()
    phone.goto("/week")
    expect(phone).to_have_url(re.compile("/sign-in"))


def test_signing_out_everywhere_ends_this_one_too(page, new_page, address):
    other = new_page()
    enter(other, address)
    page.get_by_role("button", name="Sign out everywhere", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()

    expect(page).to_have_url("/sign-in")
    other.goto("/week")
    expect(other).to_have_url(re.compile("/sign-in"))


# Keys


def test_a_key_is_made_shown_once_used_and_ended(page, world):
    page.get_by_role("button", name="New key").click()
    page.get_by_role("button", name="Create key").click()
    expect(page.locator("#key-name-error")).to_be_visible()
    expect(page.locator("#scopes-error")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("What is it for?").fill("Nightly report")
    page.get_by_role("group", name="Sessions").get_by_label("Look").check()
    page.get_by_role("button", name="Create key").click()
    expect(page.locator("#new-key")).to_be_focused()
    key = page.locator("#key-text").inner_text()
    assert violations(page) == []

    headers = {"Authorization": f"Bearer {key}"}
    def ask(path):
        return httpx.get(world.server.url + path, headers=headers, verify=False, follow_redirects=False)
    assert ask("/api/counselor/sessions").status_code in (200, 403)
    assert ask("/week").headers["location"].startswith("/sign-in")  # a page shows more than a scope may
    page.reload()
    assert key not in page.content()
    row = page.get_by_role("listitem").filter(has_text="Nightly report")
    expect(row).to_contain_text(key[-4:])
    expect(row).to_contain_text("last used today")
    row.get_by_role("button", name="End Nightly report").click()
    page.get_by_role("button", name="End the key").click()
    expect(page.get_by_text("No keys yet.")).to_be_visible()
    assert ask("/api/counselor/sessions").status_code == 401


# Linked accounts


def test_who_comes_back_without_a_link_is_told_why(page):
    page.goto("/settings/security?error=openid_cancelled")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("You did not finish signing in there.")
    expect(page).to_have_url("/settings/security")
    assert violations(page) == []

    page.goto("/settings/security?error=<b>made up</b>")
    expect(page.get_by_role("alert")).to_contain_text("could not be linked")


# For everybody


def test_the_page_suits_everybody(new_page, address, suits_everybody, pointer):
    page = new_page(**pointed_at_with(pointer))
    enter(page, address)
    suits_everybody(page, "security-newcomer")

    begin(page)
    suits_everybody(page, "security-setup")


def test_an_account_in_no_organization_still_has_its_security(page, address, world):
    world.postgresql.run(
        f"UPDATE memberships SET left_at = now() WHERE user_id = (SELECT id FROM users WHERE email = '{address}')")
    page.goto("/week")
    expect(page.get_by_role("heading", name="No organization yet")).to_be_visible()
    expect(page.locator("main")).to_contain_text(address)
    assert violations(page) == []
    page.get_by_role("link", name="Look after your account").click()

    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    expect(page.get_by_role("heading", name="API keys")).to_have_count(0)
    change_password(page, PASSWORD, "amber river 42 teacups")
    expect(page.locator(".done", has_text="Your password was changed.")).to_be_visible()
