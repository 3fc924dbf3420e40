"""What all batches of a mailing share, made once by a worker: the question, the mark, the frame."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from flask import current_app
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    case,
    inspect,
    null,
    or_,
    select,
    update,
)

from app.foundation.db import UTCDateTime, db
from app.foundation.edge import Statement
from app.mail import registry, weekly_cap
from app.mail.letters import Stationery
from app.mail.models import (
    Batch,
    BatchState,
    Delivery,
    Mailing,
    MailingState,
    SendState,
    Suppression,
)
from app.mail.reasons import Reason
from app.mail.registry import Kind
from app.people.models import Address, Person, Standing, Unsubscription

KEPT = 4
MOVING = frozenset({"state", "started_at", "finished_at", "leaves_doubt"})
"""What changes about a mailing while it goes out; everything else is frozen."""


class Shared:
    """Of one mailing; the statements name the batch and the attempt when they are run."""

    def __init__(self, mailing: Mailing) -> None:
        self.mailing = mailing
        self.kind = registry.kind_of(mailing)
        self.stationery = Stationery(mailing)
        self.question = Statement(_question(mailing, self.kind))
        self.mark_sent = Statement(_mark_sent(mailing.id, current_app.config["ACK_WINDOW"]))


def of(mailing_id: int) -> Shared:
    """What the batches of a mailing share; call it where the database may be read."""
    kept: OrderedDict[int, tuple[list[Any], Shared]] = current_app.extensions.setdefault(
        "mailings_in_hand", OrderedDict()
    )
    mailing = db.get_one(Mailing, mailing_id)
    facts = [*_facts(mailing), weekly_cap.applies(mailing)]
    before = kept.get(mailing_id)
    if before is None or before[0] != facts:
        kept[mailing_id] = before = (facts, Shared(mailing))
        while len(kept) > KEPT:
            kept.popitem(last=False)
    return before[1]


def _facts(mailing: Mailing) -> list[Any]:
    names = inspect(Mailing).column_attrs.keys()
    return [getattr(mailing, name) for name in names if name not in MOVING]


def _is_ours() -> ColumnElement[bool]:
    return and_(
        Batch.id == bindparam("batch_id", type_=BigInteger),
        Batch.attempt == bindparam("batch_attempt", type_=Integer),
        Batch.state == BatchState.SENDING,
    )


def _question(mailing: Mailing, kind: Kind) -> Select[Any]:
    """Who comes after a person in a batch that is ours and may be sent, and why not after all."""
    return (
        select(
            _refusal(mailing, kind),
            Delivery.person_id,
            Person.name,
            Address.email,
            Person.language,
            Delivery.tries,
            Person.time_zone,
            Person.digest_hour,
            Delivery.reason,
        )
        .select_from(Delivery)
        .join(Batch, _is_ours())
        .join(Mailing, Mailing.id == Delivery.mailing_id)
        .join(Person, Person.id == Delivery.person_id)
        .outerjoin(Address, Address.id == Person.address_id)
        .where(
            Delivery.mailing_id == mailing.id,
            Delivery.batch_number == Batch.number,
            Delivery.person_id > bindparam("after", type_=BigInteger),
            Delivery.state == SendState.WAITING,
            Delivery.due_at <= Batch.taken_at,
            Mailing.state == MailingState.SENDING,
        )
        .order_by(Delivery.person_id)
        .limit(bindparam("size", type_=Integer))
    )


def _refusal(mailing: Mailing, kind: Kind) -> Any:
    """The reason not to send to a person, or NULL."""
    suppressed = select(Suppression.digest).where(Suppression.digest == Address.digest)
    unsubscribed = select(Unsubscription.person_id).where(
        Unsubscription.person_id == Person.id, Unsubscription.purpose == mailing.purpose
    )
    own = kind.refusal(mailing)
    return case(
        (Mailing.expires_at <= bindparam("now", type_=UTCDateTime()), Reason.LATE.value),
        (and_(Delivery.in_doubt, Mailing.leaves_doubt), Reason.LEFT.value),
        (Person.standing == Standing.ERASED, Reason.ERASED.value),
        (Person.standing == Standing.UNCONFIRMED, Reason.UNCONFIRMED.value),
        (Person.standing != Standing.ACTIVE, Reason.DISABLED.value),
        (Address.email.is_(None), Reason.NO_ADDRESS.value),
        (Address.confirmed_at.is_(None), Reason.UNCONFIRMED.value),
        (suppressed.exists(), Reason.DO_NOT_EMAIL.value),
        (unsubscribed.exists(), Reason.UNSUBSCRIBED.value),
        *weekly_cap.refusals(mailing),
        else_=null() if own is None else own,
    )


def _mark_sent(mailing_id: int, window: int) -> Update:
    """Marks people's copies as sent if the batch is still ours, and says how the mailing stands.

    What staff left alone a moment ago, while it was on the wire, was sent all the same.
    """
    ours = select(Batch.id).where(_is_ours()).exists()
    standing = select(Mailing.state).where(Mailing.id == mailing_id).scalar_subquery()
    people = [bindparam(f"person_{nth}", type_=BigInteger) for nth in range(window)]
    return (
        update(Delivery)
        .where(
            Delivery.mailing_id == mailing_id,
            Delivery.batch_number == bindparam("batch_number", type_=Integer),
            Delivery.person_id.in_(people),
            or_(Delivery.state == SendState.WAITING, Delivery.reason == Reason.LEFT.value),
            ours,
        )
        .values(state=SendState.SENT, reason="", sent_at=bindparam("now", type_=UTCDateTime()))
        .returning(standing)
    )
