"""What a mailbox and providers tell of our mail, and what follows for the mail it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from app.foundation.db import db
from app.mail import origins
from app.mail.bounces import News, note
from app.mail.dsn import Report
from app.mail.masking import masked_words
from app.mail.models import BounceKind, Delivery, Message, SendState
from app.mail.origins import Origin
from app.people import actions as people
from app.people import wordings
from app.people.actions import Agreement, address_digest
from app.people.models import BULK, Address, Person

CHANNEL = "called our mail spam"


def take(report: Report) -> bool:
    """Do what follows from a report, if it speaks of a mail of ours; False if nothing does."""
    origin = _origin(report)
    if origin is None:
        return False
    return _happened(origin, report.kind, report.words)


def told(email: str, message_id: str, kind: BounceKind, words: str, once: str) -> bool:
    """Do what follows from what a provider told, who vouches for the address; False if it is no
    news, or of an address that we do not know: others may send over the same account."""
    origin = origins.by_message_id(message_id, [email]) if message_id else None
    if origin is not None:
        return _happened(origin, kind, words)
    address = db.scalars(select(Address).where(Address.digest == address_digest(email))).first()
    if address is None or not note(News(email, kind, words, once)):
        return False
    if kind == BounceKind.COMPLAINT:
        _unsubscribe(db.scalars(select(Person.id).where(Person.address_id == address.id)).all())
    return True


def _origin(report: Report) -> Origin | None:
    for sender in report.senders:
        origin = origins.by_sender(sender)
        if origin is not None and (report.alone or origin.email in report.recipients):
            return origin
    returned = report.returned
    if returned.message_id and report.recipients:
        origin = origins.by_message_id(returned.message_id, report.recipients)
        if origin is not None:
            return origin
    if report.kind == BounceKind.COMPLAINT and returned.unsubscribe:
        return origins.by_link(returned.unsubscribe)
    return None


def _happened(origin: Origin, kind: BounceKind, words: str) -> bool:
    """Each mail counts once for each kind, so that a report sent twice changes nothing."""
    is_new = note(News(origin.email, kind, words, f"{origin.key}:{kind}"))
    if not is_new:
        return False
    if kind != BounceKind.COMPLAINT:
        _mark_failed(origin, masked_words(words, origin.email))
    elif origin.person_id is not None:
        _unsubscribe([origin.person_id], origin.mailing_id)
    return True


def _mark_failed(origin: Origin, words: str) -> None:
    """What was handed over did not arrive after all."""
    values: dict[str, Any] = {"state": SendState.FAILED, "reason": words}
    table: type[Message] | type[Delivery] = Message
    which = Message.id == origin.message_id
    if not origin.message_id:
        table = Delivery
        which = (Delivery.mailing_id == origin.mailing_id) & (
            Delivery.person_id == origin.person_id
        )
    failed = update(table).where(which, table.state == SendState.SENT).values(values)
    db.execute(failed.execution_options(synchronize_session=False))


def _unsubscribe(person_ids: Iterable[int], mailing_id: int = 0) -> None:
    """Whoever calls our mail spam wants none to many people any more."""
    scope = f"mailing {mailing_id}" if mailing_id else ""
    for person_id in person_ids:
        for purpose in BULK:
            agreement = Agreement(purpose, wordings.CURRENT[purpose], CHANNEL, scope)
            people.unsubscribe(person_id, agreement)
