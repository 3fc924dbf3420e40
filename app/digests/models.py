"""A digest's issue: what staff wrote, for whom, and the mailing it became."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, WithId
from app.mail.models import Mailing
from app.people.models import DigestEvery


class SavedAudience(WithId, Base):
    """A choice of people with a name, for several issues; `chosen` as `tree` writes it."""

    __tablename__ = "saved_audience"

    name: Mapped[str] = mapped_column(unique=True)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Issue(WithId, Base):
    """One digest. Editable until its mailing starts; frozen then.

    `chosen` says whom it is for, as `tree` writes it; a draft that uses a saved audience gets a
    copy of it when it is sent or scheduled.
    """

    __tablename__ = "issue"

    subject: Mapped[str]
    introduction: Mapped[str] = mapped_column(default="")
    every: Mapped[DigestEvery] = mapped_column(default=DigestEvery.MONTHLY)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    saved_audience_id: Mapped[int | None] = mapped_column(
        ForeignKey("saved_audience.id", ondelete="SET NULL"), index=True
    )
    scheduled_on: Mapped[date | None]
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    mailing: Mapped[Mailing | None] = relationship(lazy="raise_on_sql")
