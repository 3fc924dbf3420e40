"""How many of those who sign up come: by an alliance's own past events, and what follows for the
next one.

Who came is what the report says, else what the door counted, else the number kept when the names
were deleted. An event of which nobody counted says nothing.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from app.events import words
from app.events.door_models import Arrival
from app.events.models import Edition, Event, EventKind, EventState, SignUp, SignUpState
from app.events.queries import Counts
from app.events.report_models import ReportBack
from app.foundation import clock, pagecontext
from app.foundation.db import db

LOOKED_AT = 30
"""So many of the newest past events are looked at."""
ENOUGH = 2
"""Below so many counted events there is no forecast."""
DAYS_SHOWN = 28


@dataclass(frozen=True)
class Past:
    """One event that is over: who had a seat, and who came."""

    event_id: int
    kind: EventKind
    title: str
    on: date
    expected: int
    came: int


@dataclass(frozen=True)
class Filling:
    """How full a room gets: `missing` more sign-ups fill it, but no more than `free` can be had;
    with every seat taken `at_most` people come."""

    seats: int
    missing: int
    free: int
    at_most: int

    @property
    def gets_full(self) -> bool:
        """Whether there are seats enough for all the sign-ups that fill it."""
        return self.missing <= self.free


@dataclass(frozen=True)
class Forecast:
    """What an alliance's own history says of its next event; no filling where nothing limits it."""

    share: float
    events: int
    will_come: int
    room: Filling | None


def history(alliance_id: int) -> Sequence[Past]:
    """The newest past events of an alliance whose guests were counted, newest first."""
    rows = db.execute(_counted(alliance_id))
    found = [
        Past(
            row.id,
            row.kind,
            words.in_language(row.title, row.title_es),
            row.wall_start.date(),
            _expected(row),
            _came(row),
        )
        for row in rows
    ]
    return [past for past in found if past.came > 0]


def _counted(alliance_id: int) -> Any:
    seats = (
        select(func.sum(SignUp.seats))
        .where(SignUp.event_id == Event.id, SignUp.state == SignUpState.CONFIRMED)
        .correlate(Event)
        .scalar_subquery()
    )
    door = (
        select(func.sum(Arrival.people))
        .where(Arrival.event_id == Event.id)
        .correlate(Event)
        .scalar_subquery()
    )
    return (
        select(
            Event.id,
            Event.kind,
            Event.title,
            Event.title_es,
            Event.wall_start,
            Event.past_confirmed,
            Event.past_came,
            ReportBack.people,
            func.coalesce(seats, 0).label("seats"),
            func.coalesce(door, 0).label("door"),
        )
        .outerjoin(ReportBack, ReportBack.event_id == Event.id)
        .where(
            Event.alliance_id == alliance_id,
            Event.state == EventState.PUBLISHED,
            Event.ends_at < clock.now(),
        )
        .order_by(Event.starts_at.desc(), Event.id)
        .limit(LOOKED_AT)
    )


def _expected(row: Any) -> int:
    return int(row.seats if row.past_confirmed is None else row.past_confirmed)


def _came(row: Any) -> int:
    return int(row.people or row.door or row.past_came or 0)


def forecast(past: Sequence[Past], counts: Counts, limit: int | None) -> Forecast | None:
    """By all counted events together; None while too few were counted."""
    useful = [one for one in past if one.expected > 0]
    if len(useful) < ENOUGH:
        return None
    share = sum(one.came for one in useful) / sum(one.expected for one in useful)
    room = None if limit is None else _filling(share, counts.taken, limit)
    return Forecast(share, len(useful), round(counts.confirmed * share), room)


def _filling(share: float, taken: int, seats: int) -> Filling:
    return Filling(
        seats=seats,
        missing=max(0, math.ceil(seats / share) - taken),
        free=max(0, seats - taken),
        at_most=round(max(seats, taken) * share),
    )


def filling(event: Event, counts: Counts) -> Filling | None:
    """How full the room gets by what share came before; None where nobody knows."""
    if event.limit is None:
        return None
    found = forecast(history(event.alliance_id), counts, event.limit)
    return found.room if found else None


def by_kind(past: Sequence[Past]) -> Mapping[EventKind, tuple[int, int]]:
    """How many came and how many were expected, by kind of event."""
    sums: dict[EventKind, list[int]] = defaultdict(lambda: [0, 0])
    for one in past:
        sums[one.kind][0] += one.came
        sums[one.kind][1] += one.expected
    return {kind: (came, expected) for kind, (came, expected) in sorted(sums.items())}


def a_year_before(event: Event) -> Event | None:
    """What the same alliance held on the same observance a year before."""
    if event.edition_id is None:
        return None
    this, last = aliased(Edition), aliased(Edition)
    return db.scalars(
        select(Event)
        .join(last, last.id == Event.edition_id)
        .join(
            this,
            and_(this.observance_key == last.observance_key, this.year == last.year + 1),
        )
        .where(
            this.id == event.edition_id,
            Event.alliance_id == event.alliance_id,
            Event.state == EventState.PUBLISHED,
        )
        .order_by(Event.id)
    ).first()


def sign_ups_by_day(event: Event, before: Event | None) -> Sequence[tuple[str, int, int | None]]:
    """How many had signed up on each of the last days before the event, this time and last time.

    The days are counted back from the event, so that two years can be compared; of an event that
    is farther ahead they are the last ones until today. None where it is not known.
    """
    first = max(0, (event.wall_start.date() - clock.today(event.time_zone)).days)
    last = first if first > DAYS_SHOWN else 0
    now = _totals(event, last + DAYS_SHOWN)
    then = _totals(before, last + DAYS_SHOWN) if before else {}
    return [
        (
            pagecontext.short_date(event.wall_start.date() - timedelta(days=left)),
            now.get(left, 0) if left >= first else 0,
            then.get(left),
        )
        for left in range(last + DAYS_SHOWN, last - 1, -1)
    ]


def _totals(event: Event, longest: int) -> Mapping[int, int]:
    """Seats given until so many days before the event, `longest` at most.

    Of an event that was brought from elsewhere only the number of the day itself is known.
    """
    if event.past_confirmed is None:
        totals = totals_of([event.id])[event.id]
    else:
        totals = event.past_totals
        if not totals:
            return {0: event.past_confirmed}
    return {left: totals[left] if left < len(totals) else 0 for left in range(longest + 1)}


def totals_of(event_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """Seats given until the day of each event, until the day before it, and so on until the first
    sign-up."""
    rows = db.execute(
        select(Event.id, Event.wall_start, Event.time_zone, SignUp.created_at, SignUp.seats)
        .join(SignUp, SignUp.event_id == Event.id)
        .where(Event.id.in_(event_ids), SignUp.state == SignUpState.CONFIRMED)
    )
    by_day: dict[int, Counter[int]] = {each: Counter() for each in event_ids}
    for event_id, wall_start, zone, at, seats in rows:
        left = (wall_start.date() - pagecontext.local_day(at, zone)).days
        by_day[event_id][max(0, left)] += seats
    return {event_id: _summed(days) for event_id, days in by_day.items()}


def _summed(by_day: Counter[int]) -> Sequence[int]:
    """What came until each day, the last day first."""
    days = range(max(by_day, default=-1), -1, -1)
    return [*accumulate(by_day[left] for left in days)][::-1]
