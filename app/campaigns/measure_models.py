"""Campaigns for resolutions: the record, its dated way through the stages, sources, sponsors."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.models import Alliance
from app.campaigns.body_models import Body, Instrument, Seat
from app.campaigns.stages import Stage
from app.events.models import Edition
from app.foundation.db import Base, WithId
from app.library.models import Ask
from app.people.models import Person


class Stance(StrEnum):
    """Whether we want it; what we oppose is watched and never counts as a win."""

    SUPPORT = "support"
    OPPOSE = "oppose"


AWAITS_AGREEMENT = "awaits_agreement"
"""In a record's `extras`: a coordinator recorded that it passed, and staff have not agreed yet."""


class SourceKind(StrEnum):
    """What a source is; an official copy makes a record verified."""

    OFFICIAL_COPY = "official_copy"
    OFFICIAL_PAGE = "official_page"
    JOURNAL = "journal"
    NEWS = "news"
    OTHER = "other"


class Measure(WithId, Base):
    """One resolution of one body, in one year or session; last year's is another record.

    `sought`, `place`, `us_state` and `year` are kept for lists, so that they read one table, and
    `counted` is what the register's rule says (see records). `version` counts every change, so
    that two people who move it at once notice.
    """

    __tablename__ = "measure"
    __table_args__ = (
        Index("uq_measure_number", "body_id", "session", text("lower(file_number)"), unique=True),
        CheckConstraint("prior_session_id <> id", name="prior_session"),
        Index(None, "published_at", "year"),
        Index(
            "ix_measure_register",
            "year",
            "id",
            postgresql_where=text("published_at IS NOT NULL"),
            sqlite_where=text("published_at IS NOT NULL"),
        ),
        Index(None, "us_state", "year"),
        Index(None, "counted", "us_state", "body_id", "verified", "published_at"),
        Index(None, "alliance_id", "stage"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    external_id: Mapped[str | None] = mapped_column(unique=True)
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliance.id", ondelete="SET NULL"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id", ondelete="RESTRICT"))
    title: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    instrument: Mapped[Instrument] = mapped_column(index=True)
    stance: Mapped[Stance] = mapped_column(default=Stance.SUPPORT)
    session: Mapped[str] = mapped_column(default="")
    file_number: Mapped[str | None]
    stage: Mapped[Stage] = mapped_column(default=Stage.SCOPING)
    stage_on: Mapped[str] = mapped_column(default="")
    own_status: Mapped[str] = mapped_column(default="")
    year: Mapped[int]
    place: Mapped[str] = mapped_column(default="")
    us_state: Mapped[str] = mapped_column(default="")
    sought: Mapped[str] = mapped_column(default="")
    edition_id: Mapped[int | None] = mapped_column(
        ForeignKey("edition.id", ondelete="SET NULL"), index=True
    )
    target_on: Mapped[date | None]
    next_step: Mapped[str] = mapped_column(default="")
    next_due_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    ask_id: Mapped[int | None] = mapped_column(
        ForeignKey("ask.id", ondelete="SET NULL"), index=True
    )
    prior_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("measure.id", ondelete="SET NULL"), index=True
    )
    sponsor_count: Mapped[int | None]
    historical: Mapped[bool] = mapped_column(default=False)
    verified: Mapped[bool] = mapped_column(default=False)
    counted: Mapped[bool] = mapped_column(default=False)
    extras: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    body: Mapped[Body] = relationship(lazy="raise_on_sql")
    alliance: Mapped[Alliance | None] = relationship(lazy="raise_on_sql")
    edition: Mapped[Edition | None] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    ask: Mapped[Ask | None] = relationship(lazy="raise_on_sql")
    prior_session: Mapped[Measure | None] = relationship(
        remote_side="Measure.id", lazy="raise_on_sql"
    )
    sources: Mapped[list[MeasureSource]] = relationship(
        order_by="(MeasureSource.kind, MeasureSource.id)", lazy="raise_on_sql", viewonly=True
    )

    @property
    def opposed(self) -> bool:
        """Watched so that people know of it; it is nothing that we work for."""
        return self.stance == Stance.OPPOSE

    @property
    def awaits_agreement(self) -> bool:
        """Whether that it passed was recorded, and is not agreed to."""
        return bool(self.extras.get(AWAITS_AGREEMENT))


class StageEntry(WithId, Base):
    """A measure entered a stage on a day that may be partly known; entries are only added.

    A correction says why; with it the path may jump. `facts` is what was known on entering.
    """

    __tablename__ = "stage_entry"
    __table_args__ = (UniqueConstraint("measure_id", "position"),)

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    position: Mapped[int]
    stage: Mapped[Stage]
    on: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    correction: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    entered_at: Mapped[datetime]

    @property
    def noted_here(self) -> bool:
        """Whether it says more than a row of an import can."""
        return self.by_id is not None or bool(self.facts or self.correction)


class MeasureSource(WithId, Base):
    """Where a record comes from; everything public has at least one."""

    __tablename__ = "measure_source"

    measure_id: Mapped[int] = mapped_column(
        ForeignKey("measure.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[SourceKind] = mapped_column(default=SourceKind.OTHER)
    title: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id", ondelete="SET NULL"))
    checked_on: Mapped[date | None]


class Sponsorship(WithId, Base):
    """An official who sponsors a measure; the seat is known or at least its district.

    `words` is what they said of it, `words_source` where that stands; not public until agreed to.
    """

    __tablename__ = "sponsorship"

    measure_id: Mapped[int] = mapped_column(
        ForeignKey("measure.id", ondelete="CASCADE"), index=True
    )
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="SET NULL"))
    division_id: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    post: Mapped[str] = mapped_column(default="")
    is_primary: Mapped[bool] = mapped_column(default=True)
    since: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="", server_default="")
    words_source: Mapped[str] = mapped_column(default="", server_default="")
    words_on: Mapped[datetime | None]
    words_agreed: Mapped[bool] = mapped_column(default=False, server_default=false())

    seat: Mapped[Seat | None] = relationship(lazy="raise_on_sql")
