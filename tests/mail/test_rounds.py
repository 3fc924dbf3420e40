"""What is asked immediately before sending, and what the relay's answers become."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.db import db
from app.foundation.web import Whereas
from app.mail import engine, mailings, rounds
from app.mail.models import (
    Delivery,
    Mailing,
    MailingState,
    SendState,
    Suppression,
    SuppressionReason,
)
from app.mail.registry import Composer, Reader
from app.mail.suppression import suppress
from app.mail.traffic import Pace
from app.people.actions import Agreement, unsubscribe
from app.people.models import Address, Person, Purpose, Standing
from tests.factories import PersonFactory
from tests.mail.kinds import CIRCULAR, circular, count_rounds, read, reasons, states
from tests.services.smtp import SmtpServer

MINUTE = timedelta(minutes=1)


def disable(person: Person) -> None:
    person.standing = Standing.DISABLED


def erase(person: Person) -> None:
    person.standing = Standing.ERASED


def lose_address(person: Person) -> None:
    person.address_id = None


def doubt_address(person: Person) -> None:
    db.get_one(Address, person.address_id).confirmed_at = None


def unconfirm(person: Person) -> None:
    person.standing = Standing.UNCONFIRMED


def ask_not_to(person: Person) -> None:
    suppress(db.get_one(Address, person.address_id).email or "", SuppressionReason.ASKED)


def unsubscribe_from_digest(person: Person) -> None:
    unsubscribe(person.id, Agreement(Purpose.DIGEST, "digest-1", "test"))


def unsubscribe_from_events(person: Person) -> None:
    unsubscribe(person.id, Agreement(Purpose.EVENTS, "events-1", "test"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (disable, "disabled"),
        (erase, "erased"),
        (lose_address, "no_address"),
        (doubt_address, "unconfirmed"),
        (unconfirm, "unconfirmed"),
        (ask_not_to, "do_not_email"),
        (unsubscribe_from_digest, "unsubscribed"),
    ],
)
def test_a_change_between_queue_and_wire_stops_the_mail(
    mail_db: Session, smtp_server: SmtpServer, change: Callable[[Person], None], reason: str
) -> None:
    person, other = PersonFactory.create_batch(2)
    mailing = circular()
    engine.sweep()
    change(mail_db.get_one(Person, person.id))
    mail_db.commit()
    engine.work()
    assert reasons(mailing) == {reason: 1}
    assert [received.recipients for received in smtp_server.messages] == [(other.address.email,)]


def test_another_purpose_is_not_touched_by_unsubscribing(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    unsubscribe_from_events(PersonFactory())
    mailing = circular()
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 1}


def test_a_kind_may_refuse_people_with_its_own_reason(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory()
    PersonFactory(zip="60602")
    mailing = circular(refused_state="IL")
    engine.sweep()
    engine.work()
    assert reasons(mailing) == {"moved": 1}
    assert states(mailing) == {"sent": 1, "skipped": 1}


def test_a_person_with_nothing_to_read_is_skipped(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory.create_batch(12, name="Nothing")
    mailing = circular()
    engine.sweep()
    engine.work()
    assert reasons(mailing) == {"nothing": 12}
    assert read(mailing).state == MailingState.DONE


def test_an_address_that_cannot_stand_in_a_mail_fails(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    person = PersonFactory()
    mail_db.execute(update(Address).values(email="señora@example.org"))
    mailing = circular()
    engine.sweep()
    engine.work()
    assert reasons(mailing, SendState.FAILED) == {"'s…@example.org' cannot stand in To": 1}
    assert person.id is not None


@pytest.mark.parametrize(
    ("reply", "suppressed"),
    [
        ("550 5.1.1 No such user here", True),
        ("551 User not local", True),
        ("550 5.7.1 We do not want your mail", False),
        ("552 5.2.2 Mailbox full", False),
    ],
)
def test_a_final_refusal_fails_and_suppresses_an_address_that_does_not_exist(
    mail_db: Session, smtp_server: SmtpServer, reply: str, suppressed: bool
) -> None:
    PersonFactory()
    smtp_server.refuse = lambda command, _address: reply if command == "RCPT" else None
    mailing = circular()
    engine.sweep()
    engine.work()
    assert reasons(mailing, SendState.FAILED) == {reply: 1}
    found = mail_db.scalars(select(Suppression)).all()
    assert [each.reason for each in found] == [SuppressionReason.BOUNCED] * suppressed
    assert [each.detail for each in found] == [reply] * suppressed


@pytest.mark.parametrize(
    ("code", "state"), [("550 5.1.1", SendState.FAILED), ("450 4.2.1", SendState.WAITING)]
)
def test_what_a_server_says_of_an_address_is_kept_without_it(
    mail_db: Session, smtp_server: SmtpServer, code: str, state: SendState
) -> None:
    """Whoever looks at how a mailing stands reads nobody's address."""
    PersonFactory(address__email="maria.lopez@example.org")
    smtp_server.refuse = lambda command, address: (
        f"{code} <{address}> maria.lopez is not here" if command == "RCPT" else None
    )
    mailing = circular()
    engine.sweep()
    engine.work()
    assert reasons(mailing, state) == {f"{code} <m…@example.org> m… is not here": 1}


