"""An installation without the demo: nothing is set up yet, and nothing stands in the way of the first booking."""

import httpx

from harness import tokens
from harness.bookings import Times, booking
from harness.database import PostgreSQL
from harness.processes import Server
from harness.waiting import wait_until


class Acme:
    """An organization that was founded a minute ago, and its people."""

    def __init__(self, server, postgresql):
        self.server = server
        root, = tokens.super_admins(postgresql, 1)
        founded = httpx.post(
            f"{server.url}/api/organizations", headers=root.headers,
            json={"slug": "acme", "name": "Acme", "timeZone": "Europe/Berlin", "defaultProvider": "zoom"})
        self.id = founded.raise_for_status().json()["id"]
        self.admin, self.counselor, self.student, self.mentor = (
            tokens.people(postgresql, self.id, role, 1)[0] for role in ("admin", "counselor", "student", "mentor"))

    def page(self, person, path):
        return httpx.get(f"{self.server.url}{path}", cookies={"convene": person.cookie}).raise_for_status().text

    def ask(self, method, path, **more):
        return httpx.request(method, f"{self.server.url}{path}", headers=self.counselor.headers, **more)

    def book(self):
        wanted = booking("regular_mentoring", Times().next(), self.student.id, self.mentor.id)
        return self.ask("POST", "/api/counselor/sessions/book", json=wanted)


def test_without_a_video_service_the_page_says_what_to_do():
    server = Server("first-day", arguments=(), CONVENE_SIGNING_KEY=tokens.SIGNING_KEY)
    try:
        acme = Acme(server.start(), PostgreSQL(server.data))

        for person, told in ((acme.admin, 'href="/organization/providers"'), (acme.counselor, "Ask an administrator")):
            page = acme.page(person, "/book")
            assert "No video service is connected yet" in page and told in page
            assert 'id="booking"' not in page
        refused = acme.book()
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "meetingProvider"
    finally:
        server.stop()
        server.remove()


def test_nobody_needs_a_contract_before_units_are_billed(new_world):
    world = new_world(CONVENE_SIGNING_KEY=tokens.SIGNING_KEY)
    acme = Acme(world.server, world.postgresql)

    made = acme.book()

    assert made.status_code == 201, made.text
    session = f"/api/counselor/sessions/{made.json()['sessionId']}"
    wait_until(lambda: acme.ask("GET", session).json()["status"] == "scheduled", within=30, what="its meeting")
    world.invariants()
