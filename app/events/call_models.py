"""What each alliance answers to the call of one year of an observance."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.models import Alliance
from app.events.models import Edition, Event
from app.foundation.db import Base, WithId


class AnswerState(StrEnum):
    """`called` waits for the alliance; an accepted one has a published event."""

    CALLED = "called"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class EditionAnswer(WithId, Base):
    """One alliance and one year of an observance.

    `event` is the draft of what it did last time (`like`), and once accepted what it holds.
    `told_at` is empty until the mail to its coordinators is posted; a nudge, or
    another day, empties it again.
    """

    __tablename__ = "edition_answer"
    __table_args__ = (
        UniqueConstraint("edition_id", "alliance_id"),
        Index(None, "alliance_id", "state"),
        Index(None, "told_at"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    state: Mapped[AnswerState] = mapped_column(default=AnswerState.CALLED)
    reason: Mapped[str] = mapped_column(default="")
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("event.id", ondelete="SET NULL"), index=True
    )
    like_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    called_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    nudges: Mapped[int] = mapped_column(default=0)
    nudged_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    edition: Mapped[Edition] = relationship(lazy="raise_on_sql")
    alliance: Mapped[Alliance] = relationship(lazy="raise_on_sql")
    event: Mapped[Event | None] = relationship(foreign_keys=[event_id], lazy="raise_on_sql")
    like: Mapped[Event | None] = relationship(foreign_keys=[like_id], lazy="raise_on_sql")
