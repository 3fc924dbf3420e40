"""Who holds an event together with its alliance: invited, and free to accept or refuse."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.models import Alliance
from app.events.models import Event
from app.foundation.db import Base, WithId


class CoHostState(StrEnum):
    """Only those who accepted are shown."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class CoHost(WithId, Base):
    """Another alliance that was asked to hold an event together with ours."""

    __tablename__ = "co_host"
    __table_args__ = (UniqueConstraint("event_id", "alliance_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    alliance_id: Mapped[int] = mapped_column(
        ForeignKey("alliance.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[CoHostState] = mapped_column(default=CoHostState.INVITED)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    invited_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]

    alliance: Mapped[Alliance] = relationship(lazy="raise_on_sql")
    event: Mapped[Event] = relationship(lazy="raise_on_sql")
