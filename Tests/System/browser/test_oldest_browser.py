"""Browsers as old as the README says work, and older ones say so; a page whose script does not start says that, too."""

import re

import pytest
from playwright.sync_api import expect

from harness.processes import ROOT

from .steps import booked, choose_people, has_arrived, submit, take_time

# What came after Chrome 112, Firefox 121 and Safari 16.5.
NEWER = """
for (const [of, names] of [
  [Map, ["groupBy"]], [Object, ["groupBy"]], [Promise, ["withResolvers", "try"]], [Array, ["fromAsync"]], [AbortSignal, ["any"]],
  [URL, ["canParse", "parse"]], [Set.prototype, ["union", "intersection", "difference", "symmetricDifference", "isSubsetOf", "isSupersetOf", "isDisjointFrom"]],
  [String.prototype, ["isWellFormed", "toWellFormed"]], [URLSearchParams.prototype, ["size"]], [Document, ["parseHTMLUnsafe"]],
  [Element.prototype, ["checkVisibility", "setHTMLUnsafe", "moveBefore"]], [HTMLElement.prototype, ["showPopover", "hidePopover", "togglePopover"]],
  [globalThis.Iterator?.prototype ?? {}, ["map", "filter", "toArray", "some", "find", "forEach", "take", "drop"]], [RegExp, ["escape"]], [Intl, ["DurationFormat"]],
  [Document.prototype, ["startViewTransition"]], [globalThis, ["Iterator", "scheduler"]],
]) for (const name of names) if (of && name in of) delete of[name];
"""
PAGES = ["/week", "/sessions", "/book", "/settings", "/settings/security", "/organization", "/organization/members",
         "/organization/groups", "/organization/branding", "/organization/providers", "/organization/audit"]
TOO_OLD = "This browser is too old for Convene."
BROKEN = "This page could not start completely."


def test_every_page_starts_in_the_oldest_browser(page_of):
    page = page_of("admin")
    page.add_init_script(NEWER)
    for path in PAGES:
        page.goto(path)
        has_arrived(page)
        page.wait_for_load_state()
        expect(page.locator(".trouble"), path).to_have_count(0)


def test_a_session_is_booked_in_the_oldest_browser(page_of):
    page = page_of()
    page.add_init_script(NEWER)
    choose_people(page)
    take_time(page)
    submit(page)
    booked(page)


@pytest.mark.parametrize("path", ["/sign-in", "/week", "/book"])
def test_a_browser_that_is_too_old_is_told_so(page_of, path):
    page = page_of()
    page.add_init_script("CSS.supports = () => false")
    if path == "/sign-in":
        page.context.clear_cookies()
    page.goto(path)

    expect(page.get_by_role("alert").filter(has_text=TOO_OLD)).to_be_visible()


@pytest.mark.parametrize("answer", [
    {"status": 404, "body": ""}, {"status": 200, "body": "throw new Error('at the start');"}, {"status": 200, "body": "const = 1;"},
], ids=["missing", "throwing", "unreadable"])
@pytest.mark.parametrize("file", ["book.js", "layout.js"])
def test_a_page_whose_script_does_not_start_says_so(page_of, browser, world, cookies, file, answer):
    context = browser.new_context(base_url=world.server.url, storage_state=cookies("counselor"))
    page = context.new_page()
    page.route(f"**/{file}", lambda route: route.fulfill(content_type="text/javascript", **answer))
    page.goto("/book")

    expect(page.get_by_role("alert").filter(has_text=BROKEN)).to_be_visible()
    context.close()


def test_the_page_the_readme_and_the_check_name_the_same_browsers():
    boot = (ROOT / "Sources/Web/Resources/shared/theme-boot.js").read_text()
    readme = (ROOT / "README.md").read_text()
    for browser in ["Chrome and Edge 112", "Firefox 121", "Safari 16.5"]:
        assert browser in boot and browser in readme


def test_colors_stand_in_the_light_theme_where_a_browser_knows_one_only():
    """Each color of both themes has the same light one before it, for browsers without `light-dark()`."""
    for file in (ROOT / "Sources/Web/Resources").rglob("*.css"):
        plain, _, rest = file.read_text().partition("@supports (color: light-dark(#000, #fff))")
        assert "light-dark(" not in plain, file.name
        for name, value in re.findall(r"(--[\w-]+): ([^;]*light-dark[^;]*);", rest):
            light = re.sub(r"light-dark\(((?:[^(),]|\((?:[^()]|\([^()]*\))*\))*), (?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)", r"\1", value)
            assert f"{name}: {' '.join(light.split())};" in " ".join(plain.split()), f"{file.name} {name}"
