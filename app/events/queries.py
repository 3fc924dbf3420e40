"""Reads of events that deserve a name; each is one statement whatever the number of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased, contains_eager, joinedload, undefer_group

from app.accounts.models import AuditEntry
from app.alliances.models import Alliance
from app.events import listed
from app.events.co_host_models import CoHost, CoHostState
from app.events.listed import Recurring
from app.events.models import (
    Edition,
    Event,
    EventState,
    Observance,
    Part,
    SignUp,
    SignUpState,
    in_all,
    lowest,
)
from app.events.series_models import EventSeries
from app.events.shift_models import Shift
from app.foundation import clock, geo
from app.foundation.db import UTCDateTime, db
from app.people.models import Person

PUBLIC = (EventState.PUBLISHED, EventState.CANCELLED)
ATTENDING = (SignUpState.CONFIRMED, SignUpState.OFFERED, SignUpState.WAITING)
PROMISED = (SignUpState.HELD, SignUpState.OFFERED)
ZERO: ColumnElement[int] = literal_column("0")
"""Written into statements: nine of them as arguments are nine to be sent."""


@dataclass(frozen=True)
class Counts:
    """People of one event, their guests with them: with a seat, with one held or offered to them,
    and on the waiting list; `online` is how many of the taken seats are online."""

    confirmed: int = 0
    held: int = 0
    waiting: int = 0
    online: int = 0

    @property
    def taken(self) -> int:
        return self.confirmed + self.held

    def left(self, capacity: int | None) -> int | None:
        """Free seats, or None where there is no limit."""
        return None if capacity is None else max(0, capacity - self.taken)


@dataclass(frozen=True)
class Seen:
    """An event as one viewer sees it: with its counts and the viewer's own sign-up."""

    event: Event
    counts: Counts
    own: SignUp | None
    has_shifts: bool = False
    has_co_hosts: bool = False
    rule: str | None = None
    """By which the event comes again."""

    @cached_property
    def left(self) -> int | None:
        """Free seats of the event, or of its parts together; None where there is no limit."""
        in_parts = in_all(self.left_in(part) for part in Part)
        return lowest(self.counts.left(self.event.capacity), in_parts)

    def left_in(self, part: Part) -> int | None:
        """Free seats of one part; None where nothing limits it."""
        limit, online = self.event.seats_of(part), self.counts.online
        taken = online if part is Part.ONLINE else self.counts.taken - online
        return None if limit is None else max(0, limit - taken)

    @property
    def only_online_is_free(self) -> bool:
        """Every seat at the place is taken, but not those online."""
        is_hybrid = len(self.event.parts) > 1
        return is_hybrid and self.left_in(Part.IN_PERSON) == 0 and self.left != 0

    @property
    def is_full(self) -> bool:
        """No seat is free, or somebody is before us in the line for one."""
        if self.only_online_is_free:
            return False
        return self.left is not None and (self.left == 0 or self.counts.waiting > 0)

    @cached_property
    def is_over(self) -> bool:
        return self.event.ends_at <= clock.now()

    @property
    def takes_sign_ups(self) -> bool:
        return self.event.state == EventState.PUBLISHED and not self.is_over

    @property
    def has_seat(self) -> bool:
        return self.own is not None and self.own.state == SignUpState.CONFIRMED

    @property
    def has_offer(self) -> bool:
        return self.own is not None and self.own.state == SignUpState.OFFERED

    @property
    def waits(self) -> bool:
        return self.own is not None and self.own.state == SignUpState.WAITING


@dataclass(frozen=True)
class Nearby:
    """An event and how far it is."""

    event: Event
    miles: float


def has_seat(now: Any) -> ColumnElement[bool]:
    """A sign-up that takes seats: confirmed, or for now held for a visitor or offered in line."""
    return or_(SignUp.state == SignUpState.CONFIRMED, _is_promised(now))


def _is_promised(now: Any) -> ColumnElement[bool]:
    promised = or_(*(SignUp.state == state for state in PROMISED))
    return and_(promised, SignUp.held_until > now)


def counts(event_ids: Collection[int]) -> Mapping[int, Counts]:
    """How many people each event has; an event without any has its row too."""
    found = dict.fromkeys(event_ids, Counts())
    confirmed, *others = _tallies(clock.now())
    rows = db.execute(
        select(Event.id, func.coalesce(Event.past_confirmed, confirmed), *others)
        .outerjoin(SignUp, SignUp.event_id == Event.id)
        .where(Event.id.in_(event_ids))
        .group_by(Event.id)
    )
    return found | {event_id: Counts(*numbers) for event_id, *numbers in rows}


def count(event_id: int) -> Counts:
    return counts([event_id])[event_id]


def by_part(event_id: int) -> Mapping[Part, int]:
    """How many people come to each part of an event that is held both ways."""
    rows = db.execute(
        select(SignUp.part, func.sum(SignUp.seats))
        .where(SignUp.event_id == event_id, SignUp.state == SignUpState.CONFIRMED)
        .group_by(SignUp.part)
    )
    return dict.fromkeys(Part, 0) | {part: int(number) for part, number in rows}


