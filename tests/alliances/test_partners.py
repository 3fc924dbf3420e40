"""Partner coalitions share items in public, and organizations' pages tell what they do with us."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.organization_models import Organization, OrganizationKind
from app.alliances.partner_models import SharedItem
from app.events.co_host_models import CoHost, CoHostState
from app.foundation import clock
from tests.alliances.organizations import OrganizationFactory, RepresentativeFactory
from tests.factories import EventFactory, PersonFactory, staff_member
from tests.signing_in import post, sign_in

PAPER = {
    "title": "A letter to Congress",
    "note": "Signed by forty.",
    "link": "https://example.org/letter",
    "on": "2026-07-17",
}


@pytest.fixture
def partner(db: Session) -> Organization:
    made: Organization = OrganizationFactory(
        slug="wicc", name="Working Group", kind=OrganizationKind.PARTNER_COALITION
    )
    return made


def test_a_partner_shares_and_everybody_sees_it(
    client: FlaskClient, db: Session, partner: Organization
) -> None:
    person = RepresentativeFactory(organization=partner).person
    sign_in(client, person)
    path = "/organizations/wicc/shared"
    assert "Nothing is shared yet" in client.get(path).text
    assert post(client, path, {**PAPER, "link": "javascript:alert(1)"}).status_code == 422
    assert post(client, path, {**PAPER, "on": ""}).status_code == 422
    assert post(client, path, PAPER).status_code == 303

    page = client.get("/organizations/wicc").text
    assert (
        '<a href="https://example.org/letter" rel="noopener nofollow">A letter to Congress' in page
    )
    assert "As of Jul 17, 2026" in page
    front = client.get("/library/").text
    assert "From partner coalitions" in front
    assert "A letter to Congress" in front
    number = db.scalars(select(SharedItem.id)).one()
    assert post(client, f"{path}/{number + 1}/remove").status_code == 404
    assert post(client, f"{path}/{number}/remove").status_code == 303
    assert "A letter to Congress" not in client.get("/library/").text


def test_a_partner_that_is_not_listed_is_not_named_in_the_library(
    client: FlaskClient, db: Session, partner: Organization
) -> None:
    partner.listed = False
    sign_in(client, staff_member())
    assert post(client, "/organizations/wicc/shared", PAPER).status_code == 303
    assert "A letter to Congress" not in client.get("/library/").text


def test_others_share_nothing(client: FlaskClient, db: Session, partner: Organization) -> None:
    OrganizationFactory(slug="club")
    assert client.get("/organizations/wicc/shared").status_code == 303
    sign_in(client, PersonFactory())
    assert post(client, "/organizations/wicc/shared", PAPER).status_code == 404
    sign_in(client, staff_member())
    assert client.get("/organizations/club/shared").status_code == 404


def test_its_page_tells_of_events_and_of_invitations_to_those_who_speak_for_it(
    client: FlaskClient, db: Session, partner: Organization
) -> None:
    for title, state in (
        ("Held together", CoHostState.ACCEPTED),
        ("Asked for", CoHostState.INVITED),
        ("Not wanted", CoHostState.REFUSED),
    ):
        event = EventFactory(title=title)
        now = clock.now()
        db.add(CoHost(event_id=event.id, organization_id=partner.id, state=state, invited_at=now))
    db.flush()

    page = client.get("/organizations/wicc").text
    assert "Holds an event with us" in page
    assert "Held together" in page
    assert "Asked for" not in page
    sign_in(client, RepresentativeFactory(organization=partner).person)
    page = client.get("/organizations/wicc").text
    assert "Is asked to hold it with us" in page
    assert "Asked for" in page
    assert "Not wanted" not in page
