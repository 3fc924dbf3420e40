"""Replies to our mail, on a real IMAP server: counted once, and left as they are."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import tasks
from app.foundation.web import Whereas
from app.mail import engine, reply_mailbox
from app.mail.models import Delivery, Mailing, Reply
from app.mail.reply_mailbox import read
from app.people.models import Person
from tests.factories import PersonFactory
from tests.mail.kinds import circular
from tests.services.imap import ImapServer, trusting
from tests.services.smtp import SmtpServer


@pytest.fixture
def maria(mail_db: Session) -> Person:
    person: Person = PersonFactory(name="Maria", address__email="maria@example.net")
    return person


@pytest.fixture
def mailing(mail_db: Session, smtp_server: SmtpServer, maria: Person) -> Mailing:
    """One that Maria and another got."""
    PersonFactory(address__email="ana@example.net")
    made = circular()
    engine.sweep()
    engine.work()
    return made


def message_id(relay: SmtpServer, email: str) -> str:
    return relay.to(email)[0].message["Message-ID"]


def reply(
    to: str, sender: str = "Maria <MARIA@example.net>", header: str = "In-Reply-To", more: str = ""
) -> bytes:
    head = f"From: {sender}\r\n{header}: {to}\r\n{more}Subject: Re: Hello\r\n"
    return f"{head}\r\nThank you, see you there.\r\n".encode()


def replied(db: Session) -> list[tuple[int, int]]:
    db.rollback()
    return [(row.mailing_id, row.person_id) for row in db.scalars(select(Reply))]


def test_a_reply_is_counted_once_and_stays_unread(
    mail_db: Session, imap: ImapServer, smtp_server: SmtpServer, mailing: Mailing, maria: Person
) -> None:
    ours = message_id(smtp_server, "maria@example.net")
    imap.deliver(reply(ours), reply(ours))
    assert read(imap.url, trusting()) == 1
    assert read(imap.url, trusting()) == 0
    assert replied(mail_db) == [(mailing.id, maria.id)]
    assert all("\\Seen" not in flags for flags in imap.flags())
    assert len(imap.flags()) == 2


def test_a_reply_to_a_reply_names_ours_among_others(
    mail_db: Session, imap: ImapServer, smtp_server: SmtpServer, mailing: Mailing
) -> None:
    ours = message_id(smtp_server, "maria@example.net")
    imap.deliver(reply(f"{ours}\r\n <other@example.net>", header="References"))
    assert read(imap.url, trusting()) == 1


@pytest.mark.parametrize(
    "more",
    ["Auto-Submitted: auto-replied\r\n", "Precedence: bulk\r\n", "Precedence: auto_reply\r\n"],
)
def test_answers_of_machines_do_not_count(
    mail_db: Session, imap: ImapServer, smtp_server: SmtpServer, mailing: Mailing, more: str
) -> None:
    imap.deliver(reply(message_id(smtp_server, "maria@example.net"), more=more))
    assert read(imap.url, trusting()) == 0
    assert replied(mail_db) == []


def test_nobody_replies_for_another_or_to_what_we_never_sent(
    mail_db: Session, imap: ImapServer, smtp_server: SmtpServer, mailing: Mailing
) -> None:
    ours = message_id(smtp_server, "maria@example.net")
    imap.deliver(
        reply(ours, sender="ana@example.net"),
        reply(f"<{'0' * 32}@example.org>"),
        b"From: maria@example.net\r\nSubject: hello\r\n\r\nhello\r\n",
        b"In-Reply-To: \xff<<>\r\nFrom: \xff\r\n\r\n",
    )
    assert read(imap.url, trusting()) == 0
    assert replied(mail_db) == []


def test_a_reply_is_forgotten_with_the_copy(
    mail_db: Session, imap: ImapServer, smtp_server: SmtpServer, mailing: Mailing
) -> None:
    imap.deliver(reply(message_id(smtp_server, "maria@example.net")))
    read(imap.url, trusting())
    mail_db.execute(delete(Delivery))
    mail_db.commit()
    assert replied(mail_db) == []


def test_reading_ends_in_time_and_goes_on_later(
    mail_db: Session, imap: ImapServer, smtp_server: SmtpServer, mailing: Mailing
) -> None:
    imap.deliver(reply(message_id(smtp_server, "maria@example.net")))
    assert read(imap.url, trusting(), seconds=-1) == 0
    assert read(imap.url, trusting()) == 1


def test_the_task_reads_the_mailbox_of_the_settings_and_survives_its_absence(
    mailing_app: Whereas, mail_db: Session, caplog: pytest.LogCaptureFixture
) -> None:
    work = tasks.celery.tasks["mail.read_replies"]
    mail_db.rollback()
    work()
    assert caplog.text == ""
    mailing_app.config["REPLY_IMAP_URL"] = "imaps://a:b@127.0.0.1:1"
    work()
    assert "the mailbox of replies cannot be read: 127.0.0.1:1" in caplog.text
    assert tasks.celery.conf.task_soft_time_limit > reply_mailbox.READ_SECONDS
