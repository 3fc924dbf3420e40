"""Sending again to those whose copy failed: once, the same copy, and not to who cannot get it."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.foundation import clock, edge
from app.foundation.web import Whereas
from app.mail import batches, engine, mailings, resending
from app.mail.models import (
    Batch,
    BatchState,
    Delivery,
    Mailing,
    MailingState,
    SendState,
    SuppressionReason,
)
from app.mail.suppression import suppress
from app.people.models import Person, Standing
from tests.factories import PersonFactory
from tests.mail.kinds import circular, read, states
from tests.services.smtp import SmtpServer


def failing(server: SmtpServer, words: str, *people: Person) -> None:
    """Let the relay refuse these people for good."""
    addresses = {person.address.email for person in people}
    server.refuse = lambda command, address: (
        words if command == "RCPT" and address in addresses else None
    )


def go_on() -> None:
    engine.sweep()
    engine.work()


@pytest.fixture
def people(mail_db: Session) -> list[Person]:
    made: list[Person] = PersonFactory.create_batch(5)
    return made


@pytest.fixture
def over(mail_db: Session, smtp_server: SmtpServer, people: list[Person]) -> Mailing:
    """A mailing that two of five did not get, for their mailboxes were full."""
    failing(smtp_server, "552 5.2.2 Mailbox full", *people[:2])
    mailing = circular()
    go_on()
    smtp_server.refuse = lambda _command, _address: None
    assert states(mailing) == {"sent": 3, "failed": 2}
    return read(mailing)


def test_those_whose_copy_failed_get_it_and_nobody_else(
    mail_db: Session, smtp_server: SmtpServer, over: Mailing, people: list[Person]
) -> None:
    emails = [person.address.email for person in people]
    assert resending.offered(over) == 2
    assert resending.again(over) == 2
    mail_db.commit()
    go_on()
    assert states(over) == {"sent": 5}
    assert read(over).state == MailingState.DONE
    assert [len(smtp_server.to(email)) for email in emails] == [1] * 5


def test_a_second_click_sends_nothing(
    mail_db: Session, smtp_server: SmtpServer, over: Mailing
) -> None:
    assert [resending.again(over), resending.again(over)] == [2, 0]
    mail_db.commit()
    go_on()
    assert resending.again(read(over)) == 0
    mail_db.commit()
    go_on()
    assert len(smtp_server.messages) == 5


def test_what_fails_again_may_be_sent_again_with_the_same_message_id(
    mail_db: Session, smtp_server: SmtpServer, over: Mailing, people: list[Person]
) -> None:
    smtp_server.hang_up = lambda received: people[0].address.email in received.recipients
    smtp_server.refuse = lambda command, address: (
        "552 Full" if command == "RCPT" and address == people[1].address.email else None
    )
    resending.again(over)
    mail_db.execute(update(Mailing).values(expires_at=clock.now() + timedelta(seconds=1)))
    mail_db.commit()
    go_on()
    assert states(over) == {"sent": 3, "failed": 2}
    assert resending.offered(read(over)) == 1
    assert resending.offered(read(over), with_doubt=True) == 2
    smtp_server.hang_up = lambda _received: False
    smtp_server.refuse = lambda _command, _address: None
    assert resending.again(read(over), with_doubt=True) == 2
    mail_db.commit()
    go_on()
    assert states(over) == {"sent": 5}
    twice = smtp_server.to(people[0].address.email)
    assert len(twice) == 2
    assert len({received.message_id for received in twice}) == 1


@pytest.mark.parametrize("change", ["suppressed", "closed", "no address"])
def test_who_cannot_or_must_not_get_it_is_not_offered(
    mail_db: Session, over: Mailing, people: list[Person], change: str
) -> None:
    person = mail_db.get_one(Person, people[0].id)
    if change == "suppressed":
        suppress(people[0].address.email, SuppressionReason.BOUNCED)
    elif change == "closed":
        person.standing = Standing.DISABLED
    else:
        person.address_id = None
    mail_db.commit()
    assert resending.offered(over) == 1


def test_an_address_that_does_not_exist_is_not_offered(
    mail_db: Session, smtp_server: SmtpServer, people: list[Person]
) -> None:
    failing(smtp_server, "550 5.1.1 Unknown", people[0])
    mailing = circular()
    go_on()
    assert states(mailing) == {"sent": 4, "failed": 1}
    assert resending.offered(read(mailing)) == 0
    assert resending.again(read(mailing)) == 0


@pytest.mark.parametrize("act", [mailings.pause, mailings.cancel])
def test_nothing_is_offered_before_the_end_or_after_a_cancellation(
    mail_db: Session, over: Mailing, act: object
) -> None:
    resending.again(over)
    mail_db.execute(
        update(Delivery).where(Delivery.state == SendState.WAITING).values(state=SendState.FAILED)
    )
    assert resending.offered(over) == 0
    assert callable(act)
    act(over)
    assert resending.offered(over) == 0


def test_it_has_time_again_although_the_mailing_was_too_old(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer, over: Mailing
) -> None:
    mail_db.execute(update(Mailing).values(expires_at=clock.now() - timedelta(hours=1)))
    mail_db.commit()
    resending.again(read(over))
    mail_db.commit()
    go_on()
    found = mail_db.scalars(select(Delivery.state)).all()
    assert Counter(found) == {SendState.SENT: 5}


def test_a_mailing_is_not_closed_while_copies_of_it_are_let_go(
    mailing_app: Whereas, mail_db: Session, over: Mailing
) -> None:
    """A worker that saw its last batch done asks again once it holds the mailing."""
    mail_db.execute(update(Mailing).values(state=MailingState.SENDING))
    mail_db.commit()
    let_go = threading.Event()

    def close() -> None:
        let_go.wait(5)
        with mailing_app.app_context(), edge.step():
            batches.finish()

    worker = threading.Thread(target=close)
    worker.start()
    mailing = mail_db.get_one(Mailing, over.id, with_for_update=True, populate_existing=True)
    failed = Delivery.state == SendState.FAILED
    assert resending.go_on(mailing, failed, timedelta(days=1)) == 2
    let_go.set()
    worker.join(0.5)
    mail_db.commit()
    worker.join(5)
    assert read(over).state == MailingState.SENDING
    go_on()
    assert states(over) == {"sent": 5}


def test_copies_in_a_workers_hands_are_left_as_they_are(mail_db: Session, over: Mailing) -> None:
    mail_db.execute(update(Batch).values(state=BatchState.SENDING))
    assert resending.go_on(over, Delivery.state == SendState.FAILED, timedelta(days=1)) == 0
    assert states(over) == {"sent": 3, "failed": 2}
