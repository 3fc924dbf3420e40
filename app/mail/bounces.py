"""What follows when a mail comes back or is called spam, however we learn of it.

Relays answer at once (ledger, single), a mailbox and providers tell later; all end in `note`. The
same news twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.foundation import clock, text
from app.foundation.db import db, upsert
from app.mail import refusals
from app.mail.masking import masked_words
from app.mail.models import (
    Bounce,
    BounceKind,
    SuppressionReason,
)
from app.mail.suppression import suppress
from app.mail.verdicts import Verdict
from app.people.actions import address_digest

CHANNEL = "called our mail spam"
KEPT = refusals.COUNTED_FOR
TOKENS = timedelta(days=2)
AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class News:
    """Something that a relay, a mailbox or a provider told of a mail to one address."""

    email: str
    kind: BounceKind
    words: str
    once: str


def note(news: News) -> bool:
    """Keep the news and do what follows for the address; False if it was known."""
    digest = address_digest(news.email)
    is_new = db.execute(
        upsert(Bounce)
        .values(
            once=news.once,
            digest=digest,
            masked=text.mask_email(news.email),
            kind=news.kind,
            words=masked_words(news.words, news.email),
            at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[Bounce.once])
        .returning(Bounce.id)
    ).first()
    if is_new is None:
        return False
    reason = _reason(news.kind, digest)
    if reason is not None:
        suppress(news.email, reason, news.words)
    return True


def note_refusal(email: str, verdict: Verdict, key: str) -> None:
    """Keep what a relay answered at once about the mail of this key."""
    if verdict.bounce is not None:
        note(News(email, verdict.bounce, verdict.reason, f"{key}:{verdict.bounce}"))


def _reason(kind: BounceKind, digest: str) -> SuppressionReason | None:
    """Why we stop writing to an address after this; None if we do not."""
    if kind == BounceKind.COMPLAINT:
        return SuppressionReason.COMPLAINED
    if kind == BounceKind.HARD:
        return SuppressionReason.BOUNCED
    if kind == BounceKind.SOFT and _score(digest) >= refusals.LIMIT:
        return SuppressionReason.UNREACHABLE
    return None


def _score(digest: str) -> float:
    now = clock.now()
    refused_at = db.scalars(
        select(Bounce.at).where(
            Bounce.digest == digest,
            Bounce.kind == BounceKind.SOFT,
            Bounce.forgiven.is_(False),
            Bounce.at > now - refusals.COUNTED_FOR,
        )
    )
    return refusals.score(refused_at, now)
