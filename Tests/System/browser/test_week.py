import datetime

import pytest
from playwright.sync_api import expect

from .steps import is_marked, mark


def week_of(booking):
    return f"/week?from={booking['scheduledStartTime'][:10]}"


def test_the_heading_names_the_days(signed_in):
    signed_in.goto("/week?from=2026-11-19")

    expect(signed_in.get_by_role("heading", level=1)).to_have_text("My week: 16 – 22 November 2026")
    expect(signed_in.get_by_role("heading", level=2).first).to_have_accessible_name("Monday, 16 November 2026")


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
