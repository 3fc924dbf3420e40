"""The door: whom its list shows, what phones say of it, and how many are in.

Phones collect what they say while they have no network, and send it when they have one. Each of
two phones may have let the same people in: what was said last about a party holds, and saying it
again changes nothing (see door_models).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import contains_eager, joinedload

from app.events.door_models import Arrival, DoorLink
from app.events.models import Event, EventState, Part, SignUp, SignUpState
from app.foundation import clock, text, tokens
from app.foundation.db import db, upsert
from app.people.models import Person

LINK = "door"
"""Purpose of the signed link that opens a door."""
EXPECTED = (SignUpState.CONFIRMED, SignUpState.WAITING, SignUpState.OFFERED)
AFTERWARDS = timedelta(hours=3)
OVERLAP = timedelta(seconds=60)
"""Changes are told again for so long, because a slower transaction may have been before them."""
MOST_LATE = timedelta(days=3)
"""So long a phone may keep what it was told before it finds a network."""
MOST_PEOPLE = 30
MOST_SAID = 500
MOST_LINKS = 12
_CLIENT_KEY = re.compile(r"[0-9a-zA-Z-]{8,40}")
_LETTERS = str.maketrans("IO", "89")


class DoorShut(Exception):
    """The link is revoked, or it is not the day; `why` is `revoked`, `early`, `over` or `off`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Guest:
    """A party on the list: first name and initial, how many, their code, and what to mind.

    Who is known only to the coordinator has no name here, but is found by code. `others` are the
    guests they named, who may come earlier and are found by their own names. Who takes part
    `online` is found too, for plans change.
    """

    key: str
    name: str
    seats: int
    code: str
    no_photo: bool
    waits: bool
    here: int
    others: tuple[str, ...] = ()
    online: bool = False

    @property
    def names(self) -> Sequence[str]:
        return (self.name, *self.others) if self.name else ()


@dataclass(frozen=True)
class Said:
    """One thing that a phone says: so many of a party, or of people without sign-up, are in."""

    key: str
    people: int
    at: datetime
    name: str = ""
    no_photo: bool = False

    @property
    def sign_up_id(self) -> int | None:
        number = self.key[1:] if self.key.startswith("s") else ""
        return int(number) if number.isdecimal() else None


@dataclass(frozen=True)
class Count:
    """How many people are in, and how many seats are given."""

    here: int
    expected: int


def opened(token: str) -> tuple[DoorLink, Event] | None:
    """What a link leads to, whether or not it is open now; None for anything else."""
    ids = tokens.read(LINK, token)
    if ids is None or len(ids) != 2:
        return None
    row = db.execute(
        select(DoorLink, Event)
        .join(Event, Event.id == DoorLink.event_id)
        .where(DoorLink.id == ids[0])
        .options(joinedload(Event.alliance))
    ).first()
    if row is None or _stamp(row[0]) != ids[1]:
        return None
    return row[0], row[1]


def token_of(link: DoorLink) -> str:
    """The secret part of a link's address; numbers of rows may come again, moments do not."""
    return tokens.sign(LINK, link.id, _stamp(link))


def _stamp(link: DoorLink) -> int:
    return int(link.created_at.timestamp() * 1000)


def check_open(link: DoorLink, event: Event) -> None:
    """Raise DoorShut unless the link holds and it is the event's day."""
    if link.revoked_at is not None:
        raise DoorShut("revoked")
    if event.state != EventState.PUBLISHED:
        raise DoorShut("off")
    opens, shuts = hours(event)
    if clock.now() < opens:
        raise DoorShut("early")
    if clock.now() >= shuts:
        raise DoorShut("over")


def hours(event: Event) -> tuple[datetime, datetime]:
    """The day of an event by its own clock; one that ends late at night stays open for longer."""
    day = event.wall_start.date()
    opens = _midnight(day, event)
    shuts = max(_midnight(day + timedelta(days=1), event), event.ends_at + AFTERWARDS)
    return opens, shuts


def _midnight(day: date, event: Event) -> datetime:
    return clock.instant(datetime.combine(day, time()), event.time_zone)


