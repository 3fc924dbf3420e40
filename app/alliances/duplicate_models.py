"""Two records that may be the same person or organization, and the merges that can be undone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import PERSONAL, Base, WithId
from app.people.models import Person


class Likeness(StrEnum):
    """Why two records may be the same."""

    EMAIL = "email"
    PHONE = "phone"
    NAME_AND_ZIP = "name_and_zip"


class PairState(StrEnum):
    """What somebody said of a pair."""

    OPEN = "open"
    MERGED = "merged"
    DIFFERENT = "different"


class PersonPair(WithId, Base):
    """Two records that look like one person; the older one comes first."""

    __tablename__ = "person_pair"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id <= second_id", name="order"),
        Index(None, "state"),
    )

    first_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    likeness: Mapped[Likeness]
    state: Mapped[PairState] = mapped_column(default=PairState.OPEN)
    found_at: Mapped[datetime]

    first: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[first_id])
    second: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[second_id])


class PersonMerge(WithId, Base):
    """One record went into another: `moved` holds the rows as they were, so that it can be undone.

    It is emptied when either person is erased; then nothing can be undone any more.
    """

    __tablename__ = "person_merge"

    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, info=PERSONAL)
    merged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
