"""From a ZIP code to a member: a visitor finds an alliance, joins, and confirms from the mail."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.alliances.models import Joining, Membership, MembershipState
from app.people.models import Person
from tests.alliances.mailbox import posted, sent_to
from tests.factories import AllianceFactory, coordinator_of, seed_places
from tests.signing_in import post, sign_out

ANSWERS = {
    "email": "rosa@example.org",
    "name": "Rosa",
    "place": "43215",
    "digest": "monthly",
    "alliance": "columbus",
}


def test_a_visitor_becomes_a_member(client, db) -> None:
    seed_places(db)
    alliance = AllianceFactory(slug="columbus", joining=Joining.MODERATED)
    cora = coordinator_of(alliance)
    coordinators_email = cora.address.email

    found = client.get("/find?zip=43004").text
    assert 'href="/alliances/columbus"' in found
    form = client.post("/alliances/columbus/join").location
    assert 'name="alliance"' in client.get(form).text
    assert client.post("/join", data=ANSWERS).status_code == 200
    assert sent_to("alliances/asked") == []  # nobody has confirmed yet
    link = re.search(r"http://localhost(/confirm/\S+)", posted()[0].text)[1]
    client.get(link)
    assert client.post(link).status_code == 303

    rosa = db.scalars(select(Person).where(Person.name == "Rosa")).one()
    row = db.scalars(select(Membership).where(Membership.person_id == rosa.id)).one()
    assert row.state == MembershipState.ASKED
    assert sent_to("alliances/asked") == [coordinators_email]
    sign_out(client)
    post(client, f"/desk/columbus/members/{row.id}/approve", person=cora)

    assert row.state == MembershipState.ACTIVE
    assert sent_to("alliances/welcome") == ["rosa@example.org"]
