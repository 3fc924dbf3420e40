"""Visits to those who decide, planned and reported, and the time and money that lobbying took."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.body_models import Seat
from app.campaigns.congress_models import Legislator
from app.campaigns.measure_models import Measure
from app.foundation.db import Base, WithId
from app.people.models import Person


class VisitState(StrEnum):
    """A visit is planned until it took place or was called off."""

    PLANNED = "planned"
    HELD = "held"
    CALLED_OFF = "called_off"


class LobbyingKind(StrEnum):
    """Direct: to those who decide. Grassroots: asking the public to turn to them."""

    DIRECT = "direct"
    GRASSROOTS = "grassroots"


class Visit(WithId, Base):
    """A visit to the office of a seat or of a member of Congress; `office` names it in words.

    Only the organizers of the campaign read what was said.
    """

    __tablename__ = "visit"
    __table_args__ = (Index(None, "measure_id", "on"),)

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="SET NULL"))
    legislator_id: Mapped[str | None] = mapped_column(
        ForeignKey("legislator.id", ondelete="SET NULL")
    )
    office: Mapped[str] = mapped_column(default="")
    state: Mapped[VisitState] = mapped_column(default=VisitState.PLANNED)
    on: Mapped[date]
    at: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    wanted: Mapped[str] = mapped_column(default="")
    people_met: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    they_promised: Mapped[str] = mapped_column(default="")
    we_promised: Mapped[str] = mapped_column(default="")
    thanked_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reported_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    measure: Mapped[Measure] = relationship(lazy="raise_on_sql")
    seat: Mapped[Seat | None] = relationship(lazy="raise_on_sql")
    legislator: Mapped[Legislator | None] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class VisitGuest(Base):
    """One of us who goes along."""

    __tablename__ = "visit_guest"

    visit_id: Mapped[int] = mapped_column(
        ForeignKey("visit.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class LobbyingEntry(WithId, Base):
    """Time and money that an alliance spent on lobbying; kept for its books, never advice."""

    __tablename__ = "lobbying_entry"
    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes"),
        CheckConstraint("cents >= 0", name="cents"),
        Index(None, "alliance_id", "on"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id", ondelete="SET NULL"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="SET NULL"))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    on: Mapped[date]
    kind: Mapped[LobbyingKind]
    minutes: Mapped[int] = mapped_column(default=0)
    cents: Mapped[int] = mapped_column(default=0)
    what: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    measure: Mapped[Measure | None] = relationship(lazy="raise_on_sql")
    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
