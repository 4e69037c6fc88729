import datetime

import pytest
from harness.waiting import wait_until
from playwright.sync_api import expect

from .steps import is_marked, mark


def week_of(booking):
    return f"/week?from={booking['scheduledStartTime'][:10]}"


def test_the_heading_names_the_days(signed_in):
    signed_in.goto("/week?from=2026-11-19")

    expect(signed_in.get_by_role("heading", level=1)).to_have_text("My week: 16 – 22 November 2026")
    expect(signed_in.locator(".day h2").first).to_have_accessible_name("Monday, 16 November 2026")


def test_another_counselors_booking_appears_for_the_admin(page_of, world):
    booking = world.booking(title="Booked by the other one")
    page = page_of("admin")
    page.goto(week_of(booking))
    mark(page)

    made = world.demo.counselor2.book(booking).raise_for_status().json()
    entry = page.locator(".booking").filter(has_text="Booked by the other one")
    expect(entry).to_be_visible()
    expect(entry).to_have_attribute("data-status", "scheduled")
    world.demo.counselor2.cancel(made["sessionId"]).raise_for_status()

    expect(entry).to_have_attribute("data-status", "cancelled")
    assert is_marked(page)


@pytest.mark.parametrize("role", ["mentor", "student"])
def test_who_takes_part_sees_their_sessions_and_books_nothing(page_of, world, role):
    booking = world.booking(title=f"For the {role}")
    world.demo.counselor.book(booking).raise_for_status()
    page = page_of(role)
    page.goto(week_of(booking))

    expect(page.locator(".booking").filter(has_text=f"For the {role}")).to_be_visible()
    expect(page.locator('a[href^="/book"]')).to_have_count(0)
    page.keyboard.press("b")
    assert page.goto("/book").status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("Not allowed")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_sessions_at_the_same_time_stand_side_by_side(signed_in, world):
    first = world.booking()
    second = world.booking(scheduledStartTime=first["scheduledStartTime"], mentorId=world.demo.mentor2.id,
                           studentId=world.demo.student2.id)
    for booking in (first, second):
        world.demo.counselor.book(booking).raise_for_status()
    signed_in.goto(week_of(first))

    entries = [signed_in.locator(".booking").filter(has_text=one["title"]) for one in (first, second)]
    for entry in entries:
        expect(entry).to_have_attribute("data-status", "scheduled")
    a, b = (entry.bounding_box() for entry in entries)
    assert a["y"] == b["y"]
    assert a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]


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


def test_a_click_on_an_empty_hour_books_then(signed_in):
    day = (datetime.date.today() + datetime.timedelta(days=60)).isoformat()
    signed_in.goto(f"/week?from={day}")
    column = signed_in.locator(f'.day[data-date="{day}"] .day-sessions')
    column.click(position={"x": 30, "y": 160})

    expect(signed_in.locator('input[name="otherDay"]')).to_have_value(day)
    expect(signed_in.locator('input[name="otherTime"]')).to_have_value("10:00")


def test_a_press_that_closes_a_menu_books_nothing(signed_in):
    day = (datetime.date.today() + datetime.timedelta(days=61)).isoformat()
    signed_in.goto(f"/week?from={day}")
    signed_in.locator(".account summary").click()
    column = signed_in.locator(f'.day[data-date="{day}"] .day-sessions')
    column.click(position={"x": 20, "y": 160})

    expect(signed_in.locator(".account")).not_to_have_attribute("open", "")
    expect(signed_in).to_have_url(f"/week?from={day}")
    column.click(position={"x": 20, "y": 160})
    expect(signed_in).to_have_url(f"/book?day={day}&time=10:00")


def test_hours_that_have_passed_are_not_offered(signed_in):
    day = (datetime.date.today() - datetime.timedelta(days=7)).isoformat()
    signed_in.goto(f"/week?from={day}")
    column = signed_in.locator(f'.day[data-date="{day}"] .day-sessions')
    column.hover(position={"x": 30, "y": 160})
    column.click(position={"x": 30, "y": 160})

    expect(signed_in.locator(".ghost")).to_have_count(0)
    expect(signed_in).to_have_url(f"/week?from={day}")


def test_the_offer_ends_where_something_is_booked(signed_in, world):
    booking = world.booking(scheduledStartTime=f"{(datetime.date.today() + datetime.timedelta(days=63)).isoformat()}T10:30:00Z")
    made = world.demo.counselor.book(booking).raise_for_status().json()
    signed_in.goto(week_of(booking))
    entry = signed_in.locator(f'[data-key="{made["sessionId"]}"]')
    box = entry.bounding_box()
    hour = box["height"] + 3
    signed_in.mouse.move(box["x"] + 10, box["y"] - hour * 0.4)
    expect(signed_in.locator(".ghost")).to_have_css("height", f"{hour / 2 - 3:g}px")
    signed_in.mouse.move(box["x"] + box["width"] + 4, box["y"] + hour * 0.4)
    expect(signed_in.locator(".ghost")).to_have_count(0)


