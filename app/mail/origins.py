"""Which of our mails came back: read from what only that mail and its relays know.

The envelope sender of each mail names it under a tag that cannot be guessed and that holds for the
address it went to alone, so that mail to somebody's former address says nothing of the new one.
Without it the Message-ID serves, which is a keyed hash as well; a complaint may come with nothing
but the link to unsubscribe.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import Select, select

from app.foundation import clock
from app.foundation.db import db
from app.mail import actions, letters, mime
from app.mail.models import Delivery, Message
from app.people.models import Address, Person

LOOKED_BACK = timedelta(days=30)
LOOKED_THROUGH = 200
"""How many copies to one address are compared with a Message-ID, the latest first."""

_SENDER = re.compile(r"bounce\+(?:m([0-9a-f]{1,12})p([0-9a-f]{1,12})|s([0-9a-f]{1,12}))-")
_LINK = re.compile(r"/unsubscribe/([\w.=-]{1,200})")


@dataclass(frozen=True, slots=True)
class Origin:
    """A mail of ours: a person's copy of a mailing, or a message; `email` is where it went."""

    email: str
    mailing_id: int = 0
    person_id: int | None = None
    message_id: int = 0

    @property
    def key(self) -> str:
        """The name of this mail in its envelope sender."""
        if self.message_id:
            return letters.message_key(self.message_id)
        return letters.copy_key(self.mailing_id, self.person_id or 0)


def by_sender(address: str) -> Origin | None:
    """The mail whose envelope sender this is, or None: forged, cut off, or to a former address."""
    address = address.lower()
    local, _, _domain = address.partition("@")
    named = _SENDER.match(local)
    if named is None:
        return None
    mailing_id, person_id, message_id = [int(named[nth] or "0", 16) for nth in (1, 2, 3)]
    origin = _message(message_id) if message_id else _copy(mailing_id, person_id)
    if origin is None:
        return None
    ours = mime.verp_sender(_secret(), origin.key, origin.email, _domain_of_mail())
    return origin if hmac.compare_digest(ours.partition("@")[0], local) else None


def by_message_id(message_id: str, recipients: Iterable[str]) -> Origin | None:
    """The mail with this Message-ID among those that went to one of the recipients."""
    single = db.scalars(select(Message).where(Message.message_id == message_id)).first()
    if single is not None:
        return Origin(single.email, 0, single.person_id, single.id) if single.email else None
    for mailing_id, person_id, email in db.execute(_copies_to(recipients)):
        ours = letters.copy_message_id(_secret(), mailing_id, person_id, _domain_of_mail())
        if hmac.compare_digest(ours.encode(), message_id.encode()):
            return Origin(email or "", mailing_id, person_id)
    return None


def by_link(header: str) -> Origin | None:
    """The copy of a mailing whose header List-Unsubscribe this is."""
    link = _LINK.search(header)
    found = actions.subscription_of(link[1]) if link else None
    return _copy(found.mailing_id, found.person_id) if found is not None else None


def _message(message_id: int) -> Origin | None:
    message = db.get(Message, message_id)
    if message is None or not message.email:
        return None
    return Origin(message.email, 0, message.person_id, message.id)


def _copy(mailing_id: int, person_id: int) -> Origin | None:
    email = db.scalar(
        select(Address.email)
        .join(Person, Person.address_id == Address.id)
        .join(Delivery, Delivery.person_id == Person.id)
        .where(Person.id == person_id, Delivery.mailing_id == mailing_id)
    )
    return Origin(email, mailing_id, person_id) if email else None


def _copies_to(recipients: Iterable[str]) -> Select[int, int, str | None]:
    return (
        select(Delivery.mailing_id, Delivery.person_id, Address.email)
        .join(Person, Person.id == Delivery.person_id)
        .join(Address, Address.id == Person.address_id)
        .where(
            Address.email.in_(recipients),
            Delivery.due_at > clock.now() - LOOKED_BACK,
        )
        .order_by(Delivery.due_at.desc())
        .limit(LOOKED_THROUGH)
    )


def _secret() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()


def _domain_of_mail() -> str:
    return str(current_app.config["MAIL_DOMAIN"])
