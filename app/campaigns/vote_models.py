"""Votes and roll calls, what each seat said before, and who asks whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.body_models import Seat
from app.campaigns.standing import Heard, Level
from app.campaigns.votes import Choice, Method, Requirement
from app.foundation.db import Base, WithId
from app.people.models import Person


class Vote(WithId, Base):
    """One vote on a measure; a divided question has one for each `part`. `counts` by choice."""

    __tablename__ = "vote"

    measure_id: Mapped[int] = mapped_column(
        ForeignKey("measure.id", ondelete="CASCADE"), index=True
    )
    part: Mapped[str] = mapped_column(default="")
    on: Mapped[str] = mapped_column(default="")
    method: Mapped[Method | None]
    requirement: Mapped[Requirement] = mapped_column(default=Requirement.PRESENT)
    passed: Mapped[bool]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seats: Mapped[int | None]
    line: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    entered_at: Mapped[datetime]

    @property
    def noted_here(self) -> bool:
        """Whether it says more than a row of an import can, which knows of no method."""
        return self.method is not None


class VoteCast(Base):
    """How one seat voted."""

    __tablename__ = "vote_cast"

    vote_id: Mapped[int] = mapped_column(
        ForeignKey("vote.id", ondelete="CASCADE"), primary_key=True
    )
    seat_id: Mapped[int] = mapped_column(
        ForeignKey("seat.id", ondelete="CASCADE"), primary_key=True
    )
    choice: Mapped[Choice]


class SeatWord(WithId, Base):
    """What a seat said on a day, to whom, and how we know; entries are only added."""

    __tablename__ = "seat_word"
    __table_args__ = (Index(None, "measure_id", "seat_id", "on"),)

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"))
    level: Mapped[Level]
    heard: Mapped[Heard]
    on: Mapped[date]
    evidence: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    entered_at: Mapped[datetime]

    asked_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    seat: Mapped[Seat] = relationship(lazy="raise_on_sql")


class SeatAsk(WithId, Base):
    """Who asks which seat, and until when."""

    __tablename__ = "seat_ask"
    __table_args__ = (UniqueConstraint("measure_id", "seat_id"),)

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"))
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    due_on: Mapped[date | None]
    asked_on: Mapped[date | None]

    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql")
