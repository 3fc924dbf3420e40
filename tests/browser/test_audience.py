"""Choosing readers where the network or the session fails: no old number, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PHONE, sign_in
from tests.browser.site import Site

NEW = "/staff/audiences/new"
COULD_NOT = "We could not count just now."


@pytest.fixture
def builder(browser: Browser, site: Site) -> Iterator[Page]:
    """A new audience of people who read Spanish, on a phone."""
    context = browser.new_context(viewport=PHONE, base_url=site.url)
    page = context.new_page()
    sign_in(page, "staff")
    page.goto(NEW)
    add(page, "language")
    page.get_by_label("Spanish").check()
    expect(counted(page)).to_contain_text("People who read Spanish.")
    yield page
    context.close()


def add(page: Page, kind: str) -> None:
    page.get_by_label("Add a condition").select_option(kind)
    page.get_by_role("button", name="Add", exact=True).click()


def counted(page: Page) -> Locator:
    return page.locator("[data-counted]")


@pytest.mark.timeout(240)
def test_a_count_that_fails_is_no_old_number_and_can_be_tried_again(builder: Page) -> None:
    builder.route(f"**{NEW}", lambda route: route.abort())
    builder.get_by_label("English").check()
    expect(counted(builder)).to_contain_text(COULD_NOT)
    expect(counted(builder)).not_to_contain_text(re.compile("gets? it|signed in"))
    add(builder, "rhythm")
    expect(counted(builder)).to_be_in_viewport()
    expect(builder.get_by_role("group", name="How often they want digests")).to_have_count(0)
    builder.unroute(f"**{NEW}")
    builder.get_by_role("button", name="Try again").click()
    expect(builder.get_by_role("group", name="How often they want digests").first).to_be_visible()
    expect(builder.get_by_label("English")).to_be_checked()
    builder.get_by_label("Weekly").check()
    expect(counted(builder)).to_contain_text("read English or Spanish; and chose weekly digests")
    expect(counted(builder)).not_to_contain_text(COULD_NOT)


@pytest.mark.timeout(240)
def test_whoever_was_signed_out_signs_in_beside_it_and_goes_on(builder: Page) -> None:
    builder.context.clear_cookies()
    builder.get_by_label("English").check()
    expect(counted(builder)).to_contain_text(COULD_NOT)
    with builder.context.expect_page() as opened:
        counted(builder).get_by_role("link", name="Sign in, in a new tab").click()
    beside = opened.value
    sign_in(beside, "staff")
    beside.close()
    builder.get_by_role("button", name="Try again").click()
    expect(counted(builder)).to_contain_text("People who read English or Spanish.")
    builder.get_by_label("Name").fill("Both languages")
    builder.get_by_role("button", name="Save", exact=True).click()
    builder.wait_for_url("**/staff/audiences?done=audience-saved")
    expect(builder.get_by_role("link", name="Both languages")).to_be_visible()


@pytest.mark.timeout(240)
def test_fifty_states_leave_the_number_within_reach(builder: Page) -> None:
    add(builder, "state")
    states = builder.get_by_role("group", name="States", exact=True)
    expect(states.get_by_label("Wyoming")).to_be_attached()
    assert states.bounding_box()["height"] < PHONE["height"] / 2
    assert builder.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    builder.set_viewport_size({"width": 1280, "height": 900})
    states.get_by_label("Wyoming").check()
    expect(counted(builder)).to_contain_text("live in Wyoming")
    expect(counted(builder)).to_be_in_viewport(ratio=0.99)
