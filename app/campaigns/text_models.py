"""Texts of resolutions by clause: national model texts and the versions of each campaign."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.body_models import Instrument
from app.campaigns.clauses import ClauseKind
from app.foundation.db import Base, WithId


class ModelText(WithId, Base):
    """A text that the coalition keeps for all; its clauses may have slots such as [City]."""

    __tablename__ = "model_text"

    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    instrument: Mapped[Instrument]
    source_title: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    checked_on: Mapped[date | None]
    updated_at: Mapped[datetime]


class TextVersion(WithId, Base):
    """A version of a campaign's text, or of a model text; what was adopted is marked so."""

    __tablename__ = "text_version"
    __table_args__ = (
        UniqueConstraint("measure_id", "number"),
        UniqueConstraint("model_id", "number"),
        CheckConstraint("measure_id IS NULL OR model_id IS NULL", name="owner"),
    )

    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    model_id: Mapped[int | None] = mapped_column(ForeignKey("model_text.id", ondelete="CASCADE"))
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
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("text_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[ClauseKind]
    words: Mapped[str]
    local: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(default="")
