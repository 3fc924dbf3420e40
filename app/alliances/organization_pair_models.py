"""Two records that may be the same organization, and the merges that can be undone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.duplicate_models import PairState
from app.alliances.organization_models import Organization
from app.foundation.db import PERSONAL, Base, WithId


class OrganizationLikeness(StrEnum):
    """Why two records may be one organization."""

    NAME = "name"
    WEBSITE = "website"
    EMAIL_DOMAIN = "email_domain"


class OrganizationPair(WithId, Base):
    """Two records that look like one organization; the older one comes first."""

    __tablename__ = "organization_pair"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id <= second_id", name="order"),
        Index(None, "state"),
    )

    first_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    likeness: Mapped[OrganizationLikeness]
    state: Mapped[PairState] = mapped_column(default=PairState.OPEN)
    found_at: Mapped[datetime]

    first: Mapped[Organization] = relationship(lazy="raise_on_sql", foreign_keys=[first_id])
    second: Mapped[Organization] = relationship(lazy="raise_on_sql", foreign_keys=[second_id])


class OrganizationMerge(WithId, Base):
    """One record went into another: `moved` holds the rows as they were, so that it can be undone.

    It is emptied when somebody who stands in it is erased; then it cannot be undone any more.
    """

    __tablename__ = "organization_merge"

    kept_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    gone_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, info=PERSONAL)
    merged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    kept: Mapped[Organization] = relationship(lazy="raise_on_sql", foreign_keys=[kept_id])
    gone: Mapped[Organization] = relationship(lazy="raise_on_sql", foreign_keys=[gone_id])
