"""The events of the next weeks that digests tell of: read once, then asked by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select

from app.events.models import Event, EventState
from app.foundation import clock, geo
from app.foundation.db import db
from app.mail.sections import Point

WEEKS = 5
NEAR_MILES = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Coming:
    """An event as a digest tells it; the same one is the same object, which is quick to look up."""

    id: int
    slug: str
    title: str
    title_es: str
    starts_at: datetime
    time_zone: str
    venue: str
    city: str
    access: str
    capacity: int | None
    alliance_id: int
    latitude: float | None
    longitude: float | None

    def title_in(self, language: str) -> str:
        return self.title_es if self.title_es and language == "es" else self.title

    @property
    def local_day(self) -> date:
        """The day on the event's own calendar."""
        return self.starts_at.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def place(self) -> str:
        """Main Library, Columbus; empty where there is none."""
        return ", ".join(part for part in (self.venue, self.city) if part)

    def is_near(self, point: Point) -> bool:
        """Whether it takes place within NEAR_MILES of a point."""
        if self.latitude is None or self.longitude is None:
            return False
        if abs(self.latitude - point[0]) * geo.MILES_PER_DEGREE > NEAR_MILES + 1:
            return False
        return geo.miles(*point, self.latitude, self.longitude) <= NEAR_MILES


@dataclass(frozen=True)
class Signature:
    """Changes whenever what digests tell of events may have changed."""

    number: int
    versions: int | None
    last_change: datetime | None


class Calendar:
    """All events of the next weeks; what is near a point is sought once for each point."""

    def __init__(self, events: Sequence[Coming]) -> None:
        self.by_alliance: dict[int, list[Coming]] = {}
        for event in events:
            self.by_alliance.setdefault(event.alliance_id, []).append(event)
        self._placed = [event for event in events if event.latitude is not None]
        self._near: dict[Point, tuple[Coming, ...]] = {}

    def of(self, alliance_id: int) -> Sequence[Coming]:
        return self.by_alliance.get(alliance_id, ())

    def near(self, point: Point) -> tuple[Coming, ...]:
        found = self._near.get(point)
        if found is None:
            found = tuple(event for event in self._placed if event.is_near(point))
            self._near[point] = found
        return found


def signature() -> Signature:
    query = select(func.count(), func.sum(Event.version), func.max(Event.updated_at))
    return Signature(*db.execute(query.where(_coming())).one())


def read() -> Calendar:
    events = db.scalars(select(Event).where(_coming()).order_by(Event.starts_at, Event.id))
    return Calendar([_as_told(event) for event in events])


def _as_told(event: Event) -> Coming:
    return Coming(
        id=event.id,
        slug=event.slug,
        title=event.title,
        title_es=event.title_es,
        starts_at=event.starts_at,
        time_zone=event.time_zone,
        venue=event.shown_venue,
        city=event.city,
        access=event.access,
        capacity=event.capacity,
        alliance_id=event.alliance_id,
        latitude=event.latitude,
        longitude=event.longitude,
    )


def _coming() -> ColumnElement[Any]:
    now = clock.now()
    last_day = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(weeks=WEEKS)
    return and_(
        Event.state == EventState.PUBLISHED, Event.starts_at > now, Event.starts_at < last_day
    )
