"""The door: links that open an event's list to volunteers, and who has come in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.events.models import Event
from app.foundation.db import PERSONAL, Base, WithId


class DoorLink(WithId, Base):
    """A link for volunteers: it opens one event's list on the day of the event, until revoked."""

    __tablename__ = "door_link"

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Arrival(WithId, Base):
    """How many of one party are in, as it was last said at any door.

    `key` is the sign-up's or, for people without one, made by the phone that let them in. Of two
    things said about one key the later one holds (`said_at`, by the server's clock), in whatever
    order and however often they reach us, so that phones may have been offline in between. Zero
    people means that it was said by mistake. `name` and `no_photo` are of people without a sign-up.
    """

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("event_id", "key"),
        CheckConstraint("people BETWEEN 0 AND 30", name="people"),
        Index(None, "event_id", "recorded_at"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id, ondelete="CASCADE"))
    key: Mapped[str]
    sign_up_id: Mapped[int | None] = mapped_column(
        ForeignKey("sign_up.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(default="", info=PERSONAL)
    people: Mapped[int]
    no_photo: Mapped[bool] = mapped_column(default=False, server_default=false())
    said_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    link_id: Mapped[int | None] = mapped_column(
        ForeignKey(DoorLink.id, ondelete="SET NULL"), index=True
    )
