"""What time does to accounts: one reminder, then forgetting whoever never confirmed; and what staff
are told each morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, cast, delete, exists, literal, select

from app.accounts import approvals, links, mails, personal, queries
from app.accounts.models import EmailLink, LinkKind, SignInSession
from app.foundation import clock, language, limits
from app.foundation.db import db
from app.mail.models import Message
from app.people.models import Address, Person, Standing

REMIND_AFTER = timedelta(days=2)
FORGET_AFTER = links.LIFETIME
KEEP_OLD_LINKS = timedelta(days=30)
"""So that an old link's page can still say that it was used or is too old."""
AT_ONCE = 200
MORNING = 8


def remind() -> int:
    """Write once more to those who joined two days ago; how many were written to."""
    now = clock.now()
    key = literal(mails.REMINDER_KEY) + cast(Person.id, String)
    reminded = exists().where(Message.once == key)
    joined = exists().where(Message.person_id == Person.id, Message.kind.like("accounts/confirm%"))
    rows = db.execute(
        select(Person, Address)
        .join(Address, Address.id == Person.address_id)
        .where(
            Person.standing == Standing.UNCONFIRMED,
            Person.created_at <= now - REMIND_AFTER,
            Person.created_at > now - FORGET_AFTER,
            joined,
            ~reminded,
        )
        .order_by(Person.id)
        .limit(AT_ONCE)
    ).all()
    for person, address in rows:
        issued = links.issue(
            LinkKind.CONFIRM,
            address=address,
            person=person,
            about=links.last_wish(person),
            expires_at=person.created_at + FORGET_AFTER,
        )
        mails.remind(address, person, issued)
    return len(rows)


def forget_unconfirmed() -> None:
    """Delete who never confirmed within seven days, with all that hangs on them."""
    now = clock.now()
    db.execute(
        delete(Person).where(
            Person.standing == Standing.UNCONFIRMED,
            Person.address_id.is_not(None),
            Person.created_at <= now - FORGET_AFTER,
            ~exists().where(EmailLink.person_id == Person.id, *_live(now)),
        )
    )


def forget_old() -> None:
    """Delete sessions, links and counts that nobody looks at, and addresses of nobody."""
    now = clock.now()
    db.execute(delete(SignInSession).where(SignInSession.expires_at <= now))
    db.execute(delete(EmailLink).where(EmailLink.expires_at <= now - KEEP_OLD_LINKS))
    limits.forget_old()
    live = exists().where(EmailLink.address_id == Address.id, *_live(now))
    unused = personal.nobody_refers_to(personal.ADDRESS, but={EmailLink.__tablename__})
    db.execute(delete(Address).where(Address.created_at <= now - FORGET_AFTER, ~live, unused))


def _live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return EmailLink.used_at.is_(None), EmailLink.expires_at > now


def tell_of_approvals() -> int:
    """Tell staff what waits for them, from eight in the morning on, once a day; how many people."""
    here = clock.now().astimezone(ZoneInfo(clock.HOME_ZONE))
    key = f"approvals:{here.date()}:"
    told = exists().where(Message.once.startswith(key, autoescape=True))
    if here.hour < MORNING or db.scalar(select(told)) or not approvals.waiting():
        return 0
    readers = [person for person in queries.staff() if person.address is not None]
    for person in readers:
        with language.speaking(person.language):
            mails.approvals(person, approvals.waiting(), once=f"{key}{person.id}")
    return len(readers)
