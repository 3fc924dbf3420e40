"""Alliances in which nothing happens any more, and the members who offered to take over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.models import Alliance
from app.foundation.db import PERSONAL, Base, WithId
from app.people.models import Person


class QuietSpell(WithId, Base):
    """An alliance held nothing for half a year; its members are asked once who would take over.

    It is put to rest where nobody answered (`rested_at`), and the spell is over (`ended_at`) when
    something is planned again. There is one open spell of an alliance.
    """

    __tablename__ = "quiet_spell"
    __table_args__ = (
        Index(
            "uq_quiet_spell_open",
            "alliance_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    alliance_id: Mapped[int] = mapped_column(
        ForeignKey("alliance.id", ondelete="CASCADE"), index=True
    )
    noticed_at: Mapped[datetime]
    rested_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    alliance: Mapped[Alliance] = relationship(lazy="raise_on_sql")


class TakeOverOffer(WithId, Base):
    """A member would take over; staff, and whoever coordinates still, read it."""

    __tablename__ = "take_over_offer"
    __table_args__ = (UniqueConstraint("spell_id", "person_id"),)

    spell_id: Mapped[int] = mapped_column(ForeignKey("quiet_spell.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(default="", info=PERSONAL)
    offered_at: Mapped[datetime]

    spell: Mapped[QuietSpell] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
