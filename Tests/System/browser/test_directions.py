"""What people write from right to left reads right on every page and in every mail, and turns no word of ours around."""

import email
import email.policy
import uuid

import pytest
from playwright.sync_api import expect

from harness import mails

from .steps import choose, find_free_times, has_arrived, take_time
from .written import pages, write

TITLE = "מפגש (Python 3) עם דנה"
NAME = "דנה כהן (Dana)"
PLACE = "אקדמיה (North) תל אביב"
GROUP = "קבוצה A (שנה 12)"
DESCRIPTION = "שיחה על Python, ועוד."

# Every text from right to left stands in an element that isolates it, or between FSI and PDI.
LOOSE = """() => {
  const rtl = /[\\u0590-\\u08FF]/, found = [];
  const loose = (text) => rtl.test(text.replace(/\\u2068[^\\u2068\\u2069]*\\u2069/g, ""));
  const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement: place } = texts.currentNode;
    if (place.closest("script, textarea") || !loose(data)) continue;
    if (!place.closest('bdi, [dir="auto"]')) found.push(`${place.tagName}.${place.className}: ${data.trim()}`);
  }
  for (const place of document.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "placeholder"]) if (loose(place.getAttribute(name) ?? "")) found.push(`${place.tagName} ${name}: ${place.getAttribute(name)}`);
    if (/^(INPUT|TEXTAREA)$/.test(place.tagName) && place.type !== "hidden" && rtl.test(place.value) && place.dir !== "auto") found.push(`${place.tagName}#${place.id}: ${place.value}`);
  }
  return found;
}"""

# Where the words of the title stand on the screen, from the left.
ORDER = """(place) => {
  const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT), words = [];
  while (texts.nextNode()) for (const { 0: word, index } of texts.currentNode.data.matchAll(/[^\\s()]+/g)) {
    const range = document.createRange();
    range.setStart(texts.currentNode, index);
    range.setEnd(texts.currentNode, index + word.length);
    const box = range.getBoundingClientRect();
    words.push([Math.round(box.top), box.left, word]);
  }
  words.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return words.map(([, , word]) => word);
}"""


@pytest.fixture(scope="module")
def written(shared_world):
    """A world whose people write from right to left."""
    with shared_world("written") as made:
        write(made, NAME, PLACE, GROUP, TITLE, f"{uuid.uuid4().hex[:8]}@invited.example",
              [made.booking(title=TITLE, description=DESCRIPTION)])
        yield made


@pytest.fixture
def page(new_page, written, cookies_of):
    return new_page(written.server, storage_state=cookies_of(written.server, "admin@demo.example"))


def reads_right(page):
    found = page.evaluate(LOOSE)
    assert found == [], f"{page.url}: {found}"


def test_every_page_keeps_texts_in_their_own_direction(page, written):
    for path in pages(written):
        page.goto(path)
        has_arrived(page)
        page.wait_for_load_state("networkidle")
        reads_right(page)


def test_the_words_of_a_title_stand_in_its_own_order(page, written):
    from_the_left = ["דנה", "עם", "Python", "3", "מפגש"]
    for path, place in [(f"/week?from={written.day}", ".booking-title"), ("/sessions", ".row-what strong"), (f"/sessions/{written.session}", "h1")]:
        page.goto(path)
        title = page.locator(place).filter(has_text=TITLE).first
        expect(title).to_be_visible()
        assert title.evaluate(ORDER) == from_the_left, path


def test_the_title_of_a_page_is_set_apart_too(page, written):
    page.goto(f"/sessions/{written.session}")
    assert page.title() == f"\u2068{TITLE}\u2069 · Convene"


def test_what_scripts_write_is_kept_apart(page, written):
    page.goto("/book")
    choose(page, "Student", "student@")
    choose(page, "Mentor", "mentor@")
    find_free_times(page)
    take_time(page)
    page.get_by_role("combobox", name="Mentor").click()
    page.get_by_label("Title").fill(TITLE)
    reads_right(page)
    assert page.locator("#summary h2").evaluate(ORDER)[-1] == "מפגש"
    page.get_by_role("radio", name="Class").check()
    choose(page, "Students", "student2@")
    reads_right(page)

    page.goto("/organization/members")
    page.get_by_role("button", name=f"Remove {NAME}").last.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    reads_right(page)

    page.goto("/organization/groups")
    page.locator("#rows summary").first.click()
    page.get_by_role("combobox", name="Add a person").first.fill("mentor@")
    page.get_by_role("option").first.click()
    expect(page.locator("[data-take-out]")).to_be_visible()
    reads_right(page)
    page.get_by_role("button", name=f"Delete {GROUP}").click()
    expect(page.locator("#confirm")).to_be_visible()
    reads_right(page)


def test_mails_keep_names_apart_in_subject_text_and_page(new_page, written):
    """Of the invitation, which names who invites and where to."""
    file = max((one for one in mails.files(written.server)), key=lambda one: one.stat().st_mtime_ns)
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert written.invited in mail["To"]
    place, name = f"\u2068{PLACE}\u2069", f"\u2068{NAME}\u2069"
    assert mail["Subject"] == f"Your invitation to {place}"
    assert f"{name} invites you to join {place} as mentor." in mail.get_body(("plain",)).get_content().replace("\n", " ").replace("  ", " ")

    page = new_page(written.server)
    page.set_content(mail.get_body(("html",)).get_content())
    reads_right(page)


def test_an_invitation_keeps_the_organizations_name_apart(new_page, written):
    page = new_page(written.server)
    page.goto(mails.link(written.server, written.invited, "/invitation?"))
    has_arrived(page)
    reads_right(page)
