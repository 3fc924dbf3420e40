"""How often somebody may try: counted in the database, so it holds with and without Redis.

Keys are hashed; rows go after a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
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
        if db.scalar(_take(), self._try(key)) is None:
            self.check(key)

    def took(self, key: str, *, unless: ColumnElement[bool], **values: Any) -> bool:
        """Count one attempt in one statement, if there is one left and no row speaks against it.

        `values` are for the parameters of `unless`.
        """
        return db.scalar(_take(unless), self._try(key) | values) is not None

    def note(self, key: str) -> None:
        """Count one attempt."""
        db.add(Attempt(kind=self.kind, key_digest=self._digest(key), at=clock.now()))

    def reset(self, key: str) -> None:
        db.execute(
            delete(Attempt).where(
                Attempt.kind == self.kind, Attempt.key_digest == self._digest(key)
            )
        )

    def _try(self, key: str) -> dict[str, Any]:
        now = clock.now()
        return {
            "this_kind": self.kind,
            "this_key": self._digest(key),
            "now": now,
            "since": now - self.window,
            "most": self.most,
        }

    def _since(self, at: datetime, key: str, *counted: ColumnElement[Any]) -> Select[Any]:
        return select(*counted).where(
            Attempt.kind == self.kind, Attempt.key_digest == self._digest(key), Attempt.at > at
        )

    def _digest(self, key: str) -> str:
        return tokens.keyed_digest("limits", key)


@cache
def _take(unless: ColumnElement[bool] | None = None) -> Insert:
    table = table_of(Attempt)
    kind, key = bindparam("this_kind", type_=String), bindparam("this_key", type_=String)
    now, since = bindparam("now", type_=UTCDateTime), bindparam("since", type_=UTCDateTime)
    used = (
        select(func.count())
        .where(table.c.kind == kind, table.c.key_digest == key, table.c.at > since)
        .scalar_subquery()
    )
    attempt = select(kind, key, now).where(used < bindparam("most", type_=Integer))
    if unless is not None:
        attempt = attempt.where(~unless)
    return insert(table).from_select(["kind", "key_digest", "at"], attempt).returning(table.c.id)


def forget_old() -> None:
    """Delete attempts that no limit looks at any more."""
    db.execute(delete(Attempt).where(Attempt.at < clock.now() - timedelta(days=1)))
