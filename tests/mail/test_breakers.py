"""Receivers that put us off are left alone, longer each time, by all workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.web import Whereas
from app.mail import breakers, engine, outbox
from app.mail.lanes import RELAY
from app.mail.models import Lane, Message, SendState
from app.mail.outbox import Notice
from tests.factories import PersonFactory
from tests.mail.kinds import circular, message, reasons, states
from tests.services.smtp import SmtpServer

NOON = datetime(2027, 3, 10, 17, tzinfo=UTC)
BUSY = "busy.example.org"
WORDS = "451 4.7.0 Too many mails from you"


@pytest.fixture
def travel() -> Iterator[time_machine.Coordinates]:
    """A clock that stands still until the test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


class Asked:
    """A relay whose busy domain says `words`; it counts whom it was asked for."""

    def __init__(self, server: SmtpServer) -> None:
        self.words: str | None = WORDS
        self.times = 0
        server.refuse = self.answer

    def answer(self, command: str, address: str) -> str | None:
        if command != "RCPT" or not address.endswith(BUSY):
            return None
        self.times += 1
        return self.words


@pytest.fixture
def asked(mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer) -> Asked:
    mailing_app.config.update(BATCH_SIZE=50)
    for nth in range(20):
        PersonFactory(address__email=f"p{nth}@{BUSY}")
    PersonFactory.create_batch(5)
    return Asked(smtp_server)


def go_on() -> None:
    engine.sweep()
    engine.work()


def lane(db: Session, provider: str = BUSY) -> Lane:
    query = select(Lane).where(Lane.provider == provider)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def rest_of(db: Session) -> timedelta:
    found = lane(db)
    assert found.rests_until is not None
    db.rollback()
    return found.rests_until - clock.now()


def test_a_rest_is_half_a_minute_then_longer_and_never_over_an_hour(
    db: Session, travel: time_machine.Coordinates
) -> None:
    lengths = []
    for _ in range(10):
        until = breakers.rest(BUSY, WORDS).until
        lengths.append((until - clock.now()).total_seconds())
        travel.move_to(until)
    expected = [min(30 * 2**nth, 3600) for nth in range(10)]
    ratios = [length / usual for length, usual in zip(lengths, expected, strict=True)]
    assert all(0.74 < ratio < 1.26 for ratio in ratios)
    assert len(set(ratios)) > 5


def test_workers_that_notice_at_the_same_time_prolong_nothing(
    db: Session, travel: time_machine.Coordinates
) -> None:
    first = breakers.rest(BUSY, WORDS)
    assert breakers.rest(BUSY, "450 Later") == first
    assert lane(db).rests == 1


def test_only_one_worker_may_try_again_and_another_if_it_dies(
    db: Session, travel: time_machine.Coordinates
) -> None:
    until = breakers.rest(BUSY, WORDS).until
    assert not breakers.probe(BUSY)
    travel.move_to(until)
    assert [breakers.probe(BUSY), breakers.probe(BUSY)] == [True, False]
    travel.shift(breakers.PROBE_TIME)
    assert breakers.probe(BUSY)


def test_the_end_of_a_rest_forgets_the_trouble(db: Session) -> None:
    breakers.rest(BUSY, WORDS)
    breakers.end(BUSY)
    assert breakers.known() == {}
    assert not breakers.probe(BUSY)


def test_addresses_in_what_a_server_says_are_masked() -> None:
    said = "450 4.2.1 <maria.lopez@example.org>: try later"
    assert breakers.masked(said) == "450 4.2.1 <…@example.org>: try later"


def test_a_domain_that_refuses_rests_for_all_workers_and_the_others_go_on(
    mail_db: Session, asked: Asked, travel: time_machine.Coordinates
) -> None:
    mailing = circular()
    go_on()
    assert 3 <= asked.times <= 5
    assert states(mailing) == {"waiting": 20, "sent": 5}
    assert reasons(mailing, SendState.WAITING) == {WORDS: 20}
    assert lane(mail_db).words == WORDS
    other = circular("other")
    before = asked.times
    go_on()
    assert asked.times == before
    assert states(other) == {"waiting": 20, "sent": 5}


def test_after_the_rest_a_few_are_tried_and_a_refusal_doubles_the_next(
    mail_db: Session, asked: Asked, travel: time_machine.Coordinates
) -> None:
    mailing = circular()
    go_on()
    travel.shift(rest_of(mail_db) * 1.3)
    before = asked.times
    go_on()
    assert 1 <= asked.times - before <= breakers.PROBES
    assert timedelta(seconds=44) < rest_of(mail_db) < timedelta(seconds=76)
    assert states(mailing) == {"waiting": 20, "sent": 5}


