"""On a phone: from the mail about a day to a published event with an assigned plan."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.site import Site

ANA = "coordinator@example.org"


@pytest.mark.timeout(180)
def test_last_years_draft_is_accepted_and_published(site: Site, phone: Page) -> None:
    sign_in(phone, "coordinator")
    mail = site.mail_to(ANA, "will Columbus Alliance take part?")
    last = re.search(r"Last time: Evening of remembrance\n(http\S+)", mail.text)
    assert last, mail.text
    phone.goto(last[1])
    expect(phone.get_by_role("heading", level=2).first).to_have_text(
        "Drafted for you: Evening of remembrance"
    )
    no_sideways_scrolling(phone)
    phone.get_by_role("button", name="Accept and publish").click()
    expect(phone.get_by_role("status").first).to_contain_text("Your plan has begun")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Plan of Evening of remembrance")
    expect(phone.get_by_role("main")).to_contain_text("0 of 8 to-dos are done")
    assert phone.get_by_text("Ana Reyes", exact=False).count() >= 8
    no_sideways_scrolling(phone)
    phone.get_by_role("link", name="Evening of remembrance").first.click()
    expect(phone.get_by_role("main")).to_contain_text("Published")
    phone.get_by_role("link", name="See the page").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Evening of remembrance")
    phone.get_by_role("link", name=re.compile(r"\d{4}$")).first.click()
    expect(phone.get_by_role("link", name="Evening of remembrance")).to_be_visible()
    phone.goto("/desk/columbus/")
    expect(phone.get_by_role("main")).not_to_contain_text("drafted for you: Evening of")


@pytest.mark.timeout(180)
def test_staff_see_who_answered_and_ask_the_others_again(site: Site, phone: Page) -> None:
    sign_in(phone, "staff")
    phone.goto("/staff/observances")
    phone.get_by_role("link", name=re.compile("International Justice Day")).first.click()
    expect(phone.get_by_role("main")).to_contain_text("Our hall is being rebuilt until fall.")
    phone.get_by_role("button", name=re.compile("Ask 5 alliances once more")).click()
    expect(phone.get_by_role("status").first).to_contain_text("They get a mail")
    expect(phone.get_by_role("button", name="Ask again")).to_have_count(0)
    no_sideways_scrolling(phone)


def no_sideways_scrolling(phone: Page) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
