"""Links in mails and the six digits beside them: single use, seven days, ten tries.

A domain that writes a mail of its own asks `may_write_to`, then issues a link and puts
`url(issued, language)` and `issued.code` into its text. What the button on the link's page does is
in actions.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update

from app.accounts.models import EmailLink, LinkKind
from app.foundation import clock, links, tokens
from app.foundation import language as languages
from app.foundation.db import db, table_of
from app.foundation.limits import Limit, TooMany
from app.mail import suppression
from app.people.models import Address, Person

LIFETIME = timedelta(days=7)
TRIES = 10
TO_UNCONFIRMED = Limit("mail to an unconfirmed address", 3, timedelta(hours=6))
TO_CONFIRMED = Limit("link to a confirmed address", 5, timedelta(hours=1))
TO_CAME_BACK = Limit("mail to an address from which mail came back", 1, timedelta(days=1))


@dataclass(frozen=True)
class IssuedLink:
    """The two secrets of a link, which only its mail knows."""

    secret: str
    code: str


def may_write_to(address: Address) -> bool:
    """Whether the address may get one more mail with a link now; counts the mail if so.

    Anybody can ask us to write to anybody, so an address that is not confirmed gets at most three
    mails in six hours, and one from which mail came back one in a day. Whoever asked is told the
    same either way.
    """
    limit = TO_CONFIRMED if address.confirmed_at else TO_UNCONFIRMED
    key = str(address.id)
    if limit.took(key, unless=suppression.HAS_COME_BACK, digest=address.digest):
        return True
    if not suppression.came_back(address.digest):
        return False
    try:
        TO_CAME_BACK.take(key)
    except TooMany:
        return False
    return True


ONLY_HERE = "#"
"""After it a wish says what the mail of this one link told, which no other mail repeats."""


def issue(
    kind: LinkKind,
    *,
    address: Address,
    person: Person | None = None,
    next_url: str = "",
    about: str = "",
    expires_at: datetime | None = None,
) -> IssuedLink:
    """Make a link and its code.

    `next_url` is where its button leads in the end, `about` the wish that it makes real.
    """
    issued = IssuedLink(secret=tokens.new(), code=tokens.new_code())
    secret_digest = tokens.digest(issued.secret)
    now = clock.now()
    values = {
        "kind": kind,
        "secret_digest": secret_digest,
        "code_digest": _code_digest(secret_digest, issued.code),
        "address_id": address.id,
        "person_id": None if person is None else person.id,
        "next_url": next_url,
        "about": about,
        "created_at": now,
        "expires_at": expires_at or now + LIFETIME,
    }
    db.execute(_INSERT, values)
    return issued


_INSERT = insert(table_of(EmailLink))


def last_wish(person: Person) -> str:
    """What the newest link of somebody unconfirmed was about, for one that takes its place."""
    newest = (
        select(EmailLink.about)
        .where(EmailLink.person_id == person.id, EmailLink.kind == LinkKind.CONFIRM)
        .order_by(EmailLink.id.desc())
        .limit(1)
    )
    return (db.scalar(newest) or "").partition(ONLY_HERE)[0]


def url(issued: IssuedLink, language: str = languages.DEFAULT) -> str:
    """The address of the page with the one button."""
    return links.absolute("accounts.confirm", language=language, token=issued.secret)


def find(secret: str) -> EmailLink | None:
    """The link of a secret, whatever became of it."""
    return db.scalars(
        select(EmailLink).where(EmailLink.secret_digest == tokens.digest(secret))
    ).first()


def is_live(link: EmailLink) -> bool:
    return link.used_at is None and link.expires_at > clock.now()


def with_code(email_address: Address, code: str) -> EmailLink | None:
    """The newest live link of an address that this code stands beside."""
    candidates = db.scalars(
        select(EmailLink)
        .where(
            EmailLink.address_id == email_address.id,
            EmailLink.used_at.is_(None),
            EmailLink.expires_at > clock.now(),
            EmailLink.tries < TRIES,
        )
        .order_by(EmailLink.id.desc())
    )
    matching = [link for link in candidates if _fits(link, code)]
    return matching[0] if matching else None


def count_try(address_id: int) -> None:
    """A wrong code was typed: one try less for every code of the address."""
    db.execute(
        update(EmailLink)
        .where(EmailLink.address_id == address_id, EmailLink.used_at.is_(None))
        .values(tries=EmailLink.tries + 1)
    )


def spend(link: EmailLink) -> bool:
    """Use a link up; False if somebody else was faster."""
    spent = db.execute(
        update(EmailLink)
        .where(EmailLink.id == link.id, EmailLink.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(EmailLink.id)
    ).first()
    return spent is not None


def end_pending(person: Person) -> None:
    """Whatever waits in an inbox of this person opens nothing any more."""
    db.execute(
        update(EmailLink)
        .where(
            EmailLink.used_at.is_(None),
            or_(
                EmailLink.person_id == person.id,
                (EmailLink.person_id.is_(None)) & (EmailLink.address_id == person.address_id),
            ),
        )
        .values(expires_at=clock.now())
    )


def _code_digest(secret_digest: str, code: str) -> str:
    return tokens.keyed_digest("code", f"{secret_digest}:{code}")


def _fits(link: EmailLink, code: str) -> bool:
    return secrets.compare_digest(_code_digest(link.secret_digest, code), link.code_digest)
