"""Erasing a person: every personal column is blanked, every door closed, and no mail goes out."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update

from app.accounts import links, personal, roles, sessions
from app.accounts.audit import audit
from app.accounts.models import Credential, EmailLink, LastSignIn, NationalRole
from app.foundation import clock, signals
from app.foundation.db import db
from app.mail.models import WORDLESS, Bounce, Message, SendState, Suppression
from app.mail.reasons import Reason
from app.people.models import Address, Disclosure, Person, Standing


def erase(person: Person) -> None:
    """Blank all that is personal and keep a nameless row for the counts.

    Raises LastAdministrator. An address that somebody else uses as well stays theirs.
    """
    if roles.is_administrator(person.id):
        roles.refuse_last_administrator(person.id)
    db.flush()
    signals.person_leaving.send(person)
    person.standing = Standing.ERASED
    db.flush()
    signals.person_erased.send(person)
    _close_doors(person)
    _blank(person)
    _stop_mail(Message.person_id == person.id)
    _forget_address(person)
    audit("accounts", "erased", person.id)


def _close_doors(person: Person) -> None:
    sessions.end_all(person.id)
    links.end_pending(person)
    db.execute(delete(Credential).where(Credential.person_id == person.id))
    db.execute(delete(LastSignIn).where(LastSignIn.person_id == person.id))
    db.execute(delete(EmailLink).where(EmailLink.person_id == person.id))
    db.execute(delete(Disclosure).where(Disclosure.person_id == person.id))
    yesterday = clock.today() - timedelta(days=1)
    held = NationalRole.person_id == person.id
    db.execute(delete(NationalRole).where(held, NationalRole.since > yesterday))
    db.execute(
        update(NationalRole).where(held, NationalRole.until.is_(None)).values(until=yesterday)
    )


def _stop_mail(theirs: ColumnElement[bool]) -> None:
    db.execute(
        update(Message)
        .where(theirs, Message.state == SendState.WAITING)
        .values(WORDLESS | {"state": SendState.SKIPPED, "reason": Reason.ERASED.value})
    )


def _blank(person: Person) -> None:
    for belongings in personal.of_person(person):
        blanked = belongings.blanked()
        if blanked and belongings.table is not personal.ADDRESS:
            db.execute(update(belongings.table).where(belongings.where).values(blanked))


def _forget_address(person: Person) -> None:
    """Delete the address unless somebody else uses it; a suppression keeps its hash."""
    address_id = person.address_id
    person.address_id = None
    db.flush()
    db.refresh(person)
    if address_id is None:
        return
    shared = db.scalars(select(Person.id).where(Person.address_id == address_id)).first()
    if shared is None:
        _forget_mail_to(db.get_one(Address, address_id))
        db.execute(delete(Address).where(Address.id == address_id))


def _forget_mail_to(address: Address) -> None:
    """Messages to an address need not name a person; a suppression keeps no word of a relay."""
    to_them = Message.email == address.email
    _stop_mail(to_them)
    kept = personal.blanked(personal.MESSAGE)
    kept.pop("reason")
    db.execute(update(Message).where(to_them).values(kept))
    db.execute(update(Suppression).where(Suppression.digest == address.digest).values(detail=""))
    db.execute(delete(Bounce).where(Bounce.digest == address.digest))
