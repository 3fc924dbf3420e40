"""What time does: one reminder, then forgetting whoever never confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import links
from app.accounts.models import EmailLink, LinkKind, SignInSession
from app.foundation import clock
from app.foundation.limits import Attempt
from app.foundation.queue import Heartbeat
from app.people import actions as people
from app.people.models import Address, Person, Standing
from tasks.accounts import sweep
from tests.accounts.conftest import JOINING, Inbox
from tests.factories import PersonFactory


@contextmanager
def later(db: Session, **after: float) -> Iterator[None]:
    db.commit()
    with time_machine.travel(clock.now() + timedelta(**after)):
        yield


@pytest.fixture
def joined(client: FlaskClient) -> None:
    """Ana joined and has not confirmed."""
    client.post("/join", data=JOINING)


def test_whoever_has_not_confirmed_is_reminded_once_after_two_days(
    db: Session, inbox: Inbox, joined: None
) -> None:
    with later(db, days=1, hours=23):
        sweep()
        assert inbox.kinds() == ["confirm"]
    with later(db, days=2, minutes=1):
        sweep()
        sweep()
    with later(db, days=4):
        sweep()

    assert inbox.kinds() == ["confirm", "reminder"]


def test_the_link_of_the_reminder_works_until_the_seventh_day(
    client: FlaskClient, db: Session, inbox: Inbox, joined: None
) -> None:
    with later(db, days=3):
        sweep()
    link = inbox.last().link

    with later(db, days=7, minutes=1):
        assert client.get(link).status_code == 410
    with later(db, days=6):
        assert client.post(link).status_code == 303


def test_who_confirmed_is_not_reminded(
    client: FlaskClient, db: Session, inbox: Inbox, joined: None
) -> None:
    client.post(inbox.last().link)
    with later(db, days=3):
        sweep()

    assert inbox.kinds() == ["confirm"]


def test_a_visitor_of_an_event_is_not_reminded_to_join(db: Session, inbox: Inbox) -> None:
    person = people.new_visitor("Ana", people.address_for("ana@example.org"), None, "en")
    links.issue(LinkKind.CONFIRM, address=people.address_for("ana@example.org"), person=person)
    with later(db, days=3):
        sweep()

    assert inbox.kinds() == []


def test_after_seven_days_whoever_never_confirmed_is_forgotten(
    client: FlaskClient, db: Session, joined: None
) -> None:
    with later(db, days=6, hours=23):
        sweep()
        assert len(db.scalars(select(Person)).all()) == 1
    with later(db, days=7, minutes=1):
        sweep()

    db.commit()
    for table in (Person, Address, EmailLink):
        assert db.scalars(select(table)).all() == []


def test_a_second_person_is_forgotten_and_the_first_keeps_the_address(
    client: FlaskClient, db: Session
) -> None:
    PersonFactory(name="Ben", address__email="ana@example.org")
    client.post("/join", data=JOINING)
    with later(db, days=8):
        sweep()

    db.commit()
    assert db.scalars(select(Person.name)).all() == ["Ben"]
    assert db.scalars(select(Address.email)).all() == ["ana@example.org"]


def test_somebody_without_an_address_is_not_forgotten(db: Session) -> None:
    PersonFactory(without_email=True, standing=Standing.UNCONFIRMED)
    with later(db, days=30):
        sweep()

    assert len(db.scalars(select(Person)).all()) == 1


def test_old_sessions_counts_and_links_go(client: FlaskClient, db: Session, joined: None) -> None:
    person = PersonFactory()
    links.issue(LinkKind.SIGN_IN, address=person.address, person=person)
    client.post("/login", data={"email": "x@example.org", "password": "x"})
    with later(db, days=38):
        sweep()

    db.commit()
    for table in (SignInSession, Attempt, EmailLink):
        assert db.scalars(select(table)).all() == []


def test_the_sweep_leaves_its_heartbeat(db: Session) -> None:
    db.commit()
    sweep()

    assert db.scalars(select(Heartbeat.name)).all() == ["accounts.sweep"]
