"""The ladder: computed from what members did, and seen by their coordinators only."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.alliances.models import Alliance, MembershipState
from app.events import door, ladder
from app.events.door import Said
from app.events.ladder import Rung
from app.events.models import Event
from app.foundation import clock
from app.foundation.db import db as current
from app.people.models import Person
from tests.factories import (
    AllianceFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    SignUpFactory,
    ToDoFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import sign_in
from tests.statements import count_statements


def past(alliance: Alliance, days: int = 30) -> Event:
    start = clock.now() - timedelta(days=days)
    event: Event = EventFactory(
        alliance=alliance, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    return event


def rung_of(alliance: Alliance, person: Person) -> Rung:
    found = current.execute(ladder.steps(alliance.id, discreet=True))
    return {step.name: Rung(step.rung) for step in found}[person.name]


@pytest.mark.parametrize(
    ("events", "rung"),
    [(0, Rung.SUPPORTER), (1, Rung.PARTICIPANT), (2, Rung.PARTICIPANT), (3, Rung.ACTIVE)],
)
def test_who_comes_climbs(db: Session, events: int, rung: Rung) -> None:
    alliance = AllianceFactory()
    ana = member_of(alliance, name="Ana")
    for _ in range(events):
        SignUpFactory(event=past(alliance), person=ana)
    SignUpFactory(event=past(alliance, days=91), person=ana)
    SignUpFactory(event=past(AllianceFactory()), person=ana)
    SignUpFactory(event=EventFactory(alliance=alliance), person=ana)
    assert rung_of(alliance, ana) == rung


def test_where_the_door_was_kept_a_seat_alone_does_not_count(db: Session) -> None:
    alliance = AllianceFactory()
    ana, ben = member_of(alliance, name="Ana"), member_of(alliance, name="Ben")
    event = past(alliance)
    came, _missed = SignUpFactory(event=event, person=ana), SignUpFactory(event=event, person=ben)
    door.record(event, None, [Said(f"s{came.id}", 1, clock.now())])
    assert rung_of(alliance, ana) == Rung.PARTICIPANT
    assert rung_of(alliance, ben) == Rung.SUPPORTER


def test_who_carries_something_leads(db: Session) -> None:
    alliance = AllianceFactory()
    ana, ben = coordinator_of(alliance, name="Ana"), member_of(alliance, name="Ben")
    ToDoFactory(alliance=alliance, owner=ben)
    asked = PersonFactory(name="Eva")
    MembershipFactory(alliance=alliance, person=asked, state=MembershipState.ASKED)
    assert rung_of(alliance, ana) == rung_of(alliance, ben) == Rung.LEADER
    assert rung_of(alliance, asked) == Rung.PROSPECT
    numbers = ladder.numbers(alliance.id, discreet=True)
    assert numbers == {
        Rung.PROSPECT: 1,
        Rung.SUPPORTER: 0,
        Rung.PARTICIPANT: 0,
        Rung.ACTIVE: 0,
        Rung.LEADER: 2,
    }


def test_coordinators_see_names_and_staff_numbers(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory()
    slug = alliance.slug
    coordinator = coordinator_of(alliance, name="Ana Cruz")
    member_of(alliance, name="Rosa Diaz", discreet=True)
    sign_in(client, coordinator)
    page = client.get(f"/desk/{slug}/taking-part").text
    assert "Ana Cruz" in page
    assert "Rosa Diaz" in page
    sign_in(client, staff_member())
    page = client.get(f"/desk/{slug}/taking-part").text
    assert "Ana Cruz" not in page
    assert "<dt>Carries others</dt><dd>1</dd>" in page


def test_members_and_others_do_not_see_it(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory()
    slug = alliance.slug
    sign_in(client, member_of(alliance))
    assert client.get(f"/desk/{slug}/taking-part").status_code == 403
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get(f"/desk/{slug}/taking-part").status_code == 404


def test_thirty_members_cost_what_one_does(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory()
    slug = alliance.slug
    sign_in(client, coordinator_of(alliance))
    costs = []
    for number in (1, 29):
        alliance = db.get_one(Alliance, alliance.id)
        for _ in range(number):
            member_of(alliance)
        with count_statements() as statements:
            client.get(f"/desk/{slug}/taking-part")
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_many_members_are_paged_who_came_most_first(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory()
    slug = alliance.slug
    sign_in(client, coordinator_of(alliance, name="Ana Cruz"))
    for number in reversed(range(30)):
        member_of(alliance, name=f"Member {number:02}")
    eva = member_of(alliance, name="Eva Sol")
    SignUpFactory(event=past(alliance), person=eva)
    db.commit()
    first = client.get(f"/desk/{slug}/taking-part").text
    assert re.findall(r'"rowheader"><a[^>]*>([^<]*)', first)[:3] == [
        "Ana Cruz",
        "Eva Sol",
        "Member 00",
    ]
    assert "Page 1 of 2" in first
    assert "<dt>Member</dt><dd>30</dd>" in first
    second = client.get(f"/desk/{slug}/taking-part?page=2").text
    names = re.findall(r'"rowheader"><a[^>]*>([^<]*)', second)
    assert names == [f"Member {number:02}" for number in range(23, 30)]
    by_events = client.get(f"/desk/{slug}/taking-part?sort=-events").text
    assert re.findall(r'"rowheader"><a[^>]*>([^<]*)', by_events)[0] == "Eva Sol"
