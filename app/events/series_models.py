"""Events that come again: the rule by which their dates follow each other."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, WithId


class EventSeries(WithId, Base):
    """`rule` is an RRULE (RFC 5545) of the subset that `rhythm` knows, from `wall_start` on.

    Its dates are events of their own, each with the day that the rule gave it (`series_on`);
    `skipped` are days (ISO) whose draft was thrown away. `made_until` is how far dates were made.
    """

    __tablename__ = "event_series"

    alliance_id: Mapped[int] = mapped_column(
        ForeignKey("alliance.id", ondelete="CASCADE"), index=True
    )
    rule: Mapped[str]
    wall_start: Mapped[datetime] = mapped_column(DateTime())
    time_zone: Mapped[str]
    skipped: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_until: Mapped[date]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
