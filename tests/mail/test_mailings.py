"""A mailing from its schedule to its end: every row is one person's, and none is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.foundation import clock, edge
from app.mail import engine, expansion, mailings
from app.mail.models import Batch, Delivery, Mailing, MailingState, SendState
from app.people.models import Purpose
from tests.factories import AllianceFactory, MembershipFactory, PersonFactory
from tests.mail.kinds import LATER, circular, read, reasons, states
from tests.services.smtp import SmtpServer
from tests.statements import count_statements


def batches(session: Session) -> list[int]:
    """The sizes of all batches, by number."""
    sizes = (
        select(func.count(Delivery.person_id))
        .group_by(Delivery.batch_number)
        .order_by(Delivery.batch_number)
    )
    return list(session.scalars(sizes))


def test_a_mailing_is_scheduled_once_for_its_key(db: Session) -> None:
    first = circular("digest:1", title="First")
    second = circular("digest:1", title="Second")
    assert (second.id, second.title, second.state) == (first.id, "First", MailingState.SCHEDULED)


def test_what_is_not_due_is_not_expanded(db: Session) -> None:
    PersonFactory()
    mailing = circular(due_at=clock.now() + timedelta(hours=1))
    assert not engine.sweep()
    assert read(mailing).state == MailingState.SCHEDULED
    assert states(mailing) == {}


def test_everybody_of_the_audience_is_expanded_once_into_batches(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory.create_batch(25)
    mailing = circular()
    assert engine.sweep().batches == 3
    assert batches(mail_db) == [10, 10, 5]
    assert engine.sweep().batches == 3
    assert states(mailing) == {"waiting": 25}


def test_expanding_again_changes_nothing(mail_db: Session) -> None:
    PersonFactory.create_batch(3)
    mailing = circular()
    engine.sweep()
    PersonFactory()
    mail_db.commit()
    expansion.expand([mailing.id], 10)
    mail_db.commit()
    assert states(mailing) == {"waiting": 3}


def test_a_person_in_three_alliances_gets_one_copy(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    person = PersonFactory()
    for _ in range(3):
        MembershipFactory(person=person, alliance=AllianceFactory())
    circular()
    engine.sweep()
    engine.work()
    assert len(smtp_server.to(person.address.email)) == 1


def test_a_mailing_without_audience_is_over_at_once(db: Session) -> None:
    mailing = circular()
    engine.sweep()
    assert read(mailing).state == MailingState.DONE


def test_a_mailing_that_cannot_be_expanded_stops_no_other(db: Session) -> None:
    PersonFactory()
    broken = mailings.schedule("no such kind", Purpose.DIGEST, "x", 1, "Broken", clock.now()).id
    fine = circular().id
    assert engine.sweep().batches == 1
    assert db.get_one(Mailing, broken).state == MailingState.SCHEDULED
    assert db.get_one(Mailing, fine).state == MailingState.SENDING


def test_mailings_about_events_are_expanded_together_each_with_its_own_batches(
    mail_db: Session,
) -> None:
    PersonFactory.create_batch(12)
    PersonFactory.create_batch(3, state="WA")
    late = circular("late", purpose=Purpose.EVENTS, late_state="WA")
    plain = circular("plain", purpose=Purpose.EVENTS)
    with count_statements() as statements:
        assert engine.sweep().batches == 4
    rows = select(Batch.number, Batch.due_at).order_by(Batch.number)
    due_at = late.due_at
    assert mail_db.execute(rows.where(Batch.mailing_id == late.id)).all() == [
        (1, due_at),
        (2, due_at),
        (3, due_at + LATER),
    ]
    assert mail_db.execute(rows.where(Batch.mailing_id == plain.id)).all() == [
        (1, plain.due_at),
        (2, plain.due_at),
    ]
    assert states(late) == states(plain) == {"waiting": 15}
    assert sum("INSERT INTO delivery" in each for each in statements) == 1


def test_a_broken_mailing_about_an_event_stops_no_other(db: Session) -> None:
    PersonFactory()
    events = {"purpose": Purpose.EVENTS, "due_at": clock.now()}
    broken = mailings.schedule("no such kind", once="x", subject_id=1, title="Broken", **events).id
    fine = circular(purpose=Purpose.EVENTS).id
    assert engine.sweep().batches == 1
    assert db.get_one(Mailing, broken).state == MailingState.SCHEDULED
    assert db.get_one(Mailing, fine).state == MailingState.SENDING


def test_all_is_sent_and_then_it_is_done(mail_db: Session, smtp_server: SmtpServer) -> None:
    PersonFactory.create_batch(25)
    mailing = circular()
    engine.sweep()
    assert engine.work() is False
    assert states(mailing) == {"sent": 25}
    assert read(mailing).state == MailingState.DONE
    assert read(mailing).finished_at is not None
    assert len(set(smtp_server.message_ids)) == 25


def test_readers_of_a_later_hour_keep_the_mailing_open(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory.create_batch(3)
    PersonFactory.create_batch(2, zip="98104")
    mailing = circular(late_state="WA")
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 3, "waiting": 2}
    assert read(mailing).state == MailingState.SENDING
    assert batches(mail_db) == [3, 2]
    mail_db.commit()
    with time_machine.travel(clock.now() + LATER + timedelta(seconds=1)):
        engine.work()
        assert states(mailing) == {"sent": 5}
        assert read(mailing).state == MailingState.DONE


def test_nothing_leaves_after_it_expired(mail_db: Session, smtp_server: SmtpServer) -> None:
    PersonFactory.create_batch(3)
    mailing = circular(expires_at=clock.now() + timedelta(minutes=5))
    engine.sweep()
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        engine.work()
    assert reasons(mailing) == {"late": 3}
    assert smtp_server.messages == []


def test_a_mailing_can_be_moved_until_it_is_due(db: Session) -> None:
    PersonFactory()
    mailing = circular(due_at=clock.now() + timedelta(days=1))
    sooner = clock.now() - timedelta(seconds=1)
    assert mailings.reschedule(mailing, sooner)
    db.commit()
    engine.sweep()
    assert read(mailing).state == MailingState.SENDING
    assert not mailings.reschedule(read(mailing), clock.now() + timedelta(days=1))


def test_what_is_moved_after_it_was_found_due_waits_for_its_new_time(db: Session) -> None:
    """A sweep lists what is due, and may write a million copies before it comes to this one."""
    PersonFactory()
    mailing = circular()
    assert mailings.reschedule(mailing, clock.now() + timedelta(days=1))
    db.commit()
    with edge.step():
        expansion.expand([mailing.id], 10)
    assert read(mailing).state == MailingState.SCHEDULED
    assert states(mailing) == {}


def test_a_cancelled_one_is_never_expanded(db: Session) -> None:
    PersonFactory()
    mailing = circular()
    assert mailings.cancel(mailing)
    db.commit()
    assert not engine.sweep()
    assert states(mailing) == {}
    assert read(mailing).finished_at is not None


def test_a_paused_one_waits_and_goes_on(mail_db: Session, smtp_server: SmtpServer) -> None:
    PersonFactory.create_batch(12)
    mailing = circular()
    engine.sweep()
    assert mailings.pause(read(mailing))
    mail_db.commit()
    engine.work()
    assert (states(mailing), smtp_server.messages) == ({"waiting": 12}, [])
    assert mailings.resume(read(mailing))
    mail_db.commit()
    engine.work()
    assert states(mailing) == {"sent": 12}


def test_cancelling_skips_whoever_waits(mail_db: Session, smtp_server: SmtpServer) -> None:
    PersonFactory.create_batch(12)
    mailing = circular()
    engine.sweep()
    assert mailings.cancel(read(mailing))
    mail_db.commit()
    engine.sweep()
    assert not engine.work()
    assert reasons(mailing) == {"cancelled": 12}
    assert smtp_server.messages == []


@pytest.mark.parametrize("act", [mailings.cancel, mailings.pause, mailings.resume])
def test_what_is_over_stays_as_it_is(db: Session, act) -> None:
    mailing = circular()
    engine.sweep()
    assert not act(read(mailing))
    assert read(mailing).state == MailingState.DONE


def test_mailings_about_a_thing_are_found(db: Session) -> None:
    later = circular("b", subject_id=7, due_at=clock.now() + timedelta(days=2))
    sooner = circular("a", subject_id=7)
    circular("c", subject_id=8)
    assert [found.id for found in mailings.of("circular", 7)] == [sooner.id, later.id]


def test_the_sum_of_states_is_what_was_expanded(mail_db: Session, smtp_server: SmtpServer) -> None:
    PersonFactory.create_batch(20)
    PersonFactory.create_batch(3, unconfirmed=True)
    PersonFactory(name="Nothing")
    PersonFactory(name="Broken")
    smtp_server.refuse = lambda command, address: (
        "550 5.1.1 unknown" if command == "RCPT" and address.startswith("person1") else None
    )
    mailing = circular()
    engine.sweep()
    expanded = sum(states(mailing).values())
    engine.work()
    after = states(mailing)
    assert sum(after.values()) == expanded == 25
    assert after["waiting"] == 1
    assert after["skipped"] == 4
    assert after["sent"] == len(smtp_server.messages)
    assert reasons(mailing, SendState.WAITING) == {"The copy could not be written": 1}
    assert mail_db.scalar(select(func.count()).select_from(Batch)) == 3
