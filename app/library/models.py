"""Sources, recommendations and their outcomes, asks, and talking points with their wordings."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.organization_models import Constituency
from app.foundation.db import Base, BigKey, WithId

MOST_WORDS = 40
"""A talking point, and a quotation, has at most so many words."""


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


class OutcomeState(StrEnum):
    """What became of a recommendation."""

    OPEN = "open"
    PARTLY = "partly_met"
    MET = "met"
    REVERSED = "reversed"
    OVERTAKEN = "overtaken"


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


class RecommendationSet(Base):
    """The recommendations that one source makes."""

    __tablename__ = "recommendation_set"

    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    introduction: Mapped[str] = mapped_column(default="")
    source_key: Mapped[str] = mapped_column(ForeignKey("source.key", ondelete="RESTRICT"))
    position: Mapped[int] = mapped_column(default=0)

    source: Mapped[Source] = relationship(lazy="raise_on_sql")


class Recommendation(WithId, Base):
    """One recommendation, or an item of one (`parent_id`); its title is in our own words."""

    __tablename__ = "recommendation"
    __table_args__ = (Index(None, "set_key", "position"),)

    code: Mapped[str] = mapped_column(unique=True)
    set_key: Mapped[str] = mapped_column(ForeignKey("recommendation_set.key", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    section: Mapped[str] = mapped_column(default="")
    as_of: Mapped[date]
    state: Mapped[OutcomeState] = mapped_column(default=OutcomeState.OPEN)

    set: Mapped[RecommendationSet] = relationship(lazy="raise_on_sql")
    actors: Mapped[list[RecommendationActor]] = relationship(
        lazy="raise_on_sql", order_by="RecommendationActor.actor"
    )
    outcomes: Mapped[list[Outcome]] = relationship(
        lazy="raise_on_sql", order_by="Outcome.on.desc(), Outcome.id.desc()"
    )
    items: Mapped[list[Recommendation]] = relationship(
        lazy="raise_on_sql", order_by="Recommendation.position", viewonly=True
    )


class RecommendationActor(Base):
    """A recommendation is addressed to an actor; `detail` names the office or committee."""

    __tablename__ = "recommendation_actor"

    recommendation_id: Mapped[int] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE"), primary_key=True
    )
    actor: Mapped[Actor] = mapped_column(primary_key=True)
    detail: Mapped[str] = mapped_column(default="")


class Outcome(WithId, Base):
    """What became of a recommendation, on a date that may be partial; only ever added to."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("recommendation_id", "on", "state"),)

    recommendation_id: Mapped[int] = mapped_column(
        ForeignKey("recommendation.id", ondelete="CASCADE")
    )
    state: Mapped[OutcomeState]
    on: Mapped[str]
    note: Mapped[str]
    link: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class Ask(WithId, Base):
    """What is asked of a named council, board or official, and how it sounds where one lives."""

    __tablename__ = "ask"

    key: Mapped[str] = mapped_column(unique=True)
    recommendation_id: Mapped[int | None] = mapped_column(
        ForeignKey("recommendation.id", ondelete="SET NULL"), index=True
    )
    actor: Mapped[Actor]
    target: Mapped[str]
    title: Mapped[str]
    local_form: Mapped[str] = mapped_column(default="")
    as_of: Mapped[date]

    follows: Mapped[Recommendation | None] = relationship(lazy="raise_on_sql")


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
    wordings: Mapped[list[PointWording]] = relationship(
        lazy="raise_on_sql", order_by="PointWording.revision.desc()", viewonly=True
    )


class PointAudience(Base):
    """A talking point is made for a constituency; one without any is for everybody."""

    __tablename__ = "point_audience"

    point_id: Mapped[int] = mapped_column(
        ForeignKey("talking_point.id", ondelete="CASCADE"), primary_key=True
    )
    constituency: Mapped[Constituency] = mapped_column(primary_key=True)


class PointWording(WithId, Base):
    """How a talking point read before it was corrected, and why."""

    __tablename__ = "point_wording"
    __table_args__ = (UniqueConstraint("point_id", "revision"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("talking_point.id", ondelete="CASCADE"))
    revision: Mapped[int]
    words: Mapped[str]
    why: Mapped[str]
    until: Mapped[datetime]


class PointUse(WithId, Base):
    """A wording of a talking point is used somewhere: `kind` and `subject_id` say where.

    `where` and `path` are what staff and users read; `revision` is the wording that was picked.
    """

    __tablename__ = "point_use"
    __table_args__ = (UniqueConstraint("point_id", "kind", "subject_id"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("talking_point.id", ondelete="CASCADE"))
    kind: Mapped[str]
    subject_id: Mapped[int] = mapped_column(BigKey)
    where: Mapped[str]
    path: Mapped[str] = mapped_column(default="")
    revision: Mapped[int]
    alliance_id: Mapped[int | None] = mapped_column(
        ForeignKey("alliance.id", ondelete="CASCADE"), index=True
    )
    picked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    picked_at: Mapped[datetime]

    point: Mapped[TalkingPoint] = relationship(lazy="raise_on_sql")