# Across midnight. The counselor's clock is Berlin's.


def book_at(world, start, duration=60, **more):
    booking = world.booking(scheduledStartTime=start, duration=duration, mentorId=world.demo.mentor2.id,
                            studentId=world.demo.student2.id, **more)
    return world.demo.counselor.book(booking).raise_for_status().json()["sessionId"]


def parts(page, title):
    """(day, from, minutes, what is read) of each part of a session that the week shows."""
    return page.locator(".booking").filter(has_text=title).evaluate_all("""(all) => all.map((booking) => [
        booking.closest(".day").dataset.date, Number(booking.parentElement.dataset.startMinute), Number(booking.parentElement.dataset.minutes),
        booking.querySelector(".booking-time").textContent.replace(/\\s+/g, " ").trim()])""")


def test_what_crosses_midnight_stands_on_both_days(page_of, world, screenshot):
    book_at(world, "2027-06-09T21:30:00Z", 120, title="Over midnight")
    for window in ({"width": 1440, "height": 900}, {"width": 360, "height": 740}):
        page = page_of(viewport=window)
        page.goto("/week?from=2027-06-07")
        expect(page.locator(".booking").filter(has_text="Over midnight")).to_have_count(2)
        assert parts(page, "Over midnight") == [
            ["2027-06-09", 1410, 30, "23:30 – 01:30 +1 · Mentoring"],
            ["2027-06-10", 0, 90, "continued from Wed 23:30 – 01:30 · Mentoring"]]
        screenshot(page, f"week-midnight-{window['width']}")
        for entry in page.locator(".booking").filter(has_text="Over midnight").all():
            expect(entry).to_be_visible()


def test_what_crosses_from_sunday_to_monday_stands_in_both_weeks(signed_in, world):
    book_at(world, "2027-06-20T21:00:00Z", 180, title="Over the weekend")
    signed_in.goto("/week?from=2027-06-14")
    assert parts(signed_in, "Over the weekend") == [["2027-06-20", 1380, 60, "23:00 – 02:00 +1 · Mentoring"]]

    signed_in.goto("/week?from=2027-06-21")
    assert parts(signed_in, "Over the weekend") == [["2027-06-21", 0, 120, "continued from Sun 23:00 – 02:00 · Mentoring"]]
    expect(signed_in.get_by_text("Nothing booked in this week.")).to_have_count(0)


def test_what_ends_at_midnight_stands_on_one_day(signed_in, world):
    book_at(world, "2027-06-11T20:00:00Z", 120, title="Until midnight")
    signed_in.goto("/week?from=2027-06-07")
    assert parts(signed_in, "Until midnight") == [["2027-06-11", 1320, 120, "22:00 – 00:00 · Mentoring"]]


def test_days_of_23_and_25_hours_show_what_the_clock_shows(signed_in, world):
    book_at(world, "2027-03-28T00:30:00Z", 60, title="Clocks go forward")
    signed_in.goto("/week?from=2027-03-22")
    assert parts(signed_in, "Clocks go forward") == [["2027-03-28", 90, 120, "01:30 – 03:30 · Mentoring"]]
    expect(signed_in.locator(".page-head .hint")).to_have_text("Europe/Berlin (UTC+01:00, from Sunday UTC+02:00)")

    for start, title in [("2027-10-31T00:30:00Z", "First of two"), ("2027-10-31T01:30:00Z", "Second of two")]:
        book_at(world, start, 30, title=title)
    signed_in.goto("/week?from=2027-10-25")
    assert parts(signed_in, "First of two") == [["2027-10-31", 150, 30, "02:30 (UTC+02:00) – 02:00 (UTC+01:00) · Mentoring"]]
    assert parts(signed_in, "Second of two") == [["2027-10-31", 150, 30, "02:30 (UTC+01:00) – 03:00 · Mentoring"]]
    expect(signed_in.locator(".page-head .hint")).to_have_text("Europe/Berlin (UTC+02:00, from Sunday UTC+01:00)")
    # News of the two may draw them anew at any moment.
    wait_until(lambda: signed_in.evaluate("""() => {
        const [first, second] = ["First of two", "Second of two"].map((title) =>
            [...document.querySelectorAll(".booking")].find((one) => one.textContent.includes(title))?.getBoundingClientRect());
        return Boolean(first?.width && second?.width && first.right <= second.left);
    }"""), within=10, what="the two to stand beside each other")


def test_an_ordinary_week_names_one_offset(signed_in):
    signed_in.goto("/week?from=2027-03-29")
    expect(signed_in.locator(".page-head .hint")).to_have_text("Europe/Berlin (UTC+02:00)")


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
