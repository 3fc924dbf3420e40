"""Councils and boards: their rules with sources, committees, seats, people's terms, meetings."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.models import Alliance
from app.campaigns.place_models import Division
from app.foundation.db import Base, WithId


class BodyKind(StrEnum):
    """What can be asked for a resolution."""

    CITY_COUNCIL = "city_council"
    COUNTY_BOARD = "county_board"
    SCHOOL_BOARD = "school_board"
    LEGISLATURE = "legislature"
    CONGRESS = "congress"
    EXECUTIVE = "executive"
    ORGANIZATION = "organization"
    VOTERS = "voters"


class Instrument(StrEnum):
    """The forms in which a body can say something."""

    RESOLUTION = "resolution"
    COMMEMORATION = "commemoration"
    MEMORIAL = "memorial"
    PROCLAMATION = "proclamation"
    ORDINANCE = "ordinance"
    MOTION = "motion"
    BALLOT_MEASURE = "ballot_measure"
    ORGANIZATIONAL = "organizational"


class RuleKey(StrEnum):
    """What a body's rules can say; what each value holds is in `rules`."""

    AGENDA_POSTING = "agenda_posting"
    FILING = "filing"
    ASKING = "asking"
    REFERRAL = "referral"
    PUBLIC_COMMENT = "public_comment"
    EXECUTIVE_REVIEW = "executive_review"
    PROCLAMATION = "proclamation"
    SPONSORS = "sponsors"
    VOTES = "votes"
    TEXT_LIMITS = "text_limits"
    SPECIAL_NOTICE = "special_notice"
    ATTESTATION = "attestation"


class SeatKind(StrEnum):
    """How somebody comes to sit in a body."""

    DISTRICT = "district"
    AT_LARGE = "at_large"
    PRESIDING = "presiding"


class MeetingKind(StrEnum):
    """Only regular meetings are counted on; a special one needs its own notice."""

    REGULAR = "regular"
    SPECIAL = "special"
    HEARING = "hearing"


class Body(WithId, Base):
    """A council or board. `revision` counts changes of its rules and meetings, so that whoever
    keeps days reckoned from them can tell when they are out of date."""

    __tablename__ = "body"
    __table_args__ = (CheckConstraint("members IS NULL OR members > 0", name="members"),)

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    division_id: Mapped[str] = mapped_column(
        ForeignKey("division.id", ondelete="RESTRICT"), index=True
    )
    alliance_id: Mapped[int | None] = mapped_column(
        ForeignKey("alliance.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[BodyKind]
    resolution_word: Mapped[str] = mapped_column(default="")
    clerk: Mapped[str] = mapped_column(default="")
    clerk_address: Mapped[str] = mapped_column(default="")
    clerk_email: Mapped[str] = mapped_column(default="")
    clerk_phone: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    legistar_url: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str]
    members: Mapped[int | None]
    extras: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    division: Mapped[Division] = relationship(lazy="raise_on_sql")
    alliance: Mapped[Alliance | None] = relationship(lazy="raise_on_sql")


class BodyRule(WithId, Base):
    """One rule of a body, with its source and the day on which somebody checked it."""

    __tablename__ = "body_rule"
    __table_args__ = (UniqueConstraint("body_id", "key"),)

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id", ondelete="CASCADE"))
    key: Mapped[RuleKey]
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    source_url: Mapped[str] = mapped_column(default="")
    source_title: Mapped[str] = mapped_column(default="")
    checked_on: Mapped[date]


class Committee(WithId, Base):
    """A committee of a body."""

    __tablename__ = "committee"
    __table_args__ = (UniqueConstraint("body_id", "name"),)

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id", ondelete="CASCADE"))
    name: Mapped[str]
    website: Mapped[str] = mapped_column(default="")
    external_id: Mapped[str | None]


class Seat(WithId, Base):
    """A place in a body, whoever sits on it; `position` orders the list."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("body_id", "label"),)

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id", ondelete="CASCADE"))
    label: Mapped[str]
    kind: Mapped[SeatKind]
    division_id: Mapped[str | None] = mapped_column(
        ForeignKey("division.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)

    body: Mapped[Body] = relationship(lazy="raise_on_sql")


class SeatTerm(WithId, Base):
    """Somebody holds a seat from a day until a day; an unknown end is null.

    What is kept is the public record of an elected official.
    """

    __tablename__ = "seat_term"
    __table_args__ = (
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="dates"),
        Index(None, "seat_id", "until"),
    )

    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id", ondelete="CASCADE"))
    name: Mapped[str]
    party: Mapped[str] = mapped_column(default="")
    since: Mapped[date | None]
    until: Mapped[date | None]
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    external_id: Mapped[str | None]

    seat: Mapped[Seat] = relationship(lazy="raise_on_sql")


class Meeting(WithId, Base):
    """A meeting on a known day, of the body or of a committee. Wall time and zone are kept.

    A cancelled one also says that the pattern does not hold on that day.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        Index(
            "uq_meeting_of_body",
            "body_id",
            "wall_start",
            unique=True,
            sqlite_where=text("committee_id IS NULL"),
            postgresql_where=text("committee_id IS NULL"),
        ),
        UniqueConstraint("committee_id", "wall_start"),
    )

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id", ondelete="CASCADE"))
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committee.id", ondelete="CASCADE"))
    kind: Mapped[MeetingKind] = mapped_column(default=MeetingKind.REGULAR)
    wall_start: Mapped[datetime] = mapped_column(DateTime())
    time_zone: Mapped[str]
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="")
    agenda_url: Mapped[str] = mapped_column(default="")
    cancelled: Mapped[bool] = mapped_column(default=False)
    external_id: Mapped[str | None]

    committee: Mapped[Committee | None] = relationship(lazy="raise_on_sql")


class MeetingPattern(WithId, Base):
    """When a body or a committee meets as a rule, such as "second and fourth Tuesday 10:00".

    `recess` are spans in which it does not meet, `2027-07-01/2027-08-10`, or `07-01/08-10` for
    every year; `exceptions` are days on which it does not meet although the rule says so.
    """

    __tablename__ = "meeting_pattern"
    __table_args__ = (
        Index(
            "uq_meeting_pattern_of_body",
            "body_id",
            unique=True,
            sqlite_where=text("committee_id IS NULL"),
            postgresql_where=text("committee_id IS NULL"),
        ),
        UniqueConstraint("committee_id"),
    )

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id", ondelete="CASCADE"))
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committee.id", ondelete="CASCADE"))
    rule: Mapped[str]
    exceptions: Mapped[list[str]] = mapped_column(JSON, default=list)
    recess: Mapped[list[str]] = mapped_column(JSON, default=list)
    source_url: Mapped[str] = mapped_column(default="")
    checked_on: Mapped[date | None]

    committee: Mapped[Committee | None] = relationship(lazy="raise_on_sql")
