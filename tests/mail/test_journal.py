"""What a killed worker leaves behind: who frees its batch doubts only what was on the wire."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.foundation import clock, edge
from app.foundation.db import database
from app.foundation.web import Whereas
from app.mail import batches, engine, journal
from app.mail.batches import Lease
from app.mail.models import Batch, BatchState, Delivery, SendState
from tests.factories import PersonFactory
from tests.mail.kinds import circular, states
from tests.services.smtp import SmtpServer


@pytest.fixture
def lease(mail_db: Session) -> Lease:
    """A batch of twelve in the hands of a worker that died."""
    PersonFactory.create_batch(12)
    circular(due_at=clock.now() - timedelta(minutes=1))
    engine.sweep()
    with edge.step():
        held = batches.claim()
        assert held is not None
    mail_db.execute(update(Batch).values(lease_until=clock.now() - timedelta(seconds=1)))
    mail_db.commit()
    return held


def people(session: Session, where: Callable[[], object]) -> list[int]:
    found = select(Delivery.person_id).where(where()).order_by(Delivery.person_id)
    return list(session.scalars(found))


def everybody(session: Session, lease: Lease) -> list[int]:
    return people(session, lambda: Delivery.batch_number == lease.number)


def files(app: Whereas) -> list[str]:
    return sorted(file.name for file in (Path(app.config["VAR_DIR"]) / "journal").iterdir())


def test_what_was_acknowledged_is_sent_and_what_was_on_the_wire_is_in_doubt(
    mail_db: Session, lease: Lease
) -> None:
    first, second, third, fourth, *_rest = everybody(mail_db, lease)
    with journal.opened(lease.batch_id, lease.attempt) as log:
        log.leaves(first)
        log.settled(first, SendState.SENT)
        log.settled(second, SendState.WAITING)
        log.leaves(third)
        log.settled(third, SendState.FAILED)
        log.leaves(fourth)
    engine.sweep()
    assert people(mail_db, lambda: Delivery.state == SendState.SENT) == [first]
    assert people(mail_db, lambda: Delivery.in_doubt) == [fourth]


def test_a_worker_that_died_before_its_first_mail_leaves_no_doubt(
    mail_db: Session, lease: Lease
) -> None:
    with journal.opened(lease.batch_id, lease.attempt):
        pass
    engine.sweep()
    assert people(mail_db, lambda: Delivery.in_doubt) == []


def test_a_process_that_is_killed_before_its_first_mail_leaves_no_doubt(
    mailing_app: Whereas, mail_db: Session
) -> None:
    PersonFactory.create_batch(12)
    circular()
    engine.sweep()
    assert engine.take() is not None
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        engine.sweep()

    assert people(mail_db, lambda: Delivery.in_doubt) == []
    assert mail_db.scalars(select(Batch.state)).all().count(BatchState.SENDING) == 0


def test_the_journal_of_another_attempt_says_nothing(
    mailing_app: Whereas, mail_db: Session, lease: Lease
) -> None:
    with journal.opened(lease.batch_id, lease.attempt + 1) as log:
        log.leaves(everybody(mail_db, lease)[0])
    engine.sweep()
    window = mailing_app.config["ACK_WINDOW"]
    assert len(people(mail_db, lambda: Delivery.in_doubt)) == min(window, 10)


def test_a_line_that_was_cut_off_is_not_read(
    mailing_app: Whereas, mail_db: Session, lease: Lease
) -> None:
    first, *_rest = everybody(mail_db, lease)
    with journal.opened(lease.batch_id, lease.attempt) as log:
        log.leaves(first)
    (name,) = files(mailing_app)
    with (Path(mailing_app.config["VAR_DIR"]) / "journal" / name).open("ab") as file:
        file.write(b"+")
    engine.sweep()
    assert people(mail_db, lambda: Delivery.in_doubt) == [first]


def test_after_a_start_of_the_machine_the_window_is_in_doubt(
    mailing_app: Whereas,
    mail_db: Session,
    lease: Lease,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The machine lost its power, and with it the lines that were not on the disk yet."""
    with journal.opened(lease.batch_id, lease.attempt):
        pass
    (tmp_path / "boot_id").write_text("another\n")
    monkeypatch.setattr(journal, "BOOT_ID", tmp_path / "boot_id")
    journal._boot.cache_clear()
    engine.sweep()
    journal._boot.cache_clear()
    window = mailing_app.config["ACK_WINDOW"]
    doubted = everybody(mail_db, lease)[:window]
    assert people(mail_db, lambda: Delivery.in_doubt) == doubted


