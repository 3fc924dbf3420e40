"""How the network grows or shrinks: members, events and active alliances, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from app.alliances.models import Membership, MembershipState
from app.digests.quiet import SIX_MONTHS
from app.events.models import Event, EventState
from app.foundation import clock, pagecontext
from app.foundation.db import db

MONTHS = 12


@dataclass(frozen=True)
class Month:
    """The end of a month (of this one: now): its members, its events, and who held any."""

    label: str
    members: int
    events: int
    active: int


def months() -> Sequence[Month]:
    """The last twelve months, the oldest first; two statements."""
    starts = [_start(back) for back in range(MONTHS - 1, -1, -1)]
    ends = [min(_start(back - 1), clock.now()) for back in range(MONTHS - 1, -1, -1)]
    members = members_at(ends)
    happened = db.execute(
        select(
            *(_events_in(*month) for month in zip(starts, ends, strict=True)),
            *(_held_before(end) for end in ends),
        ).where(Event.state == EventState.PUBLISHED)
    ).one()
    return [
        Month(
            label=pagecontext.day_as(start.date(), "LLL y"),
            members=members[number],
            events=happened[number],
            active=happened[MONTHS + number],
        )
        for number, start in enumerate(starts)
    ]


def members_at(instants: Sequence[datetime]) -> Sequence[int]:
    """How many people were members at each of some instants; who is in two alliances counts
    twice, as they do in the list of alliances."""
    was = Membership.state.in_((MembershipState.ACTIVE, MembershipState.LEFT))
    counts = [
        _count((Membership.since <= at) & (Membership.until.is_(None) | (Membership.until > at)))
        for at in instants
    ]
    return list(db.execute(select(*counts).where(was)).one())


def _events_in(start: datetime, end: datetime) -> ColumnElement[int]:
    return _count((Event.starts_at >= start) & (Event.starts_at < end))


def _held_before(end: datetime) -> ColumnElement[int]:
    """How many alliances held something in the half year before."""
    held = (Event.starts_at >= end - SIX_MONTHS) & (Event.starts_at < end)
    return func.count(func.distinct(case((held, Event.alliance_id))))


def _count(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count(case((condition, 1)))


def _start(back: int) -> datetime:
    """When the month so many before this one began; UTC, as all instants are kept."""
    today = clock.today()
    months = today.year * 12 + today.month - 1 - back
    return datetime.combine(date(months // 12, months % 12 + 1, 1), time(), UTC)
