"""A text on a phone: begun from a model, filled in, measured while it is written, downloaded."""

from __future__ import annotations

import io
import re

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, sign_in
from tests.browser.site import Site

DESK = "/desk/columbus/campaigns?q=city+council"


@pytest.mark.timeout(240)
def test_a_model_is_made_ones_own_within_the_limits(site: Site, phone: Page) -> None:
    sign_in(phone, "coordinator")
    phone.goto(DESK)
    phone.get_by_role("link", name="World Day for International Justice", exact=True).click()
    phone.get_by_role("link", name="Change the text").click()
    phone.get_by_role("link", name="Paste a whole text instead").click()
    phone.get_by_role("link", name="A resolution renewing").click()
    limits = phone.locator("#limits")
    expect(limits).to_contain_text("3 of at most 6 WHEREAS clauses;")
    phone.get_by_label("[Sponsor]").fill("Council Member Bell")
    phone.get_by_role("button", name="Put these into the text").click()
    resolved = phone.get_by_label("Clause 4", exact=True)
    expect(resolved).to_have_value(re.compile("as Council Member Bell has proposed$"))
    phone.get_by_label("Clause 3", exact=True).fill("long " * 380)
    expect(limits).to_contain_text("(too long)")
    phone.get_by_label("Clause 3", exact=True).fill("we remember")
    expect(limits).not_to_contain_text("(too long)")
    phone.get_by_role("button", name=re.compile("^Up.*clause 3$")).click()
    expect(phone.get_by_label("Clause 2", exact=True)).to_have_value("we remember")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="Save this version").click()
    phone.wait_for_url("**/papers?done=campaign-clauses")
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Word file").click()
    file = docx.Document(io.BytesIO(download.value.path().read_bytes()))
    assert "WHEREAS, we remember; and" in [each.text for each in file.paragraphs]


@pytest.mark.timeout(240)
def test_the_same_without_scripts(site: Site, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "coordinator")
    page.goto(DESK)
    page.get_by_role("link", name="World Day for International Justice", exact=True).click()
    page.get_by_role("link", name="Change the text").click()
    page.get_by_label("Clause 1", exact=True).fill("long " * 380)
    page.get_by_role("button", name="Check the limits").click()
    expect(page.locator("#limits")).to_contain_text("(too long)")
    page.get_by_label("Add a clause").select_option("WHEREAS")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label("Clause 1", exact=True)).to_have_value("long " * 379 + "long")
    context.close()
