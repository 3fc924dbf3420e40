"""Invitations by e-mail: one to each address, for thirty days, and only for who got it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.alliances.models import (
    Invitation,
    Joining,
    LifeCycle,
    Membership,
    MembershipState,
)
from app.foundation import clock, signals
from app.people.models import Address
from tests.alliances.mailbox import posted
from tests.factories import (
    AddressFactory,
    AllianceFactory,
    InvitationFactory,
    PersonFactory,
    coordinator_of,
)
from tests.signing_in import post, sign_in, sign_out


@pytest.fixture
def columbus(client, db):
    """An alliance by invitation whose coordinator is signed in."""
    alliance = AllianceFactory(slug="columbus", name="Columbus", joining=Joining.INVITED)
    sign_in(client, coordinator_of(alliance, name="Cora"))
    return alliance


def invite(client, email: str = "New@Example.org", note: str = "Do come!"):
    return post(client, "/desk/columbus/invitations", {"email": email, "note": note})


def link_in(text: str) -> str:
    return re.search(r"http://localhost(/invitations/\S+)", text)[1]


def test_the_mail_names_who_invites_and_carries_note_and_link(client, columbus, db) -> None:
    response = invite(client)

    assert response.location == "/desk/columbus/invitations?done=invitation-sent"
    mail = posted("alliances/invitation")[0]
    assert (mail.email, mail.from_name) == ("new@example.org", "Columbus via Coalition for Justice")
    assert mail.subject == "Cora invites you to Columbus"
    assert "Do come!" in mail.text
    sign_out(client)
    html = client.get(link_in(mail.text)).text
    assert "You are invited to Columbus" in html
    assert "n…@example.org" in html
    assert "new@example.org" not in html


def test_the_desk_lists_what_is_open(client, columbus, db) -> None:
    invite(client)

    assert "new@example.org" in client.get("/desk/columbus/invitations").text


@pytest.mark.parametrize("email", ["new@example.org", "NEW@EXAMPLE.ORG", " new@example.org "])
def test_an_address_is_invited_once(client, columbus, db, email) -> None:
    invite(client)

    response = invite(client, email, "Again")

    assert response.status_code == 422
    assert "was invited already" in response.text
    assert "Again" in response.text
    assert len(posted("alliances/invitation")) == 1


def test_a_lapsed_invitation_can_be_sent_anew_and_the_old_link_is_dead(
    client, columbus, db
) -> None:
    old = InvitationFactory(
        alliance=columbus, secret="old", expires_at=clock.now() - timedelta(hours=1)
    )

    response = invite(client, old.address.email)

    assert response.status_code == 303
    assert client.get("/invitations/old").status_code == 404
    assert db.scalar(select(func.count()).select_from(Invitation)) == 1


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "x" * 300 + "@example.org", "a@b\r\nBcc: c@d"]
)
def test_what_is_no_address_is_said(client, columbus, db, email) -> None:
    response = invite(client, email)

    assert response.status_code == 422
    assert 'id="email-error"' in response.text
    assert "Do come!" in response.text
    assert posted() == []


def test_fifty_invitations_a_day_and_no_more(client, columbus, db) -> None:
    for number in range(50):
        assert invite(client, f"person{number}@example.net").status_code == 303

    response = invite(client, "late@example.net")

    assert response.status_code == 422
    assert "go on tomorrow" in response.text
    assert len(posted()) == 50
    assert db.scalar(select(func.count()).where(Address.email == "late@example.net")) == 0


def test_an_unconfirmed_address_gets_three_mails_in_six_hours_from_whomever(
    client, columbus, db
) -> None:
    for number in range(3):
        alliance = AllianceFactory(slug=f"other-{number}")
        sign_in(client, coordinator_of(alliance))
        url = f"/desk/other-{number}/invitations"
        assert post(client, url, {"email": "new@example.org"}).status_code == 303
    sign_in(client, coordinator_of(columbus))

    response = invite(client)

    assert response.status_code == 422
    assert "We cannot write to this address today." in response.text
    assert len(posted("alliances/invitation")) == 3


def test_opening_the_link_changes_nothing_and_the_button_joins(client, columbus, db) -> None:
    ana = PersonFactory()
    invite(client, ana.address.email)
    link = link_in(posted()[0].text)
    sign_in(client, ana)

    client.get(link)
    client.head(link)
    assert db.scalar(select(func.count()).where(Membership.person_id == ana.id)) == 0
    response = post(client, link)

    assert response.location == "/alliances/columbus?done=alliance-joined"
    row = db.scalars(select(Membership).where(Membership.person_id == ana.id)).one()
    assert (row.state, row.how) == (MembershipState.ACTIVE, "invitation")


def test_a_used_link_says_so(client, columbus, db) -> None:
    ana = PersonFactory()
    InvitationFactory(alliance=columbus, address=ana.address, secret="once")
    post(client, "/invitations/once", person=ana)

    again = post(client, "/invitations/once")

    assert again.status_code == 422
    assert "was used already, or it is too old" in again.text


@pytest.mark.parametrize("life_cycle", [LifeCycle.CLOSED, LifeCycle.PROPOSED])
def test_a_link_to_a_closed_alliance_is_no_longer_good(client, db, life_cycle) -> None:
    ana = PersonFactory()
    alliance = AllianceFactory(life_cycle=life_cycle)
    InvitationFactory(alliance=alliance, address=ana.address, secret="closed")

    assert post(client, "/invitations/closed", person=ana).status_code == 422
    assert db.scalar(select(func.count()).select_from(Membership)) == 0


def test_an_expired_link_is_no_longer_good(client, columbus, db) -> None:
    ana = PersonFactory()
    InvitationFactory(alliance=columbus, address=ana.address, secret="late", expires_at=clock.now())

    assert post(client, "/invitations/late", person=ana).status_code == 422
    assert db.scalar(select(func.count()).where(Membership.person_id == ana.id)) == 0


def test_somebody_else_cannot_use_it(client, columbus, db) -> None:
    InvitationFactory(alliance=columbus, secret="theirs")
    eve = PersonFactory()
    sign_in(client, eve)

    assert "you are signed in with another address" in client.get("/invitations/theirs").text
    assert post(client, "/invitations/theirs").status_code == 422
    assert db.scalar(select(func.count()).where(Membership.person_id == eve.id)) == 0


def test_whoever_joins_with_the_invited_address_is_in_once_it_is_confirmed(
    client, columbus, db
) -> None:
    address = AddressFactory(confirmed_at=None)
    invite = InvitationFactory(alliance=columbus, address=address, secret="new")
    sign_out(client)
    assert 'href="/join?alliance=columbus"' in client.get("/invitations/new").text
    ana = PersonFactory(unconfirmed=True, address=address)

    signals.join_asked.send(ana, alliance_slug="columbus")
    signals.person_confirmed.send(ana, about="alliance:columbus")
    db.flush()

    assert db.scalar(select(Membership.state).where(Membership.person_id == ana.id)) == "active"
    assert invite.accepted_at is not None


def test_the_note_is_text_in_page_and_mail(client, columbus, db) -> None:
    invite(client, note="<script>alert(1)</script> {{7*7}} [x](javascript:alert(1))")
    mail = posted()[0]
    sign_out(client)

    page = client.get(link_in(mail.text)).text

    for html in (page, mail.html):
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html
        assert "{{7*7}}" in html
        assert 'href="javascript' not in html
