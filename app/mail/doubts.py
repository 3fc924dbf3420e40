"""Mail that may have arrived: it goes again after a while, unless staff decide to leave it.

They decide about one mail, or for a mailing about all that are in doubt or will be. The mark of
doubt stays whatever they decide; a copy that left at that very moment is written down as sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Update, and_, func, literal, null, select, union_all, update

from app.foundation import queue, signals
from app.foundation.db import db
from app.mail.models import WORDLESS, Batch, BatchState, Delivery, Mailing, Message, SendState
from app.mail.reasons import Reason
from app.people.models import Address, Person

MAILINGS_SHOWN = 50
LEFT = {"state": SendState.SKIPPED, "reason": Reason.LEFT.value}


def _in_doubt() -> Any:
    """Every mail in doubt: copies of mailings, and single letters, which belong to none."""
    copies = (
        select(
            Delivery.mailing_id,
            Delivery.person_id.label("number"),
            Mailing.title,
            Mailing.purpose,
            func.coalesce(Address.email, "").label("email"),
            Delivery.state,
            func.coalesce(Delivery.sent_at, Delivery.due_at).label("at"),
        )
        .join(Mailing, Mailing.id == Delivery.mailing_id)
        .join(Person, Person.id == Delivery.person_id)
        .outerjoin(Address, Address.id == Person.address_id)
        .where(Delivery.in_doubt)
    )
    letters = select(
        null().label("mailing_id"),
        Message.id,
        literal(""),
        Message.purpose,
        Message.email,
        Message.state,
        func.coalesce(Message.sent_at, Message.due_at),
    ).where(Message.in_doubt)
    return union_all(copies, letters).subquery("doubt")


DOUBT = _in_doubt().c


def listed() -> Select[Any]:
    """All that may have arrived twice, for the list."""
    return select(*DOUBT)


def mailings() -> Sequence[tuple[int, str]]:
    """The mailings with copies in doubt, the newest first."""
    in_doubt = select(Delivery.person_id).where(
        Delivery.mailing_id == Mailing.id, Delivery.in_doubt
    )
    rows = db.execute(
        select(Mailing.id, Mailing.title)
        .where(in_doubt.exists())
        .order_by(Mailing.id.desc())
        .limit(MAILINGS_SHOWN)
    )
    return [(number, title) for number, title in rows]


def undecided(mailing: Mailing) -> int:
    """How many of a mailing's copies would go again."""
    return db.scalar(select(func.count()).where(*_waits(mailing.id))) or 0


def leave(mailing_id: int, person_id: int) -> bool:
    """Do not send this copy again; False if it has gone, or nobody doubts it."""
    copy = update(Delivery).where(*_waits(mailing_id), Delivery.person_id == person_id)
    if not _updated(copy.values(LEFT)):
        return False
    _wake(mailing_id)
    signals.staff_acted.send("mail", action="doubt left", object_id=mailing_id, people=1)
    return True


def leave_letter(message_id: int) -> bool:
    """Do not send this letter again; False if it is on its way, has gone, or nobody doubts it."""
    waits = (Message.id == message_id, Message.in_doubt, Message.state == SendState.WAITING)
    if not _updated(update(Message).where(*waits).values(LEFT | WORDLESS)):
        return False
    signals.staff_acted.send("mail", action="letter left", object_id=message_id)
    return True


def leave_all(mailing: Mailing) -> int:
    """Send nothing again of a mailing that is in doubt, now or later; how many wait now."""
    db.refresh(mailing, with_for_update=True)
    mailing.leaves_doubt = True
    people = _updated(update(Delivery).where(*_waits(mailing.id)).values(LEFT))
    _wake(mailing.id)
    signals.staff_acted.send("mail", action="doubts left", object_id=mailing.id, people=people)
    return people


def send_by_itself(mailing: Mailing) -> None:
    """What will be in doubt goes again by itself; what was left before stays so."""
    mailing.leaves_doubt = False
    signals.staff_acted.send("mail", action="doubts go again", object_id=mailing.id)


def _waits(mailing_id: int) -> tuple[Any, ...]:
    return (
        Delivery.mailing_id == mailing_id,
        Delivery.in_doubt,
        Delivery.state == SendState.WAITING,
    )


def _wake(mailing_id: int) -> None:
    """Let batches of which nothing waits any more end now, not when they were due."""
    waiting = select(Delivery.person_id).where(
        Delivery.mailing_id == Batch.mailing_id,
        Delivery.batch_number == Batch.number,
        Delivery.state == SendState.WAITING,
    )
    over = and_(
        Batch.mailing_id == mailing_id, Batch.state == BatchState.WAITING, ~waiting.exists()
    )
    _updated(update(Batch).where(over).values(state=BatchState.DONE))
    queue.after_commit("mail.sweep")


def _updated(statement: Update) -> int:
    result: Any = db.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
