"""Alliances, memberships, coordinators' terms and invitations."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import PERSONAL, Base, WithId
from app.people.models import Address, Person


class LifeCycle(StrEnum):
    """Proposed → forming → active → dormant (→ revived, which is active again) → closed."""

    PROPOSED = "proposed"
    FORMING = "forming"
    ACTIVE = "active"
    DORMANT = "dormant"
    CLOSED = "closed"


PUBLIC = (LifeCycle.FORMING, LifeCycle.ACTIVE, LifeCycle.DORMANT)


class Joining(StrEnum):
    """How people become members."""

    OPEN = "open"
    MODERATED = "moderated"
    INVITED = "invited"


class MembershipState(StrEnum):
    """Where a membership stands; `pending` waits for the person to confirm their address."""

    PENDING = "pending"
    ASKED = "asked"
    ACTIVE = "active"
    LEFT = "left"
    REFUSED = "refused"


class Alliance(WithId, Base):
    """A local body of people and organizations that builds public support.

    `why` and `backed_by` (an organization) are what its founder told staff; pages never show them.
    """

    __tablename__ = "alliance"
    __table_args__ = (Index(None, "latitude", "longitude"),)

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    life_cycle: Mapped[LifeCycle] = mapped_column(default=LifeCycle.PROPOSED, index=True)
    joining: Mapped[Joining] = mapped_column(default=Joining.OPEN)
    description: Mapped[str] = mapped_column(default="")
    zip: Mapped[str]
    city: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    time_zone: Mapped[str]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    why: Mapped[str] = mapped_column(default="", info=PERSONAL)
    backed_by: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]


class Membership(WithId, Base):
    """A person in an alliance."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("alliance_id", "person_id"),
        Index(None, "alliance_id", "state"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[MembershipState]
    how: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    alliance: Mapped[Alliance] = relationship(lazy="raise_on_sql")


class CoordinatorTerm(WithId, Base):
    """A person leads an alliance from a day until a day, so that terms end."""

    __tablename__ = "coordinator_term"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="dates"),
        Index(None, "alliance_id", "until"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Invitation(WithId, Base):
    """An e-mailed invitation to join an alliance; good for 30 days."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("alliance_id", "address_id"),)

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id", ondelete="CASCADE"))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(default="", info=PERSONAL)
    secret_digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]

    address: Mapped[Address] = relationship(lazy="raise_on_sql")
