"""Texts of resolutions by clause: national model texts and the versions of each campaign."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.body_models import Instrument
from app.campaigns.clauses import ClauseKind
from app.foundation.db import Base, WithId
from app.library.models import TalkingPoint


class ModelText(WithId, Base):
    """A text that the coalition keeps for all; its clauses may have slots such as [City].

    A retired one is offered no more; what was begun from it stays, and so do its versions.
    """

    __tablename__ = "model_text"

    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    instrument: Mapped[Instrument]
    source_title: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    checked_on: Mapped[date | None]
    about: Mapped[str] = mapped_column(default="", server_default="")
    retired_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class TextVersion(WithId, Base):
    """A version of a campaign's text, or of a model text; what was adopted is marked so.

    `model_version_id` is the version of a model text that a campaign's text was begun from.
    """

    __tablename__ = "text_version"
    __table_args__ = (
        UniqueConstraint("measure_id", "number"),
        UniqueConstraint("model_id", "number"),
        CheckConstraint("measure_id IS NULL OR model_id IS NULL", name="owner"),
        Index(None, "model_version_id"),
    )

    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    model_id: Mapped[int | None] = mapped_column(ForeignKey("model_text.id", ondelete="CASCADE"))
    model_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("text_version.id", ondelete="SET NULL")
    )
    number: Mapped[int]
    title: Mapped[str]
    adopted: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]

    clauses: Mapped[list[TextClause]] = relationship(
        lazy="raise_on_sql", order_by="TextClause.position", cascade="all, delete-orphan"
    )


class TextClause(WithId, Base):
    """One clause of a version, without its opening words."""

    __tablename__ = "text_clause"
    __table_args__ = (UniqueConstraint("version_id", "position"), Index(None, "point_id"))

    version_id: Mapped[int] = mapped_column(ForeignKey("text_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[ClauseKind]
    words: Mapped[str]
    local: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(default="")
    point_id: Mapped[int | None] = mapped_column(
        ForeignKey("talking_point.id", ondelete="SET NULL")
    )

    point: Mapped[TalkingPoint | None] = relationship(lazy="raise_on_sql")
