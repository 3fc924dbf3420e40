"""A running demo and a real browser for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import site as demo
from tests.browser.site import Site
from tests.services import chromium
from tests.services.run import Run

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo world, fresh for each module: one of them moves its clock by months."""
    var = tmp_path_factory.mktemp("demo")
    demo.new_world(run, var)
    with demo.running(var) as running:
        yield running


@pytest.fixture(scope="package")
def browser(chromium_path: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=list(chromium.FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """A page on a phone, signed in as nobody."""
    context = browser.new_context(viewport=PHONE, base_url=site.url)
    yield context.new_page()
    context.close()


def sign_in(page: Page, who: str) -> None:
    """Sign in as one of the demo's log-ins, such as `staff`."""
    page.goto("/login")
    page.get_by_label("E-mail address").fill(f"{who}@example.org")
    page.get_by_label("Password", exact=True).fill("justice-2027")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/me")