def guests(event: Event) -> Sequence[Guest]:
    """Everybody who is expected, by name; one statement."""
    rows = db.execute(
        select(SignUp, func.coalesce(Arrival.people, 0))
        .join(SignUp.person)
        .outerjoin(Arrival, Arrival.sign_up_id == SignUp.id)
        .where(SignUp.event_id == event.id, SignUp.state.in_(EXPECTED))
        .order_by(func.lower(Person.name), SignUp.id)
        .options(contains_eager(SignUp.person))
    )
    return [_guest(own, here) for own, here in rows]


def _guest(own: SignUp, here: int) -> Guest:
    hidden = own.person.discreet
    return Guest(
        key=f"s{own.id}",
        name="" if hidden else text.short_name(own.person.name),
        others=() if hidden else tuple(text.short_name(name) for name in own.guests),
        seats=own.seats,
        code=code(own.id),
        no_photo=own.no_photo,
        waits=own.state != SignUpState.CONFIRMED,
        here=here,
        online=own.part is Part.ONLINE,
    )


def found(all_guests: Iterable[Guest], query: str) -> Sequence[Guest]:
    """Those whose name or code begins as somebody typed, with or without its accents."""
    wanted = text.without_accents(query)
    typed_code = query.strip().upper().replace("-", "").replace(" ", "").translate(_LETTERS)
    return [
        guest
        for guest in all_guests
        if any(p.startswith(wanted) for name in guest.names for p in _beginnings(name))
        or guest.code == typed_code
    ]


def _beginnings(name: str) -> Sequence[str]:
    plain = text.without_accents(name)
    return (plain, *plain.split())


def code(sign_up_id: int) -> str:
    """Six letters and digits that stand for a sign-up at the door, none of them I, O, 0 or 1."""
    digest = bytes.fromhex(tokens.keyed_digest("door code", str(sign_up_id)))
    return base64.b32encode(digest)[:6].decode().translate(_LETTERS)


def said(raw: object, now: datetime) -> tuple[Sequence[Said], Sequence[str]]:
    """What a phone sent, by our clock, and the numbers of all that need not be sent again.

    The phone's clock may be wrong: only how long ago it was counts. What cannot be read is among
    the numbers, so that one odd entry does not keep the others back for ever.
    """
    entries = raw.get("said", []) if isinstance(raw, Mapping) else []
    read, done = [], []
    for entry in entries[:MOST_SAID] if isinstance(entries, list) else []:
        if not isinstance(entry, Mapping):
            continue
        done.append(str(entry.get("id", ""))[:40])
        one = _one_said(entry, now)
        if one is not None:
            read.append(one)
    return read, done


def _one_said(entry: Mapping[str, Any], now: datetime) -> Said | None:
    key, people, ago = entry.get("key"), entry.get("people"), entry.get("ago")
    if not isinstance(key, str) or not (re.fullmatch(r"s\d{1,18}", key) or _walk_in(key)):
        return None
    if type(people) is not int or not 0 <= people <= MOST_PEOPLE:
        return None
    if not isinstance(ago, int | float) or not 0 <= ago <= MOST_LATE.total_seconds():
        return None
    at = now - timedelta(seconds=ago)
    if not _walk_in(key):
        return Said(key, people, at)
    name = entry.get("name", "")
    clean = text.short_name(_readable(name))[:60] if isinstance(name, str) else ""
    return Said(key, people, at, clean, entry.get("no_photo") is True)


def _readable(name: str) -> str:
    """A name without halves of letters, which JSON can hold and databases cannot."""
    return text.one_line(name.encode("utf-8", "ignore").decode())


def _walk_in(key: str) -> bool:
    return not key.startswith("s") and bool(_CLIENT_KEY.fullmatch(key))


def record(event: Event, link: DoorLink | None, entries: Iterable[Said]) -> None:
    """Keep what was said last about each party; two statements, whatever their number."""
    newest: dict[str, Said] = {}
    for entry in sorted(entries, key=lambda one: one.at):
        newest[entry.key] = entry
    known = _known(event, newest.values())
    rows = [
        {
            "event_id": event.id,
            "key": entry.key,
            "sign_up_id": entry.sign_up_id,
            "name": entry.name,
            "people": entry.people,
            "no_photo": entry.no_photo,
            "said_at": entry.at,
            "recorded_at": clock.now(),
            "link_id": link.id if link else None,
        }
        for entry in newest.values()
        if entry.sign_up_id is None or entry.sign_up_id in known
    ]
    if rows:
        _keep(rows)


