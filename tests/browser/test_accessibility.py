"""Every page of the demo, light and dark, through axe: no violation of WCAG 2.2 AA."""

from __future__ import annotations

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
    ),
    "member": (
        *("/me", "/me/preferences", "/me/settings", "/me/consents", "/me/data"),
        *("/alliances/propose", "/alliances/columbus"),
    ),
    "coordinator": (
        *("/desk/columbus/", "/desk/columbus/members", "/desk/columbus/events"),
        *("/desk/columbus/events/new", "/desk/columbus/invitations"),
    ),
    "staff": ("/staff/digests", "/staff/digests/new", "/staff/approvals", "/staff/mail"),
    "admin": ("/admin/", "/admin/audit"),
}
EXPECTED = {"/no-such-page": 404, "/find?zip=1": 422}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", PAGES, ids=lambda who: who or "visitor")
def test_no_page_keeps_anybody_out(site: Site, browser: Browser, who: str, scheme: str) -> None:
    context = browser.new_context(viewport=PHONE, base_url=site.url, color_scheme=scheme)
    page = context.new_page()
    if who:
        sign_in(page, who)
    found = {}
    for address in PAGES[who]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in (
            200,
            404 if "no-such" in address else 422 if "zip=1" in address else 200,
        )
        result = Axe().run(page, options=RULES)
        if result.violations_count:
            found[address] = result.generate_report()
    context.close()
    assert found == {}
