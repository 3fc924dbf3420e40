"""The report of an event, written on a phone the morning after, and what everybody sees of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, sign_in
from tests.browser.site import Site
from tests.foundation.files import photo

ANA = "coordinator@example.org"
SHOWN = "Thirty people around a long table"
LESSON = "Order more chairs."


@pytest.mark.timeout(240)
def test_the_morning_after_the_numbers_are_in_and_next_time_begins_with_them(
    site: Site, phone: Page, tmp_path: Path
) -> None:
    page = an_event_of_tomorrow(phone)
    site.advance("3d")
    mail = site.mail_to(ANA, "How was it? Long table")
    sign_in(phone, "coordinator")
    phone.goto(site.link_in(mail, "/report"))
    write(phone)
    add_a_picture(phone, tmp_path)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    everybody_reads(phone, page, tmp_path)
    next_time_begins_with_the_lessons(phone)


def an_event_of_tomorrow(phone: Page) -> str:
    """The page of an event that will be over the day after tomorrow."""
    sign_in(phone, "coordinator")
    phone.goto("/desk/columbus/events/new")
    phone.locator("[name=title]").fill("Long table")
    tomorrow = datetime.now(ZoneInfo("America/New_York")).date() + timedelta(days=1)
    phone.locator("[name=date]").fill(tomorrow.isoformat())
    phone.locator("[name=time]").fill("23:30")
    phone.locator("[name=venue]").fill("Main Library")
    phone.get_by_role("button", name="Save").click()
    phone.get_by_role("button", name="Publish").click()
    phone.get_by_role("link", name="See the page").click()
    address = phone.url
    phone.context.clear_cookies()
    return address


def write(phone: Page) -> None:
    phone.get_by_label("How many people were there?").fill("31")
    phone.get_by_label("How many of them for the first time?").fill("12")
    phone.get_by_label("What happened?").fill("We **read aloud** for an hour.")
    phone.get_by_label("What did officials or others promise?").fill("A vote in May\nA letter")
    phone.get_by_label("What should we do differently next time?").fill(LESSON)
    phone.get_by_label("Show the numbers, the story").check()
    phone.get_by_role("button", name="Save the report").click()
    expect(phone.get_by_role("status").first).to_be_visible()


def add_a_picture(phone: Page, folder: Path) -> None:
    """Without consent it is refused; with it, it stands there."""
    file = folder / "table.jpg"
    file.write_bytes(photo(800, 400))
    phone.locator("#file").set_input_files(file)
    phone.get_by_label("What does it show?").fill(SHOWN)
    phone.get_by_label("Who took it?").fill("Lee")
    phone.get_by_role("button", name="Add the picture").click()
    expect(phone.get_by_role("alert")).to_contain_text("Please ask them first.")
    phone.locator("#file").set_input_files(file)
    phone.get_by_label("Those who can be recognized in it agreed").check()
    phone.get_by_role("button", name="Add the picture").click()
    expect(phone.get_by_role("img", name=SHOWN)).to_be_visible()


def everybody_reads(phone: Page, address: str, folder: Path) -> None:
    """Numbers, story, promises and the picture, which does not say where it was taken."""
    phone.context.clear_cookies()
    phone.goto(address)
    main = phone.get_by_role("main")
    for words in ("31", "12", "We read aloud for an hour.", "A vote in May", "Picture: Lee"):
        expect(main).to_contain_text(words)
    expect(main).not_to_contain_text(LESSON)
    image = phone.get_by_role("img", name=SHOWN)
    box, source = image.bounding_box(), image.get_attribute("src")
    shown = folder / "shown"
    shown.write_bytes(phone.request.get(str(source)).body())
    with Image.open(shown) as picture:
        assert dict(picture.getexif()) == {}
        assert box
        assert abs(box["width"] / box["height"] - picture.width / picture.height) < 0.05


def next_time_begins_with_the_lessons(phone: Page) -> None:
    sign_in(phone, "coordinator")
    phone.goto("/desk/columbus/events")
    phone.get_by_role("link", name="Long table").first.click()
    phone.get_by_role("link", name="Hold it once more").click()
    expect(phone.get_by_role("main")).to_contain_text(LESSON)
