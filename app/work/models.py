"""What somebody of an alliance has promised to do by a day."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.models import Alliance
from app.foundation.db import Base, BigKey, WithId
from app.people.models import Person


class ToDoState(StrEnum):
    """Where a to-do stands; a dropped one is kept, so that the plan says what was left out."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class ToDo(WithId, Base):
    """One to-do. `subject` and `subject_id` say what it is about (see registry), if anything.

    A step of a plan has a `key`, whose words are the subject's, and `days_before` its day; one
    that somebody wrote has a `title`. `office` ones are for days on which offices work.
    """

    __tablename__ = "to_do"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "key"),
        Index(None, "alliance_id", "state", "due_on"),
        Index(None, "owner_id", "state", "due_on"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    subject: Mapped[str | None]
    subject_id: Mapped[int | None] = mapped_column(BigKey)
    key: Mapped[str | None]
    title: Mapped[str] = mapped_column(default="")
    days_before: Mapped[int | None]
    office: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_on: Mapped[date]
    state: Mapped[ToDoState] = mapped_column(default=ToDoState.OPEN)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    alliance: Mapped[Alliance] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql")
