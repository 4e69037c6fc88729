"""No page is wider than a small phone, whatever long words people write."""

import pytest
from playwright.sync_api import expect

from .steps import PHONE, choose, has_arrived, overflow
from .written import pages, write

LONG = "x" * 190
ADDRESS = "https://example.org/" + "path-without-end/" * 9
NAME = "Wolfeschlegelsteinhausenbergerdorff" * 3
SMALLEST = {"width": 320, "height": 740}


@pytest.fixture(scope="module")
def long_words(shared_world):
    with shared_world("long-words") as made:
        levels = {"kind": "gap_analysis", "currentLevel": "w" * 50, "targetLevel": "w" * 50}
        write(made, NAME, LONG, LONG[:100], LONG[:100], f"{'y' * 60}@{'z' * 60}.example",
              [made.booking(title=LONG, description=ADDRESS, **levels), made.booking(title=ADDRESS)])
        yield made


@pytest.fixture
def page(new_page, long_words, cookies_of):
    return new_page(
        long_words.server, storage_state=cookies_of(long_words.server, "admin@demo.example"), viewport=SMALLEST,
        has_touch=True)


# What reaches over the edge of the window, or makes a dialog, menu or list scroll sideways.
WIDE = """() => {
  const named = (place) => place.tagName.toLowerCase() + (place.id ? `#${place.id}` : "") + [...place.classList].map((one) => `.${one}`).join("");
  const over = document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")].filter((place) => place.getBoundingClientRect().right > innerWidth + 1);
  const floating = [...document.querySelectorAll("dialog[open], .options:not([hidden]), .menu[open] .menu-panel")]
    .filter((place) => place.getBoundingClientRect().right > innerWidth + 1 || place.scrollWidth > place.clientWidth + 1);
  return [...over, ...floating].map(named);
}"""


def fits(page):
    wide = page.evaluate(WIDE)
    assert overflow(page) <= 0 and wide == [], f"{page.url} is {overflow(page)} px too wide: {wide}"


def fits_phones(page):
    for size in (PHONE, SMALLEST):
        page.set_viewport_size(size)
        fits(page)


def test_no_page_is_wider_than_the_window(page, long_words):
    for path in pages(long_words):
        page.goto(path)
        has_arrived(page)
        page.wait_for_load_state("networkidle")
        fits_phones(page)

    page.goto("/organization/audit")
    for summary in page.locator("#rows summary").all()[:12]:
        summary.click()
    fits_phones(page)


def test_no_dialog_menu_or_list_is_wider_than_the_window(page):
    page.goto("/week")
    page.locator(".account summary").click()
    fits(page)

    page.goto("/book")
    choose(page, "Student", "student@")
    choose(page, "Mentor", "mentor@")
    page.get_by_role("combobox", name="Mentor").click()
    fits(page)
    page.get_by_label("Title").fill(LONG)
    page.get_by_role("radio", name="Class").check()
    choose(page, "Students", "student2@")
    fits(page)

    page.goto("/organization/members")
    page.locator("[data-remove]").last.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    fits(page)

    page.goto("/organization/groups")
    page.locator("#rows summary").first.click()
    page.locator("[data-delete]").click()
    expect(page.locator("#confirm")).to_be_visible()
    fits(page)
