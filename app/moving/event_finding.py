"""What a row tells of a past event, and which events, people and seats of it we have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from app.events.models import Event, EventState, SignUp
from app.events.past import PastEvent
from app.foundation import text
from app.foundation.db import db
from app.moving.models import ImportRow, ImportRun
from app.people.models import Address, Person, Standing

MADE = "event"
Which = tuple[int, date, str]


@dataclass(frozen=True)
class EventRow:
    """What a row tells: an event of an alliance, and a guest of it if it names one.

    `note` says what of it is taken otherwise than it stands there.
    """

    alliance_id: int
    told: PastEvent
    email: str
    name: str
    came: bool
    note: str

    @property
    def event(self) -> Which:
        return self.alliance_id, self.told.wall_start.date(), text.folded(self.told.title)

    @property
    def key(self) -> str:
        return f"{self.event}|{self.email}|{text.folded(self.name)}"

    @property
    def has_guest(self) -> bool:
        return bool(self.email or self.name)


@dataclass
class Guests:
    """Guests of an event that are counted without a name."""

    signed_up: int = 0
    came: int = 0


def known(told: Sequence[EventRow]) -> dict[Which, Event]:
    """The events of these alliances on these days."""
    if not told:
        return {}
    days = [row.told.wall_start.date() for row in told]
    first, last = (datetime.combine(day, time()) for day in (min(days), max(days)))
    events = db.scalars(
        select(Event).where(
            Event.alliance_id.in_({row.alliance_id for row in told}),
            Event.state == EventState.PUBLISHED,
            Event.wall_start >= first,
            Event.wall_start < datetime.combine(last, time.max),
        )
    )
    return {(e.alliance_id, e.wall_start.date(), text.folded(e.title)): e for e in events}


def people(told: Sequence[EventRow]) -> Mapping[tuple[str, str], int]:
    """Whom these addresses belong to, by address and name; the first of an address without."""
    rows = db.execute(
        select(Address.email, Person.name, Person.id)
        .join(Person, Person.address_id == Address.id)
        .where(
            Address.email.in_({row.email for row in told if row.email}),
            Person.standing != Standing.ERASED,
        )
        .order_by(Person.id.desc())
    )
    found: dict[tuple[str, str], int] = {}
    for email, name, number in rows:
        if email is None:
            continue
        found[email, text.folded(name)] = number
        found[email, ""] = number
    return found


def seats(told: Sequence[EventRow]) -> set[tuple[int, int | None]]:
    numbers = {event.id for event in known(told).values()}
    rows = db.execute(select(SignUp.event_id, SignUp.person_id).where(SignUp.event_id.in_(numbers)))
    return {(row[0], row[1]) for row in rows}


def made_by(run: ImportRun, numbers: set[int]) -> set[int]:
    """Which of these events this import made: only there it counts guests without names."""
    rows = db.execute(
        select(ImportRow.made_id, ImportRow.before).where(
            ImportRow.run_id == run.id, ImportRow.made_id.in_(numbers)
        )
    )
    return {number for number, before in rows if number is not None and MADE in before}
