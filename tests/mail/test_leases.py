"""Workers that die, stop or overlap: what they held is freed, and nobody's mark is overwritten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.foundation import clock, edge
from app.foundation.web import Whereas
from app.mail import batches, engine, leases, shared
from app.mail.batches import Lease
from app.mail.journal import Journal
from app.mail.leases import LeaseLost
from app.mail.ledger import Entry, Ledger
from app.mail.models import Batch, BatchState, Delivery, Mailing, SendState
from app.mail.verdicts import SENT, Verdict
from tests.factories import PersonFactory
from tests.mail.kinds import circular, states
from tests.services.smtp import SmtpServer


def claim() -> Lease:
    with edge.step():
        lease = batches.claim()
    assert lease is not None
    return lease


@contextmanager
def opened(lease: Lease) -> Iterator[Ledger]:
    """The ledger of a batch, without a journal: as after the loss of a machine."""
    with edge.reading():
        common = shared.of(lease.mailing_id)
    with edge.prepared() as run:
        yield Ledger(lease, common, run, Journal(None))


def run_out(session: Session) -> None:
    """Let every lease have run out."""
    past = clock.now() - timedelta(seconds=1)
    session.execute(update(Batch).values(lease_until=past))
    session.commit()


def expanded(number: int) -> Mailing:
    PersonFactory.create_batch(number)
    mailing = circular(due_at=clock.now() - timedelta(minutes=1))
    engine.sweep()
    return mailing


def doubted(session: Session) -> list[int]:
    """The people whose copies are in doubt."""
    return list(
        session.scalars(
            select(Delivery.person_id).where(Delivery.in_doubt).order_by(Delivery.person_id)
        )
    )


def test_a_batch_is_claimed_by_one(mail_db: Session) -> None:
    expanded(3)
    claim()
    with edge.step():
        assert batches.claim() is None


def test_mail_about_events_is_claimed_first(mail_db: Session) -> None:
    PersonFactory()
    circular("digest")
    urgent = circular("reminder", purpose=batches.Purpose.EVENTS)
    engine.sweep()
    assert claim().mailing_id == urgent.id


def test_a_lost_batch_is_freed_and_its_first_window_is_in_doubt(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing_app.config.update(BATCH_SIZE=50, ACK_WINDOW=4)
    mailing = expanded(12)
    people = mail_db.scalars(select(Delivery.person_id).order_by(Delivery.person_id)).all()
    mail_db.execute(
        update(Delivery).where(Delivery.person_id == people[0]).values(state=SendState.SENT)
    )
    lease = claim()
    run_out(mail_db)
    assert engine.sweep().batches == 1
    assert doubted(mail_db) == list(people[1:5])
    engine.work()
    assert states(mailing) == {"sent": 12}
    assert doubted(mail_db) == list(people[1:5])
    assert mail_db.get_one(Batch, lease.batch_id).attempt == lease.attempt + 1


def test_a_freed_batch_is_due_as_before_whatever_the_clock_of_who_frees_it(
    mail_db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one sweep by a clock that is hours ahead would hold it up for hours."""
    expanded(3)
    lease = claim()
    due_at = mail_db.get_one(Batch, lease.batch_id).due_at
    monkeypatch.setattr(clock, "offset", lambda: timedelta(hours=2))
    engine.sweep()
    batch = mail_db.get_one(Batch, lease.batch_id, populate_existing=True)
    assert (batch.state, batch.due_at) == (BatchState.WAITING, due_at)


def test_who_was_put_off_before_the_crash_is_not_in_doubt(
    mailing_app: Whereas, mail_db: Session
) -> None:
    mailing_app.config.update(BATCH_SIZE=50, ACK_WINDOW=2)
    expanded(4)
    people = mail_db.scalars(select(Delivery.person_id).order_by(Delivery.person_id)).all()
    lease = claim()
    later = clock.now() + timedelta(minutes=1)
    with opened(lease) as book:
        book.note(Entry(people[0], Verdict(SendState.WAITING, "451", due_at=later)))
        book.write()
    run_out(mail_db)
    engine.sweep()
    assert doubted(mail_db) == list(people[1:3])


