"""Kits: what is known of a kind of event before anybody plans one. People see "event template"."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.events.models import EventKind
from app.foundation.db import Base, WithId


class Kit(WithId, Base):
    """A national kit has no alliance; an alliance's own may be adopted from another.

    Events copy what they need, so that a kit may change or go without harm. `questions` and
    `reminders` have the shapes of the sign-up form and of the reminder plan. `key` is that of
    the seed which made it.
    """

    __tablename__ = "kit"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        Index(None, "alliance_id", "archived_at"),
    )

    key: Mapped[str | None] = mapped_column(unique=True)
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    adopted_from_id: Mapped[int | None] = mapped_column(ForeignKey("kit.id", ondelete="SET NULL"))
    kind: Mapped[EventKind]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    title_es: Mapped[str] = mapped_column(default="", server_default="")
    description_es: Mapped[str] = mapped_column(default="", server_default="")
    minutes: Mapped[int] = mapped_column(default=90)
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    materials: Mapped[list[str]] = mapped_column(JSON, default=list)
    checklist: Mapped[list[str]] = mapped_column(JSON, default=list)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    reminders: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    def title_in(self, language: str) -> str:
        """The title in a reader's language, where it is written."""
        return self.title_es if self.title_es and language == "es" else self.title

    def description_in(self, language: str) -> str:
        return self.description_es if self.description_es and language == "es" else self.description
