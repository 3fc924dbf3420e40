"""Tokens of signed calls, each good once."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from app.foundation import clock, tokens
from app.foundation.db import db, is_postgresql
from app.mail.models import SpentToken


def spend(token: str) -> bool:
    """Use up the token of a signed call; False if it was used before."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    new = insert(SpentToken).values(digest=tokens.digest(token), at=clock.now())
    spent = new.on_conflict_do_nothing().returning(SpentToken.digest)
    return db.execute(spent).first() is not None
