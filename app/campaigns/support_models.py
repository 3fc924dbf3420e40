"""Who supports a campaign: people who sign, organizations that endorse."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.alliances.organization_models import Organization
from app.foundation.db import PERSONAL, Base, WithId
from app.people.models import Person


class SignatureState(StrEnum):
    """A signature counts once its address is confirmed."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Signature(WithId, Base):
    """A person asks for a resolution; the name is shown only where they ticked so.

    `is_local` keeps whether the signer lives in the place, because only that share is shown.
    `affiliation` is a post and an organization, printed "for identification only".
    """

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("measure_id", "person_id"),
        Index(None, "measure_id", "state"),
    )

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[SignatureState]
    show_name: Mapped[bool] = mapped_column(default=False)
    is_local: Mapped[bool] = mapped_column(default=False)
    affiliation: Mapped[str] = mapped_column(default="", server_default="", info=PERSONAL)
    signed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Endorsement(WithId, Base):
    """An organization endorses a campaign, by whose authority, and what may be printed.

    It stays when whoever gave it leaves the organization. One that came on paper has its document
    or says where it is; what a coordinator wrote down `is_proposed`, and counts once the
    organization or staff agree. With `for_identification` not the organization endorses, but the
    one who is named, in whose office the organization only tells who they are.
    """

    __tablename__ = "endorsement"
    __table_args__ = (UniqueConstraint("measure_id", "organization_id"),)

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    authorized_by: Mapped[str]
    authorized_title: Mapped[str] = mapped_column(default="", server_default="")
    authorized_on: Mapped[date]
    public_use: Mapped[bool] = mapped_column(default=False)
    is_proposed: Mapped[bool] = mapped_column(default=False, server_default=false())
    for_identification: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[str] = mapped_column(default="", server_default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id", ondelete="SET NULL"))
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    asked_again_on: Mapped[date | None]
    entered_at: Mapped[datetime]
    withdrawn_on: Mapped[date | None]

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
