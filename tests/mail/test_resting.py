"""How a mailing stands while it goes out: what rests is not counted again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.foundation import clock, edge
from app.mail import batches, engine, queries, resting
from app.mail.batches import Lease
from app.mail.models import Delivery, Mailing, SendState
from app.mail.queries import Place, Standing
from tests.factories import PersonFactory
from tests.mail.kinds import circular
from tests.statements import count_statements


@pytest.fixture
def mailing(mail_db: Session) -> Mailing:
    """Twenty-five people in three batches of ten, ten and five."""
    PersonFactory.create_batch(25)
    made = circular(due_at=clock.now() - timedelta(minutes=1))
    engine.sweep()
    return made


def look(mailing: Mailing) -> tuple[Standing, list[str]]:
    """What the page is told, and the statements that read copies for it."""
    with count_statements() as statements:
        told = resting.standing(mailing)
    assert told == queries.standing(mailing)
    return told, [each for each in statements if "FROM delivery" in each]


def claim() -> Lease:
    with edge.step():
        lease = batches.claim()
    assert lease is not None
    return lease


def send(session: Session, lease: Lease, copies: int) -> None:
    """Mark the first copies of a batch as sent, the next one as failed in doubt."""
    people = [
        row.person_id
        for row in session.query(Delivery.person_id)
        .filter(batches.waiting_in(lease.mailing_id, lease.number))
        .order_by(Delivery.person_id)
        .limit(copies + 1)
    ]
    mine = update(Delivery).where(Delivery.mailing_id == lease.mailing_id)
    sent = mine.where(Delivery.person_id.in_(people[:copies]))
    session.execute(sent.values(state=SendState.SENT))
    failed = mine.where(Delivery.person_id.in_(people[copies:]))
    session.execute(failed.values(state=SendState.FAILED, reason="550", in_doubt=True))
    session.commit()


def test_only_the_batches_in_somebodys_hands_are_counted_again(
    mail_db: Session, mailing: Mailing
) -> None:
    told, read = look(mailing)
    assert (told.total, told.left, len(read)) == (25, 25, 1)
    assert look(mailing)[1] == []
    lease = claim()
    send(mail_db, lease, 3)
    told, read = look(mailing)
    assert (told.of(Place.SENT), told.of(Place.FAILED), told.in_doubt) == (3, 1, 1)
    assert "batch_number IN" in read[0]
    assert look(mailing)[1] == read
    send(mail_db, lease, 5)
    with edge.step():
        batches.give_back(lease)
    told, read = look(mailing)
    assert (told.of(Place.SENT), told.left, len(read)) == (8, 15, 1)
    assert look(mailing)[1] == []


def test_what_changes_in_a_batch_that_rests_is_seen_within_the_minute(
    mail_db: Session, mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(mailing)
    gone = update(Delivery).where(Delivery.mailing_id == mailing.id, Delivery.batch_number == 1)
    mail_db.execute(gone.values(state=SendState.SKIPPED, reason="erased"))
    mail_db.commit()
    assert resting.standing(mailing).left == 25
    monkeypatch.setattr(resting, "GOOD_FOR", 0.0)
    assert look(mailing)[0].left == 15


def test_many_batches_are_counted_as_all_are(
    mail_db: Session, mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "MOST_NAMED", 2)
    told, read = look(mailing)
    assert told.left == 25
    assert "batch_number IN" not in read[0]


def test_a_few_mailings_are_remembered(mail_db: Session, mailing: Mailing) -> None:
    look(mailing)
    for nth in range(resting.KEPT):
        other = circular(f"other {nth}", due_at=clock.now() + timedelta(days=1))
        look(other)
    assert len(look(mailing)[1]) == 1
