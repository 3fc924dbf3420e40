"""A digest's issue: what staff wrote, for whom, and the mailing it became."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, WithId
from app.mail.models import Mailing
from app.people.models import DigestEvery


class AudienceKind(StrEnum):
    """Whom an issue is for."""

    EVERYBODY = "everybody"
    STATES = "states"
    ALLIANCES = "alliances"


class Issue(WithId, Base):
    """One digest. Editable until its mailing starts; frozen then."""

    __tablename__ = "issue"

    subject: Mapped[str]
    introduction: Mapped[str] = mapped_column(default="")
    every: Mapped[DigestEvery] = mapped_column(default=DigestEvery.MONTHLY)
    audience: Mapped[AudienceKind] = mapped_column(default=AudienceKind.EVERYBODY)
    states: Mapped[list[str]] = mapped_column(JSON, default=list)
    alliance_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    scheduled_on: Mapped[date | None]
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    mailing: Mapped[Mailing | None] = relationship(lazy="raise_on_sql")
