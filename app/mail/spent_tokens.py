"""Tokens of signed calls, each good once."""

from __future__ import annotations

from app.foundation import clock, tokens
from app.foundation.db import db, upsert
from app.mail.models import SpentToken


def spend(token: str) -> bool:
    """Use up the token of a signed call; False if it was used before."""
    new = upsert(SpentToken).values(digest=tokens.digest(token), at=clock.now())
    spent = new.on_conflict_do_nothing().returning(SpentToken.digest)
    return db.execute(spent).first() is not None
