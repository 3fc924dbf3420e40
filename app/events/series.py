"""Events that come again: each date is an event of its own, made some months ahead.

A date that people signed up for never goes silently: what no longer fits the rhythm is cancelled
only where nobody is signed up, and otherwise stands alone until its organizers decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.audit import audit
from app.events import actions, cloning, queries, rhythm
from app.events.actions import Plan
from app.events.models import Event, EventState
from app.events.rhythm import Rhythm
from app.events.series_models import EventSeries
from app.foundation import clock
from app.foundation.db import db

AHEAD = timedelta(days=120)
"""How far dates are made; a weekly meeting has seventeen of them then."""
A_DAY = timedelta(days=1)


class Scope(StrEnum):
    """Which dates a change is for."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class OtherDay(Exception):
    """Only a single date is put on another day; for more of them the rhythm is changed."""


class CannotRepeat(Exception):
    """The event is over, cancelled, or comes again already."""


@dataclass(frozen=True)
class Dated:
    """One date of a series, and how many people are signed up or in line."""

    event: Event
    people: int

    @property
    def is_cancelled(self) -> bool:
        return self.event.state == EventState.CANCELLED


def of_alliance(alliance_id: int, series_id: int, *, lock: bool = False) -> EventSeries | None:
    """A series, only if it belongs to the alliance."""
    query = select(EventSeries).where(
        EventSeries.id == series_id, EventSeries.alliance_id == alliance_id
    )
    return db.scalars(query.with_for_update() if lock else query).first()


def of_event(event: Event) -> EventSeries | None:
    return db.get(EventSeries, event.series_id) if event.series_id else None


def begin(event: Event, chosen: Rhythm) -> EventSeries:
    """Let an event come again in this rhythm, from its own day on. Raises CannotRepeat."""
    over = event.starts_at <= clock.now()
    if over or event.series_id is not None or event.state == EventState.CANCELLED:
        raise CannotRepeat
    on = event.wall_start.date()
    series = EventSeries(
        alliance_id=event.alliance_id,
        rule=chosen.rule(),
        wall_start=event.wall_start,
        time_zone=event.time_zone,
        skipped=[],
        made_until=on,
        created_at=clock.now(),
    )
    db.add(series)
    db.flush()
    event.series_id, event.series_on, event.series_own = series.id, on, False
    db.flush()
    audit("events", "series", series.id)
    extend(series)
    return series


def due() -> Sequence[int]:
    """The series whose next dates are to be made."""
    return db.scalars(
        select(EventSeries.id)
        .where(
            EventSeries.ended_at.is_(None),
            EventSeries.made_until < clock.today() + AHEAD - A_DAY,
        )
        .order_by(EventSeries.id)
    ).all()


def extend_due(series_id: int) -> int:
    """Make the next dates of one series; how many."""
    return extend(
        db.scalars(select(EventSeries).where(EventSeries.id == series_id).with_for_update()).one()
    )


def extend(series: EventSeries) -> int:
    """Make the dates up to the horizon, like the newest date that follows the rule."""
    horizon = clock.today(series.time_zone) + AHEAD
    model = _newest(series)
    if model is None:
        series.ended_at = series.ended_at or clock.now()
        return 0
    taken = {event.series_on for event in _all(series)}
    taken |= {date.fromisoformat(day) for day in series.skipped}
    after = max(series.made_until, clock.today(series.time_zone))
    days = rhythm.days(series.rule, series.wall_start, after=after, until=horizon)
    made = [_make(series, model, day) for day in days if day not in taken]
    series.made_until = max(series.made_until, horizon)
    db.flush()
    return len(made)


def dates(series: EventSeries) -> Sequence[Dated]:
    """The dates to come, cancelled ones too, each with how many people it has."""
    coming = [event for event in _all(series) if event.starts_at > clock.now()]
    counts = queries.counts([event.id for event in coming])
    return [Dated(e, counts[e.id].confirmed + counts[e.id].waiting) for e in coming]


def affected(event: Event, scope: Scope) -> Sequence[Event]:
    """The dates that a change of this event is for: to come, and not changed alone."""
    if scope == Scope.THIS or event.series_id is None or event.series_on is None:
        return [event]
    others = db.scalars(
        select(Event)
        .where(
            Event.series_id == event.series_id,
            Event.id != event.id,
            Event.starts_at > clock.now(),
            Event.state != EventState.CANCELLED,
            Event.series_own.is_(False),
        )
        .order_by(Event.series_on)
        .options(joinedload(Event.alliance))
    ).all()
    first = event.series_on if scope == Scope.FOLLOWING else date.min
    return [event, *(each for each in others if each.series_on and each.series_on >= first)]


