"""Nobody gets more than two digests or news in seven days, whoever sends them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.foundation import clock, edge
from app.foundation.web import Whereas
from app.mail import batches, engine
from app.mail.models import Delivery, Mailing, SendState
from app.people.models import Person, Purpose
from tests.factories import PersonFactory
from tests.mail.kinds import circular, reasons, states
from tests.services.smtp import SmtpServer

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Not at night, when what is put off waits for the morning as well."""
    with time_machine.travel(datetime(2027, 3, 1, 17, tzinfo=UTC)):
        yield


@pytest.fixture
def reader(mail_db: Session) -> Person:
    person: Person = PersonFactory()
    mail_db.commit()
    return person


def send(once: str, **values: object) -> Mailing:
    mailing = circular(once, **values)
    engine.sweep()
    engine.work()
    return mailing


def short(once: str) -> Mailing:
    """A mailing that is of no use tomorrow."""
    return send(once, expires_at=clock.now() + 12 * HOUR)


def work() -> None:
    engine.sweep()
    engine.work()


def test_a_third_mail_in_a_week_waits_for_room_and_says_why(
    mail_db: Session, smtp_server: SmtpServer, reader: Person
) -> None:
    begin = clock.now()
    send("first")
    send("second", purpose=Purpose.ANNOUNCEMENTS)
    third = send("third")
    assert states(third) == {"waiting": 1}
    assert reasons(third, SendState.WAITING) == {"full": 1}
    assert len(smtp_server.messages) == 2
    for day in range(1, 7):
        with time_machine.travel(begin + day * (DAY + MINUTE)):
            work()
    assert len(smtp_server.messages) == 2
    with time_machine.travel(begin + 7 * (DAY + MINUTE)):
        work()
        assert states(third) == {"sent": 1}
        assert mail_db.get_one(Mailing, third.id).state == "done"
    assert len(smtp_server.messages) == 3


def test_what_is_of_no_use_by_then_is_skipped_and_says_why(
    mail_db: Session, smtp_server: SmtpServer, reader: Person
) -> None:
    begin = clock.now()
    send("first")
    send("second")
    assert reasons(short("third")) == {"enough": 1}
    fourth = send("fourth", expires_at=begin + 2 * DAY)
    assert reasons(fourth, SendState.WAITING) == {"full": 1}
    with time_machine.travel(begin + DAY + MINUTE):
        work()
    assert reasons(fourth) == {"enough": 1}
    assert states(fourth) == {"skipped": 1}


def test_after_a_week_there_is_room_again(
    mail_db: Session, smtp_server: SmtpServer, reader: Person
) -> None:
    send("first")
    with time_machine.travel(clock.now() + 4 * DAY):
        send("second")
    with time_machine.travel(clock.now() + 7 * DAY - 3 * HOUR):
        assert reasons(short("third")) == {"enough": 1}
    with time_machine.travel(clock.now() + 7 * DAY - HOUR):
        assert states(short("at the same hour, after clocks were changed")) == {"sent": 1}
    assert len(smtp_server.messages) == 3


def test_reminders_of_events_neither_count_nor_are_counted(
    mail_db: Session, smtp_server: SmtpServer, reader: Person
) -> None:
    for nth in range(3):
        send(f"reminder {nth}", purpose=Purpose.EVENTS)
    send("first")
    send("second")
    assert len(smtp_server.messages) == 5
    send("one more reminder", purpose=Purpose.EVENTS)
    assert len(smtp_server.messages) == 6


def test_what_was_not_sent_does_not_count(
    mail_db: Session, smtp_server: SmtpServer, reader: Person
) -> None:
    smtp_server.refuse = lambda command, _address: "552 Full" if command == "RCPT" else None
    send("first")
    send("second")
    smtp_server.refuse = lambda _command, _address: None
    assert states(short("third")) == {"sent": 1}


def test_the_operator_may_set_another_number(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer, reader: Person
) -> None:
    mailing_app.config["MAILS_A_WEEK"] = 1
    send("first")
    assert reasons(short("second")) == {"enough": 1}
    mailing_app.config["MAILS_A_WEEK"] = 0
    for nth in range(3):
        assert states(send(f"more {nth}")) == {"sent": 1}


def test_only_those_who_had_enough_wait(
    mail_db: Session, smtp_server: SmtpServer, reader: Person
) -> None:
    send("first")
    send("second")
    PersonFactory()
    assert states(send("third")) == {"waiting": 1, "sent": 1}


def test_two_workers_for_one_person_wait_for_each_other(
    mail_db: Session, smtp_server: SmtpServer, reader: Person
) -> None:
    send("first")
    held, ours = circular("held"), circular("ours", due_at=clock.now() + timedelta(seconds=1))
    with time_machine.travel(clock.now() + timedelta(seconds=2)):
        engine.sweep()
        with edge.step():
            lease = batches.claim()
        assert lease is not None
        assert lease.mailing_id == held.id
        engine.work()
        assert states(ours) == {"waiting": 1}
        waits = select(Delivery).where(Delivery.mailing_id == ours.id)
        assert (mail_db.scalars(waits).one().reason) == "meanwhile"
        assert len(smtp_server.messages) == 1
        mail_db.execute(
            update(Delivery)
            .where(Delivery.mailing_id == held.id)
            .values(state="sent", sent_at=clock.now())
        )
        mail_db.commit()
    with time_machine.travel(clock.now() + timedelta(seconds=40)):
        engine.sweep()
        engine.work()
        assert reasons(ours, SendState.WAITING) == {"full": 1}
    assert len(smtp_server.messages) == 1
