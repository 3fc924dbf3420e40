"""Every page of the demo, light and dark, through axe: no violation of WCAG 2.2 AA."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import PHONE, sign_in
from tests.browser.site import Site

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
PAGES = {
    "": (
        *("/", "/es/", "/privacy", "/styleguide", "/demo/mail", "/no-such-page"),
        *("/find?zip=43215", "/find?zip=1", "/alliances/", "/alliances/columbus"),
        *("/join", "/login", "/events/", "/observances/justice-day/2027"),
        "/campaigns/watched",
    ),
    "member": (
        *("/me", "/me/preferences", "/me/settings", "/me/consents", "/me/data"),
        *("/alliances/propose", "/alliances/columbus"),
    ),
    "coordinator": (
        *("/desk/columbus/", "/desk/columbus/members", "/desk/columbus/events"),
        *("/desk/columbus/events/new", "/desk/columbus/invitations"),
        *("/desk/columbus/calls", "/desk/columbus/event-templates"),
        *("/desk/columbus/lobbying", "/desk/columbus/lobbying/new"),
    ),
    "staff": (
        "/staff/digests",
        "/staff/digests/new",
        "/staff/approvals",
        "/staff/mail",
        "/staff/observances",
    ),
    "admin": ("/admin/", "/admin/audit"),
}
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
EXPECTED = {"/no-such-page": 404, "/find?zip=1": 422}


@pytest.mark.timeout(300)  # each page is looked at twice, light and dark
@pytest.mark.parametrize("who", PAGES, ids=lambda who: who or "visitor")
def test_no_page_keeps_anybody_out(site: Site, browser: Browser, who: str) -> None:
    context = browser.new_context(viewport=PHONE, base_url=site.url, reduced_motion="reduce")
    page = context.new_page()
    if who:
        sign_in(page, who)
    found = {}
    for address in PAGES[who]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == EXPECTED.get(address, 200)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            result = Axe().run(page, options=RULES)
            if result.violations_count:
                found[address, scheme] = result.generate_report()
    context.close()
    assert found == {}