def save(event: Event, plan: Plan, scope: Scope, *, version: int) -> int:
    """Change one date, or more of them; how many. Whoever is signed up for a moved one is told.

    Raises OtherDay, and what saving one raises.
    """
    alone = scope == Scope.THIS
    if not alone and plan.wall_start.date() != event.wall_start.date():
        raise OtherDay
    changed = affected(event, scope)
    actions.save(event, plan, version=version)
    event.series_own = event.series_own or (alone and event.series_id is not None)
    for other in changed[1:]:
        actions.save(other, _at(plan, other), version=other.version)
    return len(changed)


def publish_all(series: EventSeries) -> int:
    """Publish every draft that is to come; how many. Raises NoWayIn."""
    drafts = [each.event for each in dates(series) if each.event.state == EventState.DRAFT]
    for event in drafts:
        actions.publish(event)
    return len(drafts)


def change_rhythm(series: EventSeries, chosen: Rhythm, first: date) -> Sequence[Event]:
    """Another rhythm from a day on; which dates stand alone now because people are signed up."""
    newest = _newest(series)
    hour = newest.wall_start.time() if newest else series.wall_start.time()
    series.rule = chosen.rule()
    series.wall_start = datetime.combine(first, hour)
    series.ended_at = None
    series.made_until = first - A_DAY
    extend(series)
    audit("events", "series-rhythm", series.id)
    return _take_back(series, from_day=first)


def end(series: EventSeries, last: date) -> Sequence[Event]:
    """No date after this one; which dates stand alone now because people are signed up."""
    series.rule = rhythm.until(series.rule, last)
    kept = _take_back(series, from_day=last + A_DAY)
    if last <= clock.today(series.time_zone) + AHEAD:
        series.ended_at = clock.now()
    audit("events", "series-end", series.id)
    return kept


def _take_back(series: EventSeries, *, from_day: date) -> Sequence[Event]:
    """Call off the dates that the rule no longer gives, where nobody is signed up."""
    coming = [each for each in dates(series) if not each.is_cancelled]
    last = max((each.event.series_on or from_day for each in coming), default=from_day)
    rule = set(rhythm.days(series.rule, series.wall_start, after=from_day - A_DAY, until=last))
    kept = []
    for each in coming:
        event = each.event
        stays = event.series_on is None or event.series_on < from_day or event.series_on in rule
        if stays or event.series_own:
            continue
        if each.people:
            event.series_own = True
            kept.append(event)
        else:
            _call_off(event)
    db.flush()
    return kept


def _call_off(event: Event) -> None:
    if event.state == EventState.DRAFT:
        event.series_id = None  # so that its day is not noted as skipped
        actions.discard(event)
    else:
        actions.cancel(event, str(_("This group meets at other times now.")))


def _make(series: EventSeries, model: Event, on: date) -> Event:
    event = cloning.clone(model, on, edition_id=None, by_id=None)
    event.series_id, event.series_on = series.id, on
    db.flush()
    if model.state == EventState.PUBLISHED and event.starts_at > clock.now():
        actions.publish(event)
    return event


def _at(plan: Plan, event: Event) -> Plan:
    """The plan on the day of another date; an hour that the clocks skip is the next one."""
    wall = datetime.combine(event.wall_start.date(), plan.wall_start.time())
    exact = clock.instant(wall, plan.time_zone).astimezone(ZoneInfo(plan.time_zone))
    return replace(plan, wall_start=exact.replace(tzinfo=None), edition_id=event.edition_id)


def _newest(series: EventSeries) -> Event | None:
    """The last date that follows the rule and takes place: later ones are made like it."""
    return db.scalars(
        select(Event)
        .where(
            Event.series_id == series.id,
            Event.series_own.is_(False),
            Event.state != EventState.CANCELLED,
        )
        .order_by(Event.series_on.desc())
        .limit(1)
    ).first()


def _all(series: EventSeries) -> Sequence[Event]:
    return db.scalars(
        select(Event)
        .where(Event.series_id == series.id)
        .order_by(Event.starts_at)
        .options(joinedload(Event.alliance))
    ).all()
