"""The settings: one's own, and how an organization looks."""

import re

import pytest
from playwright.sync_api import expect

from .steps import pointed_at_with, sign_in, tab_to, violations

LOGO = "https://images.example.org/logo.svg"
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="240" height="48" viewBox="0 0 240 48">
<circle cx="24" cy="24" r="20" fill="#0b6e4f"/><text x="54" y="33" font-family="sans-serif" font-size="26" fill="#14281f">Northlight</text></svg>"""


@pytest.fixture
def branding(world):
    """The demo's branding, which is ours again afterward."""
    admin, path = world.demo.admin, f"/api/organizations/{world.demo.id}/branding"

    def change(**changes):
        return admin.request("PUT", path, json=admin.get(path).json() | changes).raise_for_status().json()

    yield change
    change(logoUrl=None, palette={"accent": None}, templates={})


@pytest.fixture
def preferences(world):
    """The counselor's preferences, as they were afterward."""
    person, path = world.demo.counselor, "/api/user/preferences"
    before, me = person.get(path).json(), person.get("/api/auth/me").json()
    yield lambda: person.get(path).json()
    before.pop("version")
    person.request("PUT", path, json=before).raise_for_status()
    person.patch("/api/auth/me", {"name": me["name"]}).raise_for_status()


def with_logo(page):
    """Answers for the host of the logo, which is nowhere."""
    page.context.route("https://images.example.org/**", lambda route: route.fulfill(body=PICTURE, content_type="image/svg+xml"))
    return page


def save(page):
    page.get_by_role("button", name="Save changes").click()


def saved(page):
    save(page)
    expect(page.locator(".done")).to_have_text("Saved")


# One's own


def test_the_account_menu_leads_to_the_settings(signed_in):
    signed_in.goto("/week")
    signed_in.locator(".account summary").click()
    signed_in.get_by_role("link", name="Settings").click()

    expect(signed_in).to_have_url("/settings")
    sections = signed_in.get_by_role("navigation", name="Settings")
    expect(sections.get_by_role("link", name="Profile")).to_have_attribute("aria-current", "page")
    expect(sections.get_by_role("link", name="Branding")).to_have_count(0)


def test_what_is_saved_is_there_again(signed_in, preferences):
    page = signed_in
    page.goto("/settings")
    page.get_by_label("Name").fill("Clara Example")
    zone = page.get_by_role("combobox", name="Time zone")
    zone.fill("sao pau")
    page.get_by_role("option", name="America/Sao Paulo").click()
    page.get_by_label("Meet at").select_option("feishu")
    page.get_by_label("Join with the microphone off").check()
    page.get_by_label("By email").uncheck()
    page.get_by_role("button", name="Add a reminder").click()
    page.get_by_label("How long before").last.fill("2")
    page.get_by_label("Unit").last.select_option("hours")
    saved(page)
    expect(page.locator(".account .name")).to_have_text("Clara Example")

    page.reload()
    expect(page.get_by_label("Name")).to_have_value("Clara Example")
    expect(page.get_by_role("combobox", name="Time zone")).to_have_value("America/Sao Paulo")
    expect(page.get_by_label("How long before")).to_have_count(3)
    now = preferences()
    assert now["timeZone"] == "America/Sao_Paulo"
    assert now["preferredProvider"] == "feishu"
    assert now["reminderOffsets"] == [1440, 15, 120]
    assert now["notificationChannels"] == ["inApp"]
    assert now["customSettings"]["joinMuted"] is True


def test_what_is_wrong_is_said_where_it_is(signed_in, preferences):
    page = signed_in
    before = preferences()
    page.goto("/settings")
    page.get_by_label("Name").fill(" ")
    page.get_by_role("button", name="Clear Europe/Berlin").click()
    page.get_by_label("How long before").first.fill("29")
    save(page)

    expect(page.locator("#name-error")).to_have_text("Enter your name.")
    expect(page.get_by_label("Name")).to_be_focused()
    expect(page.locator("#timeZone-error")).to_have_text("Choose a time zone.")
    expect(page.locator("#reminderOffsets-error")).to_contain_text("28 days")
    assert preferences() == before
    assert violations(page) == []


