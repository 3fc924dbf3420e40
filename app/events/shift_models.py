"""Shifts of volunteers at an event, and who took one.

A shift is so many minutes from its event's start, so that moving the event moves its shifts.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, WithId


class Shift(WithId, Base):
    """Help that is wanted: `opens` is minutes from the event's start, below zero before it."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    title_es: Mapped[str] = mapped_column(default="")
    opens: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int]
    capacity: Mapped[int]


class ShiftSignUp(Base):
    """Somebody who signed up wants to help in a shift; it counts while they have a seat."""

    __tablename__ = "shift_sign_up"

    shift_id: Mapped[int] = mapped_column(
        ForeignKey("shift.id", ondelete="CASCADE"), primary_key=True
    )
    sign_up_id: Mapped[int] = mapped_column(
        ForeignKey("sign_up.id", ondelete="CASCADE"), primary_key=True, index=True
    )
