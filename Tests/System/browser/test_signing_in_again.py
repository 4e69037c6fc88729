"""What was typed survives the end of the sign-in, if the same person signs in again."""

import re

import pytest
from playwright.sync_api import expect

from harness.client import Person
from harness.newcomers import PASSWORD, forget_attempts, newcomer

from .steps import fill_in


@pytest.fixture
def person(world):
    """Somebody whose sign-ins nobody else needs."""
    forget_attempts(world)
    return Person(world.server, newcomer(world, role="counselor", name="Nia Newman"), PASSWORD)


@pytest.fixture
def page(new_page, person):
    page = new_page()
    page.goto("/sign-in")
    fill_in(page, person.email, PASSWORD)
    page.wait_for_url("**/week")
    return page


def end_sign_ins(person):
    person.post("/api/auth/sign-out-everywhere", {"keepThis": False}).raise_for_status()
    person._token_until = 0


def rename(page, name):
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Save changes").click()


def sign_in_beside(page, email, password=PASSWORD):
    """In another tab, as the page says."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    fill_in(opened.value, email, password)
    return opened.value


def test_a_form_saves_after_signing_in_again_in_another_tab(page, person):
    page.goto("/settings")
    end_sign_ins(person)
    rename(page, "Nia Typed Once")
    expect(page.get_by_role("alert")).to_contain_text("You have been signed out")

    other = sign_in_beside(page, person.email)
    expect(other).to_have_url(re.compile("/settings$"))
    page.get_by_role("button", name="Save changes").click()

    expect(page.locator(".done")).to_have_text("Saved")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Nia Typed Once")
    assert person.get("/api/auth/me").json()["name"] == "Nia Typed Once"


def test_a_form_that_was_not_sent_meanwhile_saves_at_once(page, person, world):
    page.goto("/settings")
    end_sign_ins(person)
    other = page.context.new_page()
    other.goto("/sign-in")
    fill_in(other, person.email, PASSWORD)
    other.wait_for_url("**/week")
    rename(page, "Nia Saved At Once")

    expect(page.locator(".done")).to_have_text("Saved")


def test_nothing_is_saved_under_somebody_elses_name(page, person, world):
    page.goto("/settings")
    end_sign_ins(person)
    rename(page, "Not Theirs")
    sign_in_beside(page, "counselor2@demo.example", "convene-demo").wait_for_url("**/settings")
    page.get_by_role("button", name="Save changes").click()

    expect(page.get_by_role("alert")).to_contain_text("Caspar Lind is signed in in this browser now")
    assert world.demo.counselor2.get("/api/auth/me").json()["name"] == "Caspar Lind"
    expect(page.get_by_label("Name", exact=True)).to_have_value("Not Theirs")


def test_nothing_is_saved_while_another_organization_is_open(page, person, world):
    user = person.id
    world.postgresql.run(f"""
        INSERT INTO memberships (organization_id, user_id, role) VALUES ('{world.rival.id}', '{user}', 'counselor')""")
    page.goto("/settings")
    end_sign_ins(person)
    rename(page, "Elsewhere")
    other = sign_in_beside(page, person.email)
    other.wait_for_url("**/settings")
    other.locator(".account summary").click()
    other.get_by_role("button", name="Rival").click()
    other.wait_for_url("**/week")
    page.get_by_role("button", name="Save changes").click()

    expect(page.get_by_role("alert")).to_contain_text("This browser is in")
    assert person.get("/api/auth/me").json()["name"] == "Nia Newman"


def test_a_form_without_script_is_asked_about_once_more(page, person):
    page.goto("/settings")
    token = page.locator('meta[name="csrf"]').get_attribute("content")
    end_sign_ins(person)
    other = page.context.new_page()
    other.goto("/sign-in")
    fill_in(other, person.email, PASSWORD)
    other.wait_for_url("**/week")
    other.close()
    assert page.locator(".sign-out input").get_attribute("value") == token
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Once more, please")
    expect(page.get_by_text(person.email)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/sign-in")


def test_a_form_token_is_given_to_our_own_pages_alone(page, world):
    answer = page.request.get("/form-token", headers={"Sec-Fetch-Site": "same-origin"})
    # Another text for the same secret.
    assert answer.json()["token"] != page.locator('meta[name="csrf"]').get_attribute("content")
    assert answer.headers["cache-control"] == "no-store"

    for site in ["cross-site", "same-site"]:
        refused = page.request.get("/form-token", headers={"Sec-Fetch-Site": site})
        assert refused.status == 403 and "token" not in refused.text()
    page.context.clear_cookies()
    assert page.request.get("/form-token").status == 401


@pytest.mark.parametrize("next_", ["", "?next=/sign-in", "?next=/sign-in%3Fnext%3D/sign-in", "?next=/sign-out"])
def test_who_is_signed_in_goes_on_and_in_no_circle(page, next_):
    page.goto("/sign-in" + next_)
    expect(page).to_have_url("/week")


def test_who_is_signed_in_goes_on_to_where_they_wanted(page):
    page.goto("/sign-in?next=/sessions%3Fstatus%3Dcancelled")
    expect(page).to_have_url("/sessions?status=cancelled")
