"""Members of Congress and their offices, for copies of what was adopted and for visits."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, WithId


class Chamber(StrEnum):
    """The two houses."""

    SENATE = "sen"
    HOUSE = "rep"


class Legislator(Base):
    """A member of Congress as the public list of legislators says; `id` is the Bioguide's."""

    __tablename__ = "legislator"
    __table_args__ = (Index(None, "state", "chamber", "district"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    chamber: Mapped[Chamber]
    state: Mapped[str]
    district: Mapped[int | None]
    party: Mapped[str] = mapped_column(default="")
    since: Mapped[date]
    until: Mapped[date]
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    contact_form: Mapped[str] = mapped_column(default="")


class LegislatorOffice(WithId, Base):
    """An office at home."""

    __tablename__ = "legislator_office"

    legislator_id: Mapped[str] = mapped_column(
        ForeignKey("legislator.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(default="")
    city: Mapped[str]
    state: Mapped[str]
    zip: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")

    legislator: Mapped[Legislator] = relationship(lazy="raise_on_sql")
