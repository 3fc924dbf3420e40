"""Hand-overs: who coordinates an alliance in whose place, and what moved with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.models import Alliance
from app.foundation.db import PERSONAL, Base, WithId
from app.people.models import Person


class HandOver(WithId, Base):
    """One coordinator follows another. `moved` counts by kind; `note` is staff's to the new one."""

    __tablename__ = "hand_over"
    __table_args__ = (Index(None, "alliance_id", "at"),)

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    from_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    into_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="", info=PERSONAL)
    moved: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)

    alliance: Mapped[Alliance] = relationship(lazy="raise_on_sql")
    predecessor: Mapped[Person | None] = relationship(foreign_keys=from_id, lazy="raise_on_sql")
    successor: Mapped[Person | None] = relationship(foreign_keys=into_id, lazy="raise_on_sql")
