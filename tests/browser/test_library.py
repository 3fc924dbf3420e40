"""The library in a browser: from a recommendation to a clause to a digest; and a merge, undone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, sign_in
from tests.browser.site import ROOT, Site

WORDS = "from Nuremberg and Tokyo to the tribunals of the 1990s"
TITLE = "Justice Day every year"
TWO_RECORDS = """
from app import create_app
from app.alliances import organization_duplicates
from app.alliances.organization_models import Organization, OrganizationState
from app.foundation import clock, edge
from app.foundation.db import db

with create_app().app_context(), edge.step():
    names = {"league-of-peace": "League of Peace", "the-league": "The League of Peace, Inc."}
    for slug, name in names.items():
        db.add(
            Organization(
                slug=slug, name=name, city="Columbus", us_state="OH", listed=True,
                state=OrganizationState.MEMBER, authority_on=clock.today(), created_at=clock.now(),
            )
        )
    db.flush()
    organization_duplicates.find()
"""


def page_of(site: Site, browser: Browser, who: str) -> Page:
    page = browser.new_context(viewport=PHONE, base_url=site.url).new_page()
    sign_in(page, who)
    return page


@pytest.mark.timeout(300)
def test_from_a_recommendation_to_a_clause_to_an_item_in_a_digest(
    site: Site, browser: Browser
) -> None:
    coordinator = page_of(site, browser, "coordinator")
    begin_a_campaign(coordinator)
    write_a_clause(coordinator)
    coordinator.goto("/library/points/reason-nuremberg")
    expect(coordinator.get_by_role("link", name=TITLE)).to_be_visible()
    coordinator.context.close()
    staff = page_of(site, browser, "staff")
    tell_it(staff)
    get_it(site, staff)
    staff.context.close()


def begin_a_campaign(page: Page) -> None:
    """Where a recommendation says what an alliance can ask for."""
    page.goto("/library/recommendations/asil-b1")
    page.get_by_role("link", name="Begin a campaign for this in").first.click()
    page.locator("#title").fill(TITLE)
    page.locator("#about").fill("A resolution that is renewed each year.")
    asked = page.locator("#ask option:checked")
    expect(asked).to_have_text("ASIL-B1: Adopt a resolution for International Justice Day")
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def write_a_clause(page: Page) -> None:
    """A clause without words of its own takes those of the talking point that was picked."""
    page.get_by_role("link", name="Write the text").first.click()
    page.get_by_role("link", name="Write it clause by clause").click()
    page.locator("#title").fill(TITLE)
    page.locator("#clause-0 summary").click()
    page.locator("#point_0").fill("reason-nuremberg")
    page.get_by_role("button", name="Save this version").click()
    page.goto(page.url.split("/text")[0])
    expect(page.locator("main")).to_contain_text(WORDS)


def tell_it(page: Page) -> None:
    """Staff pick the same point for the news."""
    page.goto("/library/points/reason-nuremberg")
    page.get_by_role("link", name="Tell it in the next digests").click()
    expect(page.locator("#body")).to_contain_text(WORDS)
    page.locator("#title").fill("What America began")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="What America began")).to_be_visible()


def get_it(site: Site, page: Page) -> None:
    page.goto("/staff/digests")
    page.get_by_role("link", name="New digest").first.click()
    page.locator("#subject").fill("From the library")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send me a test").click()
    mail = site.mail_to("staff@example.org", "From the library")
    told = " ".join(mail.text.replace(">", "").split())
    assert "What America began" in told
    assert WORDS in told


@pytest.mark.timeout(300)
def test_two_records_of_an_organization_are_merged_and_put_apart(
    site: Site, browser: Browser
) -> None:
    program = [sys.executable, "-c", TWO_RECORDS]
    subprocess.run(program, cwd=ROOT, env=site.environment, check=True, capture_output=True)
    page = page_of(site, browser, "staff")
    page.goto("/staff/organizations/duplicates")
    page.get_by_role("link", name="League of Peace, The League of Peace, Inc.").click()
    page.get_by_role("button", name="This record stays").first.click()
    expect(page.locator("main")).to_contain_text("Inc. went into League of Peace")
    page.goto("/organizations/the-league")
    expect(page.get_by_role("heading", level=1)).to_have_text("League of Peace")

    page.goto("/staff/organizations/duplicates")
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("status").first).to_contain_text("Undone.")
    page.goto("/organizations/the-league")
    expect(page.get_by_role("heading", level=1)).to_have_text("The League of Peace, Inc.")
    page.context.close()
