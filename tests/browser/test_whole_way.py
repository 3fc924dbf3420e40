"""The whole way in a browser: from a ZIP code to the digest and out again.

A visitor finds an alliance, joins, confirms from the mail, answers the call for July 17, gets the
reminder, receives the digest that staff sent, and unsubscribes by its link.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, sign_in
from tests.browser.site import Site

NIA = "nia@example.net"
CALENDAR = 'text/calendar; charset="utf-8"; method="PUBLISH"'


@pytest.mark.timeout(300)
def test_from_a_zip_code_to_the_digest_and_out_again(
    site: Site, browser: Browser, phone: Page
) -> None:
    join_by_zip_code(phone)
    confirm_from_the_mail(site, phone)
    year = answer_the_call(site, phone)
    get_the_reminder(site, year)
    readers = send_a_digest(site, browser)
    unsubscribe_by_its_link(site, phone)
    assert digest_readers(site, browser) == readers - 1


def join_by_zip_code(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_label("Your ZIP code").fill("43215")
    phone.get_by_role("button", name="Find my alliance").click()
    phone.get_by_role("link", name="Join Columbus Alliance").click()
    phone.get_by_label("E-mail address").fill(NIA)
    phone.get_by_role("textbox", name="Your name").fill("Nia Okafor")
    phone.get_by_label("ZIP code or city").fill("43215")
    phone.get_by_label("Every month").check()
    phone.get_by_role("button", name="Join").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("inbox")


def confirm_from_the_mail(site: Site, phone: Page) -> None:
    phone.goto(site.link_in(site.mail_to(NIA, "Confirm"), "/confirm/"))
    phone.get_by_role("button", name="Confirm and go on").click()
    phone.goto("/me")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Hello, Nia Okafor")
    expect(phone.get_by_role("link", name="Columbus Alliance")).to_be_visible()


def answer_the_call(site: Site, phone: Page) -> int:
    """Sign up for the alliance's event on the next July 17; its year."""
    today = datetime.now(UTC).date()
    year = today.year + (today > date(today.year, 7, 17))
    phone.goto(f"/observances/justice-day/{year}")
    phone.get_by_role("link", name="Proclamation of International Justice Day").click()
    phone.get_by_role("button", name="Sign me up").click()
    expect(phone.get_by_role("status").first).to_contain_text("signed up")
    confirmation = site.mail_to(NIA, "You are signed up: Proclamation")
    assert [attachment.content_type for attachment in confirmation.attachments] == [CALENDAR]
    return year


def get_the_reminder(site: Site, year: int) -> None:
    """Six days before the day, the reminder of a week before is there, and says when and where."""
    today = datetime.now(UTC).date()
    site.advance(f"{(date(year, 7, 11) - today).days}d")
    reminder = site.mail_to(NIA, ": Proclamation of International Justice Day")
    assert "11:00" in reminder.text
    assert "Main Library" in reminder.text
    assert "Columbus Alliance via Whereas" in reminder.sender


def send_a_digest(site: Site, browser: Browser) -> int:
    """Staff write a digest, confirm the number of readers, and watch it go; how many they are."""
    context = browser.new_context(viewport=PHONE, base_url=site.url)
    page = context.new_page()
    sign_in(page, "staff")
    page.goto("/staff/digests")
    page.get_by_role("link", name="New digest").first.click()
    page.locator("#subject").fill("July is here")
    page.locator("#introduction").fill("**Thank you** for this year.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Send or schedule").click()
    readers = number_in(page.locator("p.lead.num").inner_text())
    page.locator("[name=when][value=now]").check()
    page.locator("[name=people]").fill(str(readers))
    page.get_by_role("button", name="Send or schedule it").click()
    mail = site.mail_to(NIA, "July is here")
    assert "Thank you for this year." in mail.text.replace("**", "")
    page.wait_for_load_state()
    expect(page.locator("#digest")).to_contain_text("Done:", timeout=90_000)
    context.close()
    return readers


def unsubscribe_by_its_link(site: Site, phone: Page) -> None:
    mail = site.mail_to(NIA, "July is here")
    link = site.link_in(mail, "/unsubscribe/")
    assert dict(mail.headers)["List-Unsubscribe"] == f"<{link}>"
    phone.goto(link)
    phone.get_by_role("button", name="Unsubscribe").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You are unsubscribed")


def digest_readers(site: Site, browser: Browser) -> int:
    """How many people the next digest would reach."""
    context = browser.new_context(viewport=PHONE, base_url=site.url)
    page = context.new_page()
    sign_in(page, "staff")
    page.goto("/staff/digests")
    page.get_by_role("link", name="New digest").first.click()
    page.locator("#subject").fill("August")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Send or schedule").click()
    readers = number_in(page.locator("p.lead.num").inner_text())
    context.close()
    return readers


def number_in(sentence: str) -> int:
    return int(re.sub(r"\D", "", sentence))
