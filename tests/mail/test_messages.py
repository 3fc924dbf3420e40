"""Single messages: posted in a transaction, sent after it, marked by the window."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.web import Whereas
from app.mail import engine, outbox, rounds
from app.mail.models import Message, SendState, Suppression, SuppressionReason
from app.mail.outbox import Attachment, Notice
from app.mail.suppression import suppress
from app.people.actions import Agreement, unsubscribe
from app.people.models import Address, Person, Purpose
from tests.factories import PersonFactory
from tests.mail.kinds import circular, message, states
from tests.services.smtp import SmtpServer

DAY = timedelta(days=1)


def post(person: Person, once: str = "hello", **values: object) -> None:
    """A notice to a person, committed."""
    wanted = {
        "kind": "accounts/sign_in",
        "subject": "Your link",
        "text": "Here it is.\n",
        "html": "<p>Here it is.</p>",
        "person_id": person.id,
        **values,
    }
    outbox.post(person.address, Notice(**wanted), once=once)
    outbox.db.commit()


def test_a_message_is_sent_once_for_its_key(mail_db: Session, smtp_server: SmtpServer) -> None:
    person = PersonFactory()
    post(person)
    post(person)
    engine.work()
    engine.work()
    [received] = smtp_server.messages
    assert received.recipients == (person.address.email,)
    assert received.message["From"] == "Coalition for Justice <account@example.org>"
    assert received.message["Subject"] == "Your link"
    assert received.message["Reply-To"] == "staff@example.org"
    assert received.message["Auto-Submitted"] == "auto-generated"
    assert received.message["List-Unsubscribe"] is None
    assert received.sender.startswith("bounce+")
    assert message("hello").state == SendState.SENT


def test_an_attachment_goes_with_it(mail_db: Session, smtp_server: SmtpServer) -> None:
    calendar = Attachment("event.ics", "text/calendar", "BEGIN:VCALENDAR\r\n", method="PUBLISH")
    plain = Attachment("notes.txt", "text/plain", "Bring a pen.")
    post(PersonFactory(), attachments=(calendar, plain))
    engine.work()
    parts = list(smtp_server.messages[0].message.iter_attachments())
    assert [part.get_filename() for part in parts] == ["event.ics", "notes.txt"]
    assert parts[0].get_content_type() == "text/calendar"
    assert parts[0].get_param("method") == "PUBLISH"


def said(once: str) -> tuple[SendState, str, str, str, int]:
    found = message(once)
    return found.state, found.subject, found.text, found.html, len(found.attachments)


def test_a_message_keeps_what_it_says_until_it_is_over(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    """It may name others, who can ask to be forgotten, and nobody reads it again."""
    reader, gone = PersonFactory.create_batch(2)
    note = Attachment("notes.txt", "text/plain", "Ben will bring a pen.")
    post(reader, "sent", attachments=[note])
    post(gone, "skipped", attachments=[note])
    post(PersonFactory(), "failed", attachments=[note])
    suppress(gone.address.email, SuppressionReason.ASKED)
    message("failed").email = "two words@example.org"
    mail_db.commit()

    kept = {once: said(once) for once in ("sent", "skipped", "failed")}
    engine.work()

    words = ("Here it is.\n", "<p>Here it is.</p>", 1)
    assert kept["sent"] == (SendState.WAITING, "Your link", *words)
    assert {once: said(once) for once in kept} == {
        "sent": (SendState.SENT, "", "", "", 0),
        "skipped": (SendState.SKIPPED, "", "", "", 0),
        "failed": (SendState.FAILED, "", "", "", 0),
    }


def test_a_message_that_is_not_due_waits(mail_db: Session, smtp_server: SmtpServer) -> None:
    person = PersonFactory()
    notice = Notice("accounts/sign_in", "Later", "Later", "<p>Later</p>")
    outbox.post(person.address, notice, once="later", due_at=clock.now() + DAY)
    mail_db.commit()
    engine.work()
    assert smtp_server.messages == []
    with time_machine.travel(clock.now() + DAY):
        engine.work()
    assert len(smtp_server.messages) == 1


def test_account_mail_survives_unsubscribing_and_bulk_mail_does_not(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    person = PersonFactory()
    post(person, "account")
    post(person, "events", purpose=Purpose.EVENTS)
    unsubscribe(person.id, Agreement(Purpose.EVENTS, "events-1", "test"))
    mail_db.commit()
    engine.work()
    assert message("account").state == SendState.SENT
    refused = message("events")
    assert (refused.state, refused.reason) == (SendState.SKIPPED, "unsubscribed")
    assert len(smtp_server.messages) == 1


def test_bulk_mail_to_a_person_can_be_unsubscribed(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    post(PersonFactory(), purpose=Purpose.EVENTS)
    engine.work()
    received = smtp_server.messages[0].message
    assert received["List-Unsubscribe"].startswith("<http://localhost/unsubscribe/")
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nothing_goes_to_an_address_that_we_do_not_e_mail(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    person = PersonFactory()
    post(person)
    suppress(person.address.email.upper(), SuppressionReason.COMPLAINED)
    mail_db.commit()
    engine.work()
    assert message("hello").reason == "do_not_email"
    assert smtp_server.messages == []


def test_nothing_goes_to_somebody_erased(mail_db: Session, smtp_server: SmtpServer) -> None:
    post(PersonFactory())
    message("hello").email = ""
    mail_db.commit()
    engine.work()
    assert (message("hello").state, message("hello").reason) == (SendState.SKIPPED, "erased")


def test_an_address_that_does_not_exist_fails_and_is_suppressed(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    post(PersonFactory())
    smtp_server.refuse = lambda command, _address: (
        "550 5.1.1 Unknown" if command == "RCPT" else None
    )
    engine.work()
    failed = message("hello")
    assert (failed.state, failed.reason) == (SendState.FAILED, "550 5.1.1 Unknown")
    assert mail_db.scalar(select(func.count()).select_from(Suppression)) == 1


def test_what_a_server_says_of_the_address_is_kept_without_it(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    post(PersonFactory(address__email="maria.lopez@example.org"))
    smtp_server.refuse = lambda command, address: (
        f"550 5.1.1 <{address}> is not here" if command == "RCPT" else None
    )
    engine.work()
    assert message("hello").reason == "550 5.1.1 <m…@example.org> is not here"


def test_an_address_that_breaks_the_header_fails(mail_db: Session, smtp_server: SmtpServer) -> None:
    post(PersonFactory(), "good")
    post(PersonFactory(), "bad")
    message("bad").email = "two words@example.org"
    mail_db.commit()
    engine.work()
    assert message("bad").state == SendState.FAILED
    assert message("good").state == SendState.SENT


def test_waits_grow_from_half_a_minute_to_an_hour(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    post(PersonFactory())
    smtp_server.refuse = lambda command, _address: "451 Later" if command == "RCPT" else None
    waits = []
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(9):
            engine.work()
            waiting = message("hello")
            waits.append((waiting.due_at - clock.now()).total_seconds())
            mail_db.commit()
            traveller.move_to(waiting.due_at)
    for wait, usual in zip(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600], strict=True):
        assert 0.75 * usual <= wait <= 1.25 * usual


def test_after_three_days_it_fails_with_the_last_words(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    post(PersonFactory())
    smtp_server.refuse = lambda command, _address: "451 Later" if command == "RCPT" else None
    started = clock.now()
    with time_machine.travel(started, tick=False) as traveller:
        while message("hello").state == SendState.WAITING:
            mail_db.commit()
            traveller.move_to(message("hello").due_at)
            mail_db.commit()
            engine.work()
        assert timedelta(days=2) < clock.now() - started < timedelta(days=4)
    assert (message("hello").state, message("hello").reason) == (SendState.FAILED, "451 Later")


def test_a_relay_that_is_away_costs_no_try(mail_db: Session, smtp_server: SmtpServer) -> None:
    post(PersonFactory())
    smtp_server.stop()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(5):
            engine.work()
            waiting = message("hello")
            assert (waiting.state, waiting.attempt) == (SendState.WAITING, 0)
            assert waiting.due_at - clock.now() < timedelta(seconds=40)
            mail_db.commit()
            traveller.shift(60)
        smtp_server.start()
        engine.work()
    assert message("hello").state == SendState.SENT


def test_a_message_without_answer_is_in_doubt_and_goes_again_with_its_message_id(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    post(PersonFactory())
    smtp_server.hang_up = lambda _received: len(smtp_server.messages) == 1
    engine.work()
    doubtful = message("hello")
    assert (doubtful.state, doubtful.in_doubt) == (SendState.WAITING, True)
    mail_db.commit()
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        engine.work()
    assert (message("hello").state, message("hello").in_doubt) == (SendState.SENT, True)
    assert len(smtp_server.messages) == 2
    assert len(set(smtp_server.message_ids)) == 1


def test_what_a_dead_worker_held_is_in_doubt_and_goes_again(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    post(PersonFactory())
    held = message("hello")
    held.state = SendState.SENDING
    held.attempt = 1
    held.lease_until = clock.now() - timedelta(seconds=1)
    mail_db.commit()
    assert engine.sweep().messages == 1
    engine.work()
    sent = message("hello")
    assert (sent.state, sent.in_doubt, sent.attempt) == (SendState.SENT, True, 2)


def erase(db: Session, person: Person) -> None:
    erase_mail = update(Message).where(Message.person_id == person.id).values(email="", text="")
    db.execute(erase_mail)


def suppress_address(db: Session, person: Person) -> None:
    suppress(db.get_one(Address, person.address_id).email or "", SuppressionReason.ASKED)


def free(db: Session, _person: Person) -> None:
    """Another worker took it meanwhile, because the lease had run out."""
    db.execute(update(Message).values(attempt=Message.attempt + 1))


@pytest.mark.parametrize("change", [erase, suppress_address, free])
def test_a_message_that_waited_for_a_stalling_relay_is_asked_for_again(
    mailing_app: Whereas,
    mail_db: Session,
    smtp_server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Session, Person], None],
) -> None:
    """Both are in the hands of one worker, and the relay holds its answer to the first."""
    monkeypatch.setattr(rounds, "FRESH_SECONDS", 0.2)
    first, second = PersonFactory.create_batch(2)
    address = second.address.email
    post(first, "first")
    post(second, "second")

    def stall(_received: object) -> bool:
        if len(smtp_server.messages) == 1:
            with mailing_app.app_context():
                change(outbox.db, outbox.db.get_one(Person, second.id))
                outbox.db.commit()
            time.sleep(0.4)
        return False

    smtp_server.hang_up = stall
    engine.work()
    assert smtp_server.to(address) == []
    assert len(smtp_server.messages) == 1


def test_a_message_does_not_wait_behind_a_mailing(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    """Posted while a slow mailing goes out, it is sent between two of its rounds."""
    mailing_app.config.update(BATCH_SIZE=50)
    people = PersonFactory.create_batch(40)
    mailing = circular()
    engine.sweep()
    smtp_server.delay = 0.1

    def post_meanwhile(_received: object) -> bool:
        if len(smtp_server.messages) == 3:
            with mailing_app.app_context():
                post(people[0])
        return False

    smtp_server.hang_up = post_meanwhile
    engine.work()
    place = [received.message["Subject"] for received in smtp_server.messages].index("Your link")
    assert 3 <= place <= 35
    assert states(mailing) == {"sent": 40}


@pytest.mark.parametrize("number", [1, 25])
def test_windows_of_messages_are_all_sent(
    mail_db: Session, smtp_server: SmtpServer, number: int
) -> None:
    for nth, person in enumerate(PersonFactory.create_batch(number)):
        post(person, f"hello {nth}")
    assert engine.work() is False
    assert mail_db.scalar(select(func.count()).where(Message.state == SendState.SENT)) == number