def test_of_two_tabs_the_second_to_save_is_told_and_loses_nothing(signed_in, preferences, world):
    page = signed_in
    page.goto("/settings")
    elsewhere = preferences() | {"reminderOffsets": [30]}
    world.demo.counselor.request("PUT", "/api/user/preferences", json=elsewhere).raise_for_status()
    page.get_by_label("How long before").first.fill("7")
    save(page)

    expect(page.get_by_text("Somebody else has saved in the meantime")).to_be_visible()
    expect(page.get_by_label("How long before").first).to_have_value("7")
    assert preferences()["reminderOffsets"] == [30]
    page.get_by_role("button", name="Load what is there now").click()
    expect(page.get_by_label("How long before").first).to_have_value("30")


def test_the_devices_time_zone_is_one_click_away(page_of, world, preferences):
    page = page_of(timezone_id="Asia/Tokyo")
    page.goto("/settings")
    page.get_by_role("button", name="Use this device’s: Asia/Tokyo").click()

    expect(page.get_by_role("combobox", name="Time zone")).to_have_value("Asia/Tokyo")
    expect(page.locator("#device-zone")).to_be_hidden()
    saved(page)
    assert preferences()["timeZone"] == "Asia/Tokyo"


@pytest.mark.parametrize(("typed", "zone"), [
    ("Kyiv", "Europe/Kyiv"), ("Kiev", "Europe/Kyiv"), ("Kolkata", "Asia/Kolkata"), ("Calcutta", "Asia/Kolkata"), ("Mumbai", "Asia/Kolkata"),
    ("Ho Chi Minh", "Asia/Ho Chi Minh"), ("Saigon", "Asia/Ho Chi Minh"), ("Yangon", "Asia/Yangon"), ("Rangoon", "Asia/Yangon"),
    ("Kathmandu", "Asia/Kathmandu"), ("Nuuk", "America/Nuuk"), ("Beijing", "Asia/Shanghai"), ("San Francisco", "America/Los Angeles"),
    ("new york", "America/New York"), ("São Paulo", "America/Sao Paulo")])
def test_a_zone_is_found_by_old_names_new_names_and_big_cities(signed_in, typed, zone):
    signed_in.goto("/settings")
    signed_in.get_by_role("combobox", name="Time zone").fill(typed)
    option = signed_in.get_by_role("option").first
    expect(option.locator(".option-name")).to_have_text(zone)
    expect(option.locator(".option-hint")).to_contain_text(re.compile(r"UTC[+−]\d\d:\d\d"))
    option.click()
    expect(signed_in.get_by_role("combobox", name="Time zone")).to_have_value(zone)


def test_a_list_that_is_cut_says_so(signed_in):
    signed_in.goto("/settings")
    zone = signed_in.get_by_role("combobox", name="Time zone")
    signed_in.get_by_role("button", name="Clear Europe/Berlin").click()
    zone.press("ArrowDown")
    options = signed_in.locator(".options [role=option]")
    expect(options.last).to_have_text("Type to find others")
    expect(options.last).to_have_attribute("aria-disabled", "true")
    zone.press("ArrowUp")
    zone.press("Enter")
    expect(zone).not_to_have_value("")
    zone.fill("kyiv")
    expect(signed_in.get_by_text("Type to find others")).to_have_count(0)


def test_an_older_name_of_a_zone_is_shown_as_todays(page_of, world, preferences):
    page = page_of(timezone_id="Asia/Calcutta")
    page.goto("/settings")
    page.get_by_role("button", name="Use this device’s: Asia/Kolkata").click()
    saved(page)
    assert preferences()["timeZone"] == "Asia/Kolkata"
    expect(page.locator("#device-zone")).to_be_hidden()

    older = preferences() | {"timeZone": "Asia/Calcutta"}
    world.demo.counselor.request("PUT", "/api/user/preferences", json=older).raise_for_status()
    page.goto("/week")
    expect(page.locator(".page-head .hint")).to_have_text("Asia/Kolkata (UTC+05:30)")


