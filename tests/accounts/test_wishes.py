"""Anybody can type anybody's address: only the wish that a pressed link told of becomes real."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import actions, links
from app.accounts.actions import Joining
from app.accounts.models import EmailLink
from app.alliances import actions as alliances
from app.alliances.models import Membership, MembershipState
from app.events import sign_ups
from app.events.models import SignUp, SignUpState
from app.foundation import clock
from app.foundation.geo import Place
from app.people.models import Person
from tests.factories import AllianceFactory, EventFactory, PersonFactory, seed_places
from tests.signing_in import post

MARIA = "maria@example.org"


def ask_as_maria(client: FlaskClient, slug: str) -> None:
    """A visitor types a member's name and address, to join an alliance and to come to an event."""
    joining = {"name": "Maria", "email": MARIA, "place": "43215", "digest": "never"}
    assert post(client, "/join", {**joining, "alliance": slug}).status_code == 200
    typed = {"name": "Maria", "email": MARIA}
    assert post(client, f"/events/{slug}-rally/sign-up", typed).status_code == 200


def links_about(db: Session, about: str) -> EmailLink:
    return db.scalars(select(EmailLink).where(EmailLink.about == about)).one()


def test_confirming_one_wish_leaves_a_strangers_wishes_alone(
    client: FlaskClient, db: Session
) -> None:
    seed_places(db)
    maria = PersonFactory(name="Maria", address__email=MARIA)
    for slug in ("boston", "columbus"):
        EventFactory(slug=f"{slug}-rally", alliance=AllianceFactory(slug=slug))
        ask_as_maria(client, slug)

    actions.press(links_about(db, "alliance:columbus"), maria)
    db.flush()

    states = dict(
        db.execute(
            select(Membership.state, Membership.alliance_id).where(Membership.person_id == maria.id)
        ).all()
    )
    assert set(states) == {MembershipState.ACTIVE, MembershipState.PENDING}
    assert set(db.scalars(select(SignUp.state))) == {SignUpState.HELD}


def test_a_sign_up_is_confirmed_by_its_own_link(client: FlaskClient, db: Session) -> None:
    seed_places(db)
    maria = PersonFactory(name="Maria", address__email=MARIA)
    for slug in ("boston", "columbus"):
        EventFactory(slug=f"{slug}-rally", alliance=AllianceFactory(slug=slug))
        ask_as_maria(client, slug)
    columbus = db.scalars(select(SignUp).order_by(SignUp.id.desc())).first()

    actions.press(links_about(db, f"event:{columbus.event_id}"), maria)
    db.flush()

    confirmed = select(SignUp.event_id).where(SignUp.state == SignUpState.CONFIRMED)
    assert db.scalars(confirmed).all() == [columbus.event_id]


def test_wishes_that_nobody_confirms_are_forgotten_in_seven_days(
    client: FlaskClient, db: Session
) -> None:
    seed_places(db)
    PersonFactory(name="Maria", address__email=MARIA)
    EventFactory(slug="boston-rally", alliance=AllianceFactory(slug="boston"))
    ask_as_maria(client, "boston")
    for days, left in ((6, 1), (8, 0)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            alliances.forget_unconfirmed()
            sign_ups.forget_unconfirmed()
            db.flush()
        assert len(db.scalars(select(Membership)).all()) == left
        assert len(db.scalars(select(SignUp)).all()) == left


def test_a_new_link_for_somebody_unconfirmed_keeps_their_wish(db: Session) -> None:
    seed_places(db)
    AllianceFactory(slug="columbus")
    place = db.get_one(Place, "43215")
    actions.join(Joining("nia@example.org", "Nia", place, "en", alliance_slug="columbus"))
    nia = db.scalars(select(Person).where(Person.name == "Nia")).one()

    assert links.last_wish(nia) == "alliance:columbus"
    actions.ask_for_link("nia@example.org", "")

    about = db.scalars(select(EmailLink.about).where(EmailLink.person_id == nia.id)).all()
    assert about == ["alliance:columbus", "alliance:columbus"]
