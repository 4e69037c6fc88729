"""What people do in the browser, and what the tests look at, in words that several tests use."""

import re

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

from harness.client import PASSWORD

PHONE = {"width": 360, "height": 740}
TABLET = {"width": 820, "height": 1180}
DESKTOP = {"width": 1440, "height": 900}
THEMES = ["light", "dark"]
# What a page is looked at in, by what points at it there. It is loaded once for each pointer, in the first window; then
# the window and the theme change around it.
WINDOWS = {"touch": {"phone": PHONE, "tablet": TABLET}, "mouse": {"desktop": DESKTOP}}
SESSION = re.compile(r"/sessions/[0-9a-f-]{36}$")


# Signing in


def fill_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_in(page: Page, email: str) -> Page:
    page.goto("/sign-in")
    fill_in(page, email)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    return page


def sign_out(page: Page) -> None:
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


# Booking


def choose(page: Page, label: str, text: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).fill(text)
    page.get_by_role("option").filter(has_text=text).first.click()


def choose_people(page: Page) -> None:
    page.goto("/book")
    choose(page, "Student", "student@")
    choose(page, "Mentor", "mentor@")
    find_free_times(page)


def find_free_times(page: Page, most_weeks: int = 10) -> None:
    """Goes on to later weeks while everything is booked, as it may be after many tests."""
    later = page.get_by_role("button", name="Look at the next seven days")
    for _ in range(most_weeks):
        expect(free_times(page).or_(later).first).to_be_visible()
        if not later.is_visible():
            return
        later.click()
        expect(page.locator("time-picker .times")).to_have_attribute("aria-busy", "false")


def free_times(page: Page) -> Locator:
    return page.locator("time-picker .time-choice")


def take_time(page: Page, start: str | None = None) -> str:
    """Takes the first free time, or the one that starts then; says when it starts."""
    choice = free_times(page).first if start is None else page.locator(f'.time-choice:has(input[value="{start}"])')
    choice.click()
    return choice.locator("input").get_attribute("value")


def show_day_of(page: Page, other: Page) -> None:
    """Shows the day that is chosen on the other page."""
    day = other.locator('input[name="day"]:checked').get_attribute("value")
    page.locator(f'input[name="day"][value="{day}"]').check(force=True)


def submit(page: Page) -> None:
    page.get_by_role("button", name="Book", exact=True).click()


def booked(page: Page) -> str:
    """The id of the session whose page follows."""
    expect(page).to_have_url(SESSION)
    return page.url.rsplit("/", 1)[1]


def provider(page: Page) -> str:
    return page.locator('input[name="meetingProvider"]:checked').get_attribute("value")


# Looking at a page


def join_link(page: Page) -> Locator:
    return page.get_by_role("link", name="Join at")


def mark(page: Page) -> None:
    """Leaves something on the page that a reload would take away."""
    page.evaluate("window.notReloaded = true")


def is_marked(page: Page) -> bool:
    return page.evaluate("window.notReloaded === true")


def has_arrived(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def tab_to(page: Page, target: Locator, most: int = 40) -> None:
    """Presses Tab until the target has the focus."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# By name: with the tag, axe would also ask for the contrast of level AAA.
RULES_OF_COLOR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def violations(page: Page, rules: list[str] | dict = RULES) -> list[str]:
    """What axe finds, a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def pointed_at_with(pointer: str) -> dict:
    """The options of a browser that has it."""
    return {"has_touch": pointer == "touch", "viewport": next(iter(WINDOWS[pointer].values()))}


def show_whole(page: Page, size: dict) -> None:
    """Makes the window as tall as the page.

    Whatever is half behind a bar that stays where it is counts as too small for axe. How far somebody has scrolled decides
    what that is, and one scrolls on.
    """
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})


def flaws(page: Page, pointer: str, picture) -> list[str]:
    """What axe finds and what is too wide, in every window with that pointer and in both themes; a picture of each.

    A theme changes colors and nothing else, so the second is asked about colors alone.
    """
    found = []
    for window, size in WINDOWS[pointer].items():
        for theme in THEMES:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=theme)
            picture(page, f"{window}-{theme}")
            show_whole(page, size)
            broken = violations(page, RULES if theme == THEMES[0] else RULES_OF_COLOR)
            if overflow(page) > 0:
                broken.append(f"{overflow(page)} px too wide")
            found += [f"{window}, {theme}: {one}" for one in broken]
    return found
