"""What coordinators should do soon, by alliance: read once for a whole issue, in three statements.

A draft that should be published, a term without a successor, a coming day without an event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, null, select

from app.alliances.models import Alliance, CoordinatorTerm, LifeCycle
from app.alliances.terms import SOON
from app.digests.upcoming import WEEKS
from app.events import editions, queries
from app.events.models import Event, EventState
from app.foundation import clock
from app.foundation.db import db

CALL_AHEAD = timedelta(weeks=8)
DRAFTS_SHOWN = 3
ACTIVE = (LifeCycle.FORMING, LifeCycle.ACTIVE)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that nobody but its organizers sees yet."""

    id: int
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Call:
    """A coming observance for which the alliance has no event."""

    key: str
    short_name: str
    on: date

    @property
    def name(self) -> str:
        """What people call it, in the language that is spoken."""
        return editions.called(self.key, self.short_name)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What one alliance should do soon."""

    drafts: tuple[Draft, ...] = ()
    term_ends: date | None = None
    call: Call | None = None

    def __bool__(self) -> bool:
        return bool(self.drafts or self.term_ends or self.call)


NOTHING = Deadlines()


def read() -> Mapping[int, Deadlines]:
    found: dict[int, Deadlines] = {}

    def note(alliance_id: int, **values: Any) -> None:
        found[alliance_id] = replace(found.get(alliance_id, NOTHING), **values)

    for alliance_id, number, title, wall_start in db.execute(_drafts()):
        earlier = found.get(alliance_id, NOTHING).drafts
        if len(earlier) < DRAFTS_SHOWN:
            draft = Draft(number, title, wall_start.date())
            note(alliance_id, drafts=(*earlier, draft))
    for alliance_id, until in db.execute(_terms()):
        note(alliance_id, term_ends=until)
    for alliance_id, call in _calls():
        note(alliance_id, call=call)
    return found


def _drafts() -> Select[int, int, str, datetime]:
    now = clock.now()
    return (
        select(Event.alliance_id, Event.id, Event.title, Event.wall_start)
        .where(
            Event.state == EventState.DRAFT,
            Event.starts_at > now,
            Event.starts_at < now + timedelta(weeks=WEEKS),
        )
        .order_by(Event.starts_at, Event.id)
    )


def _terms() -> Select[int, date | None]:
    """The last day on which somebody coordinates, where that is soon."""
    today = clock.today()
    last = func.max(CoordinatorTerm.until)
    endless = func.count().filter(CoordinatorTerm.until.is_(null()))
    return (
        select(CoordinatorTerm.alliance_id, last)
        .group_by(CoordinatorTerm.alliance_id)
        .having(endless == 0, last >= today, last <= today + SOON)
    )


def _calls() -> list[tuple[int, Call]]:
    """Each active alliance with the next day for which it has no event."""
    last = clock.today() + CALL_AHEAD
    days = [edition for edition in queries.open_editions() if edition.on <= last]
    if not days:
        return []
    day = days[0]
    answered = select(Event.id).where(
        Event.alliance_id == Alliance.id,
        Event.edition_id == day.id,
        Event.state != EventState.CANCELLED,
    )
    silent = select(Alliance.id).where(Alliance.life_cycle.in_(ACTIVE), ~answered.exists())
    call = Call(day.observance.key, day.observance.short_name, day.on)
    return [(alliance_id, call) for alliance_id in db.scalars(silent)]
