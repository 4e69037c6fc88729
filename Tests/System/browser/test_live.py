"""Pages show what others do, also where something on the way holds the stream back."""

import types

import pytest
from playwright.sync_api import expect

from harness.holding_proxy import HoldingProxy
from harness.newcomers import PASSWORD, newcomer

from .steps import fill_in, has_arrived, is_marked, mark


@pytest.fixture
def proxy(world):
    made = HoldingProxy(int(world.server.url.rsplit(":", 1)[1]))
    yield made
    made.close()


def test_a_stream_that_is_held_back_is_not_believed(new_page, cookies, world, proxy):
    booking = world.booking(title="Behind a proxy")
    page = new_page(types.SimpleNamespace(url=proxy.url), storage_state=cookies("admin"))
    page.goto(f"/week?from={booking['scheduledStartTime'][:10]}")
    mark(page)
    world.demo.counselor.book(booking).raise_for_status()

    expect(page.locator(".booking").filter(has_text="Behind a proxy")).to_be_visible(timeout=30_000)
    assert is_marked(page)
    assert proxy.streams == 1, "the stream was open all the time"

    # It is asked again and again, not once.
    world.demo.counselor.book(booking | {
        "title": "Later behind it", "mentorId": world.demo.mentor2.id, "studentId": world.demo.student2.id,
    }).raise_for_status()
    expect(page.locator(".booking").filter(has_text="Later behind it")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize("path", ["/week", "/sessions", "pending"])
def test_who_is_removed_is_told_so_and_asks_no_more(new_page, world, path):
    address = newcomer(world, role="counselor", organization=world.rival)
    page = new_page()
    page.clock.install()
    page.goto("/sign-in")
    fill_in(page, address, PASSWORD)
    has_arrived(page)
    if path == "pending":
        world.simulators.fault("zoom", "slow", operation="create", delayMs=14_000)
        booked = world.rival.counselor.book(world.booking(organization=world.rival, meetingProvider="zoom"))
        path = f"/sessions/{booked.json()['sessionId']}"
    with page.expect_response(lambda answer: "/api/events/stream" in answer.url):
        page.goto(path)
    member = world.postgresql.value(f"SELECT id FROM users WHERE email = '{address}'")

    world.rival.admin.request("DELETE", f"/api/organizations/{world.rival.id}/members/{member}").raise_for_status()

    expect(page.locator("#live-refused")).to_contain_text("no longer in this organization", timeout=30_000)
    world.simulators.heal()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(60_000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.run_for(60_000)
    assert asked == []


def test_a_stream_that_comes_through_is_not_asked_beside(page_of, world):
    """Nothing is polled while the server's heartbeats come."""
    page = page_of()
    page.goto("/week")
    asked = []
    with page.expect_response(lambda answer: "/api/events/stream" in answer.url):
        page.reload()
    page.on("request", lambda request: asked.append(request.url) if "/week" in request.url else None)
    page.evaluate("""() => new Promise((done) => {
      const source = new EventSource("/api/events/stream");
      let beats = 0;
      source.addEventListener("heartbeat", () => { if (++beats === 4) { source.close(); done(); } });
    })""")
    assert [url for url in asked if "from=" not in url] == []
