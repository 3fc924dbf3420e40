"""Old mail is forgotten in time, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import tasks
from app.foundation import clock
from app.mail import breakers, engine, outbox, tallies
from app.mail.models import Delivery, Lane, Mailing, Message, SendState, Tally
from app.mail.outbox import Notice
from app.mail.wire import Fate
from tests.factories import PersonFactory
from tests.mail.kinds import circular, message
from tests.services.smtp import SmtpServer


def tidy() -> None:
    tasks.celery.tasks["mail.tidy"]()


def test_who_got_a_message_is_blanked_after_30_days(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    address = PersonFactory().address
    email = address.email
    for name in ("old", "new", "waiting"):
        outbox.post(address, Notice("x", "Hello", "Text", "<p>Text</p>"), once=name)
    for name in ("old", "new"):
        message(name).state = SendState.SENT
    for name in ("old", "waiting"):
        message(name).created_at = clock.now() - timedelta(days=31)
    mail_db.commit()
    tidy()
    mail_db.expire_all()
    old = message("old")
    assert (old.state, old.email, old.text) == (SendState.SENT, "", "")
    for name in ("new", "waiting"):
        assert message(name).email == email


def test_who_got_a_mailing_is_forgotten_after_180_days(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory.create_batch(12)
    old, new = circular("old"), circular("new")
    engine.sweep()
    engine.work()
    mail_db.get_one(Mailing, old.id).finished_at = clock.now() - timedelta(days=181)
    mail_db.commit()
    tidy()
    counted = select(Delivery.mailing_id, func.count()).group_by(Delivery.mailing_id)
    assert mail_db.execute(counted).all() == [(new.id, 12)]
    assert mail_db.scalar(select(func.count()).select_from(Mailing)) == 2


def test_mail_of_a_mailing_that_goes_on_is_kept(mail_db: Session) -> None:
    PersonFactory()
    mailing = circular()
    engine.sweep()
    mail_db.get_one(Mailing, mailing.id).created_at = clock.now() - timedelta(days=400)
    mail_db.commit()
    tidy()
    assert mail_db.scalar(select(func.count()).select_from(Delivery)) == 1
    assert mail_db.scalar(select(func.count()).select_from(Message)) == 0


def test_old_rates_are_forgotten_and_what_a_receiver_refuses_is_not(
    mail_db: Session, smtp_server: SmtpServer
) -> None:
    tallies.add({("other", Fate.SENT): 1})
    mail_db.commit()
    breakers.rest("busy.example.org", "421 Later")
    breakers.rest("well.example.org", "421 Later")
    breakers.end("well.example.org")
    with time_machine.travel(clock.now() + timedelta(days=3)):
        tallies.add({("other", Fate.SENT): 1})
        mail_db.commit()
        tidy()
    assert mail_db.scalar(select(func.count()).select_from(Tally)) == 1
    assert mail_db.scalars(select(Lane.provider)).all() == ["busy.example.org"]
