"""A passed resolution is asked for again in another year: what was drafted, and what came of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.measure_models import Measure
from app.events.models import Edition
from app.foundation.db import Base, WithId


class RenewalState(StrEnum):
    """A draft waits for the alliance; a declined one has lost its draft and kept the reason."""

    DRAFTED = "drafted"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Renewal(WithId, Base):
    """One record and one later year, once; `measure` is the new record, linked to the `prior`."""

    __tablename__ = "renewal"
    __table_args__ = (UniqueConstraint("prior_id", "year"),)

    prior_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    year: Mapped[int]
    edition_id: Mapped[int | None] = mapped_column(
        ForeignKey("edition.id", ondelete="SET NULL"), index=True
    )
    measure_id: Mapped[int | None] = mapped_column(
        ForeignKey("measure.id", ondelete="SET NULL"), unique=True
    )
    state: Mapped[RenewalState] = mapped_column(default=RenewalState.DRAFTED)
    reason: Mapped[str] = mapped_column(default="")
    drafted_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    prior: Mapped[Measure] = relationship(foreign_keys=[prior_id], lazy="raise_on_sql")
    measure: Mapped[Measure | None] = relationship(foreign_keys=[measure_id], lazy="raise_on_sql")
    edition: Mapped[Edition | None] = relationship(lazy="raise_on_sql")
