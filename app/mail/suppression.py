"""Addresses that we do not e-mail: known by a keyed hash, so that they outlive an erasure.

Staff add to them and never take away. Only the owner of an address ends it: by proving that mail
arrives again, where it came back; by asking for it, where they had asked us to stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, exists, select

from app.foundation import clock, text
from app.foundation.among import among
from app.foundation.db import db, upsert
from app.mail.masking import masked_words
from app.mail.models import Suppression, SuppressionReason
from app.people.actions import address_digest

CAME_BACK = frozenset({SuppressionReason.BOUNCED, SuppressionReason.UNREACHABLE})
"""Where a mailed link that is pressed proves that we were wrong, or are no longer right."""

_PROOFS: set[str] = set()


def proves_address(*kinds: str) -> None:
    """Say which messages carry a link whose owner asked for it to prove that mail arrives.

    These alone go to an address from which mail came back; who posts them sets the limit.
    """
    _PROOFS.update(kinds)


def suppress(email: str, reason: SuppressionReason, detail: str = "") -> None:
    """Never e-mail an address again. The first reason stays, but for a wish of the owner's, which
    stands above what servers say."""
    canonical = text.canonical_email(email)
    values = {
        "masked": text.mask_email(canonical),
        "reason": reason,
        "detail": masked_words(detail, canonical),
        "at": clock.now(),
    }
    new = upsert(Suppression).values(digest=address_digest(canonical), **values)
    if reason in CAME_BACK:
        db.execute(new.on_conflict_do_nothing())
    else:
        came_back = Suppression.reason.in_(CAME_BACK)
        db.execute(
            new.on_conflict_do_update(
                index_elements=[Suppression.digest], set_=values, where=came_back
            )
        )


def suppressed_among(emails: Iterable[str]) -> Mapping[str, SuppressionReason]:
    """Which of these addresses, in their canonical form, we do not e-mail, and why."""
    by_digest = {address_digest(email): email for email in emails}
    found = db.execute(
        select(Suppression.digest, Suppression.reason).where(among(Suppression.digest, by_digest))
    )
    return {by_digest[digest]: reason for digest, reason in found}


def holds_for(reason: SuppressionReason | None, kind: str) -> bool:
    """Whether a message of this kind must not go to an address for this reason."""
    return reason is not None and not (reason in CAME_BACK and kind in _PROOFS)


def found(digest: str) -> Suppression | None:
    """Why we do not e-mail the address with this digest; None if we do."""
    return db.get(Suppression, digest)


def came_back(digest: str) -> bool:
    """Whether we stopped because mail to the address came back."""
    return db.scalar(_REASON, {"digest": digest}) in CAME_BACK


_REASON = select(Suppression.reason).where(Suppression.digest == bindparam("digest"))
HAS_COME_BACK = exists().where(
    Suppression.digest == bindparam("digest"), Suppression.reason.in_(CAME_BACK)
)
"""The same as a part of another statement, with the parameter `digest`."""