def seen(slug: str, person_id: int | None) -> Seen | None:
    """An event with its alliance, its counts and the person's own sign-up, in one statement."""
    asked = {"slug": slug, "person_id": person_id, "now": clock.now()}
    row = db.execute(_seen(person_id is not None), asked).first()
    if row is None:
        return None
    event, own, has_shifts, has_co_hosts, rule, *numbers = row
    return Seen(event, Counts(*numbers), own, has_shifts, has_co_hosts, rule)


def seen_locked(slug: str) -> Seen | None:
    """An event that nobody else changes until the transaction ends, with what it asks of people.

    Its seats are counted only where the form tells of them: they are measured when one is taken.
    """
    row = db.execute(_seen_locked(), {"slug": slug}).first()
    if row is None:
        return None
    event, has_shifts, has_co_hosts = row
    counts = count(event.id) if event.is_online else Counts()
    return Seen(event, counts, None, has_shifts, has_co_hosts)


@cache
def _seen(known: bool) -> Select[Any]:
    """Built once for people whom we know and once for visitors: the page that most people open."""
    own = and_(SignUp.event_id == Event.id, SignUp.person_id == bindparam("person_id"))
    slug: ColumnElement[str] = bindparam("slug")
    tally = (
        select(SignUp.event_id, *_tallies(bindparam("now", type_=UTCDateTime())))
        .join(SignUp.event)
        .where(Event.slug == slug)
        .group_by(SignUp.event_id)
        .subquery()
    )
    event_id, confirmed, *others = tally.c
    query = (
        select(
            Event,
            SignUp if known else null(),
            *_has_more(),
            EventSeries.rule,
            func.coalesce(Event.past_confirmed, confirmed, ZERO),
            *(func.coalesce(number, ZERO) for number in others),
        )
        .outerjoin(EventSeries, EventSeries.id == Event.series_id)
        .outerjoin(tally, event_id == Event.id)
        .where(Event.slug == slug)
        .options(
            joinedload(Event.alliance).load_only(Alliance.slug, Alliance.name), _with_edition()
        )
    )
    return query.outerjoin(SignUp, own) if known else query


@cache
def _seen_locked() -> Select[Any]:
    return (
        select(Event, *_has_more())
        .where(Event.slug == bindparam("slug"))
        .options(
            joinedload(Event.alliance).load_only(Alliance.slug, Alliance.name), _with_edition()
        )
        .with_for_update(of=Event)
        .execution_options(populate_existing=True)
    )


def _has_more() -> Sequence[Any]:
    """Whether an event has shifts, and whether it has co-hosts."""
    return (
        exists().where(Shift.event_id == Event.id),
        exists().where(CoHost.event_id == Event.id, CoHost.state == CoHostState.ACCEPTED),
    )


def of_alliance(alliance_slug: str, event_id: int) -> Event | None:
    """An event by its number, only if it belongs to that alliance."""
    return db.scalars(
        select(Event)
        .join(Event.alliance)
        .where(Event.id == event_id, Alliance.slug == alliance_slug)
        .options(contains_eager(Event.alliance), undefer_group("needs"), _with_edition())
    ).first()


def upcoming_events() -> Select[Event]:
    """Published events that are not over, with their alliances."""
    return (
        select(Event)
        .join(Event.alliance)
        .where(Event.state == EventState.PUBLISHED, Event.ends_at > clock.now())
        .order_by(Event.starts_at, Event.id)
        .options(contains_eager(Event.alliance))
    )


def upcoming(alliance_id: int, limit: int = 5) -> Sequence[Event]:
    """An alliance's next published events; of what comes again the next date alone."""
    ours = upcoming_events().where(holds(alliance_id), ~_is_later(clock.now()))
    return db.scalars(ours.limit(limit)).all()


def announced(alliance_id: int, limit: int = 5) -> Sequence[Recurring]:
    """The same as rows of the public page, with the rules by which they come again."""
    asked = {"alliance_id": alliance_id, "now": clock.now(), "limit": limit}
    return db.execute(_announced(), asked).all()


@cache
def _announced() -> Select[Any]:
    """Built once, for it is the same for all alliances."""
    now = bindparam("now", type_=UTCDateTime())
    return (
        listed.published()
        .where(Event.ends_at > now, holds(bindparam("alliance_id")), ~_is_later(now))
        .order_by(Event.starts_at, Event.id)
        .add_columns(EventSeries.rule)
        .outerjoin(Event.series)
        .limit(bindparam("limit"))
    )


def _is_later(now: Any) -> ColumnElement[bool]:
    """A date of what comes again, of which a sooner one is not over either."""
    sooner = aliased(Event)
    return exists().where(
        sooner.series_id == Event.series_id,
        sooner.state == EventState.PUBLISHED,
        sooner.starts_at < Event.starts_at,
        sooner.ends_at > now,
    )


def dates(series_id: int) -> Select[Event]:
    """The published dates to come of an event that comes again."""
    return upcoming_events().where(Event.series_id == series_id)


