"""Letters and calls of supporters to those who decide: what they told us that they did."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.body_models import Seat
from app.foundation.db import Base, WithId


class ContactKind(StrEnum):
    """How somebody turned to an official."""

    LETTER = "letter"
    CALL = "call"


class Contact(WithId, Base):
    """Somebody wrote to a member of a council or called them; we did not send it.

    Without a person it was a visitor. One of a kind to one seat counts once a day.
    """

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("measure_id", "person_id", "seat_id", "kind", "on"),
        Index(None, "person_id", "seat_id"),
    )

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="SET NULL"))
    kind: Mapped[ContactKind]
    on: Mapped[date]
    told_at: Mapped[datetime]

    seat: Mapped[Seat | None] = relationship(lazy="raise_on_sql")