@pytest.mark.parametrize("line", [b"\0\0\0\0\n", b">12>13\n", b"?1\n", b"\n"])
def test_a_journal_that_cannot_be_read_is_as_good_as_none_and_stops_no_sweep(
    mailing_app: Whereas, mail_db: Session, lease: Lease, line: bytes
) -> None:
    with journal.opened(lease.batch_id, lease.attempt):
        pass
    (name,) = files(mailing_app)
    (Path(mailing_app.config["VAR_DIR"]) / "journal" / name).write_bytes(line)
    engine.sweep()
    doubted = everybody(mail_db, lease)[: mailing_app.config["ACK_WINDOW"]]
    assert people(mail_db, lambda: Delivery.in_doubt) == doubted


def test_a_journal_of_a_former_database_says_nothing_of_this_one(
    mailing_app: Whereas, mail_db: Session
) -> None:
    """The same batch was sent before the database was made anew in the same place."""
    PersonFactory.create_batch(3)
    mailing = circular()
    engine.sweep()
    (batch_id,) = mail_db.scalars(select(Batch.id))
    first, *_rest = mail_db.scalars(select(Delivery.person_id))
    mail_db.rollback()
    with journal.opened(batch_id, 1) as log:
        log.leaves(first)
        log.settled(first, SendState.SENT)
    assert engine.take() is not None
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        engine.sweep()
    assert states(mailing) == {"waiting": 3}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_hangs_up_makes_nobody_get_it_twice(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    """What was acknowledged and could not be written is taken from the journal."""
    mailing_app.config.update(BATCH_SIZE=50)
    database().engine.dispose()  # of connections whose last words were the same
    PersonFactory.create_batch(30)
    mailing = circular()
    engine.sweep()
    mail_db.rollback()

    def hang_up(_received: object) -> bool:
        if len(smtp_server.messages) == 14:
            with psycopg.connect(mailing_app.config["DATABASE_URL"]) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE 'UPDATE delivery%'"
                )
        return False

    smtp_server.hang_up = hang_up
    engine.work()
    mail_db.close()
    assert states(mailing)["sent"] == len(smtp_server.messages) < 30
    mail_db.rollback()
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        engine.work()
    assert states(mailing) == {"sent": 30}
    assert len(set(smtp_server.message_ids)) == len(smtp_server.messages) == 30
    database().engine.dispose()


def test_a_batch_that_was_given_back_leaves_no_journal(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory.create_batch(3)
    mailing = circular()
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 3}
    assert files(mailing_app) == []


def test_without_a_place_for_journals_mail_goes_out_all_the_same(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    mailing_app.config["VAR_DIR"] = tmp_path / "file"
    PersonFactory.create_batch(3)
    mailing = circular()
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 3}


def test_journals_that_nobody_came_for_are_removed_after_a_day(
    mailing_app: Whereas, mail_db: Session
) -> None:
    for batch_id in (1, 2):
        with journal.opened(batch_id, 1):
            pass
    old = time.time() - journal.KEPT_SECONDS - 1
    first, second = files(mailing_app)
    os.utime(Path(mailing_app.config["VAR_DIR"]) / "journal" / first, (old, old))
    journal.tidy()
    assert files(mailing_app) == [second]
