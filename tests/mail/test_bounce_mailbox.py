"""The mailbox where mail comes back, on a real IMAP server: read once, marked after the commit."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import tasks
from app.foundation.web import Whereas
from app.mail import bounce_mailbox, dsn, engine, returns
from app.mail.bounce_mailbox import read
from app.mail.imap_folder import Mailbox, MailboxDown
from app.mail.models import Bounce, BounceKind, Suppression
from tests.factories import PersonFactory
from tests.mail.kinds import circular
from tests.mail.reports import AWAY, block, complaint
from tests.mail.reports import dsn as report_of
from tests.services.imap import ImapServer, trusting
from tests.services.smtp import SmtpServer

DAYS_31 = timedelta(days=31).total_seconds()


@pytest.fixture
def sender(mail_db: Session, smtp_server: SmtpServer) -> str:
    """The envelope sender of a digest that Maria's server took."""
    PersonFactory(name="Maria", address__email="maria@example.net")
    circular()
    engine.sweep()
    engine.work()
    return smtp_server.messages[-1].sender


def kinds(db: Session) -> list[BounceKind]:
    db.rollback()
    return list(db.scalars(select(Bounce.kind).order_by(Bounce.id)))


def test_new_mail_is_taken_and_marked_and_read_no_more(
    mail_db: Session, imap: ImapServer, sender: str
) -> None:
    imap.deliver(report_of(to=sender, returned=""), AWAY, b"Subject: hello\r\n\r\nhello\r\n")
    assert read(imap.url, trusting()) == 1
    assert kinds(mail_db) == [BounceKind.HARD]
    assert len(list(mail_db.scalars(select(Suppression)))) == 1
    assert imap.flags() == [("\\Seen",)] * 3
    assert read(imap.url, trusting()) == 0


def test_a_mailbox_where_tls_comes_first_is_read_as_well(
    mail_db: Session, imap: ImapServer, sender: str
) -> None:
    imap.deliver(complaint(fields=f"Original-Mail-From: <{sender}>\n"))
    assert read(imap.tls_url, trusting()) == 1
    assert kinds(mail_db) == [BounceKind.COMPLAINT]


def test_what_could_not_be_committed_is_read_again(
    mail_db: Session, imap: ImapServer, sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap.deliver(AWAY, report_of(to=sender, returned=""))

    def away(_report: dsn.Report) -> bool:
        raise OperationalError("no database", {}, OSError())

    with monkeypatch.context() as patched:
        patched.setattr(returns, "take", away)
        with pytest.raises(OperationalError):
            read(imap.url, trusting())
    assert imap.flags() == [("\\Seen",), ()]
    assert read(imap.url, trusting()) == 1
    assert kinds(mail_db) == [BounceKind.HARD]


def test_what_was_committed_and_not_marked_changes_nothing_again(
    mail_db: Session, imap: ImapServer, sender: str
) -> None:
    raw = report_of(block(words="smtp; 552 5.2.2 full"), to=sender, returned="")
    imap.deliver(raw, raw)
    assert read(imap.url, trusting()) == 1
    assert kinds(mail_db) == [BounceKind.SOFT]


def test_a_huge_or_broken_mail_does_not_hold_up_the_others(
    mail_db: Session, imap: ImapServer, sender: str
) -> None:
    good = report_of(to=sender, returned="")
    broken = good[:700].replace(b"us-ascii", b"\xff")
    imap.deliver(AWAY + b"x" * 10_000_000, broken, b"\r\n", good)
    assert read(imap.url, trusting()) == 1
    assert imap.flags() == [("\\Seen",)] * 4


def test_mail_that_was_read_is_deleted_after_thirty_days(
    mail_db: Session, imap: ImapServer
) -> None:
    old = time.time() - DAYS_31
    imap.deliver(AWAY, flags="(\\Seen)", at=old)
    imap.deliver(AWAY, flags="(\\Seen)")
    imap.deliver(AWAY, at=old)
    assert read(imap.url, trusting(), seconds=-1) == 0
    assert imap.flags() == [("\\Seen",), ()]


def test_reading_ends_in_time_and_goes_on_later(mail_db: Session, imap: ImapServer) -> None:
    imap.deliver(AWAY, AWAY)
    read(imap.url, trusting(), seconds=-1)
    assert imap.flags() == [(), ()]
    read(imap.url, trusting())
    assert imap.flags() == [("\\Seen",), ("\\Seen",)]


def test_a_server_that_cannot_be_trusted_gets_no_password(
    mail_db: Session, imap: ImapServer
) -> None:
    for url in (imap.url, imap.tls_url):
        with pytest.raises(MailboxDown, match="certificate"):
            read(url)


@pytest.mark.parametrize(
    ("old", "new"), [("same%40@", "wrong@"), ("/INBOX", "/Nowhere"), ("127.0.0.1:", "127.0.0.1:1")]
)
def test_a_mailbox_that_cannot_be_read_says_why_without_the_password(
    mail_db: Session, imap: ImapServer, old: str, new: str
) -> None:
    url = imap.url.replace(old, new) if "1:1" not in new else imap.url.replace(str(imap.port), "1")
    with pytest.raises(MailboxDown) as down:
        read(url, trusting())
    assert "127.0.0.1" in str(down.value)
    assert "open" not in str(down.value)


@pytest.mark.parametrize("url", ["imaps://host", "imaps://user@", "imaps://user:x@host:99999999"])
def test_an_address_that_is_no_mailbox_is_refused(url: str) -> None:
    with pytest.raises(MailboxDown):
        Mailbox.from_url(url)


def test_an_address_is_read_with_its_usual_ports() -> None:
    mailbox = Mailbox.from_url("imaps://a%40b.org:p%2Fw@imap.example.org/Mail%20in")
    assert (mailbox.host, mailbox.port, mailbox.user) == ("imap.example.org", 993, "a@b.org")
    assert (mailbox.folder, mailbox.password) == ("Mail in", "p/w")
    assert Mailbox.from_url("imap://a:b@imap.example.org").port == 143
    assert "p/w" not in repr(mailbox)


def test_the_task_reads_the_mailbox_of_the_settings_and_survives_its_absence(
    mailing_app: Whereas, mail_db: Session, caplog: pytest.LogCaptureFixture
) -> None:
    work = tasks.celery.tasks["mail.read_bounces"]
    mail_db.rollback()
    work()
    assert caplog.text == ""
    mailing_app.config["BOUNCE_IMAP_URL"] = "imaps://a:b@127.0.0.1:1"
    work()
    assert "the bounce mailbox cannot be read: 127.0.0.1:1" in caplog.text
    assert tasks.celery.conf.task_soft_time_limit > bounce_mailbox.READ_SECONDS
