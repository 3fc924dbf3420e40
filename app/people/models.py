"""People and their addresses: one address may serve two people, and a person may have none."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation import clock
from app.foundation.db import PERSONAL, Base, WithId


class Standing(StrEnum):
    """What a person is to us."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    DISABLED = "disabled"
    ERASED = "erased"


class DigestEvery(StrEnum):
    """How often a person wants the digest; *never* is an `Unsubscription`."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Purpose(StrEnum):
    """What a mail is for; people unsubscribe from each bulk purpose by itself."""

    ACCOUNT = "account"
    DIGEST = "digest"
    EVENTS = "events"
    ANNOUNCEMENTS = "announcements"


BULK = (Purpose.DIGEST, Purpose.EVENTS, Purpose.ANNOUNCEMENTS)


class Address(WithId, Base):
    """An e-mail address in its canonical form; `digest` is what suppressions keep of it."""

    __tablename__ = "address"

    email: Mapped[str | None] = mapped_column(unique=True, info=PERSONAL)
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class Person(WithId, Base):
    """Somebody we know by any name; `discreet` is known only to the coordinator."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour"),
        Index(None, "state", "city"),
        Index(
            "ix_person_discreet",
            "id",
            postgresql_where=text("discreet"),
            sqlite_where=text("discreet = 1"),
        ),
    )

    name: Mapped[str] = mapped_column(info=PERSONAL)
    address_id: Mapped[int | None] = mapped_column(
        ForeignKey("address.id", ondelete="SET NULL"), index=True
    )
    phone: Mapped[str | None] = mapped_column(info=PERSONAL)
    zip: Mapped[str | None] = mapped_column(info=PERSONAL)
    city: Mapped[str | None] = mapped_column(info=PERSONAL)
    state: Mapped[str | None]
    latitude: Mapped[float | None] = mapped_column(info=PERSONAL)
    longitude: Mapped[float | None] = mapped_column(info=PERSONAL)
    time_zone: Mapped[str] = mapped_column(default=clock.HOME_ZONE)
    language: Mapped[str] = mapped_column(default="en")
    discreet: Mapped[bool] = mapped_column(default=False)
    digest_every: Mapped[DigestEvery] = mapped_column(default=DigestEvery.MONTHLY)
    digest_hour: Mapped[int] = mapped_column(default=9)
    standing: Mapped[Standing] = mapped_column(default=Standing.UNCONFIRMED, index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]

    address: Mapped[Address | None] = relationship(lazy="raise_on_sql")


class Consent(WithId, Base):
    """One line of the log of what people agreed to or took back; only ever appended."""

    __tablename__ = "consent"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Purpose]
    given: Mapped[bool]
    scope: Mapped[str] = mapped_column(default="")
    wording: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime]


class Unsubscription(Base):
    """A person does not want mail for a purpose."""

    __tablename__ = "unsubscription"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    purpose: Mapped[Purpose] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Disclosure(WithId, Base):
    """Somebody opened a person's details; the person sees it on their page."""

    __tablename__ = "disclosure"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    viewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    role: Mapped[str]
    what: Mapped[str]
    at: Mapped[datetime]