def test_a_batch_whose_lease_holds_is_left_alone(mail_db: Session) -> None:
    expanded(3)
    claim()
    assert engine.sweep().batches == 0
    assert doubted(mail_db) == []


def test_a_worker_that_lost_its_lease_marks_only_what_arrived(mail_db: Session) -> None:
    """It may arrive once more from whoever has the batch now, so it is listed."""
    mailing = expanded(3)
    people = mail_db.scalars(select(Delivery.person_id)).all()
    stale = claim()
    run_out(mail_db)
    engine.sweep()
    claim()
    for person_id, verdict in (
        (people[0], SENT),
        (people[1], Verdict(SendState.FAILED, "550")),
    ):
        with opened(stale) as book:
            book.note(Entry(person_id, verdict))
            with pytest.raises(LeaseLost):
                book.write()
    with pytest.raises(LeaseLost), edge.step():
        batches.give_back(stale)
    assert states(mailing) == {"sent": 1, "waiting": 2}
    assert people[0] in doubted(mail_db)


def test_a_lease_from_a_clock_that_was_hours_ahead_is_taken_for_lost(mail_db: Session) -> None:
    expanded(3)
    claim()
    mail_db.execute(update(Batch).values(lease_until=clock.now() + timedelta(hours=2)))
    mail_db.commit()
    assert engine.sweep().batches == 1


def test_the_ledger_writes_what_it_is_given_in_windows(
    mailing_app: Whereas, mail_db: Session
) -> None:
    mailing_app.config.update(BATCH_SIZE=50, ACK_WINDOW=4)
    mailing = expanded(23)
    people = mail_db.scalars(select(Delivery.person_id)).all()
    mail_db.commit()
    with opened(claim()) as book:
        for nth, person_id in enumerate(people, start=1):
            book.note(Entry(person_id, SENT))
            assert states(mailing)["sent"] > nth - 4
            mail_db.commit()
        book.write()
        assert states(mailing) == {"sent": 23}


def test_a_lease_is_renewed_while_work_goes_on(mailing_app: Whereas, mail_db: Session) -> None:
    mailing_app.config.update(LEASE_SECONDS=0.5)
    expanded(3)
    lease = claim()
    before = mail_db.get_one(Batch, lease.batch_id).lease_until
    mail_db.commit()
    renewed = threading.Event()

    def renew(until: object) -> None:
        batches.renew(lease, until)  # type: ignore[arg-type]
        renewed.set()

    with leases.renewed(renew):
        assert renewed.wait(5)
    after = mail_db.get_one(Batch, lease.batch_id, populate_existing=True).lease_until
    assert before is not None
    assert after is not None
    assert after > before


def test_two_workers_at_once_send_each_copy_once(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    mailing = expanded(60)

    def work() -> None:
        with mailing_app.app_context():
            engine.work()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    engine.sweep()
    assert states(mailing) == {"sent": 60}
    assert len(smtp_server.messages) == len(set(smtp_server.message_ids)) == 60
    assert set(mail_db.scalars(select(Batch.state))) == {BatchState.DONE}


def test_a_relay_that_stalls_does_not_cost_the_lease(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    """The relay takes longer for a mail than a lease lasts; a sweep meanwhile frees nothing."""
    mailing_app.config.update(LEASE_SECONDS=0.5)
    mailing = expanded(2)
    smtp_server.delay = 1.2

    def sweep_meanwhile() -> None:
        with mailing_app.app_context():
            engine.sweep()

    sweeper = threading.Timer(1, sweep_meanwhile)
    sweeper.start()
    engine.work()
    sweeper.join()
    assert states(mailing) == {"sent": 2}
    assert len(smtp_server.messages) == 2
    assert doubted(mail_db) == []


def test_a_time_limit_ends_the_work_and_leaves_the_rest_due(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    smtp_server.delay = 0.05
    mailing = expanded(40)
    assert engine.work(seconds=0.3) is True
    sent = states(mailing)["sent"]
    assert 0 < sent < 40
    assert engine.due().batches >= 3
    assert doubted(mail_db) == []
    mail_db.commit()
    engine.work()
    assert len(set(smtp_server.message_ids)) == len(smtp_server.messages) == 40
