"""What follows an adoption: who was thanked, and which members of Congress got a copy."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, WithId


class Thanks(WithId, Base):
    """An official or a council was thanked on a day; `name` is of the public record."""

    __tablename__ = "thanks"

    measure_id: Mapped[int] = mapped_column(
        ForeignKey("measure.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    how: Mapped[str] = mapped_column(default="")
    on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    entered_at: Mapped[datetime]


class CongressCopy(WithId, Base):
    """A member of Congress got a copy on a day; the name stays when the list of members changes."""

    __tablename__ = "congress_copy"
    __table_args__ = (UniqueConstraint("measure_id", "legislator_id"),)

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    legislator_id: Mapped[str | None] = mapped_column(
        ForeignKey("legislator.id", ondelete="SET NULL")
    )
    name: Mapped[str]
    how: Mapped[str] = mapped_column(default="")
    sent_on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    entered_at: Mapped[datetime]
