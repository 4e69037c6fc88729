import re

from playwright.sync_api import expect

from .steps import (
    SESSION, booked, choose, choose_people, find_free_times, free_times, is_marked, join_link, mark, provider,
    show_day_of, submit, tab_to, take_time)


def test_the_join_link_appears_without_a_reload(signed_in, faults, screenshot):
    choose_people(signed_in)
    take_time(signed_in)
    faults.fault(provider(signed_in), "slow", "create", count=1, delayMs=2000)
    submit(signed_in)

    booked(signed_in)
    expect(signed_in.get_by_role("heading", name="Creating the meeting")).to_be_visible()
    mark(signed_in)
    screenshot(signed_in, "session-pending")

    expect(join_link(signed_in)).to_have_attribute("href", re.compile("^https?://"))
    expect(signed_in.get_by_role("status")).to_contain_text("meeting is ready")
    assert is_marked(signed_in)
    screenshot(signed_in, "session-scheduled")


def test_the_join_link_appears_when_events_do_not_come_through(signed_in, faults):
    signed_in.route("**/api/events/stream*", lambda route: route.abort())
    choose_people(signed_in)
    take_time(signed_in)
    faults.fault(provider(signed_in), "slow", "create", count=1, delayMs=2000)
    submit(signed_in)

    expect(signed_in.get_by_role("heading", name="Creating the meeting")).to_be_visible()
    mark(signed_in)

    expect(join_link(signed_in)).to_be_visible()
    assert is_marked(signed_in)


def test_a_meeting_is_made_at_feishu(signed_in):
    choose_people(signed_in)
    take_time(signed_in)
    signed_in.get_by_role("radio", name="Feishu").check(force=True)
    submit(signed_in)

    expect(signed_in.get_by_role("link", name="Join at Feishu")).to_be_visible()


def test_a_class_is_booked_for_two_students(signed_in, world):
    signed_in.goto("/book")
    signed_in.get_by_role("radio", name="Class").check(force=True)
    choose(signed_in, "Students", "student@")
    choose(signed_in, "Students", "student2@")
    choose(signed_in, "Mentor", "mentor2@")
    find_free_times(signed_in)
    take_time(signed_in)
    expect(signed_in.get_by_label("Title")).to_have_value("Class with Elena Petrova and Sam Carter")
    submit(signed_in)

    session = world.demo.counselor.session(booked(signed_in))
    assert session["kind"] == "class_session"
    expect(signed_in.locator(".people li")).to_have_count(3)
    expect(join_link(signed_in)).to_be_visible()


def test_a_talk_with_a_counselor_needs_no_mentor(signed_in, world):
    signed_in.goto("/book")
    signed_in.get_by_role("radio", name="Communication").check(force=True)
    expect(signed_in.get_by_role("combobox", name="Mentor")).to_be_hidden()
    expect(signed_in.get_by_role("combobox", name="Counselor")).to_have_value("Clara Weiss")
    choose(signed_in, "Student", "student2@")
    find_free_times(signed_in)
    take_time(signed_in)
    submit(signed_in)

    session = world.demo.counselor.session(booked(signed_in))
    assert session["kind"] == "comm_session"
    assert {person["userId"] for person in session["people"]} == {world.demo.counselor.id, world.demo.student2.id}


def test_topics_and_levels_are_kept(signed_in, world):
    signed_in.goto("/book")
    signed_in.get_by_role("radio", name="AI career").check(force=True)
    choose(signed_in, "Student", "student@")
    choose(signed_in, "Mentor", "mentor2@")
    find_free_times(signed_in)
    take_time(signed_in)
    topics = signed_in.get_by_label(re.compile("Topics"))
    topics.fill("Prompts, agents")
    topics.press("Enter")
    topics.fill("Portfolio")
    submit(signed_in)

    assert world.demo.counselor.session(booked(signed_in))["aiTopics"] == ["Prompts", "agents", "Portfolio"]
    expect(signed_in.get_by_text("Prompts, agents, Portfolio")).to_be_visible()


def test_a_booked_session_stands_in_the_open_week_at_once(page_of):
    week, form = page_of(), page_of()
    choose_people(form)
    start = take_time(form)
    form.get_by_label("Title").fill(f"Seen at once {start}")
    day = form.locator('input[name="otherDay"]').input_value()
    week.goto(f"/week?from={day}")
    mark(week)

    submit(form)

    expect(week.locator(".booking").filter(has_text=f"Seen at once {start}")).to_be_visible()
    assert is_marked(week)


def test_a_time_taken_meanwhile_offers_others_and_keeps_what_was_typed(page_of, screenshot):
    slow, quick = page_of(), page_of("counselor2")
    # Nobody tells this page of the other's booking.
    slow.route("**/api/events/stream*", lambda route: route.abort())
    choose_people(slow)
    choose_people(quick)
    start = take_time(slow)
    slow.get_by_label("Title").fill("Kept as it was")
    show_day_of(quick, slow)
    # What suits a counselor elsewhere is shown on their own clock; the instant is the same.
    take_time(quick, start)
    submit(quick)
    booked(quick)

    submit(slow)

    alternatives = slow.get_by_role("alert").get_by_role("button")
    expect(alternatives).to_have_count(3)
    expect(slow.get_by_label("Title")).to_have_value("Kept as it was")
    screenshot(slow, "book-conflict")

    alternatives.first.click()
    booked(slow)
    expect(slow.get_by_role("heading", level=1)).to_have_text("Kept as it was")


def test_free_times_change_while_one_looks(page_of, world):
    page = page_of()
    choose_people(page)
    first = free_times(page).first.locator("input").get_attribute("value")
    world.demo.counselor.book(world.booking(scheduledStartTime=first.replace(".000Z", "Z"))).raise_for_status()

    expect(page.locator(f'.time-choice input[value="{first}"]')).to_have_count(0)


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

    booked(signed_in)
    assert keys[0] == keys[1]


def test_what_is_missing_is_said_at_its_field(signed_in, screenshot):
    signed_in.goto("/book")
    submit(signed_in)

    student = signed_in.get_by_role("combobox", name="Student")
    expect(student).to_be_focused()
    expect(student).to_have_attribute("aria-invalid", "true")
    expect(student).to_have_accessible_description("Choose a student.")
    screenshot(signed_in, "book-missing")


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
