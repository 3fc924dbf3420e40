"""Holding all mail: after a restore until staff have looked, or because staff say so."""

from __future__ import annotations

from sqlalchemy import Connection, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from app.foundation import clock, queue
from app.foundation.db import db
from app.mail.models import HoldReason, SendingHold


def current() -> SendingHold | None:
    """Why no mail leaves now; None where it does."""
    return db.get(SendingHold, 1)


def hold(connection: Connection, reason: HoldReason, by_id: int | None = None) -> None:
    """Let no mail leave from the commit on; who holds already goes on holding."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    held = insert(SendingHold).values(id=1, reason=reason, since=clock.now(), by_id=by_id)
    connection.execute(held.on_conflict_do_nothing())


def restored() -> None:
    """A restore is complete; from now on staff may let mail leave."""
    db.execute(
        update(SendingHold)
        .where(SendingHold.reason == HoldReason.RESTORING)
        .values(reason=HoldReason.RESTORED)
    )


def release() -> bool:
    """Let mail leave again; False while a restore is not complete, or if nothing was held."""
    may = SendingHold.reason != HoldReason.RESTORING
    released = db.execute(delete(SendingHold).where(may).returning(SendingHold.id)).first()
    queue.after_commit("mail.sweep")
    return released is not None
