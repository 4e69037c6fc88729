"""Memory under mixed traffic, for hours."""

import concurrent.futures
import itertools
import os
import random
import threading
import time
import uuid

import httpx
import pytest

from conftest import running
from harness import tokens
from harness.bookings import booking
from harness.events import Stream

from .figures import keep
from .watching import Watch, slope

SECONDS = float(os.environ.get("CONVENE_SOAK_MEMORY_SECONDS", 7200))
WARM = min(600.0, SECONDS / 3)
TOLERANCE = 12  # megabytes from the end of the first ten minutes to the end, beside the noise
PAGES = ["/sessions", "/week", "/book", "/settings", "/sessions?status=cancelled"]
LISTS = ["/api/counselor/sessions?limit=50", "/api/auth/me", "/openapi.json", "/metrics", "/health"]


class Traffic:
    """What people do in a day, over and over. Each method is one thing done; none of it adds up for ever."""

    def __init__(self, world):
        self.world = world
        self.counts = {}
        self.problems = []
        self._lock = threading.Lock()
        postgresql, organization = world.postgresql, world.demo.id
        self.students = postgresql.add_people(organization, "student", 40, units=1_000_000)
        self.mentors = postgresql.add_people(organization, "mentor", 40)
        # Signed in by hand: the wrong passwords below use up what one address may try, and a token lasts 15 minutes.
        self.counselor, self.admin = (
            tokens.sign_in(postgresql, person.id, ending="1 day")
            for person in (world.demo.counselor, world.demo.admin))
        self.counselor.server = world.server  # where its streams are read
        self.http = httpx.Client(base_url=world.server.url, timeout=60, verify=False)

    def count(self, what, answer=None, expected=(200,)):
        with self._lock:
            self.counts[what] = self.counts.get(what, 0) + 1
            if answer is not None and answer.status_code not in expected:
                self.problems.append(f"{what}: {answer.status_code} {answer.text[:200]}")

    def book(self, dice):
        wanted = booking(
            "regular_mentoring", self.world.times.at(dice.randrange(24 * 27)), dice.choice(self.students),
            dice.choice(self.mentors), meetingProvider=dice.choice(["zoom", "feishu"]))
        answer = self.http.post(
            "/api/counselor/sessions/book", json=wanted,
            headers=self.counselor.headers | {"Idempotency-Key": str(uuid.UUID(int=dice.getrandbits(128)))})
        self.count("bookings", answer, (201, 409))
        if answer.status_code == 201:
            session = answer.json()["sessionId"]
            cancelled = self.http.post(
                f"/api/counselor/sessions/{session}/cancel", json={}, headers=self.counselor.headers)
            self.count("cancels", cancelled, (200, 409))

    def look(self, dice):
        cookie = {"Cookie": f"convene={self.counselor.cookie}"}
        self.count("pages", self.http.get(dice.choice(PAGES), headers=cookie), (200, 303))

    def read(self, dice):
        self.count("reads", self.http.get(dice.choice(LISTS), headers=self.counselor.headers))

    def audit(self, dice):
        answer = self.http.get(
            "/api/audit", params={"limit": dice.choice([10, 100])}, headers=self.admin.headers)
        self.count("looks at the audit log", answer)

    def listen(self, dice):
        with Stream(self.counselor, quiet_for=40) as stream:
            self.count("event streams", stream.response)
            until = time.monotonic() + dice.uniform(1, 6)
            for _ in stream.lines():
                if time.monotonic() > until:
                    break

    def mail(self, dice):
        address = f"{uuid.UUID(int=dice.getrandbits(128))}@people.example"
        answer = self.http.post("/api/auth/magic-link", json={"email": dice.choice([address, "student@demo.example"])})
        self.count("mails asked for", answer, (202, 204, 200, 429))

    def sign_in(self, dice):
        body = {"email": "mentor2@demo.example", "password": dice.choice(["convene-demo", "wrong password"])}
        self.count("sign-ins", self.http.post("/api/auth/token", json=body), (200, 401, 429))

    def sweep(self, dice):
        """Old files of mails, which a demo keeps for ever, are no memory but fill the disk."""
        for file in itertools.islice(self.world.server.data.glob("mail/*.eml"), 200):
            file.unlink(missing_ok=True)


def keep_on(traffic, thing, every, seed, ended):
    dice = random.Random(seed)
    while not ended.wait(every * dice.uniform(0.5, 1.5)):
        try:
            getattr(traffic, thing)(dice)
        except httpx.HTTPError as error:
            traffic.problems.append(f"{thing}: {type(error).__name__}")


@pytest.mark.soak
@pytest.mark.timeout(SECONDS + 600)
def test_memory_is_flat_after_the_first_ten_minutes():
    with running("memory", CONVENE_SIGNING_KEY=tokens.SIGNING_KEY, CONVENE_LOG_LEVEL="warning") as world:
        traffic, ended = Traffic(world), threading.Event()
        world.demo.counselor.token, world.demo.admin.token  # noqa: B018
        workers = [("book", 0.3)] * 3 + [("look", 0.2)] * 2 + [("read", 0.1)] * 2 + [("listen", 0.5)] * 6
        workers += [("audit", 2), ("mail", 5), ("sign_in", 5), ("sweep", 60)]
        with Watch(world.server, health_every=5, memory_every=5 if SECONDS > 300 else 1) as watch, \
                concurrent.futures.ThreadPoolExecutor(len(workers)) as pool:
            going = [pool.submit(keep_on, traffic, thing, every, seed, ended)
                     for seed, (thing, every) in enumerate(workers)]
            ended.wait(SECONDS)
            ended.set()
            for each in going:
                each.result(90)
        warm = [sample for sample in watch.memory if sample[0] > WARM]
        by_hour, noise = slope(warm)
        rise = by_hour * (warm[-1][0] - warm[0][0]) / 3600
        rows = [("seconds", f"{SECONDS:.0f}")]
        rows += [(what, f"{count:,}") for what, count in sorted(traffic.counts.items())]
        rows += [
            ("unexpected answers", f"{len(traffic.problems)}"),
            (f"memory after {WARM:.0f} s / at the end / most",
             f"{warm[0][1]:.0f} MB / {warm[-1][1]:.0f} MB / {watch.most_memory:.0f} MB"),
            ("rise since then, by the line through all samples", f"{rise:.1f} MB ({by_hour:.1f} MB an hour)"),
            ("noise around that line", f"{noise:.1f} MB"),
        ]
        keep("memory", f"Mixed traffic for {SECONDS:.0f} s.", rows)

        assert traffic.problems == []
        assert rise < TOLERANCE + 2 * noise, f"{rise:.1f} MB more, with a noise of {noise:.1f} MB"
        world.invariants()
