"""Times that come in: what is none is refused wherever one is taken, and none is understood as another."""

import datetime
import re

import httpx
import pytest

from harness.client import PASSWORD

YEAR = datetime.datetime.now(datetime.UTC).year + 1
WRONG = [
    "{year}-02-30T10:00:00Z", "{year}-04-31T10:00:00Z", "2100-02-29T10:00:00Z", "{year}-13-01T10:00:00Z",
    "{year}-00-01T10:00:00Z", "{year}-01-00T10:00:00Z", "{year}-01-05T24:00:00Z", "{year}-01-05T25:00:00Z",
    "{year}-01-05T10:60:00Z", "{year}-01-05T10:00:60Z", "{year}-01-05T10:00:61Z", "{year}-01-05T10:00:00+01:99",
    "{year}-01-05T10:00:00+24:00", "{year}-01-05T10:00:00+14:30", "{year}-01-05T10:00:00-15:59", "{year}-01-05T10:00:00Zjunk", "{year}-01-05T10:00:00Z+05:00",
    "{year}-1-5T10:00:00Z", "{year}-01-05T9:00:00Z", "{year}-01-05T10:00Z", "{year}-01-05T10:00:00",
    "{year}-01-05", "{year}-01-05 10:00:00Z", "{year}0105T100000Z", "{year}-01-05T10:00:00.Z",
    "{year}-01-05T10:00:00,5Z", " {year}-01-05T10:00:00Z", "{year}-01-05T10:00:00Z ", "{year}-01-05T10:00:00+0100",
    "{year}-01-05T10:00:00\u221201:00", "\u0662\u0660\u0662\u0667-01-05T10:00:00Z", "1{year}-01-05T10:00:00Z",
    "-{year}-01-05T10:00:00Z", "10:00", "tomorrow", "",
]


@pytest.mark.parametrize("time", WRONG)
def test_a_time_that_there_is_not_is_refused_wherever_one_is_taken(world, time):
    time = time.format(year=YEAR)
    counselor, admin = world.demo.counselor, world.demo.admin
    users = {"users": world.demo.mentor.id, "durationMinutes": 60}
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)

    booked = counselor.book(world.booking(scheduledStartTime=time))
    for field, answer in [
        ("scheduledStartTime", booked),
        ("from", counselor.get("/api/availability", params=users | {"from": time, "to": (now + day).isoformat()})),
        ("to", counselor.get("/api/availability", params=users | {"from": now.isoformat(), "to": time})),
        ("from", counselor.get("/api/counselor/sessions", params={"from": time})),
        ("to", counselor.get("/api/counselor/sessions", params={"to": time})),
        ("from", admin.get("/api/audit", params={"from": time})), ("to", admin.get("/api/audit", params={"to": time})),
    ]:
        assert answer.status_code == 422, (field, answer.text)
        assert field in [error["field"] for error in answer.json()["errors"]], answer.text


@pytest.mark.parametrize("written", [
    "{:%Y-%m-%dT%H:%M:%SZ}", "{:%Y-%m-%dt%H:%M:%Sz}", "{:%Y-%m-%dT%H:%M:%S.000000000+00:00}",
    "{:%Y-%m-%dT%H:%M:%S-00:00}"])
def test_a_right_time_is_that_instant_however_it_is_written(world, written):
    body = world.booking()
    instant = datetime.datetime.fromisoformat(body["scheduledStartTime"])
    answer = world.demo.counselor.book(body | {"scheduledStartTime": written.format(instant)})

    assert answer.status_code == 201, answer.text
    assert answer.json()["scheduledAt"] == body["scheduledStartTime"]


@pytest.mark.parametrize("hours", [-12, -9.5, -5, 1, 5.75, 14])
def test_an_offset_is_reckoned_with(world, hours):
    body = world.booking()
    instant = datetime.datetime.fromisoformat(body["scheduledStartTime"])
    there = instant.astimezone(datetime.timezone(datetime.timedelta(hours=hours))).isoformat()
    answer = world.demo.counselor.book(body | {"scheduledStartTime": there})

    assert answer.status_code == 201, answer.text
    assert answer.json()["scheduledAt"] == body["scheduledStartTime"]


@pytest.fixture(scope="module")
def browser(world):
    with httpx.Client(base_url=world.server.url, headers={"Accept": "text/html"}) as client:
        form = {"email": world.demo.counselor.email, "password": PASSWORD, "next": "/week"}
        assert client.post("/sign-in", data=form).status_code == 303
        yield client


@pytest.mark.parametrize("day", [f"{YEAR}-02-30", f"{YEAR}-2-3", f"{YEAR}-06-15junk", f"{YEAR}0601", f"{YEAR}-13-01"])
def test_a_page_takes_no_day_that_there_is_not(browser, day):
    def title(**parameters):
        return re.search("<title>(.*?)</title>", browser.get("/week", params=parameters).raise_for_status().text)[1]

    assert title(**{"from": day}) == title() != title(**{"from": f"{YEAR}-06-15"})