def test_reminders_are_removed_by_keyboard_without_losing_ones_place(signed_in):
    page = signed_in
    page.goto("/settings")
    remove = page.get_by_role("button", name="Remove this reminder")
    expect(remove).to_have_count(2)
    tab_to(page, remove.first, most=60)
    page.keyboard.press("Enter")
    expect(page.get_by_label("How long before")).to_be_focused()
    tab_to(page, remove.first)
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Add a reminder")).to_be_focused()
    expect(page.get_by_text("No reminders.")).to_be_visible()


# The organization's


def test_branding_is_for_admins(page_of, world):
    page = page_of("counselor")
    assert page.goto("/organization/branding").status == 403


def test_the_preview_follows_what_is_typed(page_of, branding):
    page = with_logo(page_of("admin"))
    page.goto("/organization/branding")
    light = page.locator('[data-preview="light"]')
    dark = page.locator('[data-preview="dark"]')
    page.get_by_label("Accent", exact=True).fill("#0b6e4f")
    expect(light.locator("[data-chosen]")).to_have_css("background-color", "rgb(11, 110, 79)")
    expect(light.locator("[data-chosen]")).to_have_css("color", "rgb(255, 255, 255)")
    expect(dark.locator("[data-chosen]")).to_have_css("color", "rgb(0, 0, 0)")
    expect(light.locator(".preview-page")).not_to_have_css(
        "background-color", dark.locator(".preview-page").evaluate("e => getComputedStyle(e).backgroundColor"))

    page.get_by_label("Address of the logo").fill(LOGO)
    expect(light.locator("img.logo")).to_be_visible()
    page.get_by_label("Subject").first.fill("Join {{organization}} now")
    expect(dark.locator(".preview-subject")).to_have_text("Join Northlight Mentoring now")


def test_placeholders_are_put_where_the_cursor_is(page_of):
    page = page_of("admin")
    page.goto("/organization/branding")
    subject = page.get_by_label("Subject").first
    subject.fill("To !")
    subject.evaluate("input => input.setSelectionRange(3, 3)")
    page.get_by_role("button", name="Their name").first.click()

    expect(subject).to_have_value("To {{name}}!")
    expect(subject).to_be_focused()


def test_saved_branding_is_on_every_page_of_the_organization(page_of, new_page, world, branding):
    page = with_logo(page_of("admin"))
    page.goto("/organization/branding")
    page.get_by_label("Accent", exact=True).fill("#0b6e4f")
    page.get_by_label("Address of the logo").fill(LOGO)
    saved(page)
    expect(page.locator(".bar .logo")).to_have_attribute("alt", "Northlight Mentoring")

    page.goto("/week")
    expect(page.get_by_role("link", name="Northlight Mentoring")).to_be_visible()
    assert page.evaluate("document.querySelector('.logo').naturalWidth") > 0
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')").strip().startswith("light-dark(#0b6e4f")
    rival = sign_in(new_page(), "student@rival.example")
    assert rival.locator(".bar .logo").count() == 0
    assert "#0b6e4f" not in rival.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')")


def test_a_color_that_cannot_be_read_is_not_saved_and_a_neighbor_is(page_of, world, branding):
    page = page_of("admin")
    page.goto("/organization/branding")
    page.get_by_label("Accent", exact=True).fill("#ffa500")
    expect(page.locator("#accent-contrast")).to_contain_text("4.5 : 1 is needed")
    save(page)
    expect(page.locator("#accent-error")).to_contain_text("darker")
    page.locator("#accent-contrast").get_by_role("button").click()
    expect(page.locator("#accent-contrast")).to_have_attribute("data-enough", "yes")
    saved(page)


def test_a_mistake_in_a_mail_is_said_at_the_mail(page_of, branding):
    page = page_of("admin")
    page.goto("/organization/branding")
    page.locator("summary").filter(has_text="Reminder").click()
    page.locator("#reminder-introduction").fill("Hello {{inviter}}")
    page.locator("summary").filter(has_text="Reminder").click()
    save(page)

    expect(page.locator("#reminder-introduction")).to_be_focused()
    expect(page.locator("#reminder-introduction-error")).to_contain_text("at character 7")


