"""How a person books, in words that several tests use."""

from playwright.sync_api import Locator, Page, expect


def choose(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("combobox", name=label, exact=True)
    box.fill(text)
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


def submit(page: Page) -> None:
    page.get_by_role("button", name="Book", exact=True).click()


def provider(page: Page) -> str:
    return page.locator('input[name="meetingProvider"]:checked').get_attribute("value")


def join_link(page: Page) -> Locator:
    return page.get_by_role("link", name="Join at")