def test_a_final_refusal_of_our_sender_blames_nobody(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory()
    smtp_server.refuse = lambda command, _address: (
        "550 5.7.1 Sender rejected" if command == "MAIL" else None
    )
    mailing = circular()
    engine.sweep()
    engine.work()
    assert states(mailing) == {"waiting": 1}
    assert mail_db.scalars(select(Suppression)).all() == []


def test_a_recipient_who_is_put_off_is_tried_again_and_the_others_do_not_wait(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    people = PersonFactory.create_batch(3)
    slow = people[0].address.email
    smtp_server.refuse = lambda command, address: (
        "451 4.7.1 Greylisted" if command == "RCPT" and address == slow else None
    )
    mailing = circular()
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 2, "waiting": 1}
    assert reasons(mailing, SendState.WAITING) == {"451 4.7.1 Greylisted": 1}
    mail_db.commit()
    smtp_server.refuse = lambda _command, _address: None
    assert engine.sweep().batches == 0
    with time_machine.travel(clock.now() + MINUTE):
        assert engine.sweep().batches == 1
        engine.work()
        assert states(mailing) == {"sent": 3}
        assert reasons(mailing, SendState.SENT) == {"": 3}
        assert read(mailing).state == MailingState.DONE


def test_a_domain_that_puts_us_off_is_not_asked_for_each_of_its_people(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing_app.config.update(BATCH_SIZE=50)
    for nth in range(10):
        PersonFactory(address__email=f"p{nth}@busy.example.org")
    PersonFactory.create_batch(5)
    asked = []

    def refuse(command: str, address: str) -> str | None:
        if command != "RCPT" or not address.endswith("@busy.example.org"):
            return None
        asked.append(address)
        return "451 4.7.0 Too many mails from you"

    smtp_server.refuse = refuse
    mailing = circular()
    engine.sweep()
    engine.work()
    assert 3 <= len(asked) <= 5
    assert states(mailing) == {"sent": 5, "waiting": 10}
    assert reasons(mailing, SendState.WAITING) == {"451 4.7.0 Too many mails from you": 10}


def test_a_soft_time_limit_doubts_only_what_was_on_the_wire(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    """Celery raises it in the main thread at any point, by the signal USR1."""
    PersonFactory.create_batch(10)
    mailing = circular()
    engine.sweep()
    smtp_server.delay = 0.1

    def over(_signal: int, _frame: object) -> None:
        raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGUSR1, over)
    threading.Timer(0.45, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    engine.work()
    signal.signal(signal.SIGUSR1, before)
    sent = states(mailing)["sent"]
    assert 0 < sent < 10
    assert len(smtp_server.messages) - sent <= 1
    doubtful = mail_db.scalars(select(Delivery.in_doubt)).all().count(True)
    assert doubtful == len(smtp_server.messages) - sent
    mail_db.commit()
    with time_machine.travel(clock.now() + 2 * MINUTE):
        engine.work()
    assert states(mailing) == {"sent": 10}
    assert len(smtp_server.messages) == 10 + doubtful


def test_a_kind_that_fails_does_not_hold_up_the_others(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory.create_batch(3)
    broken = circular("broken", broken=True, due_at=clock.now() - MINUTE)
    fine = circular("fine")
    engine.sweep()
    engine.work()
    assert states(broken) == {"waiting": 3}
    assert states(fine) == {"sent": 3}


def test_who_is_put_off_past_the_end_fails_with_the_words(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory()
    smtp_server.refuse = lambda command, _address: "450 Later" if command == "RCPT" else None
    mailing = circular(expires_at=clock.now() + timedelta(seconds=10))
    engine.sweep()
    engine.work()
    assert reasons(mailing, SendState.FAILED) == {"450 Later": 1}


def test_a_relay_that_is_away_costs_nobody_a_try(mail_db: Session, smtp_server: SmtpServer) -> None:
    PersonFactory.create_batch(12)
    mailing = circular()
    smtp_server.stop()
    engine.sweep()
    assert engine.work() is False
    assert states(mailing) == {"waiting": 12}
    assert mail_db.scalars(select(Delivery.tries)).all() == [0] * 12
    mail_db.commit()
    smtp_server.start()
    with time_machine.travel(clock.now() + MINUTE):
        engine.sweep()
        engine.work()
    assert states(mailing) == {"sent": 12}


def test_a_relay_that_closes_after_a_few_messages_is_normal(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    smtp_server.close_after = 7
    PersonFactory.create_batch(30)
    mailing = circular()
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 30}
    assert sorted(set(smtp_server.message_ids)) == sorted(smtp_server.message_ids)
    assert smtp_server.connections > 4


def test_a_mail_without_answer_is_in_doubt_and_goes_again_with_its_message_id(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory.create_batch(4)
    smtp_server.hang_up = lambda _received: len(smtp_server.messages) == 2
    mailing = circular()
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 3, "waiting": 1}
    mail_db.commit()
    with time_machine.travel(clock.now() + MINUTE):
        engine.work()
    assert states(mailing) == {"sent": 4}
    assert mail_db.scalars(select(Delivery.in_doubt)).all().count(True) == 1
    assert len(smtp_server.messages) == 5
    assert smtp_server.message_ids[4] == smtp_server.message_ids[1]


@pytest.mark.parametrize("act", [mailings.pause, mailings.cancel])
def test_pausing_and_cancelling_act_within_a_window(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer, act
) -> None:
    """Done by another process while the batch goes out: here, by the relay at its fourth mail."""
    mailing_app.config.update(BATCH_SIZE=50)
    PersonFactory.create_batch(50)
    mailing = circular()
    engine.sweep()

    def interfere(_received: object) -> bool:
        if len(smtp_server.messages) == 4:
            with mailing_app.app_context():
                act(read(mailing))
                mail_db.commit()
        return False

    smtp_server.hang_up = interfere
    engine.work()
    window = mailing_app.config["ACK_WINDOW"]
    assert 4 <= len(smtp_server.messages) <= 4 + window + 2
    assert states(mailing)["sent"] == len(smtp_server.messages)
    engine.sweep()
    left = "waiting" if act is mailings.pause else "skipped"
    assert states(mailing)[left] == 50 - len(smtp_server.messages)


def test_what_was_asked_is_good_for_a_moment_only(
    mailing_app: Whereas,
    mail_db: Session,
    smtp_server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A slow relay: the last one of a round unsubscribes after the second mail has left."""
    monkeypatch.setattr(rounds, "FRESH_SECONDS", 0.2)
    last = PersonFactory.create_batch(8)[-1]
    smtp_server.delay = 0.1
    mailing = circular()
    engine.sweep()

    def leave(_received: object) -> bool:
        if len(smtp_server.messages) == 2:
            with mailing_app.app_context():
                unsubscribe_from_digest(last)
                mail_db.commit()
        return False

    smtp_server.hang_up = leave
    engine.work()
    assert states(mailing) == {"sent": 7, "skipped": 1}
    assert smtp_server.to(last.address.email) == []


def test_a_mail_that_waited_for_a_stalling_relay_is_asked_for_again(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one's body is ready while the relay holds its answer, and its reader leaves."""
    monkeypatch.setattr(rounds, "FRESH_SECONDS", 0.2)
    second = PersonFactory.create_batch(3)[1]
    mailing = circular()
    engine.sweep()

    def stall(_received: object) -> bool:
        if len(smtp_server.messages) == 1:
            with mailing_app.app_context():
                unsubscribe_from_digest(second)
                mail_db.commit()
            time.sleep(0.4)
        return False

    smtp_server.hang_up = stall
    engine.work()
    assert smtp_server.to(second.address.email) == []
    assert states(mailing) == {"sent": 2, "skipped": 1}
    assert read(mailing).state == MailingState.DONE


def test_who_leaves_while_the_copies_are_prepared_gets_none(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What all readers share takes a while to read, and meanwhile one of them unsubscribes."""
    monkeypatch.setattr(rounds, "FRESH_SECONDS", 0.2)
    leaving, other = PersonFactory.create_batch(2)
    mailing = circular()
    engine.sweep()
    composer = CIRCULAR.composer

    def prepare(mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        with mailing_app.app_context():
            unsubscribe_from_digest(leaving)
            mail_db.commit()
        time.sleep(0.3)
        return composer(mailing, readers)

    monkeypatch.setattr(CIRCULAR, "composer", prepare)
    engine.work()
    assert smtp_server.to(leaving.address.email) == []
    assert len(smtp_server.to(other.address.email)) == 1
    assert states(mailing) == {"sent": 1, "skipped": 1}


def test_rounds_grow_while_the_relay_is_quick_and_everybody_is_written_to_once(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing_app.config.update(BATCH_SIZE=500)
    PersonFactory.create_batch(180)
    mailing = circular()
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 180}
    assert len(set(smtp_server.message_ids)) == len(smtp_server.messages) == 180


def test_the_next_batch_goes_on_at_the_pace_of_the_last(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two batches of ten from a quick relay: the rounds grow, and a new batch begins with large."""
    monkeypatch.setattr(Pace, "FIRST", 2)
    monkeypatch.setattr(Pace, "QUICK_SECONDS", 60.0)
    PersonFactory.create_batch(20)
    circular()
    engine.sweep()
    with count_rounds() as sizes:
        engine.work()
    assert sizes == [2, 4, 4, 10]


def test_rounds_shrink_while_the_relay_is_slow() -> None:
    pace = Pace()
    sizes = [pace.size]
    for seconds in (0.05, 0.05, 0.05, 0.2, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7):
        pace.took(seconds)
        sizes.append(pace.size)
    assert sizes == [50, 100, 200, 250, 250, 125, 62, 31, 15, 10, 10]


def test_a_batch_that_fits_into_a_round_is_asked_about_once(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask = rounds.BatchInHand._ask

    def note(batch: rounds.BatchInHand, after: int, size: int) -> object:
        asked.append(after)
        return ask(batch, after, size)

    monkeypatch.setattr(rounds.BatchInHand, "_ask", note)
    PersonFactory.create_batch(10)
    mailing = circular()
    engine.sweep()
    engine.work()
    assert asked == [0]
    assert states(mailing) == {"sent": 10}
