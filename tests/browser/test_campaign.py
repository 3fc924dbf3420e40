"""One campaign in a browser: from last year's record by plain answers to the public register."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, sign_in
from tests.browser.site import Site

TITLE = "World Day for International Justice"
COUNTY = "Franklin County"
PAPER = b"%PDF-1.4\nsigned by the clerk\nstartxref\n9\n%%EOF\n"
FILE = "https://example.org/franklin-county/0201"

Facts = dict[str, str]
BEFORE: tuple[tuple[str, Facts], ...] = (
    ("We asked somebody to sponsor it", {}),
    (
        "Somebody agreed to sponsor it",
        {"commitment_channel": "two_people", "commitment_witness": "Ana and Maria"},
    ),
    (
        "It was filed",
        {"file_number": "0201-27", "classification": "Resolution", "source_url": FILE},
    ),
    (
        "It is on the agenda of a meeting",
        {
            "meeting_on": "2027-07-06",
            "meeting_time": "10:00",
            "meeting_place": "County courthouse",
            "agenda_section": "regular",
            "agenda_url": FILE,
            "comment_deadline": "2027-07-05",
        },
    ),
)
DECISION: tuple[tuple[str, Facts], ...] = (
    (
        "It was adopted",
        {
            "vote_method": "roll_call",
            "vote_counts": "3-0",
            "vote_result": "passed",
            "vote_requirement": "majority_of_members",
            "adopted_text": "draft",
            "source_url": FILE,
        },
    ),
    (
        "It is final",
        {
            "how": "no_executive_step",
            "official_document": f"{FILE}/final",
        },
    ),
)


@pytest.fixture
def ana(site: Site, browser: Browser) -> Page:
    """The coordinator of Columbus on a phone."""
    page = browser.new_context(viewport=PHONE, base_url=site.url).new_page()
    sign_in(page, "coordinator")
    return page


@pytest.mark.timeout(300)
def test_from_last_years_record_to_the_entry_in_the_register(
    site: Site, browser: Browser, ana: Page, tmp_path: Path
) -> None:
    desk = ask_again(ana)
    note_a_word(ana, desk)
    for happened, facts in BEFORE:
        answer(ana, desk, happened, facts)
    add_a_sponsor(ana, desk)
    expect_meeting_in_public(ana, desk)
    for happened, facts in DECISION:
        answer(ana, desk, happened, facts)
    follow_through(ana, desk, tmp_path)
    let_staff_agree(browser, site)
    expect_in_register(ana)
    ana.context.close()


def ask_again(page: Page) -> str:
    """Draft it from the record of last year, look at what changed, take it up."""
    page.goto("/desk/columbus/campaigns?q=franklin")
    page.get_by_role("link", name=f"Franklin County, OH: {TITLE}").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What changed since")
    expect(page.locator("main")).to_contain_text("Still in office: ask first")
    expect(page.locator("main")).to_contain_text("Lucille Whitcomb")
    page.get_by_role("button", name="Accept and publish").click()
    expect(page.get_by_role("status").first).to_contain_text("your plan has begun")
    expect(page.locator("main")).to_contain_text("A first guess of how one member would vote")
    return page.url.split("?")[0]


def note_a_word(page: Page, desk: str) -> None:
    page.goto(f"{desk}/votes")
    page.get_by_role("link", name="Note what they said").first.click()
    page.locator("#level").select_option("leaning_yes")
    page.locator("#heard").select_option("one_person")
    page.locator("#evidence").fill("On the phone")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("1 leaning")


NOTED, ENDED = "Noted. Below is what is next.", "Noted. That was the last step."


def answer(page: Page, desk: str, happened: str, facts: Facts, told: str = NOTED) -> None:
    """One plain answer to "What happened?" with the facts that it asks for."""
    page.goto(desk)
    page.get_by_role("link", name=happened, exact=True).click()
    for name, value in facts.items():
        own = page.locator(f"#{name}")
        if own.evaluate("each => each.tagName") == "SELECT":
            own.select_option(value)
        else:
            own.fill(value)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text(told)


def add_a_sponsor(page: Page, desk: str) -> None:
    """A second one joins the sponsor who said yes."""
    page.goto(f"{desk}/sponsors/new")
    page.locator("#seat").select_option(index=2)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("The sponsor is entered.")


def expect_meeting_in_public(page: Page, desk: str) -> None:
    page.goto(desk)
    page.get_by_role("link", name="The page that everybody sees").click()
    expect(page.locator("main")).to_contain_text("Next public date")
    expect(page.locator("main")).to_contain_text("July 6, 2027")


def follow_through(page: Page, desk: str, folder: Path) -> None:
    """The paper, thanks, copies to Congress, and all done."""
    paper = folder / "signed.pdf"
    paper.write_bytes(PAPER)
    page.goto(f"{desk}/after")
    page.locator("#document").set_input_files(paper)
    page.locator("#copy").get_by_role("button", name="Keep it").click()
    expect(page.locator("#copy")).to_contain_text("The official copy is on file.")
    page.locator("#thanks-name").fill("The whole board")
    page.locator("#thanks").get_by_role("button", name="Note it").click()
    page.locator("#copies-others").fill("Senator Jo Bell")
    page.locator("#copies-how").fill("by mail")
    page.locator("#copies").get_by_role("button", name="Note it").click()
    expect(page.locator("#copies")).to_contain_text("Senator Jo Bell")
    answer(page, desk, "Copies were sent", {})
    answer(page, desk, "We thanked everybody and published it: all done", {}, ENDED)


def let_staff_agree(browser: Browser, site: Site) -> None:
    """That it passed counts once staff looked at it."""
    page = browser.new_context(viewport=PHONE, base_url=site.url).new_page()
    sign_in(page, "staff")
    page.goto("/staff/renewals/2027")
    page.get_by_role("link", name=f"{COUNTY}, OH: {TITLE}").first.click()
    expect(page.locator("main")).to_contain_text("Passed, being checked")
    page.get_by_role("button", name="Agree: it passed").click()
    expect(page.get_by_role("status").first).to_contain_text("from now on it counts")
    page.context.close()


def expect_in_register(page: Page) -> None:
    page.goto("/campaigns/?q=franklin&phase=passed")
    years = page.locator("tbody tr", has_text=COUNTY)
    expect(years).to_have_count(2)
    expect(years.first).to_contain_text("Passed, all done")
    expect(years.first).to_contain_text("verified")
    years.first.get_by_role("link", name=TITLE).click()
    expect(page.locator("main")).to_contain_text("Official copy")
    expect(page.get_by_role("row", name="Passed, all done 3-0")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Next public date")