def test_who_saves_later_is_told_so_and_loses_nothing(page_of, branding):
    page = page_of("admin")
    page.goto("/organization/branding")
    branding(palette={"accent": "#8a1c1c"})
    page.get_by_label("Accent", exact=True).fill("#0b6e4f")
    save(page)

    expect(page.get_by_role("alert")).to_contain_text("Somebody else has saved")
    expect(page.get_by_label("Accent", exact=True)).to_have_value("#0b6e4f")
    page.get_by_role("button", name="Load what is there now").click()
    expect(page.get_by_label("Accent", exact=True)).to_have_value("#8a1c1c")


@pytest.mark.parametrize("color", ["#767676", "#ffa500", "#00ff00", "#0b6e4f", "#123456", "#ff00ff", "#ffffff", "#000000", "#4057c2", "#fe0101"])
def test_the_page_reckons_as_the_server_does(page_of, world, branding, color):
    page = page_of("admin")
    page.goto("/organization/branding")
    path = f"/api/organizations/{world.demo.id}/branding"
    now = world.demo.admin.get(path).json()
    page.get_by_label("Accent", exact=True).fill(color)
    told = page.locator("#accent-contrast")
    ratio = float(told.locator("strong").inner_text().split(" ")[0])
    wanted = now | {"palette": {"accent": color}}
    answer = world.demo.admin.request("PUT", path, json=wanted)
    if answer.status_code == 422:
        contrast = answer.json()["contrasts"][0]
        assert ratio == contrast["ratio"]
        expect(told.get_by_role("button")).to_have_text(f"Take {contrast['nearest']}")
        return
    assert ratio >= 4.5
    expect(page.get_by_label("Accent in the dark", exact=True)).to_have_value(answer.json()["palette"]["accentDark"])
    version = answer.json()["version"]
    sheet = page.request.get(f"/branding/{world.demo.id}/{version}.css").text()
    for theme, index in (("light", 0), ("dark", 1)):
        style = page.locator(f'[data-preview="{theme}"] .preview-page')
        for name in ("--accent", "--accent-soft", "--on-accent"):
            pair = re.search(rf"{name}: light-dark\((#\w+), (#\w+)\)", sheet)
            if pair:  # none where the colors are ours
                assert style.evaluate(f"e => e.style.getPropertyValue('{name}')") == pair.groups()[index]


# Looks


def settings(page):
    page.goto("/settings")
    expect(page.get_by_label("How long before").first).to_be_visible()


def settings_refused(page):
    settings(page)
    page.get_by_label("Name").fill("")
    save(page)
    expect(page.locator("#name-error")).not_to_be_empty()


def zones(page):
    settings(page)
    page.get_by_role("combobox", name="Time zone").fill("ber")
    expect(page.get_by_role("option").first).to_be_visible()


def branding_page(page):
    page.goto("/organization/branding")
    expect(page.locator(".contrast").first).not_to_be_empty()


def branded(page):
    branding_page(page)
    page.get_by_label("Address of the logo").fill(LOGO)
    page.get_by_label("Accent", exact=True).fill("#0b6e4f")
    expect(page.locator(".preview .logo").first).to_be_visible()
    saved(page)


def branding_refused(page):
    branding_page(page)
    page.get_by_label("Accent", exact=True).fill("#0b6e4")
    page.get_by_label("Address of the logo").fill("http://x")
    page.locator("#invitation-subject").fill("{{x}}")
    save(page)


STATES = {
    "settings": settings, "settings-refused": settings_refused, "settings-zones": zones, "branding": branding_page,
    "branding-saved": branded, "branding-refused": branding_refused,
}


@pytest.mark.parametrize("state", STATES)
def test_the_settings_suit_everybody(page_of, branding, suits_everybody, pointer, state):
    page = with_logo(page_of("admin", **pointed_at_with(pointer)))
    STATES[state](page)

    suits_everybody(page, state)