def _known(event: Event, entries: Iterable[Said]) -> set[int]:
    """Which of the sign-ups are of this event."""
    ids = [entry.sign_up_id for entry in entries if entry.sign_up_id is not None]
    if not ids:
        return set()
    query = select(SignUp.id).where(SignUp.event_id == event.id, SignUp.id.in_(ids))
    return set(db.scalars(query))


def _keep(rows: Sequence[Mapping[str, Any]]) -> None:
    new = upsert(Arrival).values(rows)
    names = ("people", "name", "no_photo", "said_at", "recorded_at")
    renewed = {name: new.excluded[name] for name in names}
    db.execute(
        new.on_conflict_do_update(
            index_elements=[Arrival.event_id, Arrival.key],
            set_=renewed | {"link_id": new.excluded.link_id},
            where=new.excluded.said_at > Arrival.said_at,
        )
    )


def count(event_id: int) -> Count:
    """Who is in, and who is expected at the place; one statement."""
    here = select(func.coalesce(func.sum(Arrival.people), 0)).where(Arrival.event_id == event_id)
    seats = select(func.coalesce(func.sum(SignUp.seats), 0)).where(
        SignUp.event_id == event_id,
        SignUp.state == SignUpState.CONFIRMED,
        SignUp.part == Part.IN_PERSON,
    )
    row = db.execute(select(here.scalar_subquery(), seats.scalar_subquery())).one()
    return Count(int(row[0]), int(row[1]))


def let_in(event_id: int) -> Collection[int] | None:
    """The sign-ups that somebody at the door let in; None where nobody kept the door."""
    rows = db.execute(
        select(Arrival.sign_up_id).where(Arrival.event_id == event_id, Arrival.people > 0)
    ).all()
    return {row.sign_up_id for row in rows} if rows else None


def changes(event_id: int, since: datetime | None) -> Sequence[Mapping[str, Any]]:
    """What was said at any door of an event, or since a moment that an answer named."""
    told = (Arrival.key, Arrival.people, Arrival.name, Arrival.no_photo)
    query = select(*told).where(Arrival.event_id == event_id)
    if since is not None:
        query = query.where(Arrival.recorded_at > since - OVERLAP)
    rows = db.execute(query.order_by(Arrival.recorded_at, Arrival.id))
    return [dict(row) for row in rows.mappings()]


def new_link(event: Event, by: int | None) -> DoorLink:
    link = DoorLink(event_id=event.id, created_by_id=by, created_at=clock.now())
    db.add(link)
    db.flush()
    return link


def links_of(event_id: int) -> Sequence[DoorLink]:
    """The newest links of an event that are not revoked."""
    return db.scalars(
        select(DoorLink)
        .where(DoorLink.event_id == event_id, DoorLink.revoked_at.is_(None))
        .order_by(DoorLink.id.desc())
        .limit(MOST_LINKS)
    ).all()


def revoke(event_id: int, link_id: int) -> bool:
    """Shut one link of an event at once; whether there is such a link."""
    link = db.scalars(
        select(DoorLink).where(DoorLink.event_id == event_id, DoorLink.id == link_id)
    ).first()
    if link is None:
        return False
    link.revoked_at = link.revoked_at or clock.now()
    return True


def walk_ins(event_id: int) -> Sequence[Arrival]:
    """People without a sign-up who are in, latest first."""
    return db.scalars(
        select(Arrival)
        .where(Arrival.event_id == event_id, Arrival.sign_up_id.is_(None), Arrival.people > 0)
        .order_by(Arrival.said_at.desc(), Arrival.id)
    ).all()


def revoke_all_by(person_id: int | None, alliance_id: int) -> int:
    """Shut all links that somebody made for events of an alliance; how many stood open."""
    of_alliance = select(Event.id).where(Event.alliance_id == alliance_id)
    shut = (
        update(DoorLink)
        .where(
            DoorLink.created_by_id == person_id,
            DoorLink.event_id.in_(of_alliance),
            DoorLink.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
    )
    return len(db.scalars(shut.returning(DoorLink.id)).all())
