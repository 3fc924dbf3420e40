"""Who speaks for a campaign at a meeting of the council, and what they will say."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.measure_models import Measure
from app.foundation.db import PERSONAL, Base, WithId
from app.people.models import Person


class Turnout(WithId, Base):
    """A meeting at which people shall speak. `slots` is how many may; unknown: no limit.

    `at` is wall time where the council meets. `rules` is what the clerk says of public comment.
    """

    __tablename__ = "turnout"
    __table_args__ = (
        UniqueConstraint("measure_id", "on"),
        CheckConstraint("slots > 0", name="slots"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    on: Mapped[date]
    at: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    slots: Mapped[int | None]
    minutes: Mapped[int | None]
    rules: Mapped[str] = mapped_column(default="")
    sign_up_url: Mapped[str] = mapped_column(default="")
    sign_up_by: Mapped[date | None]
    created_at: Mapped[datetime]

    measure: Mapped[Measure] = relationship(lazy="raise_on_sql")


class Speaker(WithId, Base):
    """Somebody wants to speak; those who come after the last slot stand by, in order.

    `registered` says that the clerk has them, which is a step of its own.
    """

    __tablename__ = "speaker"
    __table_args__ = (UniqueConstraint("turnout_id", "person_id"),)

    turnout_id: Mapped[int] = mapped_column(ForeignKey("turnout.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    testimony: Mapped[str] = mapped_column(default="", info=PERSONAL)
    registered: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