def test_the_first_mail_that_is_taken_ends_the_rest(
    mail_db: Session, smtp_server: SmtpServer, asked: Asked, travel: time_machine.Coordinates
) -> None:
    mailing = circular()
    go_on()
    asked.words = None
    travel.shift(timedelta(seconds=50))
    go_on()
    assert breakers.known() == {}
    for _ in range(4):
        travel.shift(timedelta(seconds=20))
        go_on()
    assert states(mailing) == {"sent": 25}
    assert max(Counter(smtp_server.message_ids).values()) == 1


def test_putting_off_is_no_failure_before_the_mailing_ends(
    mail_db: Session, asked: Asked, travel: time_machine.Coordinates
) -> None:
    mailing = circular(expires_at=NOON + timedelta(hours=3))
    hours = 0.0
    while hours < 1.5:  # the longest wait is five quarters of an hour
        go_on()
        assert states(mailing) == {"waiting": 20, "sent": 5}
        travel.shift(timedelta(minutes=10))
        hours += 1 / 6
    while states(mailing)["waiting"]:
        mail_db.rollback()
        travel.shift(timedelta(minutes=10))
        go_on()
    assert states(mailing) == {"failed": 20, "sent": 5}
    assert reasons(mailing, SendState.FAILED) == {WORDS: 20}


def test_a_reply_that_closes_the_connection_for_one_domain_makes_it_rest_at_once(
    mail_db: Session, smtp_server: SmtpServer, asked: Asked, travel: time_machine.Coordinates
) -> None:
    asked.words = "421 4.7.0 Come back later"
    mailing = circular()
    go_on()
    assert lane(mail_db).words == "421 4.7.0 Come back later"
    mail_db.rollback()
    travel.shift(timedelta(seconds=36))  # so many lost connections looked like a relay that is away
    go_on()
    assert states(mailing) == {"waiting": 20, "sent": 5}


def test_single_messages_leave_a_resting_domain_alone_too(
    mail_db: Session, smtp_server: SmtpServer, asked: Asked, travel: time_machine.Coordinates
) -> None:
    circular()
    go_on()
    before = asked.times
    person = PersonFactory(address__email=f"asks@{BUSY}")
    outbox.post(person.address, Notice("test/link", "Link", "Here.\n", "<p>Here</p>"), once="link")
    mail_db.commit()
    go_on()
    assert asked.times == before
    waiting = message("link")
    assert (waiting.state, waiting.attempt, waiting.reason) == (SendState.WAITING, 0, WORDS)
    asked.words = None
    travel.move_to(waiting.due_at)
    mail_db.rollback()
    go_on()
    travel.shift(timedelta(seconds=20))
    go_on()
    assert len(smtp_server.to(f"asks@{BUSY}")) == 1


def test_a_message_to_a_domain_that_refuses_for_days_fails_with_its_words(
    mail_db: Session, asked: Asked, travel: time_machine.Coordinates
) -> None:
    person = PersonFactory(address__email=f"asks@{BUSY}")
    outbox.post(person.address, Notice("test/link", "Link", "Here.\n", "<p>Here</p>"), once="link")
    mail_db.commit()
    while message("link").state == SendState.WAITING:
        due_at = message("link").due_at
        mail_db.rollback()
        travel.move_to(max(due_at, clock.now()))
        go_on()
        assert clock.now() < NOON + timedelta(days=4)
    assert (message("link").state, message("link").reason) == (SendState.FAILED, WORDS)
    assert clock.now() > NOON + timedelta(days=2.5)


def test_a_relay_that_is_away_rests_and_its_return_is_noticed_within_a_minute(
    mail_db: Session, smtp_server: SmtpServer, travel: time_machine.Coordinates
) -> None:
    PersonFactory.create_batch(3)
    mailing = circular()
    smtp_server.stop()
    go_on()
    relay = lane(mail_db, RELAY)
    assert "127.0.0.1" in relay.words
    assert relay.rests_until is not None
    assert relay.rests_until <= NOON + timedelta(seconds=35)
    smtp_server.start()
    mail_db.rollback()
    travel.shift(timedelta(seconds=36))
    go_on()
    assert states(mailing) == {"sent": 3}
    assert breakers.known() == {}
    assert mail_db.scalars(select(Message)).all() == []
