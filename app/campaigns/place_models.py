"""Jurisdictions by their Open Civic Data ids, and the other ids that stand for the same place."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base

Plain = String().with_variant(String(collation="C"), "postgresql")
"""Text in the order of its letters' numbers, so that an index answers for a beginning."""


class Division(Base):
    """A jurisdiction. `verified` ones stand in the official list; the others were suggested.

    `sought` is the name as searches compare it; `rank` orders what a search finds, and is null
    for what has no council of its own, such as a council's districts.
    """

    __tablename__ = "division"
    __table_args__ = (Index(None, "sought"), Index(None, "state", "sought"))

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    sought: Mapped[str] = mapped_column(Plain)
    state: Mapped[str] = mapped_column(default="")
    county: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    rank: Mapped[int | None]
    verified: Mapped[bool] = mapped_column(default=False)


class DivisionAlias(Base):
    """An id that the official list gives as another way to say `division_id`."""

    __tablename__ = "division_alias"

    id: Mapped[str] = mapped_column(primary_key=True)
    division_id: Mapped[str] = mapped_column(ForeignKey("division.id", ondelete="CASCADE"))
