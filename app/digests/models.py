"""What goes out again and again, and what staff write.

A *series* makes an *issue* for each of its days by itself; staff may make one by hand. Both are
the same thing: an introduction (a series has none until staff write one), sections that fill
themselves for each reader, and the mailing that it becomes. An *item* is a piece of news that
staff write once: the next issue of each series picks it up. What an issue told is kept with it
(*told*) from the moment it starts, so that nothing changes while it goes out. An *announcement*
is what a coordinator writes to their members or to the guests of an event.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, WithId
from app.mail.models import Mailing
from app.people.models import DigestEvery


class SavedAudience(WithId, Base):
    """A choice of people with a name, for several issues; `chosen` as `tree` writes it."""

    __tablename__ = "saved_audience"

    name: Mapped[str] = mapped_column(unique=True)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SeriesName(StrEnum):
    """What goes out by itself."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    WELCOME = "welcome"


class Series(Base):
    """A rhythm that staff switch on: its day (of the week from Monday 0, or of the month).

    The welcome of new members has no day; `on_since` says whom it greets.
    """

    __tablename__ = "series"
    __table_args__ = (CheckConstraint("day BETWEEN 0 AND 28", name="day"),)

    name: Mapped[SeriesName] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=False, server_default=false())
    on_since: Mapped[datetime | None]
    day: Mapped[int] = mapped_column(default=0)
    subject: Mapped[str] = mapped_column(default="")
    subject_es: Mapped[str] = mapped_column(default="")
    sections: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)


class Issue(WithId, Base):
    """One digest. Editable until its mailing starts; frozen then.

    Spanish words are optional: without them everybody reads the English ones. `sections` is the
    order that staff gave (see arrangement); `is_private` keeps it off the website; `kept` has what
    sections put away when it started, by their names.

    `chosen` says whom it is for, as `tree` writes it; a draft that uses a saved audience gets a
    copy of it when it is sent or scheduled.
    """

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("series", "scheduled_on"),)

    series: Mapped[SeriesName | None] = mapped_column(ForeignKey("series.name"))
    subject: Mapped[str]
    subject_es: Mapped[str] = mapped_column(default="")
    introduction: Mapped[str] = mapped_column(default="")
    introduction_es: Mapped[str] = mapped_column(default="")
    sections: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    is_private: Mapped[bool] = mapped_column(default=False, server_default=false())
    frozen_at: Mapped[datetime | None]
    kept: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    every: Mapped[DigestEvery] = mapped_column(default=DigestEvery.MONTHLY)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    saved_audience_id: Mapped[int | None] = mapped_column(
        ForeignKey("saved_audience.id", ondelete="SET NULL"), index=True
    )
    scheduled_on: Mapped[date | None]
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    mailing: Mapped[Mailing | None] = relationship(lazy="raise_on_sql")


class News:
    """The words of a piece of news; without an alliance it is for everybody."""

    title: Mapped[str]
    title_es: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    body_es: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    is_pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))


class Item(WithId, News, Base):
    """News that staff wrote, good from a day until a day; a pinned one is told each time."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="dates"),
        Index(None, "until_on"),
    )

    from_on: Mapped[date]
    until_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Told(WithId, News, Base):
    """An item as an issue told it, which later changes of the item leave alone."""

    __tablename__ = "told"
    __table_args__ = (UniqueConstraint("issue_id", "item_id"),)

    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"))
    item_id: Mapped[int | None] = mapped_column(
        ForeignKey("item.id", ondelete="SET NULL"), index=True
    )


class SubjectTest(Base):
    """Other subjects for an issue, tried with a share (percent) of its readers.

    `salt` is the key of the hash that says who gets which; `winner` is the number of the subject
    that the rest gets, 0 being the issue's own; `held_at` says that staff have to decide.
    """

    __tablename__ = "subject_test"
    __table_args__ = (CheckConstraint("share BETWEEN 1 AND 50", name="share"),)

    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True
    )
    others: Mapped[list[str]] = mapped_column(JSON)
    share: Mapped[int]
    hours: Mapped[int]
    salt: Mapped[int] = mapped_column(BigInteger)
    replies: Mapped[list[int]] = mapped_column(JSON, default=list)
    winner: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    held_at: Mapped[datetime | None]


class Announcement(WithId, Base):
    """What a coordinator writes to the members of an alliance, or to the guests of its event."""

    __tablename__ = "announcement"
    __table_args__ = (Index(None, "alliance_id", "updated_at"),)

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), index=True
    )
    subject: Mapped[str]
    body: Mapped[str]
    subject_es: Mapped[str] = mapped_column(default="")
    body_es: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