def near(latitude: float, longitude: float, miles: float, until: datetime) -> Sequence[Nearby]:
    """Published events held within so many miles that begin before `until`, nearest first."""
    box = geo.in_box(Event.latitude, Event.longitude, (latitude, longitude), miles)
    found = []
    for event in db.scalars(upcoming_events().where(box, Event.starts_at < until)):
        if event.latitude is None or event.longitude is None:
            continue
        distance = geo.miles(latitude, longitude, event.latitude, event.longitude)
        if distance <= miles:
            found.append(Nearby(event, distance))
    return sorted(found, key=lambda nearby: (nearby.miles, nearby.event.starts_at))


def sign_ups_of(person_id: int) -> Sequence[SignUp]:
    """A person's seats and places on waiting lists at events that are not over, soonest first."""
    return db.scalars(
        select(SignUp)
        .join(SignUp.event)
        .where(
            SignUp.person_id == person_id,
            SignUp.state.in_(ATTENDING),
            Event.state.in_(PUBLIC),
            Event.ends_at > clock.now(),
        )
        .order_by(Event.starts_at)
        .options(contains_eager(SignUp.event).joinedload(Event.alliance))
    ).all()


def sign_up(sign_up_id: int) -> SignUp | None:
    """One sign-up with its event."""
    return db.scalars(
        select(SignUp)
        .where(SignUp.id == sign_up_id)
        .options(joinedload(SignUp.event).joinedload(Event.alliance))
    ).first()


def co_hosts(event_id: int) -> Sequence[CoHost]:
    """Who agreed to hold an event together with its own alliance."""
    return db.scalars(
        select(CoHost)
        .where(CoHost.event_id == event_id, CoHost.state == CoHostState.ACCEPTED)
        .order_by(CoHost.id)
        .options(joinedload(CoHost.alliance), joinedload(CoHost.organization))
    ).all()


def exported(event_id: int) -> Sequence[SignUp]:
    """Everybody with a seat or in line, with their addresses, but those known only to one."""
    return db.scalars(
        select(SignUp)
        .join(SignUp.person)
        .where(
            SignUp.event_id == event_id,
            SignUp.state.in_(ATTENDING),
            Person.discreet.is_(False),
        )
        .order_by(SignUp.place, SignUp.id)
        .options(contains_eager(SignUp.person).joinedload(Person.address))
    ).all()


def opened(person_id: int | None, event_id: int, what: str, since: datetime) -> bool:
    """Whether somebody asked for names or numbers of an event since then, as the audit knows."""
    asked = exists().where(
        AuditEntry.actor_id == person_id,
        AuditEntry.area == "events",
        AuditEntry.action == what,
        AuditEntry.object_id == event_id,
        AuditEntry.at > since,
    )
    return bool(db.scalar(select(asked)))


def answers_by_question(event_id: int) -> Mapping[str, Sequence[tuple[str, int]]]:
    """What those who come answered: for each question the answers, the most frequent first."""
    tallies: dict[str, Counter[str]] = {}
    query = select(SignUp.answers).where(SignUp.event_id == event_id, SignUp.state.in_(ATTENDING))
    for answers in db.scalars(query):
        for each in answers:
            tallies.setdefault(each["key"], Counter())[each["answer"]] += 1
    return {key: tally.most_common() for key, tally in tallies.items()}


def holds(alliance_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """An event that an alliance holds, alone or together with another."""
    together = exists().where(
        CoHost.event_id == Event.id,
        CoHost.alliance_id == alliance_id,
        CoHost.state == CoHostState.ACCEPTED,
    )
    return or_(Event.alliance_id == alliance_id, together)


def edition(key: str, year: int) -> Edition | None:
    """One year of an observance, once it is open."""
    return db.scalars(
        select(Edition)
        .where(Edition.observance_key == key, Edition.year == year, Edition.opened_at.is_not(None))
        .options(joinedload(Edition.observance))
    ).first()


def open_editions() -> Sequence[Edition]:
    """The open days that are not past, soonest first."""
    return db.scalars(
        select(Edition)
        .where(Edition.opened_at.is_not(None), Edition.on >= clock.today())
        .order_by(Edition.on)
        .options(joinedload(Edition.observance))
    ).all()


def _tallies(now: Any) -> Sequence[ColumnElement[int]]:
    """Seats confirmed, held or offered, waited for, and taken online, summed over sign-ups."""
    confirmed = SignUp.state == SignUpState.CONFIRMED
    return (
        _seats_where(confirmed),
        _seats_where(_is_promised(now)),
        _seats_where(SignUp.state == SignUpState.WAITING),
        _seats_where(SignUp.part == Part.ONLINE, or_(confirmed, _is_promised(now))),
    )


def _seats_where(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(SignUp.seats).filter(and_(*conditions)), ZERO)


def _with_edition() -> Any:
    """What names the day on the page of an event."""
    observance = joinedload(Edition.observance).load_only(Observance.name, Observance.short_name)
    return (
        joinedload(Event.edition)
        .load_only(Edition.observance_key, Edition.year)
        .options(observance)
    )
