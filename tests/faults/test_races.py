"""Whoever cancels, unsubscribes or is erased while mail goes out gets nothing after the commit."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from sqlalchemy import select

from app.foundation import edge
from app.foundation.db import db
from app.mail import mailings
from app.mail.models import Mailing
from app.mail.rounds import FRESH_SECONDS
from app.people.actions import Agreement, unsubscribe
from app.people.models import Address, Person, Purpose, Standing
from tests.faults.stage import Stage, sample

MANY = 2000
FEW = 300
LEAVING = 10


def readers_at_the_end(number: int) -> list[tuple[int, str]]:
    """The people who are written to last, with their addresses."""
    with edge.reading():
        rows = db.execute(
            select(Person.id, Address.email)
            .join(Address, Address.id == Person.address_id)
            .order_by(Person.id.desc())
            .limit(number)
        )
        return [(person_id, email or "") for person_id, email in rows]


def leave_while_it_goes_out(stage: Stage, people: int) -> Mailing:
    """Half of the last ones unsubscribe, half are erased, one after the other."""
    stage.relay.delay = 0.002
    mailing = stage.mailing(people)
    leaving = readers_at_the_end(2 * LEAVING)
    stage.beat()
    stage.worker(concurrency=2)
    stage.wait_for_mail(people // 10)
    for nth, (person_id, _email) in enumerate(leaving):
        with edge.step():
            if nth % 2:
                db.get_one(Person, person_id).standing = Standing.ERASED
            else:
                unsubscribe(person_id, Agreement(Purpose.DIGEST, "digest-1", "test"))
    time.sleep(FRESH_SECONDS)
    before = {email: len(stage.relay.to(email)) for _person_id, email in leaving}
    stage.wait_for_end()
    assert {email: len(stage.relay.to(email)) for email in before} == before
    return mailing


def assert_all_accounted_for(stage: Stage, mailing: Mailing, people: int) -> Counter[str]:
    states = stage.states(mailing)
    assert states.total() == people
    assert states["sent"] == len(stage.relay.messages) == len(stage.copies())
    return states


@sample
def test_nobody_who_left_gets_a_mail(stage: Stage) -> None:
    mailing = leave_while_it_goes_out(stage, FEW)
    states = assert_all_accounted_for(stage, mailing, FEW)
    assert set(states) <= {"sent", "skipped"}


@pytest.mark.faults
def test_nobody_of_many_who_left_gets_a_mail(stage: Stage) -> None:
    mailing = leave_while_it_goes_out(stage, MANY)
    states = assert_all_accounted_for(stage, mailing, MANY)
    assert states == {"sent": MANY - 2 * LEAVING, "skipped": 2 * LEAVING}


@pytest.mark.faults
def test_a_cancelled_mailing_stops_at_once(stage: Stage) -> None:
    stage.relay.delay = 0.002
    mailing = stage.mailing(MANY)
    stage.beat()
    stage.worker(concurrency=2)
    stage.wait_for_mail(MANY // 4)
    with edge.step():
        assert mailings.cancel(db.get_one(Mailing, mailing.id))
    time.sleep(FRESH_SECONDS)
    left = len(stage.relay.messages)
    stage.wait_for_end()
    assert len(stage.relay.messages) == left
    states = assert_all_accounted_for(stage, mailing, MANY)
    assert states["skipped"] == MANY - left
