"""What the browser tests share. They need a server with the demo, and for some of them its simulators:

CONVENE_URL=http://127.0.0.1:8080 CONVENE_SIMULATORS_URL=http://127.0.0.1:8090 pytest Tests/System/browser

The browser is Debian's chromium (CHROMIUM names another). Pictures go to CONVENE_SCREENSHOTS.
"""

import json
import os
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

expect.set_options(timeout=15_000)

PASSWORD = "convene-demo"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def base_url() -> str:
    url = os.environ.get("CONVENE_URL")
    if not url:
        pytest.skip("CONVENE_URL names no server")
    return url.rstrip("/")


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, base_url: str):
    """Opens pages; a script error on any of them fails the test."""
    contexts, errors = [], []

    def open_page(**options) -> Page:
        options = {"viewport": DESKTOP, "reduced_motion": "reduce", "locale": "en-GB"} | options
        context = browser.new_context(base_url=base_url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page) -> Page:
    return new_page()


def sign_in(page: Page, email: str = "counselor@demo.example") -> Page:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    return page


@pytest.fixture(scope="session")
def counselor_state(browser: Browser, base_url: str):
    """The cookies of a signed-in counselor, so that only one test pays for the password."""
    context = browser.new_context(base_url=base_url)
    sign_in(context.new_page())
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def signed_in(new_page, counselor_state) -> Page:
    return new_page(storage_state=counselor_state)


@pytest.fixture
def signed_in_page(new_page, counselor_state):
    """Opens further signed-in pages, with options such as viewport or color_scheme."""
    return lambda **options: new_page(storage_state=counselor_state, **options)


@pytest.fixture
def screenshot():
    folder = Path(os.environ.get("CONVENE_SCREENSHOTS", ".build/screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=folder / f"{name}.png")


class Faults:
    """What the simulators of the providers do wrong."""

    def __init__(self, url: str):
        self.url = f"{url.rstrip('/')}/_control/faults"

    def put(self, **fault) -> None:
        self._send("PUT", json.dumps(fault).encode())

    def clear(self) -> None:
        self._send("DELETE")

    def _send(self, method: str, body: bytes | None = None) -> None:
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"}, method=method)
        urllib.request.urlopen(request, timeout=10).close()


@pytest.fixture
def faults():
    """Everything is well again after the test."""
    url = os.environ.get("CONVENE_SIMULATORS_URL")
    if not url:
        pytest.skip("CONVENE_SIMULATORS_URL names no simulators")
    faults = Faults(url)
    yield faults
    faults.clear()


def violations(page: Page) -> list[str]:
    """What axe finds, a line each."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]
