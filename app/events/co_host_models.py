"""Who holds an event together with its alliance: invited, and free to accept or refuse."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.models import Alliance
from app.alliances.organization_models import Organization
from app.events.models import Event
from app.foundation.db import Base, WithId


class CoHostState(StrEnum):
    """Only those who accepted are shown."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class CoHost(WithId, Base):
    """Another alliance, or an organization, that was asked to hold an event together with ours."""

    __tablename__ = "co_host"
    __table_args__ = (
        UniqueConstraint("event_id", "alliance_id"),
        UniqueConstraint("event_id", "organization_id"),
        CheckConstraint("alliance_id IS NULL OR organization_id IS NULL", name="not_both"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    alliance_id: Mapped[int | None] = mapped_column(
        ForeignKey("alliance.id", ondelete="CASCADE"), index=True
    )
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[CoHostState] = mapped_column(default=CoHostState.INVITED)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    invited_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]

    alliance: Mapped[Alliance | None] = relationship(lazy="raise_on_sql")
    organization: Mapped[Organization | None] = relationship(lazy="raise_on_sql")
    event: Mapped[Event] = relationship(lazy="raise_on_sql")

    @property
    def name(self) -> str:
        host = self.alliance or self.organization
        return host.name if host else ""
