"""A page survives whatever stands behind the `?` of its address, and odd dates that are typed."""

import datetime

import pytest
from playwright.sync_api import expect

from .steps import choose, find_free_times, has_arrived, submit, take_time

HOSTILE = ["", "%00", "%FF%FE", "'%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "[object Object]", "9" * 300, "..%2F..", "%"]
DAYS = ["0027-05-05", "2027-02-30", "2027-13-01", "2027-5-5", "99999-01-01", "2027-05-05junk", "2027-05-05T10:00:00Z", "-2027-01-01", "abc"]
TIMES = ["9:00", "10:00:00", "24:00", "25:61", "abc", "1e9:00", "-1:00"]

QUERIES = {
    "/book": [f"day=2027-05-05&time={one}" for one in TIMES + HOSTILE] + [f"day={one}&time=10:00" for one in DAYS + HOSTILE]
    + ["day=2027-05-05", "time=10:00", "day=2027-05-05&day=x&time=10:00&time=", f"person={'x' * 50}", "person=&person=&day=&time="],
    "/week": [f"from={one}" for one in DAYS + HOSTILE] + ["from=2027-01-01&from=", "from[]=2027-01-01", "&&&=="],
    "/sessions": [f"status={one}&kind={one}&cursor={one}" for one in HOSTILE] + ["status=scheduled&status=x"],
    "/organization/audit": [f"from={one}&to={one}" for one in DAYS] + [f"actor={one}&about={one}&change={one}&subject={one}&cursor={one}" for one in HOSTILE],
    "/organization/members": [f"search={one}&role={one}&group={one}&cursor={one}" for one in HOSTILE],
    "/settings": ["x=1", "%"], "/settings/security": ["error=nonsense", "error="],
}

# What each page's script does last: it is there only if nothing ended the script before.
STARTED = {
    "/book": "time-picker .strip-day", "/week": ".week[data-placed]", "/sessions": "#status",
    "/organization/audit": ".picker-box input", "/organization/members": "#filters", "/settings": "zone-picker input",
    "/settings/security": "#password-form",
}


@pytest.mark.parametrize("path", QUERIES)
def test_a_page_survives_every_query(page_of, path):
    page = page_of("admin")
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for query in QUERIES[path]:
        answer = page.goto(f"{path}?{query}")
        assert answer.status == 200, query
        has_arrived(page)
        expect(page.locator(STARTED[path]).first, query).to_be_attached()
        expect(page.locator(".trouble"), query).to_have_count(0)
        assert said == [], query


@pytest.mark.parametrize("query", ["day=2099-13-45&time=99:99", "day=2027-05-05&time=", "day=&time=10:00:00"])
def test_the_booking_form_still_works_after_a_bad_address(signed_in, query):
    page = signed_in
    page.goto(f"/book?{query}")
    submit(page)

    expect(page.get_by_text("Choose a student.")).to_be_visible()
    assert page.url.endswith(query), "the form was not sent as a page"


def in_days(count):
    return datetime.date.today() + datetime.timedelta(days=count)


@pytest.mark.parametrize("time", ["9:05", "09:05", "09:05:00", "09:05:00.000"])
def test_a_time_in_the_address_is_understood_however_it_is_written(signed_in, time):
    day = in_days(40).isoformat()
    signed_in.goto(f"/book?day={day}&time={time}")

    expect(signed_in.locator('input[name="otherDay"]')).to_have_value(day)
    expect(signed_in.locator('input[name="otherTime"]')).to_have_value("09:05")


def test_people_in_the_address_are_chosen(signed_in, world):
    signed_in.goto(f"/book?person={world.demo.student.id}&person={world.demo.mentor2.id}&person=nobody")

    expect(signed_in.get_by_role("combobox", name="Student")).to_have_value("Elena Petrova")
    expect(signed_in.get_by_role("combobox", name="Mentor")).to_have_value("Marco Rossi")


@pytest.mark.parametrize("day", ["0027-05-05", "1999-12-31", "2199-01-01"])
def test_an_odd_date_that_is_typed_is_refused_at_its_field_and_books_nothing_else(signed_in, day):
    page = signed_in
    page.goto("/book")
    choose(page, "Student", "student@")
    choose(page, "Mentor", "mentor@")
    find_free_times(page)
    take_time(page)
    page.get_by_text("Another time").click()
    page.get_by_label("Time, Europe/Berlin").fill("10:00")
    page.get_by_label("Date", exact=True).fill(day)

    error = page.locator("#scheduledStartTime-error")
    expect(error).to_contain_text("Choose a date between today and")
    expect(page.locator("#summary")).to_contain_text("No time chosen yet")
    submit(page)
    expect(error).to_contain_text("Choose a date between today and")
    expect(page).to_have_url("/book")


def test_the_summary_tells_the_year_of_a_day_that_is_far_away(signed_in):
    signed_in.clock.set_fixed_time(datetime.datetime(2027, 1, 10, 12, tzinfo=datetime.UTC))
    for day, told in [("2027-01-20", "Wed 20 Jan"), ("2027-08-20", "Fri, 20 Aug 2027"), ("2028-01-05", "Wed, 5 Jan 2028")]:
        signed_in.goto(f"/book?day={day}&time=10:00")
        expect(signed_in.locator("#summary strong.tabular")).to_have_text(told)


def test_what_the_server_refuses_is_said_in_the_pages_own_words(signed_in):
    page = signed_in
    page.route("**/api/counselor/sessions/book", lambda route: route.fulfill(status=422, content_type="application/problem+json", json={
        "status": 422, "code": "invalid_request", "title": "x", "detail": "x", "errors": [
            {"field": "scheduledStartTime", "message": "must be a time with an offset, such as 2026-11-21T10:00:00Z"},
            {"field": "currentLevel", "message": "must be at most 50 characters"}, {"field": "studentId", "message": "must be a UUID"}]}))
    page.goto(f"/book?day={in_days(10).isoformat()}&time=10:00")
    page.get_by_role("radio", name="Gap analysis").check()
    choose(page, "Student", "student@")
    choose(page, "Mentor", "mentor@")
    submit(page)

    expect(page.locator("#scheduledStartTime-error")).to_have_text("Choose a time between now and two years from now.")
    expect(page.locator("#students-error")).to_have_text("Choose students of this organization.")
    expect(page.locator("#currentLevel-error")).to_have_text("Level now must be at most 50 characters.")


def test_an_hour_that_comes_twice_can_be_chosen_either_way(signed_in):
    page = signed_in
    page.goto("/book?day=2027-10-31&time=2:30")
    page.get_by_text("Another time").click()
    which = page.get_by_label("This hour comes twice")
    expect(which.locator("option")).to_have_text(["First, UTC+02:00", "Second, UTC+01:00"])
    expect(page.locator("#summary")).to_contain_text("02:30 (UTC+02:00) – 02:30 (UTC+01:00)")
    which.select_option(index=1)
    expect(page.locator("#summary")).to_contain_text("02:30 (UTC+01:00) – 03:30")


def test_an_hour_that_clocks_leave_out_is_said_to_be_missing(signed_in):
    signed_in.goto("/book?day=2027-03-28&time=2:30")
    signed_in.get_by_text("Another time").click()
    signed_in.get_by_label("Date", exact=True).fill("2027-03-28")
    signed_in.get_by_label("Time, Europe/Berlin").fill("02:30")
    expect(signed_in.locator("#scheduledStartTime-error")).to_contain_text("This hour does not exist")
