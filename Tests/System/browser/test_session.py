import re

import pytest
from playwright.sync_api import expect

from harness.waiting import wait_until

from .steps import has_arrived, is_marked, join_link, mark, violations

FINAL = 400  # what Zoom answers to a request that will never do


def open_session(page, world, **more):
    """Books beside the browser and opens the session's page."""
    made = world.demo.counselor.book(world.booking(**more))
    assert made.status_code == 201, made.text
    page.goto(f"/sessions/{made.json()['sessionId']}")
    return made.json()


def test_a_refused_meeting_says_why_and_can_be_tried_again(signed_in, world, faults, screenshot):
    faults.fault("zoom", "error", "create", status=FINAL)
    open_session(signed_in, world)

    expect(signed_in.get_by_role("heading", name="could not be created")).to_be_visible(timeout=60_000)
    mark(signed_in)
    screenshot(signed_in, "session-failed")
    faults.heal()
    signed_in.get_by_role("button", name="Try again").click()

    expect(join_link(signed_in)).to_be_visible(timeout=30_000)
    assert is_marked(signed_in)


def test_a_meeting_that_takes_long_says_so_until_it_is_there(signed_in, world, faults, screenshot):
    faults.fault("zoom", "slow", "create", count=1, delayMs=5000)
    signed_in.clock.install()
    open_session(signed_in, world)
    expect(signed_in.get_by_role("heading", name="Creating the meeting")).to_be_visible()
    slow = signed_in.get_by_text("This is taking longer than usual", exact=True)
    expect(slow).to_be_hidden()

    signed_in.clock.fast_forward(31_000)

    expect(slow).to_be_visible()
    screenshot(signed_in, "session-slow")
    expect(join_link(signed_in)).to_be_visible(timeout=30_000)
    expect(slow).to_be_hidden()


def test_cancelling_asks_first(signed_in, world, screenshot):
    session = open_session(signed_in, world)
    expect(join_link(signed_in)).to_be_visible()
    mark(signed_in)

    cancel = signed_in.get_by_role("button", name="Cancel the session")
    cancel.click()
    dialog = signed_in.get_by_role("dialog", name="Cancel this session?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    screenshot(signed_in, "session-cancel")
    signed_in.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert world.demo.counselor.session(session["sessionId"])["status"] == "scheduled"
    expect(cancel).to_be_focused()

    cancel.click()
    dialog.get_by_role("button", name="Cancel the session").click()
    expect(signed_in.get_by_role("heading", name="Cancelled")).to_be_visible()
    expect(cancel).to_be_hidden()
    expect(join_link(signed_in)).to_be_hidden()
    assert is_marked(signed_in)
    assert world.demo.counselor.session(session["sessionId"])["status"] == "cancelled"
    screenshot(signed_in, "session-cancelled")


def test_what_somebody_else_cancels_is_shown(signed_in, world):
    session = open_session(signed_in, world)
    expect(join_link(signed_in)).to_be_visible()
    mark(signed_in)

    world.demo.counselor2.cancel(session["sessionId"]).raise_for_status()

    expect(signed_in.get_by_role("heading", name="Cancelled")).to_be_visible()
    assert is_marked(signed_in)


def test_copying_gives_the_link(page_of, world):
    page = page_of(permissions=["clipboard-read", "clipboard-write"])
    open_session(page, world)
    expect(join_link(page)).to_be_visible()
    page.get_by_role("button", name="Copy link").click()

    expect(page.get_by_role("status")).to_have_text("Join link copied")
    assert page.evaluate("navigator.clipboard.readText()") == join_link(page).get_attribute("href")


@pytest.mark.parametrize("role", ["mentor", "student"])
def test_who_takes_part_can_join_and_change_nothing(page_of, world, role):
    page = page_of(role)
    open_session(page, world)

    expect(join_link(page)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Cancel|Try again"))).to_have_count(0)


def test_a_session_that_does_not_exist(signed_in):
    answer = signed_in.goto("/sessions/00000000-0000-7000-8000-000000000000")

    assert answer.status == 404
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Not found")
    signed_in.get_by_role("link", name="Go to my week").click()
    expect(signed_in).to_have_url("/week")


def test_a_session_of_another_organization_does_not_exist(signed_in, world):
    theirs = world.rival.counselor.book(world.booking(organization=world.rival)).json()

    assert signed_in.goto(f"/sessions/{theirs['sessionId']}").status == 404
    assert theirs["title"] not in signed_in.content()


@pytest.mark.parametrize("events", ["come through", "do not"])
def test_the_page_becomes_right_when_the_server_comes_back(new_page, new_world, events):
    world = new_world()
    page = new_page(server=world.server)
    if events == "do not":
        page.route("**/api/events/stream*", lambda route: route.abort())
    world.simulators.fault("zoom", "error", "create", status=503)
    session = world.demo.counselor.book(world.booking()).json()
    page.goto(f"/sign-in?next=/sessions/{session['sessionId']}")
    page.get_by_role("button", name="counselor@").click()
    expect(page.get_by_role("heading", name="Creating the meeting")).to_be_visible()
    page.wait_for_load_state()  # its scripts, too
    mark(page)

    world.server.kill9()
    world.simulators.heal()
    world.server.start()

    expect(join_link(page)).to_be_visible(timeout=60_000)
    assert is_marked(page)


def test_the_week_follows_again_when_the_server_comes_back(new_page, new_world):
    world = new_world()
    page = new_page(server=world.server)
    page.goto("/sign-in?next=/week")
    with page.expect_response("**/api/events/stream*"):
        page.get_by_role("button", name="counselor@").click()
    has_arrived(page)
    booking = world.booking()
    page.goto(f"/week?from={booking['scheduledStartTime'][:10]}")
    mark(page)

    world.server.kill9()
    world.server.start()
    with page.expect_response(lambda answer: "/api/events/stream" in answer.url and answer.ok, timeout=60_000):
        pass
    world.demo.counselor.book(booking).raise_for_status()

    expect(page.locator(".booking").filter(has_text=booking["title"])).to_be_visible(timeout=8_000)
    assert is_marked(page)


def ending(world, seconds):
    """A session that ends that long from now, as nobody can book one."""
    made = world.demo.counselor.book(world.booking()).raise_for_status().json()["sessionId"]
    wait_until(lambda: world.demo.counselor.session(made)["status"] == "scheduled", within=30)
    world.postgresql.run(f"""
        UPDATE regular_mentoring_sessions SET scheduled_at = now() - duration * interval '1 minute' + {seconds} * interval '1 second'
        WHERE id = '{made}'""")
    return made


@pytest.mark.parametrize("role", ["counselor", "student"])
def test_a_session_that_is_over_is_neither_joined_nor_cancelled(page_of, world, role, screenshot):
    made = ending(world, seconds=-60)
    page = page_of(role)
    page.goto(f"/sessions/{made}")

    expect(page.get_by_role("heading", name="This session is over")).to_be_visible()
    expect(page.locator(".badge")).to_have_text("Over")
    expect(join_link(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Cancel the session")).to_have_count(0)
    assert violations(page) == []
    screenshot(page, f"session-over-{role}")


def test_the_page_notices_by_itself_that_a_session_is_over(signed_in, world):
    signed_in.goto(f"/sessions/{ending(world, seconds=6)}")
    expect(join_link(signed_in)).to_be_visible()
    mark(signed_in)

    expect(signed_in.get_by_role("heading", name="This session is over")).to_be_visible()
    assert is_marked(signed_in)
