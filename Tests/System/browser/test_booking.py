import re

from playwright.sync_api import Page, expect

from booking import choose_people, find_free_times, join_link, provider, submit, take_time

SESSION = re.compile(r"/sessions/[0-9a-f-]{36}$")


def mark(page: Page) -> None:
    """Leaves something on the page that a reload would take away."""
    page.evaluate("window.notReloaded = true")


def is_marked(page: Page) -> bool:
    return page.evaluate("window.notReloaded === true")


def test_the_join_link_appears_without_a_reload(signed_in, faults, screenshot):
    choose_people(signed_in)
    take_time(signed_in)
    faults.put(provider=provider(signed_in), operation="create", mode="slow", delayMs=2000, count=1)
    submit(signed_in)

    expect(signed_in).to_have_url(SESSION)
    expect(signed_in.get_by_role("heading", name="Creating the meeting")).to_be_visible()
    mark(signed_in)
    screenshot(signed_in, "session-pending")

    expect(join_link(signed_in)).to_have_attribute("href", re.compile("^https?://"))
    expect(signed_in.get_by_role("status")).to_contain_text("meeting is ready")
    assert is_marked(signed_in)
    screenshot(signed_in, "session-scheduled")


def test_the_join_link_appears_when_events_do_not_come_through(signed_in, faults):
    signed_in.route("**/api/events/stream", lambda route: route.abort())
    choose_people(signed_in)
    take_time(signed_in)
    faults.put(provider=provider(signed_in), operation="create", mode="slow", delayMs=2000, count=1)
    submit(signed_in)

    expect(signed_in.get_by_role("heading", name="Creating the meeting")).to_be_visible()
    mark(signed_in)

    expect(join_link(signed_in)).to_be_visible()
    assert is_marked(signed_in)


def test_a_booked_session_stands_in_the_open_week_at_once(signed_in_page):
    week, form = signed_in_page(), signed_in_page()
    choose_people(form)
    start = take_time(form)
    form.get_by_label("Title").fill(f"Seen at once {start}")
    day = form.locator('input[name="otherDay"]').input_value()
    week.goto(f"/week?from={day}")
    mark(week)

    submit(form)

    expect(week.locator(".booking").filter(has_text=f"Seen at once {start}")).to_be_visible()
    assert is_marked(week)


def test_a_time_taken_meanwhile_offers_others_and_keeps_what_was_typed(signed_in_page, screenshot):
    slow, quick = signed_in_page(), signed_in_page()
    choose_people(slow)
    start = take_time(slow)
    slow.get_by_label("Title").fill("Kept as it was")
    choose_people(quick)
    go_to_day_of(quick, slow)
    take_time(quick, start)
    submit(quick)
    expect(quick).to_have_url(SESSION)

    submit(slow)

    alternatives = slow.get_by_role("alert").get_by_role("button")
    expect(alternatives).to_have_count(3)
    expect(slow.get_by_label("Title")).to_have_value("Kept as it was")
    screenshot(slow, "book-conflict")

    alternatives.first.click()
    expect(slow).to_have_url(SESSION)
    expect(slow.get_by_role("heading", level=1)).to_have_text("Kept as it was")


def test_a_failed_meeting_says_why_and_can_be_tried_again(signed_in, faults, screenshot):
    choose_people(signed_in)
    take_time(signed_in)
    faults.put(provider=provider(signed_in), operation="create", mode="error", status=400, count=None)
    submit(signed_in)

    expect(signed_in.get_by_role("heading", name="could not be created")).to_be_visible(timeout=90_000)
    mark(signed_in)
    screenshot(signed_in, "session-failed")
    faults.clear()
    signed_in.get_by_role("button", name="Try again").click()

    expect(join_link(signed_in)).to_be_visible(timeout=30_000)
    assert is_marked(signed_in)


def test_a_lost_answer_is_retried_with_the_same_key(signed_in):
    choose_people(signed_in)
    take_time(signed_in)
    keys = []

    def lose_the_first_answer(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        route.fetch()
        route.abort()

    signed_in.route("**/api/counselor/sessions/book", lose_the_first_answer)
    submit(signed_in)
    expect(signed_in.get_by_role("alert")).to_contain_text("connection was lost")
    signed_in.get_by_role("alert").get_by_role("button", name="Try again").click()

    expect(signed_in).to_have_url(SESSION)
    assert keys[0] == keys[1]


def test_what_is_missing_is_said_at_its_field(signed_in):
    signed_in.goto("/book")
    submit(signed_in)

    student = signed_in.get_by_role("combobox", name="Student")
    expect(student).to_be_focused()
    expect(student).to_have_attribute("aria-invalid", "true")
    expect(student).to_have_accessible_description("Choose a student.")


def test_a_session_is_booked_with_the_keyboard_alone(signed_in):
    keyboard = signed_in.keyboard
    signed_in.goto("/week")
    keyboard.press("b")
    expect(signed_in).to_have_url("/book")
    expect(signed_in.get_by_role("combobox", name="Student")).to_be_visible()

    tab_to(signed_in, signed_in.get_by_role("radio", name="Mentoring"))
    keyboard.press("Tab")
    expect(signed_in.get_by_role("combobox", name="Student")).to_be_focused()
    keyboard.type("student@")
    expect(signed_in.get_by_role("option").first).to_be_visible()
    keyboard.press("Enter")
    tab_to(signed_in, signed_in.get_by_role("combobox", name="Mentor"))
    keyboard.type("mentor@")
    expect(signed_in.get_by_role("option").first).to_be_visible()
    keyboard.press("Enter")
    find_free_times(signed_in)
    tab_to(signed_in, signed_in.locator('input[name="start"]').first)
    keyboard.press("Space")
    expect(signed_in.locator('input[name="start"]:checked')).to_have_count(1)
    tab_to(signed_in, signed_in.get_by_role("button", name="Book", exact=True))
    keyboard.press("Enter")

    expect(signed_in).to_have_url(SESSION)
    expect(join_link(signed_in)).to_be_visible(timeout=30_000)


def go_to_day_of(page: Page, other: Page) -> None:
    """Shows the day that is chosen on the other page."""
    day = other.locator('input[name="day"]:checked').get_attribute("value")
    page.locator(f'input[name="day"][value="{day}"]').check(force=True)


def tab_to(page: Page, target, most: int = 40) -> None:
    """Presses Tab until the target has the focus."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")
