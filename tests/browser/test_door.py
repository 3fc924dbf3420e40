"""The door on phones: two of them lose their network, and afterwards everybody is counted once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PHONE, sign_in
from tests.browser.site import Site

EVENING = 22

# One call that waits within the page: its policy forbids what Playwright's own waiting evaluates
# again and again.
READY_WITHOUT_A_NETWORK = """async () => {
    const worker = navigator.serviceWorker;
    if (!worker.controller) {
        await new Promise((done) => worker.addEventListener("controllerchange", done));
    }
    const cache = await caches.open("door");
    while ((await cache.keys()).length < 4) {
        await new Promise((next) => setTimeout(next, 50));
    }
}"""


@pytest.fixture(scope="module")
def today(site: Site) -> date:
    """The day of the demo, of which some hours are left: late at night its clock goes on."""
    now = datetime.now(ZoneInfo("America/New_York"))
    if now.hour < EVENING:
        return now.date()
    site.advance("10h")
    return (now + timedelta(hours=10)).date()


@pytest.fixture
def volunteers(browser: Browser, site: Site) -> Iterator[list[BrowserContext]]:
    """Two phones that are signed in as nobody."""
    phones = [browser.new_context(viewport=PHONE, base_url=site.url) for _ in range(2)]
    yield phones
    for each in phones:
        each.close()


@pytest.mark.timeout(300)
def test_two_phones_lose_their_network_and_nobody_is_counted_twice(
    phone: Page, volunteers: list[BrowserContext], today: date
) -> None:
    link = an_event_of(today, phone)
    first, second = (open_door(each, link) for each in volunteers)
    for each in volunteers:
        each.set_offline(True)

    check_in(first, "Maria")
    check_in(second, "Maria")
    walk_in(second, "Zoe", 2)
    expect(second.locator("[data-walk-ins]").get_by_text("No photo")).to_be_visible()
    expect(second.locator("[data-network]")).to_contain_text("No network")
    expect(second.locator("[data-network]")).to_contain_text("Not sent yet: 2")
    first.reload()  # the phone was locked, or somebody closed the page
    expect(first.locator("[data-count-line]")).to_have_text("1 here, 3 expected")
    first.get_by_label("Name or code").fill("jose")
    expect(first.locator("[data-guests] li")).to_have_count(1)
    expect(first.locator("[data-guests]")).to_contain_text("with José Ñ.")
    check_in(first, "Ana")
    expect(first.locator("[data-count-line]")).to_have_text("3 here, 3 expected")

    for each in volunteers:
        each.set_offline(False)
    for each in (first, second):
        each.reload()
        expect(each.locator("[data-network]")).to_have_text("Connected")
        expect(each.locator("[data-count-line]")).to_have_text("5 here, 3 expected")
        expect(each.locator("[data-walk-ins]").get_by_text("No photo")).to_be_visible()
    phone.reload()
    expect(phone.locator(".states")).to_contain_text("5")

    undo(second, "Maria")
    expect(first.locator("[data-count-line]")).to_have_text("4 here, 3 expected", timeout=20_000)
    assert first.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_link_that_was_stopped_leaves_no_names_on_the_phone(
    phone: Page, volunteers: list[BrowserContext], today: date
) -> None:
    link = an_event_of(today, phone)
    door = open_door(volunteers[0], link)
    assert "Maria" in door.evaluate("JSON.stringify(localStorage)")
    phone.get_by_role("button", name="Stop this link").click()
    door.reload()
    expect(door.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    assert door.evaluate("localStorage.length") == 0
    assert door.evaluate("caches.match(location.href).then((page) => page === undefined)")


def an_event_of(today: date, phone: Page) -> str:
    """The coordinator publishes an event of today to which two people sign up; its door's link."""
    phone.context.clear_cookies()
    sign_in(phone, "coordinator")
    desk = "/desk/columbus"
    phone.goto(f"{desk}/events/new")
    phone.locator("[name=title]").fill("Open house")
    phone.locator("[name=date]").fill(today.isoformat())
    phone.locator("[name=time]").fill("23:30")
    phone.locator("[name=venue]").fill("Main Library")
    phone.get_by_role("button", name="Save").click()
    phone.get_by_role("button", name="Publish").click()
    manage = phone.url
    phone.get_by_role("link", name="See the page").click()
    page = phone.url
    phone.get_by_text("I bring guests").click()
    phone.get_by_label("Names of the guests you bring").fill("José Ñandú")
    phone.get_by_role("button", name="Sign me up").click()
    phone.context.clear_cookies()
    sign_in(phone, "member")
    phone.goto(page)
    phone.get_by_role("button", name="Sign me up").click()
    phone.context.clear_cookies()
    sign_in(phone, "coordinator")
    phone.goto(f"{manage.partition('?')[0]}/door")
    phone.get_by_role("button", name="Make a link").click()
    return str(phone.locator("code").first.text_content())


def open_door(context: BrowserContext, link: str) -> Page:
    """The list, and what it needs for opening again without a network."""
    page = context.new_page()
    page.goto(link)
    expect(page.locator("[data-network]")).to_have_text("Connected")
    page.evaluate(READY_WITHOUT_A_NETWORK)
    return page


def check_in(page: Page, name: str) -> None:
    page.get_by_label("Name or code").fill(name[:3].lower())
    page.get_by_role("button", name=re.compile(f"Check in ?: {name}")).click()
    expect(page.get_by_role("button", name=re.compile(f"Undo ?: {name}"))).to_be_visible()
    page.get_by_label("Name or code").fill("")


def undo(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"Undo ?: {name}")).click()


def walk_in(page: Page, name: str, people: int) -> None:
    page.get_by_label("First name").fill(name)
    page.get_by_label("How many people", exact=True).fill(str(people))
    page.get_by_label("They want no photos taken of them").check()
    page.get_by_role("button", name="Let them in").click()
    expect(page.get_by_label("They want no photos taken of them")).not_to_be_checked()
    expect(page.locator("[data-walk-ins]")).to_contain_text(name)
