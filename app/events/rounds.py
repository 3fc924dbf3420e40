"""Asking people once more before the day, by the reminder's link or by the call sheet, and signing
up those who have no e-mail address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, insert, select
from sqlalchemy.orm import contains_eager

from app.accounts.audit import audit
from app.alliances.models import Membership, MembershipState
from app.events import seating, sign_ups
from app.events.models import Event, Said, SignUp, SignUpState, Way
from app.events.seating import Wish
from app.foundation import clock, text
from app.foundation.db import db
from app.people import actions as people
from app.people.actions import Agreement
from app.people.models import Disclosure, Person, Purpose, Standing

BY_VOICE = "event-by-voice-1"


@dataclass(frozen=True)
class AskedByVoice:
    """Somebody without an e-mail address, who said yes in person or on the phone."""

    name: str
    phone: str
    asked_on: date
    language: str


def note(own: SignUp, said: Said, *, to: int | None) -> None:
    """Keep what somebody said when asked; who is not coming gives the seats back at once.

    `to` is who asked, None for the reminder's own link. Raises EventClosed.
    """
    if said is Said.NOT_COMING:
        sign_ups.cancel(own)
    event = seating.lock(own.event_id)
    db.refresh(own)
    if said is not Said.NOT_COMING and (
        own.state != SignUpState.CONFIRMED or not seating.is_open(event)
    ):
        raise seating.EventClosed
    own.said = said
    own.said_at = clock.now()
    own.said_to_id = to
    db.flush()


def to_call(event_id: int, *, discreet: bool) -> Sequence[SignUp]:
    """Whom to call: everybody coming who left a phone number, those not asked yet first.

    `discreet` adds people who are known only to their coordinator.
    """
    asked_last = case((SignUp.said.is_(None), 0), (SignUp.said == Said.NO_ANSWER, 1), else_=2)
    query = (
        select(SignUp)
        .join(SignUp.person)
        .where(
            SignUp.event_id == event_id,
            SignUp.state.in_((SignUpState.CONFIRMED, SignUpState.WAITING)),
            Person.phone.is_not(None),
            Person.phone != "",
        )
        .order_by(asked_last, SignUp.state, SignUp.place, SignUp.id)
        .options(contains_eager(SignUp.person))
    )
    return db.scalars(query if discreet else query.where(Person.discreet.is_(False))).all()


def open_sheet(event: Event, called: Sequence[SignUp], *, by: int | None, role: str) -> None:
    """Note for each of them, and in the audit, that their numbers were opened."""
    shown = {
        "viewer_id": by,
        "role": role,
        "what": f"call sheet, {event.title}",
        "at": clock.now(),
    }
    if called:
        db.execute(insert(Disclosure), [{"person_id": own.person_id, **shown} for own in called])
    audit("events", "call sheet", event.id, number=len(called))


def sign_up_by_voice(event: Event, asked: AskedByVoice, wish: Wish, *, by: int | None) -> SignUp:
    """Sign up somebody who was asked by voice; when and by whom is their consent.

    Raises EventClosed, ShiftFull.
    """
    person = _known(event, asked) or _new(asked)
    channel = f"asked by voice, {asked.asked_on.isoformat()}"
    scope = f"event:{event.id} by:{by}"
    people.note_consent(person.id, Agreement(Purpose.EVENTS, BY_VOICE, channel, scope))
    own = sign_ups.sign_up(event, person.id, wish)
    own.way = Way.VOICE
    own.asked_on = asked.asked_on
    own.asked_by_id = by
    audit("events", "signed up by voice", own.id, event=event.id)
    return own


def _known(event: Event, asked: AskedByVoice) -> Person | None:
    """The same name at the same number, among those whom this alliance's events know."""
    ours = exists().where(
        and_(
            SignUp.person_id == Person.id,
            SignUp.event_id == Event.id,
            Event.alliance_id == event.alliance_id,
        )
    )
    rows = db.scalars(
        select(Person)
        .where(Person.phone == asked.phone, Person.standing == Standing.ACTIVE)
        .where(ours | _is_member(event.alliance_id))
        .order_by(Person.id)
    )
    wanted = text.folded(asked.name)
    return next((person for person in rows if text.folded(person.name) == wanted), None)


def _is_member(alliance_id: int) -> ColumnElement[bool]:
    return exists().where(
        Membership.person_id == Person.id,
        Membership.alliance_id == alliance_id,
        Membership.state == MembershipState.ACTIVE,
    )


def _new(asked: AskedByVoice) -> Person:
    now = clock.now()
    person = Person(
        name=asked.name,
        phone=asked.phone,
        language=asked.language,
        standing=Standing.ACTIVE,
        created_at=now,
        confirmed_at=now,
    )
    db.add(person)
    db.flush()
    return person
