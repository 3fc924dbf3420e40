"""Holding an event together: invited, accepted or refused, shown, listed, and who sees whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.alliances.organization_models import Organization, OrganizationState, Representative
from app.events.co_host_models import CoHost, CoHostState
from app.events.models import Event
from app.foundation import clock
from app.mail.models import Message
from app.people.models import Person
from tests.events.hosting import CoHostFactory
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
)
from tests.signing_in import post, sign_in


@pytest.fixture
def event(db: Session) -> Event:
    alliance = AllianceFactory(slug="columbus", name="Columbus Alliance")
    return EventFactory(alliance=alliance, slug="reading", title="Reading")


@pytest.fixture
def leader(event: Event) -> Person:
    return coordinator_of(event.alliance)


@pytest.fixture
def dayton(db: Session) -> Alliance:
    return AllianceFactory(slug="dayton", name="Dayton Alliance")


def kinds(db: Session) -> list[str]:
    return list(db.scalars(select(Message.kind).order_by(Message.id)))


def invite(client: FlaskClient, event: Event, name: str) -> int:
    path = f"/desk/columbus/events/{event.id}/co-hosts"
    return post(client, path, {"name": name}).status_code


def test_an_alliance_is_asked_and_says_yes(
    client: FlaskClient, db: Session, event: Event, leader: Person, dayton: Alliance
) -> None:
    theirs = coordinator_of(dayton)
    sign_in(client, leader)
    assert [invite(client, event, "dayton alliance") for _twice in range(2)] == [303, 303]
    asked = db.scalars(select(CoHost)).one()
    assert asked.state == CoHostState.INVITED
    assert "Dayton Alliance" not in client.get("/events/reading").text
    sign_in(client, theirs)
    assert "Columbus Alliance asks you to hold an event" in client.get("/desk/dayton/events").text
    assert "asks Dayton Alliance" in client.get(f"/co-hosting/{asked.id}").text
    assert post(client, f"/co-hosting/{asked.id}", {"answer": "yes"}).status_code == 303
    assert (asked.state, asked.answered_by_id) == (CoHostState.ACCEPTED, theirs.id)
    assert "Dayton Alliance" in client.get("/events/reading").text
    assert kinds(db) == ["events/co_host_invited", "events/co_host_answered"]


def test_an_organization_answers_through_its_representative(
    client: FlaskClient, db: Session, event: Event, leader: Person
) -> None:
    choir = Organization(
        slug="peace-choir",
        name="Peace Choir",
        state=OrganizationState.MEMBER,
        created_at=clock.now(),
    )
    db.add(choir)
    db.flush()
    speaks, spoke = PersonFactory(), PersonFactory()
    yesterday = clock.today() - timedelta(days=1)
    for person, until in ((speaks, None), (spoke, yesterday)):
        db.add(
            Representative(
                organization_id=choir.id, person_id=person.id, since=yesterday, until=until
            )
        )
    sign_in(client, leader)
    assert invite(client, event, "Peace Choir") == 303
    path = f"/co-hosting/{db.scalars(select(CoHost.id)).one()}"
    sign_in(client, spoke)
    assert client.get(path).status_code == 404
    assert post(client, path, {"answer": "yes"}).status_code == 404
    sign_in(client, speaks)
    assert post(client, path, {"answer": "yes"}).status_code == 303
    assert "Peace Choir" in client.get("/events/reading").text


def test_an_event_is_in_the_lists_and_feeds_of_both(
    client: FlaskClient, db: Session, event: Event, dayton: Alliance
) -> None:
    co_host = CoHostFactory(event=event, alliance=dayton)
    db.commit()
    assert "Reading" not in client.get("/alliances/dayton/calendar.ics").text
    co_host.state = CoHostState.ACCEPTED
    db.commit()
    for slug in ("columbus", "dayton"):
        assert "Reading" in client.get(f"/alliances/{slug}/calendar.ics").text
        assert "SUMMARY:Reading" in client.get(f"/alliances/{slug}/calendar.ics").text


def test_a_co_host_sees_only_those_who_agreed(
    client: FlaskClient, db: Session, event: Event, dayton: Alliance
) -> None:
    now = clock.now()
    co_host = CoHostFactory(
        event=event, alliance=dayton, state=CoHostState.ACCEPTED, answered_at=now
    )
    SignUpFactory(event=event, person=PersonFactory(name="Ana Agrees"), shares=True)
    earlier = {"shares": True, "created_at": now - timedelta(seconds=1)}
    SignUpFactory(event=event, person=PersonFactory(name="Di Earlier"), **earlier)
    SignUpFactory(event=event, person=PersonFactory(name="Bo Private"))
    hidden = PersonFactory(name="Cy Discreet", discreet=True)
    SignUpFactory(event=event, person=hidden, shares=True)
    sign_in(client, coordinator_of(dayton))
    page = client.get(f"/co-hosting/{co_host.id}").text
    assert "Ana Agrees" in page
    assert "Bo Private" not in page
    assert "Di Earlier" not in page  # agreed to others, before this one said yes
    assert "Cy Discreet" not in page
    co_host.state = CoHostState.REFUSED
    db.commit()
    assert "Ana Agrees" not in client.get(f"/co-hosting/{co_host.id}").text


def test_whoever_refused_may_be_asked_again_and_an_answer_is_yes_or_no(
    client: FlaskClient, db: Session, event: Event, leader: Person, dayton: Alliance
) -> None:
    co_host = CoHostFactory(event=event, alliance=dayton)
    sign_in(client, coordinator_of(dayton))
    assert post(client, f"/co-hosting/{co_host.id}", {"answer": "no"}).status_code == 303
    assert post(client, f"/co-hosting/{co_host.id}", {"answer": "maybe"}).status_code == 400
    assert co_host.state == CoHostState.REFUSED
    sign_in(client, leader)
    invite(client, event, "Dayton Alliance")
    assert co_host.state == CoHostState.INVITED


def test_a_second_yes_is_the_first_one(
    client: FlaskClient, db: Session, event: Event, dayton: Alliance
) -> None:
    co_host = CoHostFactory(event=event, alliance=dayton)
    sign_in(client, coordinator_of(dayton))
    path = f"/co-hosting/{co_host.id}"
    post(client, path, {"answer": "yes"})
    SignUpFactory(event=event, person=PersonFactory(name="Ana Agrees"), shares=True)
    post(client, path, {"answer": "yes"})
    assert "Ana Agrees" in client.get(path).text


def test_an_alliance_that_nobody_answers_for_is_not_asked(
    client: FlaskClient, db: Session, event: Event, leader: Person, dayton: Alliance
) -> None:
    sign_in(client, leader)
    assert invite(client, event, "Dayton Alliance") == 422
    assert (db.scalars(select(CoHost)).all(), kinds(db)) == ([], [])


def test_nobody_is_invited_by_a_wrong_name_or_to_their_own_event(
    client: FlaskClient, db: Session, event: Event, leader: Person
) -> None:
    sign_in(client, leader)
    assert invite(client, event, "Nobody") == 422
    assert invite(client, event, "Columbus Alliance") == 422
    assert db.scalars(select(CoHost)).all() == []


def test_the_organizers_take_an_invitation_back(
    client: FlaskClient, db: Session, event: Event, leader: Person, dayton: Alliance
) -> None:
    co_host = CoHostFactory(event=event, alliance=dayton, state=CoHostState.ACCEPTED)
    foreign = CoHostFactory()
    sign_in(client, leader)
    base = f"/desk/columbus/events/{event.id}/co-hosts"
    assert post(client, f"{base}/{foreign.id}/remove").status_code == 404
    assert post(client, f"{base}/{co_host.id}/remove").status_code == 303
    assert db.scalars(select(CoHost.id)).all() == [foreign.id]
