"""The secretariat: every page that staff keep, and for staff alone."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import AllianceFactory, coordinator_of, staff_member
from tests.signing_in import sign_in

LINKS = {
    "/staff/digests",
    "/staff/mail",
    "/staff/approvals",
    "/staff/network",
    "/staff/coordinators",
    "/staff/organizations",
    "/staff/duplicates",
    "/staff/imports/",
    "/staff/observances",
    "/staff/event-templates",
    "/campaigns/",
    "/staff/campaigns",
    "/staff/model-texts",
    "/staff/renewals",
    "/staff/library/",
    "/staff/health",
}


def linked(page: str) -> set[str]:
    """Where the main part of a page leads."""
    return set(re.findall(r'href="([^"]+)"', page.split("<main")[1].split("</main")[0]))


def test_staff_reach_everything_they_keep_from_one_page(client: FlaskClient, db: Session) -> None:
    sign_in(client, staff_member())

    assert linked(client.get("/staff/").text) == LINKS
    opened = {link: client.get(link, follow_redirects=True).status_code for link in LINKS}
    assert opened == dict.fromkeys(LINKS, 200)


def test_the_menu_of_staff_leads_there_first(client: FlaskClient, db: Session) -> None:
    sign_in(client, staff_member())

    menu = client.get("/me").text.split("<header")[1].split("</header")[0]

    assert re.findall(r'href="(/staff/[^"]*)"', menu) == [
        "/staff/",
        "/staff/digests",
        "/staff/mail",
    ]


def test_coordinators_have_no_secretariat(client: FlaskClient, db: Session) -> None:
    sign_in(client, coordinator_of(AllianceFactory()))

    assert client.get("/staff/").status_code == 403
    assert 'href="/staff/"' not in client.get("/me").text
