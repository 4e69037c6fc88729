"""No page is wider than a small phone, whatever long words people write."""


import pytest
from playwright.sync_api import expect


from .steps import choose, fill_in, has_arrived, overflow

LONG = "x" * 190
ADDRESS = "https://example.org/" + "path-without-end/" * 9
NAME = "Wolfeschlegelsteinhausenbergerdorff" * 3
WIDTHS = [320, 360]


@pytest.fixture(scope="module")
def long_words(shared_world):
    with shared_world("long-words") as made:
        demo = made.demo
        for person in (demo.admin, demo.counselor, demo.mentor, demo.student):
            person.patch("/api/auth/me", {"name": NAME}).raise_for_status()
        demo.admin.patch(f"/api/organizations/{demo.id}", {"name": LONG}).raise_for_status()
        demo.admin.post(f"/api/organizations/{demo.id}/groups", {"name": LONG[:100]}).raise_for_status()
        demo.admin.post("/api/auth/keys", {"name": LONG[:100], "scopes": ["sessions:read"], "expiresInDays": 7})
        address = f"{'y' * 60}@{'z' * 60}.example"
        demo.admin.post(f"/api/organizations/{demo.id}/invitations", {"email": address, "role": "mentor"}).raise_for_status()
        booking = made.booking(title=LONG, description=ADDRESS, kind="gap_analysis", currentLevel="w" * 50, targetLevel="w" * 50)
        made.session = demo.counselor.book(booking).raise_for_status().json()["sessionId"]
        demo.counselor.book(made.booking(title=ADDRESS)).raise_for_status()
        made.day = booking["scheduledStartTime"][:10]
        yield made


@pytest.fixture(scope="module")
def admin_cookies(browser, long_words):
    context = browser.new_context(base_url=long_words.server.url)
    page = context.new_page()
    page.goto("/sign-in")
    fill_in(page, "admin@demo.example")
    page.wait_for_url("**/week")
    yield context.storage_state()
    context.close()


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


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(new_page, long_words, admin_cookies, width):
    page = new_page(long_words.server, storage_state=admin_cookies, viewport={"width": width, "height": 740}, has_touch=True)
    for path in [f"/week?from={long_words.day}", "/sessions", f"/sessions/{long_words.session}", "/book", "/settings", "/settings/security", "/organization",
                 "/organization/members", "/organization/groups", "/organization/branding", "/organization/providers", "/organization/audit", "/nowhere"]:
        page.goto(path)
        has_arrived(page)
        page.wait_for_load_state("networkidle")
        fits(page)

    page.goto("/organization/audit")
    for summary in page.locator("#rows summary").all()[:12]:
        summary.click()
    fits(page)


def test_no_dialog_menu_or_list_is_wider_than_the_window(new_page, long_words, admin_cookies):
    page = new_page(long_words.server, storage_state=admin_cookies, viewport={"width": 320, "height": 740}, has_touch=True)
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
