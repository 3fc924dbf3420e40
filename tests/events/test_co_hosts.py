"""Holding an event together: invited, accepted or refused, shown, listed, and who sees whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance, LifeCycle
from app.alliances.organization_models import Organization, OrganizationState, Representative
from app.events import actions, words
from app.events.co_host_models import CoHost, CoHostState
from app.events.models import Event, EventState
from app.foundation import clock, language
from app.mail.models import Message
from app.people.models import Disclosure, Person
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


def _choir(db: Session) -> Organization:
    choir = Organization(
        slug="peace-choir",
        name="Peace Choir",
        state=OrganizationState.MEMBER,
        created_at=clock.now(),
    )
    db.add(choir)
    db.flush()
    return choir


def kinds(db: Session) -> list[str]:
    return list(db.scalars(select(Message.kind).order_by(Message.id)))


def opened(client: FlaskClient, co_host: CoHost) -> str:
    assert post(client, f"/co-hosting/{co_host.id}/list").status_code == 303
    return client.get(f"/co-hosting/{co_host.id}").text


def invite(client: FlaskClient, event: Event, name: str) -> int:
    path = f"/desk/columbus/events/{event.id}/co-hosts"
    return post(client, path, {"name": name}).status_code


@pytest.mark.usefixtures("dayton")
def test_public_names_of_others_are_proposed(
    client: FlaskClient, db: Session, event: Event, leader: Person
) -> None:
    AllianceFactory(name="Planned Alliance", life_cycle=LifeCycle.PROPOSED)
    choir = _choir(db)
    choir.authority_on, choir.listed = clock.today(), True
    db.add(
        Organization(
            slug="quiet-circle",
            name="Quiet Circle",
            state=OrganizationState.MEMBER,
            created_at=clock.now(),
        )
    )
    sign_in(client, leader)
    page = client.get(f"/desk/columbus/events/{event.id}/co-hosts").text
    names = re.findall(r'<option value="([^"]+)">', page)
    assert names == ["Dayton Alliance", "Peace Choir"]
    assert 'list="hosts"' in page


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
    choir = _choir(db)
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
    page = opened(client, co_host)
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


@pytest.mark.parametrize("why", ["over", "cancelled"])
def test_nobody_holds_together_what_is_over_or_called_off(
    client: FlaskClient, db: Session, event: Event, leader: Person, dayton: Alliance, why: str
) -> None:
    co_host = CoHostFactory(event=event, alliance=dayton)
    if why == "over":
        event.starts_at = clock.now() - timedelta(hours=3)
        event.ends_at = clock.now() - timedelta(hours=1)
    else:
        event.state = EventState.CANCELLED
    db.commit()
    sign_in(client, coordinator_of(dayton))
    page = client.get(f"/co-hosting/{co_host.id}").text
    assert "asked Dayton Alliance to hold this event together; it was not answered" in page
    assert 'name="answer"' not in page
    refused = post(client, f"/co-hosting/{co_host.id}", {"answer": "yes"})
    assert "done=co-host-late" in refused.location
    assert co_host.state == CoHostState.INVITED
    sign_in(client, leader)
    assert invite(client, event, "Dayton Alliance") == 422
    assert kinds(db) == []


def test_the_page_says_of_an_answer_what_it_means(
    client: FlaskClient, db: Session, event: Event, dayton: Alliance
) -> None:
    co_host = CoHostFactory(event=event, alliance=dayton)
    sign_in(client, coordinator_of(dayton))
    url, said = f"/co-hosting/{co_host.id}", []
    for answer in ("yes", "no"):
        post(client, url, {"answer": answer})
        said.append(client.get(url).text)
    assert "Dayton Alliance holds this event together with Columbus Alliance." in said[0]
    assert "Dayton Alliance does not hold this event together with Columbus" in said[1]
    assert "asks Dayton" not in said[0] + said[1]
    assert "Holds it with us" not in said[0]


def test_a_second_yes_is_the_first_one(
    client: FlaskClient, db: Session, event: Event, dayton: Alliance
) -> None:
    co_host = CoHostFactory(event=event, alliance=dayton)
    sign_in(client, coordinator_of(dayton))
    path = f"/co-hosting/{co_host.id}"
    post(client, path, {"answer": "yes"})
    SignUpFactory(event=event, person=PersonFactory(name="Ana Agrees"), shares=True)
    post(client, path, {"answer": "yes"})
    assert "Ana Agrees" in opened(client, co_host)


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


def test_whoever_holds_it_already_is_not_asked(
    client: FlaskClient, db: Session, event: Event, leader: Person, dayton: Alliance
) -> None:
    coordinator_of(dayton)
    CoHostFactory(event=event, alliance=dayton, state=CoHostState.ACCEPTED)
    sign_in(client, leader)
    path = f"/desk/columbus/events/{event.id}/co-hosts"
    for name in ("Dayton Alliance", "columbus alliance"):
        said = post(client, path, {"name": name})
        assert (said.status_code, "They hold this event already." in said.text) == (422, True)
    assert kinds(db) == []


def test_those_who_were_asked_hear_of_another_time_and_that_it_is_cancelled(
    client: FlaskClient, db: Session, event: Event, leader: Person, dayton: Alliance
) -> None:
    akron, toledo = AllianceFactory(name="Akron Alliance"), AllianceFactory(name="Toledo Alliance")
    theirs = [coordinator_of(alliance) for alliance in (dayton, akron, toledo)]
    states = (CoHostState.ACCEPTED, CoHostState.INVITED, CoHostState.REFUSED)
    for alliance, state in zip((dayton, akron, toledo), states, strict=True):
        CoHostFactory(event=event, alliance=alliance, state=state)
    with language.speaking("en"):
        was = words.when(event)
    later = actions.Plan(
        kind=event.kind,
        title=event.title,
        wall_start=event.wall_start + timedelta(hours=1),
        time_zone=event.time_zone,
        minutes=event.minutes,
        venue=event.venue,
    )
    actions.save(event, later, version=event.version)
    actions.cancel(event, "The hall is flooded.")
    mails = db.scalars(select(Message).order_by(Message.id)).all()
    told = [(mail.person_id, mail.subject) for mail in mails]
    new, gone = "New time: Reading", "Cancelled: Reading"
    first, second = theirs[0].id, theirs[1].id
    assert told == [(first, new), (second, new), (first, gone), (second, gone)]
    assert f"It was: {was}" in mails[0].text
    assert "/co-hosting/" in mails[0].text
    assert "The hall is flooded." in mails[2].text
    assert "/co-hosting/" not in mails[2].text


def test_a_co_host_who_is_taken_off_the_page_hears_of_it(
    client: FlaskClient, db: Session, event: Event, leader: Person, dayton: Alliance
) -> None:
    theirs = coordinator_of(dayton)
    holds = CoHostFactory(event=event, alliance=dayton, state=CoHostState.ACCEPTED)
    asked = CoHostFactory(event=event, alliance=AllianceFactory())
    coordinator_of(asked.alliance)
    sign_in(client, leader)
    for co_host in (holds, asked):
        post(client, f"/desk/columbus/events/{event.id}/co-hosts/{co_host.id}/remove")
    mail = db.scalars(select(Message)).one()
    assert (mail.person_id, mail.subject) == (theirs.id, "Without Dayton Alliance: Reading")
    assert "Columbus Alliance has taken Dayton Alliance off the page" in mail.text


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


def test_a_co_host_who_opens_the_list_is_noted_once_a_day_for_those_on_it(
    client: FlaskClient, db: Session, event: Event, dayton: Alliance
) -> None:
    co_host = CoHostFactory(
        event=event, alliance=dayton, state=CoHostState.ACCEPTED, answered_at=clock.now()
    )
    ana, bo, theirs = PersonFactory(name="Ana Agrees"), PersonFactory(), coordinator_of(dayton)
    SignUpFactory(event=event, person=ana, shares=True)
    SignUpFactory(event=event, person=bo)
    sign_in(client, theirs)
    assert "Ana Agrees" not in client.get(f"/co-hosting/{co_host.id}").text
    assert db.scalars(select(Disclosure)).all() == []
    for _again in range(2):
        assert "Ana Agrees" in opened(client, co_host)
    noted = db.scalars(select(Disclosure)).one()
    assert (noted.person_id, noted.viewer_id) == (ana.id, theirs.id)
    sign_in(client, ana)
    told = client.get("/me").text
    assert "co-host of an event" in told
    assert "sign-ups, Reading" in told


@pytest.mark.parametrize("state", list(CoHostState))
def test_only_those_who_hold_it_together_are_told_a_private_address(
    client: FlaskClient, db: Session, event: Event, dayton: Alliance, state: CoHostState
) -> None:
    event.address_is_private, event.street = True, "12 Hidden Street"
    choir = _choir(db)
    speaks = PersonFactory()
    db.add(Representative(organization_id=choir.id, person_id=speaks.id, since=clock.today()))
    answers = {"event": event, "state": state, "answered_at": clock.now()}
    CoHostFactory(alliance=dayton, **answers)
    CoHostFactory(alliance=None, alliance_id=None, organization=choir, **answers)
    for person in (coordinator_of(dayton), speaks):
        sign_in(client, person)
        paths = ("/events/reading", _asked_path(db, person.id != speaks.id))
        seen = ["12 Hidden Street" in client.get(path).text for path in paths]
        assert seen == [state == CoHostState.ACCEPTED] * 2
    sign_in(client, PersonFactory())
    assert "12 Hidden Street" not in client.get("/events/reading").text


def _asked_path(db: Session, is_alliance: bool) -> str:
    mine = CoHost.alliance_id if is_alliance else CoHost.organization_id
    return f"/co-hosting/{db.scalars(select(CoHost.id).where(mine.is_not(None))).one()}"
