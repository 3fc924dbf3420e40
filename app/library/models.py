"""Sources, recommendations and their outcomes, asks, and talking points with their wordings."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, WithId


class Actor(StrEnum):
    """Who a recommendation or an ask is addressed to."""

    PRESIDENT = "president"
    STATE = "state_department"
    CONGRESS = "congress"
    COMMITTEES = "committees"
    JUSTICE = "justice_department"
    DEFENSE = "defense_department"
    TREASURY = "treasury"
    HOMELAND = "homeland_security"
    INTELLIGENCE = "intelligence"
    USAID = "usaid"
    NSC = "national_security_council"
    UN_MISSION = "mission_to_the_un"
    SECURITY_COUNCIL = "un_security_council"
    GOVERNMENT = "us_government"
    COUNCIL = "council_or_board"
    LEGISLATURE = "state_legislature"


class Source(Base):
    """A text that the library draws on: facts, names, dates, codes and links, never paragraphs.

    `published` may be partial (`2021`, `2021-05`); `as_of` is the day on which we read it.
    """

    __tablename__ = "source"

    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    publisher: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    published: Mapped[str] = mapped_column(default="")
    as_of: Mapped[date]
    taken: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class Ask(WithId, Base):
    """What is asked of a named council, board or official, and how it sounds where one lives."""

    __tablename__ = "ask"

    key: Mapped[str] = mapped_column(unique=True)
    actor: Mapped[Actor]
    target: Mapped[str]
    title: Mapped[str]
    local_form: Mapped[str] = mapped_column(default="")
    as_of: Mapped[date]


class PointKind(StrEnum):
    """A point says something by itself; a response answers a claim that people hear."""

    POINT = "point"
    RESPONSE = "response"


class TalkingPoint(WithId, Base):
    """At most 40 words with their source; `revision` counts its wordings.

    `claim` is what a response answers. A withdrawn point stays where it was used, and says so.
    """

    __tablename__ = "talking_point"
    __table_args__ = (
        CheckConstraint("kind <> 'response' OR claim <> ''", name="claim_of_response"),
        Index(None, "ask_id"),
    )

    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[PointKind] = mapped_column(default=PointKind.POINT)
    claim: Mapped[str] = mapped_column(default="")
    words: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    ask_id: Mapped[int | None] = mapped_column(ForeignKey("ask.id", ondelete="SET NULL"))
    source_key: Mapped[str | None] = mapped_column(
        ForeignKey("source.key", ondelete="RESTRICT"), index=True
    )
    section: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    as_of: Mapped[date]
    tags: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    corrected_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    source: Mapped[Source | None] = relationship(lazy="raise_on_sql")
