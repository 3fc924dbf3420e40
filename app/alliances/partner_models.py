"""What partner coalitions share with us: a paper, a call, a statement, with its link."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.organization_models import Organization
from app.foundation.db import Base, WithId


class SharedItem(WithId, Base):
    """Something that a partner coalition and we share, in public, as of a day."""

    __tablename__ = "shared_item"
    __table_args__ = (Index(None, "organization_id", "on"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    title: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    link: Mapped[str]
    on: Mapped[date]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    added_at: Mapped[datetime]

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
