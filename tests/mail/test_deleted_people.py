"""Whoever is deleted takes their copies along, also those that are being written just then."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from app.foundation import clock, edge
from app.foundation.db import db, is_postgresql
from app.foundation.web import Whereas
from app.mail import engine
from app.mail.expansion import expand
from app.mail.models import Delivery, Reply
from app.people.models import Person
from tests.factories import PersonFactory
from tests.mail.kinds import circular, states

WAITING = """SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"""


def delete_person(person_id: int) -> None:
    db.execute(delete(Person).where(Person.id == person_id))


def amid(app: Whereas, first: Callable[[], None], second: Callable[[], None]) -> None:
    """Do both, each in a thread of its own; the first commits when the second waits for it."""
    is_done, may_commit = threading.Event(), threading.Event()

    def begin() -> None:
        with app.app_context(), edge.step():
            first()
            is_done.set()
            assert may_commit.wait(20)

    def follow() -> None:
        with app.app_context(), edge.step():
            second()

    beginner, follower = threading.Thread(target=begin), threading.Thread(target=follow)
    beginner.start()
    assert is_done.wait(20)
    follower.start()
    while follower.is_alive() and not waits():
        pass
    may_commit.set()
    for thread in (beginner, follower):
        thread.join(20)
        assert not thread.is_alive()


def waits() -> bool:
    """Whether somebody waits; on SQLite whoever writes does, for there is one writer."""
    with edge.reading():
        return not is_postgresql() or bool(db.scalar(text(WAITING)))


def has_copy_of_nobody(session: Session) -> bool:
    somebody = select(Person.id).where(Person.id == Delivery.person_id)
    return session.scalar(select(func.count()).where(~somebody.exists())) != 0


def test_who_is_deleted_takes_copies_and_replies_along(mail_db: Session) -> None:
    ana, ben = PersonFactory.create_batch(2)
    mailing = circular()
    engine.sweep()
    for person in (ana, ben):
        mail_db.add(Reply(mailing_id=mailing.id, person_id=person.id, at=clock.now()))
    mail_db.commit()
    delete_person(ana.id)
    mail_db.commit()
    assert list(mail_db.scalars(select(Delivery.person_id))) == [ben.id]
    assert list(mail_db.scalars(select(Reply.person_id))) == [ben.id]


def test_who_is_deleted_while_copies_are_written_gets_none(
    mailing_app: Whereas, mail_db: Session
) -> None:
    ana, _ben = PersonFactory.create_batch(2)
    mailing = circular()
    amid(mailing_app, lambda: expand([mailing.id], 10), lambda: delete_person(ana.id))
    assert states(mailing) == {"waiting": 1}
    assert not has_copy_of_nobody(mail_db)


def test_copies_are_written_without_who_is_being_deleted(
    mailing_app: Whereas, mail_db: Session
) -> None:
    ana, _ben = PersonFactory.create_batch(2)
    mailing = circular()
    amid(mailing_app, lambda: delete_person(ana.id), lambda: expand([mailing.id], 10))
    assert states(mailing) == {"waiting": 1}
    assert not has_copy_of_nobody(mail_db)
