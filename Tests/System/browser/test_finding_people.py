"""People are found by the server as one types, however many there are."""

import re

import pytest
from playwright.sync_api import expect

MEMBERS = re.compile(r"/api/organizations/[^/]+/members\?")


@pytest.fixture(scope="module")
def crowd(shared_world):
    """A world with more students than any list shows; the last of them by name is Zofia."""
    with shared_world("crowd") as made:
        people = made.postgresql.add_people(made.demo.id, "student", 300)
        made.zofia = people[-1]
        made.postgresql.run(f"UPDATE users SET name = 'Zofia Wiśniewska' WHERE id = '{made.zofia}'")
        yield made


@pytest.fixture
def page(new_page, cookies_of, crowd):
    return new_page(crowd.server, storage_state=cookies_of(crowd.server, "counselor@demo.example"))


@pytest.fixture
def student(page):
    return page.get_by_role("combobox", name="Student", exact=True)


@pytest.fixture
def options(page):
    """The lines of the list that is open."""
    return page.locator(".options:not([hidden]) > [role=option]")


@pytest.fixture
def asked(page):
    """What the list of members has been asked."""
    queries = []
    page.on("request", lambda request: queries.append(request.url) if MEMBERS.search(request.url) else None)
    return queries


def test_nobody_is_loaded_before_somebody_looks_for_them(page, asked, student, options):
    page.goto("/book")
    page.wait_for_load_state("networkidle")
    assert asked == []

    student.click()
    expect(options).to_have_count(21)
    expect(options.last).to_have_text("Type to find others")
    expect(options.last).to_have_attribute("aria-disabled", "true")
    assert len(asked) == 1


def test_a_name_is_found_without_its_accents_far_down_the_list(page, student, options):
    page.goto("/book")
    student.press_sequentially("wisn")

    expect(options).to_have_count(1)
    expect(student).to_have_attribute("aria-expanded", "true")
    expect(student).to_have_attribute("aria-activedescendant", "students-list-0")
    student.press("Enter")
    expect(student).to_have_value("Zofia Wiśniewska")
    expect(student).to_have_attribute("aria-expanded", "false")


def test_letters_that_come_quickly_are_one_question(page, asked, student, options):
    page.goto("/book")
    student.press_sequentially("zofia")
    expect(options.filter(has_text="Zofia Wiśniewska")).to_be_visible()

    assert [url.rpartition("search=")[2] for url in asked if "search=" in url][-1].startswith("zofia")
    assert len(asked) < 5


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_who_is_quicker_than_the_list_gets_what_comes_first_in_it(page, student, key, options):
    page.goto("/book")
    held = []
    page.route(MEMBERS, lambda route: held.append(route))
    with page.expect_request(MEMBERS):
        student.fill("zofia")
    expect(options).to_have_text("Loading people…")
    student.press(key)
    held[0].continue_()

    expect(student).to_have_value("Zofia Wiśniewska")


def test_an_answer_to_what_is_no_longer_asked_is_not_shown(page, student, options):
    page.goto("/book")
    held, gone = [], []
    page.on("requestfailed", lambda request: gone.append(request.url))

    def hold_the_first(route):
        if "search=stu" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route(MEMBERS, hold_the_first)
    with page.expect_request(re.compile("search=stu")):
        student.fill("stu")
    student.fill("zofia")

    expect(options).to_have_count(1)
    expect(options).to_contain_text("Zofia")
    assert any("search=stu" in url for url in gone)


def test_a_list_that_cannot_be_had_says_so_and_is_asked_again(page, student, options):
    page.goto("/book")
    page.route(MEMBERS, lambda route: route.abort())
    student.fill("zofia")
    expect(options).to_have_text("The list of people could not be loaded.")

    page.unroute(MEMBERS)
    student.fill("zofi")
    expect(options).to_contain_text("Zofia")


def test_whom_the_address_names_is_there_from_the_beginning(page, crowd, asked, student):
    page.goto(f"/book?person={crowd.zofia}&person={crowd.demo.mentor.id}&person=nonsense")

    expect(student).to_have_value("Zofia Wiśniewska")
    expect(page.get_by_role("combobox", name="Mentor")).not_to_have_value("")
    page.wait_for_load_state("networkidle")
    assert asked == []


def test_who_is_chosen_for_a_class_is_not_offered_again(page, options):
    page.goto("/book")
    page.get_by_role("radio", name="Class").check()
    students = page.get_by_role("combobox", name="Students")
    for _ in range(2):
        students.fill("zofia")
        students.press("Enter")
        expect(page.locator(".chip")).to_have_count(1)

    expect(options).to_have_text("Nobody matches “zofia”")


def test_a_group_offers_those_who_are_not_in_it(new_page, cookies_of, crowd):
    group = crowd.demo.admin.post(f"/api/organizations/{crowd.demo.id}/groups", {"name": "Evening"}).json()["id"]
    page = new_page(crowd.server, storage_state=cookies_of(crowd.server, "admin@demo.example"))
    page.goto("/organization/groups")
    page.locator(f'[data-group="{group}"] summary').click()
    options = page.locator(".options:not([hidden]) > [role=option]")
    person = page.get_by_role("combobox", name="Add a person")
    person.fill("zofia")
    options.first.click()
    expect(page.locator(f'[data-group="{group}"] .group-members')).to_contain_text("Zofia")

    person.fill("zofia")
    expect(options).to_have_text("Nobody matches “zofia”")
