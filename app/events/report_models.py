"""What remains of an event: its report with pictures, and what those who came thought of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.events.models import Event
from app.foundation.db import PERSONAL, Base, WithId
from app.foundation.uploads import Upload


class ReportBack(WithId, Base):
    """What an event's organizers report: one for each event.

    `story`, `promises` and the pictures become public where the organizers want that; `lessons`
    are for them alone, and stand beside the draft of next year.
    """

    __tablename__ = "report_back"
    __table_args__ = (
        CheckConstraint("people IS NULL OR people >= 0", name="people"),
        CheckConstraint("newcomers IS NULL OR newcomers >= 0", name="newcomers"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), unique=True)
    people: Mapped[int | None]
    newcomers: Mapped[int | None]
    story: Mapped[str] = mapped_column(default="")
    promises: Mapped[list[str]] = mapped_column(JSON, default=list)
    lessons: Mapped[str] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(lazy="raise_on_sql")


class ReportPicture(WithId, Base):
    """A picture of an event; whoever handed it in said that those shown agreed."""

    __tablename__ = "report_picture"

    report_id: Mapped[int] = mapped_column(
        ForeignKey(ReportBack.id, ondelete="CASCADE"), index=True
    )
    upload_id: Mapped[int] = mapped_column(ForeignKey(Upload.id, ondelete="CASCADE"), unique=True)
    words: Mapped[str]
    credit: Mapped[str] = mapped_column(default="")
    agreed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]

    upload: Mapped[Upload] = relationship(lazy="raise_on_sql")


class Feedback(WithId, Base):
    """What somebody who was there answered: was it worth their time, and what to change."""

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    stars: Mapped[int]
    advice: Mapped[str] = mapped_column(default="", info=PERSONAL)
    at: Mapped[datetime]
