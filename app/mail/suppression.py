"""Addresses that we do not e-mail: known by a keyed hash, so that they outlive an erasure."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.foundation import clock, text
from app.foundation.db import db, is_postgresql
from app.mail.models import Suppression, SuppressionReason
from app.people.actions import address_digest

LONGEST_DETAIL = 500


def suppress(email: str, reason: SuppressionReason, detail: str = "") -> None:
    """Never e-mail an address again. The first reason stays when there is another later."""
    canonical = text.canonical_email(email)
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    db.execute(
        insert(Suppression)
        .values(
            digest=address_digest(canonical),
            masked=text.mask_email(canonical),
            reason=reason,
            detail=text.one_line(detail)[:LONGEST_DETAIL],
            at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


def suppressed_among(emails: Iterable[str]) -> frozenset[str]:
    """Which of these addresses, in their canonical form, we do not e-mail."""
    by_digest = {address_digest(email): email for email in emails}
    found = db.scalars(select(Suppression.digest).where(Suppression.digest.in_(by_digest)))
    return frozenset(by_digest[digest] for digest in found)
