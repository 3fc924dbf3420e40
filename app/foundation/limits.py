"""How often somebody may try: counted in the database, so it holds with and without Redis.

Keys are hashed; rows go after a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Index,
    Insert,
    Integer,
    Select,
    String,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import clock, tokens
from app.foundation.db import Base, UTCDateTime, WithId, db, table_of


class TooMany(Exception):
    """A limit is reached; `wait` says for how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait


class Attempt(WithId, Base):
    """One try of something that is limited."""

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "kind", "key_digest", "at"),)

    kind: Mapped[str]
    key_digest: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts of a kind by one key within `window`."""

    kind: str
    most: int
    window: timedelta

    def check(self, key: str) -> None:
        """Raise TooMany if the key has used up its attempts."""
        since = clock.now() - self.window
        count, first = db.execute(self._since(since, key, func.count(), func.min(Attempt.at))).one()
        if count >= self.most:
            raise TooMany(first - since)

    def take(self, key: str) -> None:
        """Count one attempt, or raise TooMany; one statement where there is an attempt left."""
        now = clock.now()
        values = {
            "this_kind": self.kind,
            "this_key": self._digest(key),
            "now": now,
            "since": now - self.window,
            "most": self.most,
        }
        if db.scalar(_TAKE, values) is None:
            self.check(key)

    def note(self, key: str) -> None:
        """Count one attempt."""
        db.add(Attempt(kind=self.kind, key_digest=self._digest(key), at=clock.now()))

    def reset(self, key: str) -> None:
        db.execute(
            delete(Attempt).where(
                Attempt.kind == self.kind, Attempt.key_digest == self._digest(key)
            )
        )

    def _since(self, at: datetime, key: str, *counted: ColumnElement[Any]) -> Select[Any]:
        return select(*counted).where(
            Attempt.kind == self.kind, Attempt.key_digest == self._digest(key), Attempt.at > at
        )

    def _digest(self, key: str) -> str:
        return tokens.keyed_digest("limits", key)


def _take() -> Insert:
    table = table_of(Attempt)
    kind, key = bindparam("this_kind", type_=String), bindparam("this_key", type_=String)
    now, since = bindparam("now", type_=UTCDateTime), bindparam("since", type_=UTCDateTime)
    used = (
        select(func.count())
        .where(table.c.kind == kind, table.c.key_digest == key, table.c.at > since)
        .scalar_subquery()
    )
    attempt = select(kind, key, now).where(used < bindparam("most", type_=Integer))
    return insert(table).from_select(["kind", "key_digest", "at"], attempt).returning(table.c.id)


_TAKE = _take()


def forget_old() -> None:
    """Delete attempts that no limit looks at any more."""
    db.execute(delete(Attempt).where(Attempt.at < clock.now() - timedelta(days=1)))
