"""Sessions, passwords, e-mailed links with their codes, national roles, and the audit."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, WithId


class LinkKind(StrEnum):
    """What the button on an e-mailed link's page does."""

    CONFIRM = "confirm"
    SIGN_IN = "sign_in"
    CHANGE_ADDRESS = "change_address"


class Role(StrEnum):
    """A national role; coordinating an alliance is a dated term there."""

    STAFF = "staff"
    ADMIN = "admin"


class Credential(Base):
    """A person's password, hashed with argon2id."""

    __tablename__ = "credential"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    password_hash: Mapped[str]
    changed_at: Mapped[datetime]


class SignInSession(WithId, Base):
    """One signed-in browser; the cookie holds a secret of which we keep the hash."""

    __tablename__ = "sign_in_session"

    secret_digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    fresh_at: Mapped[datetime]


class LastSignIn(Base):
    """When somebody last signed in; it outlives their sessions, which last a month."""

    __tablename__ = "last_sign_in"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]


class EmailLink(WithId, Base):
    """A link in a mail and the six-digit code beside it; single use, good for seven days.

    `about` names the one wish that its mail told of, such as `event:7`: pressing the button makes
    that wish real and no other, for anybody can type anybody's address.
    """

    __tablename__ = "email_link"
    __table_args__ = (Index(None, "address_id", "kind"),)

    kind: Mapped[LinkKind]
    secret_digest: Mapped[str] = mapped_column(unique=True)
    code_digest: Mapped[str]
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    next_url: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


class NationalRole(WithId, Base):
    """A person's national role from a day until a day."""

    __tablename__ = "national_role"
    __table_args__ = (CheckConstraint("until IS NULL OR until >= since", name="dates"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role]
    since: Mapped[date]
    until: Mapped[date | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class AuditEntry(WithId, Base):
    """Who did what to what; only ever appended."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "area", "at"), Index(None, "actor_id", "at"))

    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    area: Mapped[str]
    action: Mapped[str]
    object_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    request_id: Mapped[str] = mapped_column(default="")
