"""Seats on a phone: a sign-up with two guests, the waiting list, and a seat that is claimed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.site import Site

CARPOOL = "/events/carpool-to-the-statehouse"
NIA, BO = "nia@example.net", "bo@example.net"


@pytest.mark.timeout(240)
def test_two_guests_fill_the_car_and_who_waits_gets_a_seat_that_is_given_back(
    site: Site, browser: Browser, phone: Page
) -> None:
    sign_up(phone, "Nia Okafor", NIA, guests="Sam\nRosa")
    confirm(site, browser, NIA)
    phone.goto(CARPOOL)
    expect(phone.locator("#sign-up")).to_contain_text(
        "Every seat is taken. You can join the waiting list."
    )
    sign_up(phone, "Bo Lin", BO, button="Join the waiting list")
    confirm(site, browser, BO)
    give_the_seats_back(site, phone)
    claim(site, phone)
    late = site.link_in(site.mail_to(BO, "A seat for you"), "/events/offers/")
    phone.goto(late)
    expect(phone.get_by_role("heading", level=1)).to_have_text("This seat is yours already")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def sign_up(
    phone: Page, name: str, email: str, guests: str = "", button: str = "Sign me up"
) -> None:
    phone.goto(CARPOOL)
    phone.get_by_label("Your name").fill(name)
    phone.get_by_label("E-mail").fill(email)
    if guests:
        phone.get_by_text("I bring guests").click()
        phone.get_by_label("Names of the guests you bring").fill(guests)
    phone.get_by_role("button", name=button).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("inbox")


def confirm(site: Site, browser: Browser, email: str) -> None:
    """Press the button of the mail, on a device of one's own."""
    context = browser.new_context(viewport=PHONE, base_url=site.url)
    page = context.new_page()
    page.goto(site.link_in(site.mail_to(email, "Please confirm"), "/confirm/"))
    page.get_by_role("button", name="Confirm and go on").click()
    page.wait_for_url(f"**{CARPOOL}**")
    context.close()


def give_the_seats_back(site: Site, phone: Page) -> None:
    mail = site.mail_to(NIA, "You are signed up: Carpool")
    phone.goto(site.link_in(mail, "/events/sign-ups/"))
    phone.get_by_role("button", name="Give my seat back").click()
    expect(phone.get_by_role("status").first).to_contain_text("free for somebody else")


def claim(site: Site, phone: Page) -> None:
    offer = site.mail_to(BO, "A seat for you: Carpool")
    phone.goto(site.link_in(offer, "/events/offers/"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("A seat is kept for you")
    phone.get_by_role("button", name="Take the seat").click()
    expect(phone.get_by_role("status").first).to_contain_text("The seat is yours")
    assert site.mail_to(BO, "You are signed up: Carpool").attachments
