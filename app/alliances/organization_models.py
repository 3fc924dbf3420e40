"""Organizations, who represents them, the alliances they are part of, and constituencies."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import PERSONAL, Base, WithId
from app.people.models import Person


class OrganizationState(StrEnum):
    """A prospect is only known to us; national membership is applied for and decided by staff."""

    PROSPECT = "prospect"
    APPLIED = "applied"
    MEMBER = "member"
    DECLINED = "declined"
    LEFT = "left"


class OrganizationKind(StrEnum):
    """What sort of organization it is; a partner coalition is a sister network of our own kind."""

    NONPROFIT = "nonprofit"
    FAITH = "faith"
    BAR = "bar"
    UNION = "union"
    SCHOOL = "school"
    STUDENT = "student"
    VETERANS = "veterans"
    DIASPORA = "diaspora"
    BUSINESS = "business"
    PARTNER_COALITION = "partner_coalition"
    OTHER = "other"


class Constituency(StrEnum):
    """Whom a person or an organization speaks for, and whom a talking point is for."""

    BAR = "bar"
    FAITH = "faith"
    VETERANS = "veterans"
    STUDENTS = "students"
    WOMEN = "women"
    VICTIMS = "victims"
    HUMAN_RIGHTS = "human_rights"
    LABOR = "labor"
    ACADEMICS = "academics"
    DIASPORA = "diaspora"
    BUSINESS = "business"


class Organization(WithId, Base):
    """An organization, nationally known once; chapters name what they belong to.

    `listed` puts it on public pages, which asks for an authority on file: who of it said so, in
    which office, and when. A merged one only points to where its things went.
    """

    __tablename__ = "organization"
    __table_args__ = (
        CheckConstraint("NOT listed OR authority_on IS NOT NULL", name="listed_with_authority"),
        CheckConstraint("chapter_of_id IS NULL OR chapter_of_id <> id", name="chapter_of_another"),
        Index(None, "state", "name"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[OrganizationKind] = mapped_column(default=OrganizationKind.NONPROFIT)
    description: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    zip: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    us_state: Mapped[str] = mapped_column(default="")
    state: Mapped[OrganizationState] = mapped_column(default=OrganizationState.PROSPECT)
    listed: Mapped[bool] = mapped_column(default=False)
    authority_by: Mapped[str] = mapped_column(default="", info=PERSONAL)
    authority_title: Mapped[str] = mapped_column(default="")
    authority_on: Mapped[date | None]
    chapter_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="SET NULL"), index=True
    )
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="SET NULL")
    )
    commitment_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id", ondelete="SET NULL"))
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decision_note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    @property
    def is_member(self) -> bool:
        return self.state == OrganizationState.MEMBER


class Representative(WithId, Base):
    """A person speaks for an organization from a day until a day; it stays when they leave."""

    __tablename__ = "representative"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="dates"),
        Index(None, "organization_id", "until"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(default="", info=PERSONAL)
    since: Mapped[date]
    until: Mapped[date | None]

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class OrganizationInAlliance(WithId, Base):
    """An organization is part of an alliance from a day on; it may leave and come back."""

    __tablename__ = "organization_in_alliance"
    __table_args__ = (
        UniqueConstraint("alliance_id", "organization_id", "since"),
        CheckConstraint("until IS NULL OR until >= since", name="dates"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    since: Mapped[date]
    until: Mapped[date | None]

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")


class OrganizationConstituency(Base):
    """An organization speaks for a constituency."""

    __tablename__ = "organization_constituency"

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True
    )
    constituency: Mapped[Constituency] = mapped_column(primary_key=True)


class PersonConstituency(Base):
    """A person told us that they belong to a constituency; gone when they are erased."""

    __tablename__ = "person_constituency"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    constituency: Mapped[Constituency] = mapped_column(primary_key=True)
