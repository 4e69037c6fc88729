"""Browsers for the tests of the pages. Pictures are kept in .build/screenshots; CHROMIUM names another browser."""

import os

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from harness.bookings import Times
from harness.client import PASSWORD
from harness.processes import ROOT

from .steps import DESKTOP, WINDOWS, flaws

PICTURES = ROOT / ".build/screenshots"

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def world(shared_world):
    """A server of their own: these tests take whatever time is free first, and others count on theirs."""
    with shared_world("browser") as made:
        # What tests book beside the browser lies after everything that is taken there.
        made.times = Times(first_day=16)
        yield made


@pytest.fixture
def faults(world):
    """The providers' simulators, which are well again after the test."""
    yield world.simulators
    world.simulators.heal()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell"))
        yield browser
        browser.close()


@pytest.fixture
def new_page(request, browser: Browser):
    """Opens pages; an error in a script and anything that the content security policy refused fail the test."""
    contexts, errors = [], []

    def open_page(server=None, **options) -> Page:
        server = server or request.getfixturevalue("world").server
        options = {"viewport": DESKTOP, "reduced_motion": "reduce", "locale": "en-GB"} | options
        context = browser.new_context(base_url=server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page) -> Page:
    return new_page()


@pytest.fixture(scope="session")
def cookies_of(browser: Browser):
    """The cookies of somebody signed in at a server: each password is checked once."""
    known = {}

    def cookies(server, email: str):
        if (server.url, email) not in known:
            context = browser.new_context(base_url=server.url)
            answer = context.request.post("/api/auth/sign-in", data={"email": email, "password": PASSWORD})
            assert answer.ok, answer.text()
            known[server.url, email] = context.storage_state()
            context.close()
        return known[server.url, email]

    return cookies


@pytest.fixture
def cookies(cookies_of, world):
    """Those of the demo's people, by role."""
    return lambda role: cookies_of(world.server, f"{role}@demo.example")


@pytest.fixture
def page_of(new_page, cookies):
    """Opens a page of somebody signed in, with options such as viewport or color_scheme."""
    return lambda role="counselor", **options: new_page(storage_state=cookies(role), **options)


@pytest.fixture
def signed_in(page_of) -> Page:
    """A page of the counselor."""
    return page_of()


@pytest.fixture
def screenshot():
    PICTURES.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=PICTURES / f"{name}.png")


@pytest.fixture(params=WINDOWS)
def pointer(request):
    """What points at the page: it is loaded once for each."""
    return request.param


@pytest.fixture
def suits_everybody(screenshot, pointer):
    """Looks at a page in every window with that pointer and in both themes."""

    def look(page, name):
        assert flaws(page, pointer, lambda page, where: screenshot(page, f"{name}-{where}")) == []

    return look
